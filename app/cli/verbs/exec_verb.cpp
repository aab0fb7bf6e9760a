#include "app/cli/interrupt.h"
#include "app/cli/terminal.h"
#include "app/cli/verb_set.h"
#include "app/remote/remote_engine.h"

#include <QSocketNotifier>

#include <array>
#include <unistd.h>

namespace univrs::cli {

namespace {

constexpr int64_t kPauseAbove = 4 << 20; // bytes of input waiting to be sent: then nothing more is read

struct Flags {
  bool interactive = false;
  bool tty = false;
  std::string container;
  std::string ref;
  std::vector<std::string> command;
};

// Standard input to the session, no faster than it is taken.
class InputPump {
public:
  explicit InputPump(interfaces::ExecSession& session)
      : m_session(session), m_notifier(STDIN_FILENO, QSocketNotifier::Read) {
    QObject::connect(&m_notifier, &QSocketNotifier::activated, &m_notifier, [this] { pump(); });
    QObject::connect(&m_pause, &QTimer::timeout, &m_notifier, [this] {
      if (remote::pendingInput(m_session) <= kPauseAbove / 2) {
        m_pause.stop();
        m_notifier.setEnabled(true);
      }
    });
  }

private:
  void pump() {
    std::array<char, 32 * 1024> buffer{};
    const ssize_t n = read(STDIN_FILENO, buffer.data(), buffer.size());
    if (n > 0) {
      m_session.write(std::string(buffer.data(), size_t(n)));
      if (remote::pendingInput(m_session) > kPauseAbove) {
        m_notifier.setEnabled(false);
        m_pause.start(20);
      }
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
      m_notifier.setEnabled(false);
      m_session.closeInput();
    }
  }

  interfaces::ExecSession& m_session;
  QSocketNotifier m_notifier;
  QTimer m_pause;
};

void writeAll(int fd, const std::string& bytes) {
  size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t n = write(fd, bytes.data() + at, bytes.size() - at);
    if (n < 0 && errno != EINTR && errno != EAGAIN) {
      return; // whoever read is gone
    }
    at += n > 0 ? size_t(n) : 0;
  }
}

int exec(Session& session, const Flags& flags, const std::vector<std::string>& tail) {
  Console& console = session.console();
  interfaces::ExecQuery query;
  query.instance = flags.ref;
  query.container = flags.container;
  query.command = flags.command;
  query.command.insert(query.command.end(), tail.begin(), tail.end());
  if (query.command.empty()) {
    console.fail(base::makeError(base::ErrorCode::BadRequest, "No command was named", {},
                                 "As in: univrs exec " + flags.ref + " -- ls -l"));
    return kUsage;
  }
  query.attachStdin = flags.interactive;
  query.tty = flags.tty && isTerminal(STDIN_FILENO) && isTerminal(STDOUT_FILENO);
  if (flags.tty && !query.tty) {
    console.note("Without a terminal: standard input or output is none.");
  }
  if (query.tty) {
    const TerminalSize size = terminalSize(STDOUT_FILENO);
    query.columns = size.columns > 0 ? size.columns : 80;
    query.rows = size.rows > 0 ? size.rows : 24;
  }
  auto engine = session.engine();
  if (!engine) {
    return console.fail(engine.error());
  }
  QEventLoop loop;
  std::optional<base::Result<int>> exit;
  std::unique_ptr<RawMode> raw;
  std::unique_ptr<InputPump> pump;
  std::unique_ptr<interfaces::ExecSession> running;
  interfaces::ExecSessionHandlers handlers;
  handlers.onStarted = [&] {
    if (query.tty && query.attachStdin) {
      raw = std::make_unique<RawMode>();
    }
    if (query.attachStdin) {
      pump = std::make_unique<InputPump>(*running);
    }
  };
  handlers.onOutput = [](const std::string& bytes, bool isStderr) {
    writeAll(isStderr ? STDERR_FILENO : STDOUT_FILENO, bytes);
  };
  handlers.onExit = [&](base::Result<int> code) {
    exit = std::move(code);
    loop.quit();
  };
  running = engine.value()->exec().startExec(query, handlers);
  session.onResize([&] {
    const TerminalSize size = terminalSize(STDOUT_FILENO);
    if (query.tty && size.columns > 0) {
      running->resize(size.columns, size.rows);
    }
  });
  const auto end = session.run(loop, std::nullopt);
  session.onResize({});
  pump.reset();
  raw.reset(); // before anything is printed
  if (!exit) {
    return end == Session::End::Interrupted ? kInterrupted : kFailed;
  }
  return exit->ok() ? exit->value() : console.fail(exit->error());
}

} // namespace

void addExec(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  const VerbSet* set = &verbs;
  CLI::App* verb =
      verbs.add(app, "exec", "run a command in an instance: univrs exec -it web -- sh", Names::WorkloadsAndInstances,
                [flags, set](Session& session) { return exec(session, *flags, set->tail); });
  verb->add_flag("-i,--interactive", flags->interactive, "give it standard input");
  verb->add_flag("-t,--tty", flags->tty, "with a terminal");
  verb->add_option("-c,--container", flags->container, "in this container instead of the first");
  verb->add_option("target", flags->ref, "workload (with one running instance) or instance")->required();
  verb->add_option("command", flags->command, "the command; options of its own need -- before it");
}

} // namespace univrs::cli
