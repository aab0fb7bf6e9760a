// The loadable module: the application object and the window.
#include "app/gui/gallery.h"
#include "app/gui/gui_module.h"
#include "app/gui/surroundings.h"
#include "app/gui/translations.h"
#include "app/gui/tray.h"
#include "app/gui/ui_watchdog.h"
#include "app/gui/window_state.h"

#include <QApplication>
#include <QFile>
#include <QFileInfo>
#include <QIcon>
#include <QLibraryInfo>
#include <QLocale>
#include <QQmlApplicationEngine>
#include <QQuickWindow>
#include <QScreen>
#include <QSettings>
#include <QTranslator>
#include <QtQml/qqmlextensionplugin.h>

#include <cstdio>
#include <optional>
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
  Q_PLUGIN_METADATA(IID "io.univrs.GuiModule/2")
  Q_INTERFACES(univrs::gui::GuiModule)
public:
  QCoreApplication* createApplication(int& argc, char** argv) override {
    QCoreApplication::setOrganizationName(QStringLiteral("univrs"));
    QCoreApplication::setApplicationName(QStringLiteral("univrs"));
    QCoreApplication::setApplicationVersion(QStringLiteral(UNIVRS_VERSION));
    auto* app = new QApplication(argc, argv);
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Univrs"));
    QGuiApplication::setDesktopFileName(QStringLiteral("univrs"));
    QGuiApplication::setWindowIcon(QIcon::fromTheme(QStringLiteral("univrs"), markIcon({})));
    const QString language = languageChoice();
    if (loadTranslation(m_translator, language, QLocale().uiLanguages())) {
      QCoreApplication::installTranslator(&m_translator);
      // Qt's own words, of its file dialogs for example, where they are installed.
      if (m_ofQt.load(QStringLiteral("qtbase_") + m_translator.language(),
                      QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QCoreApplication::installTranslator(&m_ofQt);
      }
    }
    QLocale::setDefault(localeFor(language, QLocale::system()));
    return app;
  }

  int run(QCoreApplication& app, interfaces::Engine* engine, const GuiOptions& options) override {
    Desk::Options deskOptions;
    deskOptions.engine = engine;
    deskOptions.gui = options;
    deskOptions.configFolder = QFileInfo(QSettings().fileName()).path() + QStringLiteral("/tokens");
    deskOptions.languages = translationCodes();
    // A test or a script may keep the person's keyring out of it.
    deskOptions.keyring = !qEnvironmentVariableIsSet("UNIVRS_NO_KEYRING");
    Desk desk(std::move(deskOptions));
    WindowState state;
    QList<QRect> screens;
    for (const QScreen* screen : QGuiApplication::screens()) {
      screens << screen->availableGeometry();
    }
    QQmlApplicationEngine qml;
    qml.addImportPath(QStringLiteral("qrc:/qt/qml"));
    QVariantMap initial = state.initial(screens);
    initial.insert(QStringLiteral("desk"), QVariant::fromValue(&desk));
    initial.insert(QStringLiteral("startMaximized"), state.maximized());
    qml.setInitialProperties(initial);
    qml.load(QUrl(QStringLiteral("qrc:/qt/qml/Univrs/Main.qml")));
    auto* window = qobject_cast<QQuickWindow*>(qml.rootObjects().value(0));
    if (!window) {
      std::fputs("univrs: the window could not be made; the lines above say why\n", stderr);
      return 1;
    }
    state.follow(window);
    std::optional<UiWatchdog> watchdog;
    if (qEnvironmentVariableIsSet("UNIVRS_GUI_TIMING")) {
      reportFirstPaint(window);
      watchdog.emplace([](int64_t ms, bool over) {
        std::fprintf(stderr, over ? "window blocked %lld ms\n" : "window blocked, still after %lld ms\n",
                     static_cast<long long>(ms));
      });
    }
    const Surroundings surroundings(desk, *window);
    const int code = app.exec();
    if (watchdog) {
      std::fprintf(stderr, "window blocks %lld, longest %lld ms\n", static_cast<long long>(watchdog->blocks()),
                   static_cast<long long>(watchdog->longestMs()));
    }
    return code;
  }

  int runGallery(QCoreApplication& /*app*/, const std::string& shotsFolder) override {
    return gui::runGallery(QString::fromStdString(shotsFolder));
  }

private:
  QTranslator m_translator;
  QTranslator m_ofQt;
};

} // namespace univrs::gui

#include "gui_plugin.moc"
