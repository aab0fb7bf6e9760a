// The console pane with real programs in a real terminal of this machine behind it. With UNIVRS_SHOTS=FOLDER it also
// leaves pictures there.
#include "app/gui/session.h"
#include "app/gui/terminal_view.h"
#include "tests/gui/scripted_engine.h"

#include <QApplication>
#include <QClipboard>
#include <QQmlComponent>
#include <QQmlEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSocketNotifier>
#include <QTest>
#include <QtQml/qqmlextensionplugin.h>

#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include <csignal>
#include <fcntl.h>
#include <pty.h>
#include <unistd.h>

Q_IMPORT_QML_PLUGIN(UnivrsPlugin)

namespace univrs::gui::test {
namespace {

// A program in a pseudo terminal, as an engine would run it in a container.
class LocalProgram final : public interfaces::ExecSession {
public:
  LocalProgram(const interfaces::ExecQuery& query, interfaces::ExecSessionHandlers handlers)
      : m_handlers(std::move(handlers)) {
    winsize size{};
    size.ws_col = static_cast<unsigned short>(query.columns);
    size.ws_row = static_cast<unsigned short>(query.rows);
    std::vector<std::string> words = query.command;
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) {
      arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    m_pid = forkpty(&m_fd, nullptr, nullptr, &size);
    if (m_pid == 0) {
      setenv("TERM", "xterm-256color", 1);
      setenv("PS1", "box:\\w\\$ ", 1);
      setenv("HOME", "/nonexistent", 1);
      setenv("LC_ALL", "C.UTF-8", 1);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    fcntl(m_fd, F_SETFL, fcntl(m_fd, F_GETFL) | O_NONBLOCK);
    m_notifier = std::make_unique<QSocketNotifier>(m_fd, QSocketNotifier::Read);
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] { pump(); });
    QTimer::singleShot(0, m_notifier.get(), [this] { m_handlers.onStarted(); });
  }
  ~LocalProgram() override {
    m_notifier.reset();
    if (m_pid > 0) {
      kill(m_pid, SIGKILL);
      waitpid(m_pid, nullptr, 0);
    }
    close(m_fd);
  }
  LocalProgram(const LocalProgram&) = delete;
  LocalProgram& operator=(const LocalProgram&) = delete;
  void write(std::string bytes) override {
    size_t at = 0;
    while (at < bytes.size()) {
      const ssize_t n = ::write(m_fd, bytes.data() + at, bytes.size() - at);
      if (n <= 0) {
        return;
      }
      at += size_t(n);
    }
  }
  void closeInput() override {}
  void resize(int columns, int rows) override {
    winsize size{};
    size.ws_col = static_cast<unsigned short>(columns);
    size.ws_row = static_cast<unsigned short>(rows);
    ioctl(m_fd, TIOCSWINSZ, &size);
  }

private:
  void pump() {
    std::string buffer(65'536, '\0');
    const ssize_t n = read(m_fd, buffer.data(), buffer.size());
    if (n > 0) {
      buffer.resize(size_t(n));
      m_handlers.onOutput(std::move(buffer), false);
    } else if (n == 0 || errno != EAGAIN) {
      m_notifier->setEnabled(false);
      int status = 0;
      waitpid(m_pid, &status, 0);
      m_pid = 0;
      m_handlers.onExit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
    }
  }
  interfaces::ExecSessionHandlers m_handlers;
  pid_t m_pid = 0;
  int m_fd = -1;
  std::unique_ptr<QSocketNotifier> m_notifier;
};

class GuiConsole : public ::testing::Test {
protected:
  void SetUp() override {
    engine.onExec = [this](interfaces::ExecQuery query, interfaces::ExecSessionHandlers handlers) {
      queries.push_back(query);
      live = handlers;
      return std::make_unique<LocalProgram>(query, std::move(handlers));
    };
    engine.snapshot({workload("web")}, {instance("web", "aaaaaa", model::InstanceState::Running)}, {node("laptop")});
    session.select(QStringLiteral("id-web"));
    qml.addImportPath(QStringLiteral("qrc:/qt/qml"));
    QQmlComponent component(&qml);
    component.setData("import QtQuick\nimport Univrs\nRectangle { id: root; required property Session session\n"
                      "color: Theme.surface\n property bool dark: true\n onDarkChanged: Theme.dark = dark\n"
                      "ConsolePane { objectName: \"pane\"; session: root.session; anchors.fill: parent;"
                      " anchors.margins: 16; focus: true } }",
                      QUrl(QStringLiteral("qrc:/console_test.qml")));
    root.reset(qobject_cast<QQuickItem*>(
        component.createWithInitialProperties({{QStringLiteral("session"), QVariant::fromValue(&session)}})));
    ASSERT_NE(root, nullptr) << qPrintable(component.errorString());
    root->setParentItem(window.contentItem());
    window.resize(720, 480);
    root->setSize(QSizeF(720, 480));
    window.show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&window));
    window.requestActivate();
  }
  void TearDown() override { root.reset(); }
  bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 30'000); }
  ConsoleSession* open(const QString& command = {}) {
    EXPECT_TRUE(session.consoles()->open(QStringLiteral("web"), QStringLiteral("web-aaaaaa"), {}, command))
        << qPrintable(session.consoles()->problem().text());
    ConsoleSession* console = session.consoles()->current();
    QMetaObject::invokeMethod(root->findChild<QQuickItem*>(QStringLiteral("pane")), "focusList");
    return console;
  }
  TerminalView* view() {
    for (auto* v : root->findChildren<TerminalView*>(QStringLiteral("terminalView"))) {
      if (v->isVisible()) {
        return v;
      }
    }
    return nullptr;
  }
  bool shows(const ConsoleSession* console, const char* text) {
    return until([&] { return console->screen().visibleText().contains(QString::fromUtf8(text)); });
  }
  void type(const char* text) {
    for (const char* c = text; *c != 0; ++c) {
      *c == '\n' ? QTest::keyClick(&window, Qt::Key_Return) : QTest::keyClick(&window, *c);
    }
  }
  void shot(const char* name) {
    const QString folder = qEnvironmentVariable("UNIVRS_SHOTS");
    if (!folder.isEmpty()) {
      QTest::qWait(200);
      window.grabWindow().save(folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png"));
    }
  }

  ScriptedEngine engine;
  Session session{engine, QStringLiteral("this computer"), false};
  std::vector<interfaces::ExecQuery> queries;
  interfaces::ExecSessionHandlers live;
  QQmlEngine qml;
  QQuickWindow window;
  std::unique_ptr<QQuickItem> root;
};

TEST_F(GuiConsole, ShellFollowsTheSizeTakesKeysAndTellsItsEnd) {
  shot("start");
  ConsoleSession* console = open(QStringLiteral("sh"));
  ASSERT_TRUE(until([&] { return console->state() == ConsoleSession::Running && view() && view()->hasActiveFocus(); }));
  const int before = console->screen().columns();
  type("echo size $(stty size)\n");
  ASSERT_TRUE(shows(console, qPrintable(QStringLiteral("size %1 %2").arg(console->screen().rows()).arg(before))));
  window.resize(900, 600);
  root->setSize(QSizeF(900, 600));
  ASSERT_TRUE(until([&] { return console->screen().columns() > before; }));
  type("echo now $(stty size)\n");
  ASSERT_TRUE(shows(
      console, qPrintable(QStringLiteral("now %1 %2").arg(console->screen().rows()).arg(console->screen().columns()))));
  type("sleep 1000\n");
  QTest::qWait(300);
  QTest::keyClick(&window, Qt::Key_C, Qt::ControlModifier);
  type("echo after-$?\n");
  ASSERT_TRUE(shows(console, "after-130"));
  type("exit 7\n");
  ASSERT_TRUE(until([&] { return console->state() == ConsoleSession::Ended; }));
  EXPECT_EQ(console->exitCode(), 7);
  shot("ended");
  QTest::keyClick(&window, Qt::Key_Return); // again
  ASSERT_TRUE(until([&] { return console->state() == ConsoleSession::Running; }));
  EXPECT_EQ(queries.size(), 2u);
  QTest::keyClick(&window, Qt::Key_Backtab, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_TRUE(until([&] { return !view()->hasActiveFocus(); }));
}

TEST_F(GuiConsole, FullScreenProgramsAndTheDefaultShell) {
  ConsoleSession* console = open();
  EXPECT_EQ(queries.at(0).command.front(), "sh");
  ASSERT_TRUE(until([&] { return view() && view()->hasActiveFocus() && console->screen().cursorColumn() > 0; }));
  type("printf '\\033[1;31mred\\033[0m \\033[32mgreen\\033[0m \\033[44;97m blue \\033[0m "
       "\\346\\274\\242\\345\\255\\227 \\xF0\\x9F\\x9A\\x80 \\033[3;4mitalic\\033[0m \\033[9mgone\\033[0m\\n'\n");
  ASSERT_TRUE(shows(console, "italic gone"));
  type("ls --color=always /\n");
  type("printf '\\033(0lqqqqqk\\nx hi  x\\nmqqqqqj\\033(B\\n'\n");
  ASSERT_TRUE(shows(console, "└─────┘"));
  shot("shell-dark");
  root->setProperty("dark", false);
  shot("shell-light");
  root->setProperty("dark", true);
  type("busybox vi /nowhere\n");
  ASSERT_TRUE(until([&] { return console->screen().alternate(); }));
  type("ihello");
  ASSERT_TRUE(shows(console, "hello"));
  const int typed = console->screen().cursorColumn();
  QTest::keyClick(&window,
                  Qt::Key_Escape); // vi must have taken it alone: with what follows it would be a key of its own
  ASSERT_TRUE(until([&] { return console->screen().cursorColumn() < typed; }));
  shot("vi");
  type(":q!\n");
  ASSERT_TRUE(until([&] { return !console->screen().alternate(); }));
}

TEST_F(GuiConsole, SelectsCopiesAndAsksBeforePastingLines) {
  ConsoleSession* console = open(QStringLiteral("cat"));
  ASSERT_TRUE(until([&] { return view() && view()->hasActiveFocus() && console->running(); }));
  type("/srv/data file\n");
  ASSERT_TRUE(shows(console, "/srv/data file\n/srv/data file"));
  const QPoint word = view()->mapToScene(QPointF(20, 6)).toPoint();
  QTest::mouseDClick(&window, Qt::LeftButton, {}, word);
  ASSERT_TRUE(view()->selected());
  QTest::keyClick(&window, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
  EXPECT_EQ(QGuiApplication::clipboard()->text(), QStringLiteral("/srv/data"));
  QGuiApplication::clipboard()->setText(QStringLiteral("one\ntwo\n"));
  QTest::keyClick(&window, Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
  QTest::qWait(200);
  EXPECT_FALSE(console->screen().visibleText().contains(QStringLiteral("two")));
  shot("paste");
  QTest::keyClick(&window, Qt::Key_Space); // the focused button: Paste
  EXPECT_TRUE(shows(console, "one\ntwo"));
}

TEST_F(GuiConsole, AFloodOfOutputLeavesTheWindowAlive) {
  ConsoleSession* console = open(QStringLiteral("cat"));
  ASSERT_TRUE(until([&] { return console->state() == ConsoleSession::Running; }));
  // 50 MB/s, as `yes` gives it, for two seconds; how long the loop was busy at once is measured.
  const std::string chunk = [] {
    std::string s;
    while (s.size() < 64'000) {
      s += "y\r\n";
    }
    return s;
  }();
  QElapsedTimer clock;
  clock.start();
  qint64 worst = 0;
  size_t sent = 0;
  size_t frames = 0;
  QObject::connect(console, &ConsoleSession::screenChanged, console, [&] { ++frames; });
  while (clock.elapsed() < 2'000) {
    const size_t due = size_t(clock.elapsed()) * 50'000;
    while (sent < due) {
      live.onOutput(chunk, false);
      sent += chunk.size();
      ASSERT_LE(console->pendingBytes(), ConsoleSession::kMaxPendingBytes + chunk.size());
    }
    QElapsedTimer step;
    step.start();
    QCoreApplication::processEvents(QEventLoop::AllEvents);
    worst = std::max(worst, step.elapsed());
  }
  std::printf("flood: %zu MB in 2 s, %zu frames, longest turn of the loop %lld ms, %llu MB left out\n", sent >> 20,
              frames, static_cast<long long>(worst), static_cast<unsigned long long>(console->skippedBytes() >> 20));
  EXPECT_LT(worst, 2'000); // an alarm only
  ASSERT_TRUE(until([&] { return console->pendingBytes() == 0; }));
  EXPECT_LE(size_t(console->screen().historyLines()), TerminalGrid::kMaxHistoryLines);
}

TEST_F(GuiConsole, ConsolesAreBoundedAndGoOnWhenAnotherWorkloadIsSelected) {
  for (int i = 0; i < ConsoleList::kMaxConsoles; ++i) {
    open(QStringLiteral("cat"));
  }
  EXPECT_FALSE(session.consoles()->open(QStringLiteral("web"), QStringLiteral("web-aaaaaa"), {}, {}));
  EXPECT_TRUE(session.consoles()->problem().present());
  session.select({});
  EXPECT_TRUE(session.consoles()->current()->running());
  shot("many");
  while (session.consoles()->count() > 0) {
    session.consoles()->close(0);
  }
  EXPECT_EQ(session.consoles()->current(), nullptr);
  EXPECT_FALSE(
      session.consoles()->open(QStringLiteral("web"), QStringLiteral("web-aaaaaa"), {}, QStringLiteral("a 'b")));
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

TEST_F(GuiConsole, ALostConnectionIsSaidCalmly) {
  ConsoleSession* console = open(QStringLiteral("cat"));
  ASSERT_TRUE(until([&] { return console->state() == ConsoleSession::Running; }));
  const auto handlers = live;
  handlers.onExit(base::makeError(base::ErrorCode::Unavailable, "The node was lost", "it does not answer"));
  ASSERT_TRUE(until([&] { return console->state() == ConsoleSession::Lost; }));
  EXPECT_TRUE(console->problem().present());
  shot("lost");
}

} // namespace
} // namespace univrs::gui::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  QApplication app(argc, argv);
  return RUN_ALL_TESTS();
}
