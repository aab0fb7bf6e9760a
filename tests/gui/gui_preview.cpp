// The real window module with a scripted engine behind it, for pictures by hand and as the target of tests under a real
// X server: gui_preview MODULE SCENE [VIEW], where SCENE is one of scenes.h or network_scenes.h and VIEW one of
// frame.cpp. Every command the window asks for is printed as a line `command NAME dry|real JSON`.
#include "app/gui/gui_module.h"
#include "tests/gui/network_scenes.h"
#include "tests/gui/scenes.h"

#include <QCoreApplication>
#include <QPluginLoader>
#include <QSettings>
#include <QTimer>

#include <cstdio>
#include <memory>

using namespace univrs;
using namespace univrs::gui::test;

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: gui_preview MODULE SCENE [VIEW]\n", stderr);
    return 2;
  }
  const QString scene = QString::fromLocal8Bit(argv[2]);
  const QString view = argc > 3 ? QString::fromLocal8Bit(argv[3]) : QString();
  QPluginLoader loader(QString::fromLocal8Bit(argv[1]));
  auto* module = qobject_cast<gui::GuiModule*>(loader.instance());
  if (!module) {
    std::fprintf(stderr, "%s\n", qPrintable(loader.errorString()));
    return 3;
  }
  const std::unique_ptr<QCoreApplication> app(module->createApplication(argc, argv));
  if (!view.isEmpty()) {
    QSettings().setValue(QStringLiteral("window/view"), view);
  }
  ScriptedEngine engine;
  scriptScene(engine, scene);
  QTimer lines;
  QObject::connect(&lines, &QTimer::timeout, [&, n = 0]() mutable {
    writeLog(engine, ++n);
    passMessage(engine, n);
    stirNetwork(engine, n);
  });
  lines.start(100);
  if (scene != QLatin1String("starting")) {
    QTimer::singleShot(300, app.get(), [&] {
      fillScene(engine, scene);
      fillNetwork(engine, scene);
    });
  }
  return module->run(*app, &engine, {});
}
