// One program with a terminal inside a container: starts it, feeds its output to the screen at the rate of frames,
// sends it what is typed. It runs on when nobody looks at it. UI thread.
#pragma once

#include "app/gui/display_text.h"
#include "app/gui/terminal_screen.h"
#include "engine/interfaces/exec.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <deque>
#include <memory>
#include <optional>

namespace univrs::gui {

// What to run where. An empty command is a shell: bash where there is one, else sh.
struct ConsoleTarget {
  QString workloadName;
  QString instance;
  QString container; // empty = the first
  QStringList command;
};

class ConsoleSession : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Consoles")
  Q_PROPERTY(QString name READ name CONSTANT)
  Q_PROPERTY(QString instance READ instance CONSTANT)
  Q_PROPERTY(QString container READ container CONSTANT)
  Q_PROPERTY(QString program READ program CONSTANT)
  Q_PROPERTY(QString cliLine READ cliLine CONSTANT)
  Q_PROPERTY(QString title READ title NOTIFY titleChanged)
  Q_PROPERTY(State state READ state NOTIFY stateChanged)
  Q_PROPERTY(bool running READ running NOTIFY stateChanged)
  Q_PROPERTY(QString word READ word NOTIFY stateChanged)
  Q_PROPERTY(QString tone READ tone NOTIFY stateChanged)
  Q_PROPERTY(int exitCode READ exitCode NOTIFY stateChanged)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY stateChanged)
public:
  enum State { Starting, Running, Ended, Failed, Lost };
  Q_ENUM(State)
  static constexpr size_t kMaxPendingBytes = 4u << 20; // output not on the screen yet; beyond, the oldest is left out
  static constexpr size_t kKeptBytes = 1u << 20;       // … down to this
  static constexpr int kFrameMs = 16;
  static constexpr int kBudgetMs = 6;                  // of each frame, for output
  static constexpr size_t kMaxPasteBytes = 512u << 10; // engines take at most 1 MiB of input ahead of the program

  ConsoleSession(interfaces::Exec& exec, ConsoleTarget target, QObject* parent = nullptr);
  ~ConsoleSession() override;

  void start(); // anew, when it has ended
  Q_INVOKABLE void runAgain() { start(); }
  // Ends the program: its terminal is closed.
  Q_INVOKABLE void end();

  void send(const std::string& bytes); // to the program's input
  //! False, and nothing sent, when there is too much of it (kMaxPasteBytes).
  bool paste(const QString& text);
  void resize(int columns, int rows);

  [[nodiscard]] TerminalScreen& screen() { return m_screen; }
  [[nodiscard]] const TerminalScreen& screen() const { return m_screen; }
  [[nodiscard]] QString name() const { return m_target.workloadName; }
  [[nodiscard]] QString instance() const { return m_target.instance; }
  [[nodiscard]] QString container() const { return m_target.container; }
  [[nodiscard]] QString program() const;
  [[nodiscard]] QString cliLine() const;
  [[nodiscard]] QString title() const { return m_screen.title(); }
  [[nodiscard]] State state() const { return m_state; }
  [[nodiscard]] bool running() const { return m_state == Starting || m_state == Running; }
  [[nodiscard]] QString word() const;
  [[nodiscard]] QString tone() const;
  [[nodiscard]] int exitCode() const { return m_exitCode; }
  [[nodiscard]] Problem problem() const { return m_problem; }
  [[nodiscard]] size_t pendingBytes() const { return m_pendingBytes; }
  [[nodiscard]] uint64_t skippedBytes() const { return m_skippedBytes; } // left out since the start

Q_SIGNALS:
  void stateChanged();
  void titleChanged();
  void screenChanged(); // at most once a frame

private:
  void onOutput(std::string bytes);
  void onExit(base::Result<int> code);
  void draw();
  void finish();
  void setState(State state);
  interfaces::Exec& m_exec;
  const ConsoleTarget m_target;
  TerminalScreen m_screen{80, 24};
  std::unique_ptr<interfaces::ExecSession> m_session;
  uint64_t m_round = 0; // calls of an earlier program are not ours any more
  State m_state = Ended;
  int m_exitCode = 0;
  Problem m_problem;
  std::deque<std::string> m_pending;
  size_t m_pendingBytes = 0;
  uint64_t m_skippedBytes = 0;
  uint64_t m_untoldBytes = 0; // left out, and not said on the screen yet
  bool m_cut = false;
  QElapsedTimer m_told;
  std::optional<base::Result<int>> m_exit; // told when all output is on the screen
  QElapsedTimer m_lastFrame;
  QTimer m_frame;
};

//! Words of a command line as a shell would split them, with quotes and backslashes but nothing else of a shell.
base::Result<QStringList> commandWords(const QString& line);

} // namespace univrs::gui
