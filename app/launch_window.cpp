// The window: its module is loaded here and nowhere else. The engine runs on a thread of its own, so the window is
// there at once and never waits for it.
#include "app/gui/gui_module.h"
#include "app/launch.h"
#include "app/remote/remote_engine.h"
#include "app/termination.h"
#include "engine/base/log.h"
#include "engine/base/qt_executor.h"
#include "engine/node/thread_bridge.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QPluginLoader>
#include <QTcpSocket>
#include <QThread>
#include <QUrl>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace univrs {

namespace {

constexpr int kProbeMs = 500; // a node on this machine answers at once or is not there

QString besideProgram() {
  return QFileInfo(QStringLiteral("/proc/self/exe")).canonicalPath();
}

base::Result<gui::GuiModule*> loadModule(QPluginLoader& loader) {
  const QString here = besideProgram();
  for (const auto& folder : {here + QStringLiteral("/plugins"), here + QStringLiteral("/../lib/univrs/plugins")}) {
    for (const auto& name : {QStringLiteral("/libunivrs-gui.so"), QStringLiteral("/univrs-gui.so")}) {
      if (!QFileInfo::exists(folder + name)) {
        continue;
      }
      loader.setFileName(folder + name);
      if (auto* module = qobject_cast<gui::GuiModule*>(loader.instance())) {
        return module;
      }
      return base::makeError(base::ErrorCode::Unavailable, "the window cannot be loaded",
                             loader.errorString().toStdString(),
                             "install the window's packages, or run: univrs up --headless");
    }
  }
  return base::makeError(base::ErrorCode::Unavailable, "there is no window in this installation",
                         "univrs-gui is not in " + here.toStdString() + "/plugins", "run: univrs up --headless");
}

bool hasDisplay() {
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
    const char* value = std::getenv(name);
    if (value != nullptr && *value != '\0') {
      return true;
    }
  }
  return false;
}

std::string firstLine(const std::string& path) {
  QFile f(QString::fromStdString(path));
  return f.open(QIODevice::ReadOnly) ? f.readLine(4096).trimmed().toStdString() : std::string();
}

// The URL of a node that already serves this data folder; empty when none answers.
std::string runningNode(const std::string& dataFolder) {
  const std::string url = firstLine(dataFolder + "/api.address");
  if (url.empty()) {
    return {};
  }
  const QUrl parsed(QString::fromStdString(url));
  QTcpSocket socket;
  socket.connectToHost(parsed.host(), quint16(parsed.port(80)));
  return socket.waitForConnected(kProbeMs) ? url : std::string();
}

// SIGUSR2: the node in a window ends with it, so there is nothing that could take its place unseen.
void notRestarted() {
  base::log::warning("node", "a window's program does not restart in place: close the window and open it again");
}

gui::GuiOptions windowOptions(const std::vector<gui::NodeAddress>& connectTo) {
  gui::GuiOptions window;
  window.connectTo = connectTo;
  window.makeEngine = [](const gui::NodeAddress& address) {
    remote::RemoteOptions options;
    options.url = address.url;
    options.token = address.token;
    options.caFile = address.caFile;
    options.insecure = address.insecure;
    return remote::makeRemoteEngine(std::move(options));
  };
  return window;
}

int runRemote(gui::GuiModule& module, QCoreApplication& app, const std::vector<gui::NodeAddress>& nodes) {
  const Termination termination([] { QCoreApplication::quit(); }, notRestarted);
  return module.run(app, nullptr, windowOptions(nodes));
}

int runEmbedded(gui::GuiModule& module, QCoreApplication& app, const cli::UpOptions& options) {
  QThread thread;
  thread.setObjectName(QStringLiteral("engine"));
  base::QtExecutor engineExecutor;
  base::QtExecutor windowExecutor;
  engineExecutor.context()->moveToThread(&thread);
  node::ThreadBridge bridge(engineExecutor, windowExecutor);
  std::unique_ptr<node::Node> node; // engine thread only
  thread.start();
  engineExecutor.post([&] {
    auto started = node::Node::start(nodeOptionsFrom(options), engineExecutor);
    if (!started) {
      reportStartFailure(started.error());
      bridge.engineFailed(started.error());
      return;
    }
    node = std::move(*started);
    std::printf("ready api=%s p2p=%s\n", node->apiUrl().c_str(), node->networkAddress().c_str());
    std::fflush(stdout);
    bridge.engineStarted(node->engine());
  });
  int code = 0;
  {
    const Termination termination([] { QCoreApplication::quit(); }, notRestarted);
    gui::GuiOptions window = windowOptions({});
    window.stopsWorkloads = options.stopWorkloads;
    window.stopWorkloads = [&] {
      engineExecutor.post([&] {
        if (node) {
          node->stopWorkloadsAtShutdown();
        }
      });
    };
    code = module.run(app, &bridge.engine(), window);
  }
  engineExecutor.post([&] {
    bridge.engineStopping();
    if (!node) {
      thread.quit();
      return;
    }
    node->shutdown([&] {
      // Destroyed from the event loop, not from inside its own callback.
      engineExecutor.post([&] {
        node.reset();
        thread.quit();
      });
    });
  });
  thread.wait();
  return code;
}

} // namespace

int launchWindow(const cli::UpOptions& options, int& argc, char** argv) {
  if (!hasDisplay()) {
    return reportStartFailure(base::makeError(base::ErrorCode::Unavailable, "the window cannot open",
                                              "there is no display", "run: univrs up --headless"));
  }
  QPluginLoader loader;
  auto module = loadModule(loader);
  if (!module) {
    return reportStartFailure(module.error());
  }
  const std::unique_ptr<QCoreApplication> app((*module)->createApplication(argc, argv));
  if (!options.connectTo.empty()) {
    std::vector<gui::NodeAddress> nodes;
    for (size_t i = 0; i < options.connectTo.size(); ++i) {
      // One token file serves all; with several, each its own, in order.
      const auto& files = options.tokenFiles;
      const std::string file = files.empty() ? std::string() : files[std::min(i, files.size() - 1)];
      nodes.push_back({options.connectTo[i], firstLine(file), options.caFile, options.insecure});
    }
    return runRemote(**module, *app, nodes);
  }
  if (const std::string url = runningNode(options.dataDir); !url.empty()) {
    return runRemote(**module, *app,
                     {{url, firstLine(options.dataDir + "/api.token"), options.caFile, options.insecure}});
  }
  return runEmbedded(**module, *app, options);
}

int launchGallery(int& argc, char** argv) {
  std::string shots;
  const bool asksForShots = argc == 4 && std::string_view(argv[2]) == "--shots";
  if (argc != 2 && !asksForShots) {
    return reportStartFailure(base::makeError(base::ErrorCode::BadRequest, "gallery does not understand this",
                                              "it takes nothing or --shots DIR", "run: univrs gallery --shots DIR"));
  }
  if (asksForShots) {
    shots = argv[3];
    // Pictures are the same everywhere: no display, drawn by the processor.
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QT_QUICK_BACKEND", "software");
  }
  if (!hasDisplay()) {
    return reportStartFailure(base::makeError(base::ErrorCode::Unavailable, "the gallery cannot open",
                                              "there is no display", "run: univrs gallery --shots DIR"));
  }
  QPluginLoader loader;
  auto module = loadModule(loader);
  if (!module) {
    return reportStartFailure(module.error());
  }
  const std::unique_ptr<QCoreApplication> app((*module)->createApplication(argc, argv));
  return (*module)->runGallery(*app, shots);
}

} // namespace univrs
