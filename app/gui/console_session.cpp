#include "app/gui/console_session.h"

#include "app/gui/terminal_keys.h"

#include <QLocale>

#include <algorithm>
#include <utility>

namespace univrs::gui {
namespace {
constexpr size_t kSliceBytes = 4'096; // between looks at the clock
constexpr int kToldEveryMs = 1'000;
constexpr qsizetype kMaxCommandLine = 4'096; // characters
// Terminals and terminfo of the last decade know xterm-256color; engines would say plain xterm.
constexpr const char* kShell = "TERM=xterm-256color; COLORTERM=truecolor; export TERM COLORTERM; "
                               "if command -v bash >/dev/null 2>&1; then exec bash; else exec sh; fi";
} // namespace

ConsoleSession::ConsoleSession(interfaces::Exec& exec, ConsoleTarget target, QObject* parent)
    : QObject(parent), m_exec(exec), m_target(std::move(target)) {
  m_frame.setSingleShot(true);
  m_frame.setTimerType(Qt::PreciseTimer);
  connect(&m_frame, &QTimer::timeout, this, &ConsoleSession::draw);
}

ConsoleSession::~ConsoleSession() {
  ++m_round;
  m_session.reset();
}

QString ConsoleSession::program() const {
  if (m_target.command.isEmpty()) {
    return tr("shell");
  }
  QStringList words;
  for (const QString& word : m_target.command) {
    words << shellWord(word);
  }
  return words.join(QLatin1Char(' '));
}

QString ConsoleSession::cliLine() const {
  QString line = QStringLiteral("univrs exec -it ");
  if (!m_target.container.isEmpty()) {
    line += QStringLiteral("-c ") + shellWord(m_target.container) + QLatin1Char(' ');
  }
  return line + shellWord(m_target.instance) + QStringLiteral(" -- ") +
         (m_target.command.isEmpty() ? QStringLiteral("sh") : program());
}

QString ConsoleSession::word() const {
  switch (m_state) {
  case Starting:
    return tr("Starting");
  case Running:
    return tr("Running");
  case Ended:
    return tr("Ended with exit code %1").arg(m_exitCode);
  case Failed:
    return tr("Not started");
  case Lost:
    return tr("Connection lost");
  }
  return {};
}

QString ConsoleSession::tone() const {
  switch (m_state) {
  case Starting:
    return QStringLiteral("busy");
  case Running:
    return QStringLiteral("good");
  case Ended:
    return m_exitCode == 0 ? QStringLiteral("idle") : QStringLiteral("warn");
  case Failed:
    return QStringLiteral("bad");
  case Lost:
    return QStringLiteral("warn");
  }
  return {};
}

void ConsoleSession::setState(State state) {
  m_state = state;
  Q_EMIT stateChanged();
}

void ConsoleSession::start() {
  if (m_session) {
    return;
  }
  const uint64_t round = ++m_round;
  m_exit.reset();
  m_pending.clear();
  m_pendingBytes = 0;
  m_problem = {};
  if (m_screen.historyLines() > 0 || m_screen.cursorRow() > 0 || m_screen.alternate()) {
    m_screen.push("\x1b[?1049l\x1b[!p\x1b[0m"); // what the last program left behind
    if (m_screen.cursorColumn() > 0) {
      m_screen.push("\r\n");
    }
  }
  interfaces::ExecQuery query;
  query.instance = m_target.instance.toStdString();
  query.container = m_target.container.toStdString();
  if (m_target.command.isEmpty()) {
    query.command = {"sh", "-c", kShell};
  }
  for (const QString& word : m_target.command) {
    query.command.push_back(word.toStdString());
  }
  query.tty = true;
  query.attachStdin = true;
  query.columns = m_screen.columns();
  query.rows = m_screen.rows();
  interfaces::ExecSessionHandlers handlers;
  handlers.onStarted = [this, round] {
    if (round == m_round && m_state == Starting) {
      setState(Running);
    }
  };
  handlers.onOutput = [this, round](std::string bytes, bool) {
    if (round == m_round) {
      onOutput(std::move(bytes));
    }
  };
  handlers.onExit = [this, round](base::Result<int> code) {
    if (round == m_round) {
      onExit(std::move(code));
    }
  };
  setState(Starting);
  Q_EMIT screenChanged();
  m_session = m_exec.startExec(std::move(query), std::move(handlers));
}

void ConsoleSession::end() {
  if (!running()) {
    return;
  }
  ++m_round;
  m_session.reset();
  m_exit.reset();
  m_exitCode = 0;
  m_problem = Problem(tr("Closed here"), tr("its terminal was closed before it ended"), {});
  setState(Ended);
}

void ConsoleSession::send(const std::string& bytes) {
  if (m_session && running() && !bytes.empty()) {
    m_session->write(bytes);
  }
}

bool ConsoleSession::paste(const QString& text) {
  const std::string bytes = terminalPaste(text, m_screen.modes());
  if (bytes.size() > kMaxPasteBytes) {
    return false;
  }
  send(bytes);
  return true;
}

void ConsoleSession::resize(int columns, int rows) {
  const int oldColumns = m_screen.columns();
  const int oldRows = m_screen.rows();
  m_screen.resize(columns, rows);
  if (m_screen.columns() == oldColumns && m_screen.rows() == oldRows) {
    return;
  }
  if (m_session && running()) {
    m_session->resize(m_screen.columns(), m_screen.rows());
  }
  Q_EMIT screenChanged();
}

void ConsoleSession::onOutput(std::string bytes) {
  if (m_state == Starting) {
    setState(Running);
  }
  m_pendingBytes += bytes.size();
  m_pending.push_back(std::move(bytes));
  if (m_pendingBytes > kMaxPendingBytes) {
    while (m_pendingBytes > kKeptBytes && m_pending.size() > 1) {
      const size_t n = m_pending.front().size();
      m_pendingBytes -= n;
      m_skippedBytes += n;
      m_untoldBytes += n;
      m_pending.pop_front();
    }
    m_cut = true;
  }
  if (!m_frame.isActive()) {
    const qint64 since = m_lastFrame.isValid() ? m_lastFrame.elapsed() : kFrameMs;
    m_frame.start(int(std::clamp<qint64>(kFrameMs - since, 0, kFrameMs)));
  }
}

void ConsoleSession::draw() {
  const QString titleBefore = m_screen.title();
  QElapsedTimer spent;
  spent.start();
  if (std::exchange(m_cut, false)) {
    const bool tell = !m_told.isValid() || m_told.elapsed() >= kToldEveryMs;
    m_screen.interrupt(tell ? tr("[%1 of output left out here: it came faster than it can be shown]")
                                  .arg(QLocale().formattedDataSize(qint64(m_untoldBytes)))
                            : QString());
    if (tell) {
      m_untoldBytes = 0;
      m_told.start();
    }
  }
  while (!m_pending.empty() && spent.elapsed() < kBudgetMs) {
    std::string& front = m_pending.front();
    std::string_view rest(front);
    while (!rest.empty() && spent.elapsed() < kBudgetMs) {
      m_screen.push(rest.substr(0, kSliceBytes));
      rest.remove_prefix(std::min(rest.size(), kSliceBytes));
    }
    m_pendingBytes -= front.size() - rest.size();
    if (rest.empty()) {
      m_pending.pop_front();
    } else {
      front.erase(0, front.size() - rest.size());
    }
  }
  send(m_screen.takeReplies());
  m_lastFrame.start();
  if (!m_pending.empty()) {
    m_frame.start(kFrameMs - kBudgetMs);
  } else if (m_exit) {
    finish();
  }
  if (m_screen.title() != titleBefore) {
    Q_EMIT titleChanged();
  }
  Q_EMIT screenChanged();
}

void ConsoleSession::onExit(base::Result<int> code) {
  m_exit = std::move(code);
  if (!m_frame.isActive()) {
    m_frame.start(0);
  }
}

void ConsoleSession::finish() {
  const base::Result<int> exit = std::move(*m_exit);
  m_exit.reset();
  m_session.reset();
  if (!exit.ok()) {
    const base::ErrorCode code = exit.error().code;
    m_problem = Problem(exit.error());
    const bool lost = code == base::ErrorCode::Unavailable || code == base::ErrorCode::Timeout;
    if (lost && m_state == Running) {
      m_problem = Problem(tr("The connection to the program was lost"), m_problem.why,
                          tr("What it had drawn is kept. Run it again when the node answers."));
    }
    setState(lost && m_state == Running ? Lost : Failed);
    return;
  }
  m_exitCode = exit.value();
  if (m_target.command.isEmpty() && (m_exitCode == 126 || m_exitCode == 127) && m_screen.historyLines() == 0) {
    m_problem = Problem(tr("This container has no shell"), tr("neither bash nor sh is in its image"),
                        tr("Open a console with a command that is in the image."));
    setState(Failed);
    return;
  }
  setState(Ended);
}

base::Result<QStringList> commandWords(const QString& line) {
  QStringList words;
  QString word;
  bool open = false;
  QChar quote;
  const auto bad = [](const QString& why) {
    return base::makeError(base::ErrorCode::BadRequest, ConsoleSession::tr("The command is not complete").toStdString(),
                           why.toStdString(), ConsoleSession::tr("As in: sh -c 'ls -l /srv'").toStdString());
  };
  if (line.size() > kMaxCommandLine) {
    return bad(ConsoleSession::tr("it is longer than %1 characters").arg(kMaxCommandLine));
  }
  for (qsizetype i = 0; i < line.size(); ++i) {
    const QChar c = line[i];
    if (c == QLatin1Char('\\') && quote != QLatin1Char('\'')) {
      if (++i == line.size()) {
        return bad(ConsoleSession::tr("a backslash stands at its end"));
      }
      word += line[i];
      open = true;
    } else if (!quote.isNull()) {
      if (c == quote) {
        quote = QChar();
      } else {
        word += c;
      }
    } else if (c == QLatin1Char('"') || c == QLatin1Char('\'')) {
      quote = c;
      open = true;
    } else if (c.isSpace()) {
      if (open) {
        words << std::exchange(word, {});
      }
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (!quote.isNull()) {
    return bad(ConsoleSession::tr("a quote is not closed"));
  }
  if (open) {
    words << word;
  }
  return words;
}

} // namespace univrs::gui
