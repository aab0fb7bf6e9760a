// The real window module with a scripted engine behind it, for pictures by hand and as the target of tests under a real
// X server: gui_preview MODULE SCENE [VIEW], where SCENE is one of scenes.h or network_scenes.h and VIEW one of
// frame.cpp. Every command the window asks for is printed as a line `command NAME dry|real JSON`. A line
// `layout NAME…` on its standard input is answered with a line `fault …` for each fault of the layout (see
// layout_faults.h; the names are of items that must be seen whole) and then `layout TEXTS FAULTS`.
#include "app/gui/gui_module.h"
#include "tests/gui/layout_faults.h"
#include "tests/gui/network_scenes.h"
#include "tests/gui/scenes.h"

#include <QGuiApplication>
#include <QPluginLoader>
#include <QQuickWindow>
#include <QSettings>
#include <QSocketNotifier>
#include <QTimer>

#include <cstdio>
#include <memory>
#include <unistd.h>

using namespace univrs;
using namespace univrs::gui::test;

namespace {

void answer(const QByteArray& line) {
  QStringList words = QString::fromUtf8(line).split(QLatin1Char(' '), Qt::SkipEmptyParts);
  if (words.isEmpty() || words.takeFirst() != QLatin1String("layout")) {
    return;
  }
  for (QWindow* window : QGuiApplication::topLevelWindows()) {
    auto* quick = qobject_cast<QQuickWindow*>(window);
    if (quick != nullptr && quick->objectName() == QLatin1String("mainWindow")) {
      const LayoutReport report = lookAt(*quick, words);
      for (const QString& fault : report.faults) {
        std::printf("fault %s\n", qPrintable(fault));
      }
      std::printf("layout %d %d\n", report.texts, int(report.faults.size()));
    }
  }
  std::fflush(stdout);
}

} // namespace

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
  QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
  QObject::connect(&input, &QSocketNotifier::activated, [&, pending = QByteArray()]() mutable {
    char bytes[4096];
    const ssize_t got = ::read(STDIN_FILENO, bytes, sizeof bytes);
    if (got <= 0) {
      input.setEnabled(false);
      return;
    }
    pending.append(bytes, qsizetype(got));
    for (qsizetype end = pending.indexOf('\n'); end >= 0; end = pending.indexOf('\n')) {
      answer(pending.left(end));
      pending.remove(0, end + 1);
    }
  });
  return module->run(*app, &engine, {});
}
