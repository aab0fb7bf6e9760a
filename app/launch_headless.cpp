#include "app/launch.h"
#include "app/termination.h"
#include "engine/base/log.h"
#include "engine/base/qt_executor.h"

#include <QCoreApplication>

#include <cstdio>

namespace univrs {

node::NodeOptions nodeOptionsFrom(const cli::UpOptions& o) {
  node::NodeOptions n;
  n.dataFolder = o.dataDir;
  const auto colon = o.apiAddress.rfind(':'); // upOptionsFrom() has checked HOST:PORT
  n.apiHost = o.apiAddress.substr(0, colon);
  if (n.apiHost.size() > 2 && n.apiHost.front() == '[') {
    n.apiHost = n.apiHost.substr(1, n.apiHost.size() - 2);
  }
  n.apiPort = uint16_t(std::stoi(o.apiAddress.substr(colon + 1)));
  n.apiAuthNone = o.apiAuth == "none";
  n.metricsOpen = o.metricsOpen;
  n.tlsCertificateFile = o.tlsCert;
  n.tlsKeyFile = o.tlsKey;
  n.runtime = o.runtime;
  n.engineSocket = o.engineSocket;
  n.nodeName = o.nodeName;
  n.labels = o.labels;
  n.strategy = o.strategy;
  n.stopWorkloads = o.stopWorkloads;
  n.config = o.settings.toJson();
  return n;
}

int reportStartFailure(const base::Error& error) {
  std::fprintf(stderr, "univrs: %s\n", error.text().c_str());
  return error.code == base::ErrorCode::Unavailable ? 6 : 1;
}

int launchHeadless(const cli::UpOptions& options, int& argc, char** argv) {
  QCoreApplication app(argc, argv);
  base::QtExecutor executor;
  auto node = node::Node::start(nodeOptionsFrom(options), executor);
  if (!node) {
    return reportStartFailure(node.error());
  }
  bool ending = false;
  const Termination termination([&] {
    if (ending) {
      return;
    }
    ending = true;
    base::log::info("node", "shutting down", {{"workloads", options.stopWorkloads ? "stop" : "keep running"}});
    (*node)->shutdown([] { QCoreApplication::quit(); });
  });
  std::printf("ready api=%s\n", (*node)->apiUrl().c_str());
  std::fflush(stdout);
  return QCoreApplication::exec();
}

} // namespace univrs
