// The loadable module: the application object and the window.
#include "app/gui/gallery.h"
#include "app/gui/gui_module.h"
#include "app/gui/session.h"

#include <QApplication>
#include <QDir>
#include <QFile>
#include <QIcon>
#include <QQmlApplicationEngine>
#include <QQuickWindow>
#include <QtQml/qqmlextensionplugin.h>

#include <cstdio>
#include <time.h>
#include <unistd.h>

Q_IMPORT_QML_PLUGIN(UnivrsPlugin)

namespace univrs::gui {
namespace {

#ifdef Q_OS_LINUX
// Milliseconds since this process was started; -1 when the system does not tell.
long long sinceProcessStartMs() {
  QFile stat(QStringLiteral("/proc/self/stat"));
  timespec now{};
  if (!stat.open(QIODevice::ReadOnly) || clock_gettime(CLOCK_BOOTTIME, &now) != 0) {
    return -1;
  }
  const QByteArray text = stat.readAll();
  const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' '); // the name may hold spaces
  const long ticks = sysconf(_SC_CLK_TCK);
  if (fields.size() < 20 || ticks <= 0) {
    return -1;
  }
  return now.tv_sec * 1000LL + now.tv_nsec / 1'000'000 - fields[19].toLongLong() * 1000 / ticks;
}
#else
long long sinceProcessStartMs() {
  return -1;
}
#endif

void reportFirstPaint(QQuickWindow* window) {
  QObject::connect(
      window, &QQuickWindow::frameSwapped, window,
      [] { std::fprintf(stderr, "first paint %lld ms\n", sinceProcessStartMs()); },
      Qt::ConnectionType(Qt::QueuedConnection | Qt::SingleShotConnection));
}

} // namespace

class GuiPlugin : public QObject, public GuiModule {
  Q_OBJECT
  Q_PLUGIN_METADATA(IID "io.univrs.GuiModule/1")
  Q_INTERFACES(univrs::gui::GuiModule)
public:
  QCoreApplication* createApplication(int& argc, char** argv) override {
    QCoreApplication::setOrganizationName(QStringLiteral("univrs"));
    QCoreApplication::setApplicationName(QStringLiteral("univrs"));
    QCoreApplication::setApplicationVersion(QStringLiteral(UNIVRS_VERSION));
    auto* app = new QApplication(argc, argv);
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Univrs"));
    QGuiApplication::setDesktopFileName(QStringLiteral("univrs"));
    QGuiApplication::setWindowIcon(QIcon::fromTheme(QStringLiteral("univrs")));
    return app;
  }

  int run(QCoreApplication& app, interfaces::Engine& engine, const GuiOptions& options) override {
    Session session(engine, plainLine(options.endpoint), options.remote);
    QQmlApplicationEngine qml;
    qml.addImportPath(QStringLiteral("qrc:/qt/qml"));
    qml.setInitialProperties({{QStringLiteral("session"), QVariant::fromValue(&session)}});
    qml.load(QUrl(QStringLiteral("qrc:/qt/qml/Univrs/Main.qml")));
    auto* window = qobject_cast<QQuickWindow*>(qml.rootObjects().value(0));
    if (!window) {
      std::fputs("univrs: the window could not be made; the lines above say why\n", stderr);
      return 1;
    }
    if (qEnvironmentVariableIsSet("UNIVRS_GUI_TIMING")) {
      reportFirstPaint(window);
    }
    return app.exec();
  }

  int runGallery(QCoreApplication& /*app*/, const std::string& shotsFolder) override {
    return gui::runGallery(QString::fromStdString(shotsFolder));
  }
};

} // namespace univrs::gui

#include "gui_plugin.moc"
