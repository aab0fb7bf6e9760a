// What a verb runs with: its console, its way to the node, and waiting for answers.
#pragma once

#include "app/cli/console.h"
#include "app/cli/output.h"
#include "app/cli/settings.h"
#include "engine/interfaces/engine.h"

#include <QEventLoop>
#include <QPointer>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace univrs::cli {

class SignalWatch;

struct GlobalOptions {
  Format format = Format::Table;
  bool noColour = false;
  bool quiet = false;
  std::optional<base::Millis> timeout; // --timeout
  Settings settings;
};

// Thread: the one with the Qt event loop; made after QCoreApplication.
class Session {
public:
  Session(GlobalOptions options, Console& console);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const GlobalOptions& options() const { return m_options; }
  [[nodiscard]] Format format() const { return m_options.format; }
  [[nodiscard]] bool tables() const { return m_options.format == Format::Table || m_options.format == Format::Wide; }
  [[nodiscard]] bool wide() const { return m_options.format == Format::Wide; }
  [[nodiscard]] Console& console() { return m_console; }

  //! The node's engine; made at the first call. An error says which file was missing.
  base::Result<interfaces::Engine*> engine();
  //! Looks for the node anew at the next call. Not while anything of the engine is in use, nor inside its callbacks.
  void forgetEngine() { m_engine.reset(); }

  //! Calls the engine and waits for its answer (or Ctrl-C: Cancelled).
  template <class T>
  base::Result<T> ask(const std::function<void(interfaces::Engine&, interfaces::Reply<T>)>& call) {
    auto engineResult = engine();
    if (!engineResult) {
      return engineResult.error();
    }
    auto answer = std::make_shared<std::optional<base::Result<T>>>();
    QEventLoop loop;
    const QPointer<QEventLoop> guard(&loop);
    call(*engineResult.value(), [answer, guard](base::Result<T> result) {
      *answer = std::move(result);
      if (guard) {
        guard->quit();
      }
    });
    run(loop, std::nullopt);
    if (!*answer) {
      return base::makeError(base::ErrorCode::Cancelled, "Interrupted before the node answered");
    }
    return std::move(**answer);
  }

  //! Runs a command with this door's marks.
  base::Result<interfaces::CommandOutcome> command(const std::string& name, QJsonObject args, bool dryRun = false);

  enum class End { Done, Interrupted, TimedOut };
  //! Runs `loop` until it is quit, Ctrl-C, or `limit` is over.
  End run(QEventLoop& loop, std::optional<base::Millis> limit);
  [[nodiscard]] bool interrupted() const { return m_interrupted; }
  //! Called when the terminal's size changed; an empty function ends it.
  void onResize(std::function<void()> handler) { m_onResize = std::move(handler); }

  //! How long the engine calls may take from here on (completion wants it short).
  void setRequestTimeout(base::Millis timeout) { m_requestTimeout = timeout; }

private:
  GlobalOptions m_options;
  Console& m_console;
  std::unique_ptr<interfaces::Engine> m_engine;
  std::optional<base::Millis> m_requestTimeout;
  std::unique_ptr<SignalWatch> m_signals;
  std::function<void()> m_onResize;
  QPointer<QEventLoop> m_current;
  bool m_interrupted = false;
};

struct NodeAddress {
  std::string url;
  std::string token;
  std::string caFile;
  bool insecure = false;
};
//! Where the settings lead: --to, or the folder's api.address; the token of --token-file or the folder's api.token.
base::Result<NodeAddress> findNode(const Settings& settings);

} // namespace univrs::cli
