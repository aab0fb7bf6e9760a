// Pictures of the real window module with a scripted engine: gui_shots MODULE PLAN FOLDER, or gui_shots MODULE PLAN
// --compare FOLDER, which writes nothing and ends with 1 when a picture is far from the kept one. PLAN is a file with a
// picture a line: NAME SCENE WIDTHxHEIGHT dark|light WHAT, where WHAT is a view, or VIEW/OBJECT for one with that
// object selected, or VIEW/OBJECT/TAB, or one of sheet, palette, settings, notifications, add. All are of one scene.
// Run it with QT_QPA_PLATFORM=offscreen and QT_QUICK_BACKEND=software and the pictures are the same everywhere.
// tests/gui/shots does all of that.
#include "app/gui/gui_module.h"
#include "tests/gui/network_scenes.h"
#include "tests/gui/picture_difference.h"
#include "tests/gui/scenes.h"

#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QFile>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QPluginLoader>
#include <QQuickItem>
#include <QQuickWindow>
#include <QTimer>

#include <cstdio>
#include <memory>
#include <vector>

using namespace univrs;
using namespace univrs::gui::test;

namespace {

struct Shot {
  QString name;
  QString scene;
  QSize size;
  bool dark = true;
  QString what;
};

std::vector<Shot> readPlan(const QString& path) {
  std::vector<Shot> plan;
  QFile file(path);
  if (!file.open(QIODevice::ReadOnly)) {
    return plan;
  }
  for (const QByteArray& raw : file.readAll().split('\n')) {
    const QStringList words = QString::fromUtf8(raw).simplified().split(QLatin1Char(' '));
    if (words.size() == 5 && !words[0].startsWith(QLatin1Char('#'))) {
      const QStringList size = words[2].split(QLatin1Char('x'));
      plan.push_back({words[0], words[1], QSize(size.value(0).toInt(), size.value(1).toInt()),
                      words[3] == QLatin1String("dark"), words[4]});
    }
  }
  return plan;
}

void wait(int ms) {
  QEventLoop loop;
  QTimer::singleShot(ms, &loop, &QEventLoop::quit);
  loop.exec();
}

QQuickItem* find(QQuickItem* item, const QString& name) {
  if (item->objectName() == name && item->isVisible()) {
    return item;
  }
  for (QQuickItem* child : item->childItems()) {
    if (QQuickItem* found = find(child, name)) {
      return found;
    }
  }
  return nullptr;
}

class Photographer {
public:
  Photographer(ScriptedEngine& engine, std::vector<Shot> plan, QString folder, bool compares)
      : m_engine(engine), m_plan(std::move(plan)), m_folder(std::move(folder)), m_compares(compares) {}

  void run() {
    for (QWindow* window : QGuiApplication::topLevelWindows()) {
      if (auto* quick = qobject_cast<QQuickWindow*>(window);
          quick && quick->objectName() == QLatin1String("mainWindow")) {
        m_window = quick;
      }
    }
    if (!m_window) {
      std::fputs("there is no window\n", stderr);
      m_failed = true;
      return;
    }
    m_desk = m_window->property("desk").value<QObject*>();
    QObject* session = m_desk->property("current").value<QObject*>();
    const QString scene = m_plan.front().scene;
    if (scene != QLatin1String("starting")) {
      fillScene(m_engine, scene);
      fillNetwork(m_engine, scene);
    }
    wait(600);
    for (const Shot& shot : m_plan) {
      take(shot, *session);
    }
  }
  [[nodiscard]] bool failed() const { return m_failed; }

private:
  void perform(const char* action, const QString& argument = {}) {
    QMetaObject::invokeMethod(m_desk, "perform", Q_ARG(QString, QString::fromLatin1(action)), Q_ARG(QString, argument));
  }
  bool click(const QString& name) {
    QQuickItem* item = find(m_window->contentItem(), name);
    return item && QMetaObject::invokeMethod(item, "clicked"); // its signal: Qt 6.4 has no click()
  }
  void closePopups() {
    for (int i = 0; i < 3; ++i) { // Esc goes to what is on top
      for (const auto type : {QEvent::KeyPress, QEvent::KeyRelease}) {
        QKeyEvent event(type, Qt::Key_Escape, Qt::NoModifier);
        QCoreApplication::sendEvent(m_window, &event);
      }
      wait(60);
    }
  }

