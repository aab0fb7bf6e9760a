#include "app/launch.h"
#include "app/self_restart.h"
#include "app/termination.h"
#include "engine/base/log.h"
#include "engine/base/qt_executor.h"

#include <QCoreApplication>

#include <cstdio>
#include <utility>

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
  n.restartGraceMs = int64_t(o.restartGraceSeconds) * 1'000;
  n.network.port = uint16_t(o.port);
  n.network.portChosen = o.portChosen;
  n.network.listenIp = o.listenIp;
  n.network.connect = o.connect;
  n.network.bootstrap = o.bootstrap;
  n.network.mdns = o.mdns;
  n.joinToken = o.joinToken;
  n.joinSecretFile = o.joinSecretFile;
  n.config = o.settings.toJson();
  return n;
}

int reportStartFailure(const base::Error& error) {
  std::fprintf(stderr, "univrs: %s\n", error.text().c_str());
  return error.code == base::ErrorCode::Unavailable ? 6 : 1;
}

int launchHeadless(const cli::UpOptions& options, int& argc, char** argv) {
  const SelfRestart program(argc, argv);
  auto sockets = base::HandedSockets::fromEnvironment();
  QCoreApplication app(argc, argv);
  base::QtExecutor executor;
  std::unique_ptr<node::Node> node;
  bool ending = false;
  bool restarting = false;
  const Termination termination(
      [&] {
        if (ending || !node) {
          return;
        }
        ending = true;
        base::log::info("node", "shutting down", {{"workloads", options.stopWorkloads ? "stop" : "keep running"}});
        node->shutdown([] { QCoreApplication::quit(); });
      },
      [&] {
        if (ending || restarting || !node) {
          return;
        }
        node->engine().commands().runCommand({"restart_node", {}, false, "SIGUSR2", "signal"},
                                             [](const base::Result<interfaces::CommandOutcome>& outcome) {
                                               if (!outcome) {
                                                 base::log::error("node", outcome.error().text());
                                               }
                                             });
      });
  for (;;) {
    auto nodeOptions = nodeOptionsFrom(options);
    nodeOptions.handed = std::move(sockets);
    nodeOptions.checkRestart = [&] { return program.check(); };
    nodeOptions.restart = [&] {
      if (ending || std::exchange(restarting, true)) {
        return;
      }
      base::log::info("node", "restarting in place", {{"program", program.program()}});
      sockets = std::make_shared<base::HandedSockets>();
      node->handOver(sockets, [] { QCoreApplication::quit(); });
    };
    auto started = node::Node::start(std::move(nodeOptions), executor);
    if (!started) {
      return reportStartFailure(started.error());
    }
    node = std::move(*started);
    restarting = false;
    std::printf("ready api=%s p2p=%s\n", node->apiUrl().c_str(), node->networkAddress().c_str());
    std::fflush(stdout);
    const int code = QCoreApplication::exec();
    node.reset();
    if (!restarting || ending || Termination::requested()) {
      return code;
    }
    // Comes back only when it failed; then this program goes on with the same sockets.
    const base::Error failed = program.run(*sockets);
    base::log::error("node", failed.text());
  }
}

} // namespace univrs