  void take(const Shot& shot, QObject& session) {
    m_window->resize(shot.size);
    perform("set",
            QStringLiteral("window/appearance=") + (shot.dark ? QStringLiteral("dark") : QStringLiteral("light")));
    bool found = true;
    bool popup = true;
    if (shot.what == QLatin1String("sheet")) {
      QMetaObject::invokeMethod(&session, "openText", Q_ARG(QString, QStringLiteral("nginx:1.27-alpine")));
    } else if (shot.what == QLatin1String("palette")) {
      found = click(QStringLiteral("searchField"));
    } else if (shot.what == QLatin1String("settings") || shot.what == QLatin1String("notifications")) {
      perform(shot.what.toLatin1().constData());
    } else if (shot.what == QLatin1String("add")) {
      perform("add_cluster");
    } else {
      popup = false;
      const QStringList path = shot.what.split(QLatin1Char('/'));
      QMetaObject::invokeMethod(&session, "go", Q_ARG(QString, path[0]), Q_ARG(QString, path.value(1)));
      if (path[0] == QLatin1String("gossip")) {
        wait(200);
        for (int i = 1; i <= 60; ++i) {
          passMessage(m_engine, i);
        }
      } else if (path[0] == QLatin1String("peers")) {
        waitForGraph();
      }
      if (path.size() > 2) {
        wait(300);
        found = click(QStringLiteral("tab-") + path[2]);
        if (path[2] == QLatin1String("console")) {
          wait(300);
          click(QStringLiteral("openConsole"));
        } else if (path[2] == QLatin1String("logs")) {
          wait(300);
          for (int i = 1; i <= 40; ++i) {
            writeLog(m_engine, i);
          }
        }
      }
    }
    wait(700); // what is gathered is shown, what fades has faded
    const QImage image = m_window->grabWindow().convertToFormat(QImage::Format_RGB32);
    if (!found || image.isNull()) {
      std::printf("FAILED: %s: %s\n", qPrintable(shot.name), found ? "no picture" : "what it asks for is not there");
      m_failed = true;
    } else if (m_compares) {
      compareKept(shot, image);
    } else if (!image.save(QDir(m_folder).filePath(shot.name + QStringLiteral(".png")))) {
      std::printf("FAILED: %s cannot be written\n", qPrintable(shot.name));
      m_failed = true;
    }
    if (popup) {
      closePopups();
    }
  }

  // The picture is of a graph that has come to rest.
  void waitForGraph() {
    wait(500);
    for (int i = 0; i < 120; ++i) {
      const QQuickItem* graph = find(m_window->contentItem(), QStringLiteral("peerGraph"));
      if (!graph || !graph->property("drawing").toBool()) {
        return;
      }
      wait(250);
    }
  }

  void compareKept(const Shot& shot, const QImage& image) {
    const QString path = QDir(m_folder).filePath(QStringLiteral("view-") + shot.name + QStringLiteral(".png"));
    const QImage kept = QImage(path).convertToFormat(QImage::Format_RGB32);
    if (kept.size() != image.size()) {
      std::printf("FAILED: %s: %dx%d was kept, %dx%d is shown\n", qPrintable(shot.name), kept.width(), kept.height(),
                  image.width(), image.height());
      m_failed = true;
      return;
    }
    const PictureDifference d = pictureDifference(image, kept);
    const bool far = d.mean > kMaxMeanDifference || d.share > kMaxSharePastLimit;
    std::printf("%s%s: mean difference %.2f of 255, %.2f %% of pixels differ much\n", far ? "FAILED: " : "",
                qPrintable(shot.name), d.mean, d.share * 100);
    if (far) {
      const QString seen =
          QDir(QDir::tempPath()).filePath(QStringLiteral("univrs-view-") + shot.name + QStringLiteral(".png"));
      image.save(seen);
      std::printf("  see %s\n", qPrintable(seen));
      m_failed = true;
    }
  }

  ScriptedEngine& m_engine;
  const std::vector<Shot> m_plan;
  const QString m_folder;
  const bool m_compares;
  QQuickWindow* m_window = nullptr;
  QObject* m_desk = nullptr;
  bool m_failed = false;
};

} // namespace

int main(int argc, char** argv) {
  const bool compares = argc == 5 && QLatin1String(argv[3]) == QLatin1String("--compare");
  if (argc != 4 && !compares) {
    std::fputs("usage: gui_shots MODULE PLAN [--compare] FOLDER\n", stderr);
    return 2;
  }
  const std::vector<Shot> plan = readPlan(QString::fromLocal8Bit(argv[2]));
  QPluginLoader loader(QString::fromLocal8Bit(argv[1]));
  auto* module = qobject_cast<gui::GuiModule*>(loader.instance());
  if (plan.empty() || !module) {
    std::fprintf(stderr, "%s\n", plan.empty() ? "the plan names no picture" : qPrintable(loader.errorString()));
    return 3;
  }
  for (const Shot& shot : plan) {
    if (shot.scene != plan.front().scene) {
      std::fputs("a plan is of one scene\n", stderr);
      return 2;
    }
  }
  const QString folder = QString::fromLocal8Bit(argv[compares ? 4 : 3]);
  const std::unique_ptr<QCoreApplication> app(module->createApplication(argc, argv));
  ScriptedEngine engine;
  scriptScene(engine, plan.front().scene);
  Photographer photographer(engine, plan, folder, compares);
  QTimer::singleShot(300, app.get(), [&] {
    photographer.run();
    QCoreApplication::quit();
  });
  const int code = module->run(*app, &engine, {});
  return photographer.failed() ? 1 : code;
}
