#include "plugins/runtime-docker/exec_session.h"

#include "plugins/runtime-docker/cgroup.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <boost/asio/error.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <poll.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/syscall.h>
#endif

namespace univrs::docker {

namespace {
constexpr base::Millis kWriteTimeout{30'000};
constexpr base::Millis kExitTimeout{10'000}; // after the stream ended, until the engine knows the exit code
base::Monotonic now() {
  return base::SystemClock().now().steady;
}
} // namespace

base::Result<std::unique_ptr<agent::ExecStream>>
ExecSession::start(std::shared_ptr<Api> api, const agent::ExecRequest& request, agent::ExecHandlers handlers) {
  const std::string what = "The command could not be started in the container " + request.containerId.substr(0, 12);
  if (request.command.empty()) {
    return base::makeError(base::ErrorCode::BadRequest, what, "no command was given");
  }
  QJsonArray command;
  for (const auto& word : request.command) {
    command.append(QString::fromStdString(word));
  }
  auto created = api->post("/containers/" + urlEncode(request.containerId) + "/exec",
                           {{QStringLiteral("Cmd"), command},
                            {QStringLiteral("Tty"), request.tty},
                            {QStringLiteral("AttachStdin"), request.attachStdin},
                            {QStringLiteral("AttachStdout"), true},
                            {QStringLiteral("AttachStderr"), true}},
                           what);
  if (!created) {
    base::Error e = created.error();
    if (e.why.find("not running") != std::string::npos || e.why.find("state improper") != std::string::npos) {
      e.code = base::ErrorCode::Conflict;
    }
    return e;
  }
  auto id = readCreated(created->body);
  if (!id) {
    return id.error();
  }
  auto connection = api->client().dial();
  if (!connection) {
    return connection.error();
  }
  auto state = std::make_shared<State>();
  state->api = std::move(api);
  state->connection = std::move(*connection);
  state->handlers = std::move(handlers);
  state->execId = *id;
  state->containerId = request.containerId;
  state->tty = request.tty;
  HttpRequest go;
  go.method = "POST";
  go.target = state->api->versioned("/exec/" + urlEncode(*id) + "/start");
  go.body = QJsonDocument(QJsonObject{{QStringLiteral("Detach"), false}, {QStringLiteral("Tty"), request.tty}})
                .toJson(QJsonDocument::Compact)
                .toStdString();
  go.upgrade = true;
  state->connection->stream().setDeadline(now() + EngineClient::kCallTimeout);
  auto reply = state->connection->openRaw(go);
  if (!reply) {
    return reply.error();
  }
  if (reply->status != 101 && reply->status != 200) {
    return statusError(reply->status, std::string_view(reply->body.constData(), size_t(reply->body.size())), what);
  }
  state->connection->stream().setDeadline(std::nullopt);
  if (request.tty) {
    resizeTo(*state, request.columns, request.rows);
  }
  return std::unique_ptr<agent::ExecStream>(new ExecSession(std::move(state)));
}

ExecSession::ExecSession(std::shared_ptr<State> state) : m_state(std::move(state)) {
  m_reader = std::thread([s = m_state] { read(s); });
}

ExecSession::~ExecSession() {
  m_state->ended = true;
  m_state->connection->stream().interrupt();
  if (m_reader.get_id() == std::this_thread::get_id()) {
    m_reader.detach(); // destroyed inside a handler; the reader returns from it and ends
  } else {
    m_reader.join();
  }
  if (!m_state->exited) {
    killCommand(*m_state);
  }
}

void ExecSession::read(const std::shared_ptr<State>& s) {
  FrameReader frames;
  std::optional<base::Error> broken;
  const auto deliver = [&](std::string_view bytes) {
    if (s->tty) {
      if (!s->ended && !bytes.empty() && s->handlers.onOutput) {
        s->handlers.onOutput(bytes, false);
      }
      return;
    }
    const auto r = frames.push(bytes, [&](const FrameReader::Piece& p) {
      if (!s->ended && !p.bytes.empty() && s->handlers.onOutput) {
        s->handlers.onOutput(p.bytes, p.isStderr);
      }
      return !s->ended;
    });
    if (!r) {
      broken = r.error();
    }
  };
  deliver(s->connection->takeBuffered());
  std::array<char, 32 * 1024> piece{};
  while (!s->ended && !broken) {
    boost::system::error_code ec;
    const size_t n = s->connection->stream().readBytes(piece.data(), piece.size(), ec);
    if (ec) {
      break; // the end, or the engine is gone: the exit code tells
    }
    deliver(std::string_view(piece.data(), n));
  }
  if (s->ended) {
    return;
  }
  auto code = broken ? base::Result<int>(*broken) : exitCode(*s);
  s->exited = code.ok();
  if (!s->ended && s->handlers.onExit) {
    s->handlers.onExit(std::move(code));
  }
}

base::Result<int> ExecSession::exitCode(State& s) {
  const base::Monotonic deadline = now() + kExitTimeout;
  for (int pause = 5;; pause = std::min(pause * 2, 200)) {
    auto reply = s.api->get("/exec/" + urlEncode(s.execId) + "/json", "The command's exit code is not known");
    if (!reply) {
      return reply.error();
    }
    const auto facts = readExec(reply->body);
    if (!facts) {
      return facts.error();
    }
    if (!facts->running) {
      return facts->exitCode;
    }
    if (s.ended || now() >= deadline) {
      return base::makeError(base::ErrorCode::Unavailable, "The command's exit code is not known",
                             "its output ended, but the engine still calls it running");
    }
    ::poll(nullptr, 0, pause);
  }
}

base::Result<void> ExecSession::write(std::string_view input) {
  const std::lock_guard lock(m_state->writeMutex);
  const base::Monotonic deadline = now() + kWriteTimeout;
  UnixStream& stream = m_state->connection->stream();
  while (!input.empty()) {
    boost::system::error_code ec;
    const size_t n = stream.writeBytes(input.data(), input.size(), ec, deadline);
    if (ec) {
      return connectionError(ec);
    }
    input.remove_prefix(n);
  }
  return {};
}

void ExecSession::closeInput() {
  const std::lock_guard lock(m_state->writeMutex);
  m_state->connection->stream().shutdownWrite();
}

void ExecSession::resize(int columns, int rows) {
  resizeTo(*m_state, columns, rows);
}

void ExecSession::resizeTo(State& s, int columns, int rows) {
  const std::string path = "/exec/" + urlEncode(s.execId) + "/resize?h=" + std::to_string(std::clamp(rows, 1, 10'000)) +
                           "&w=" + std::to_string(std::clamp(columns, 1, 10'000));
  // Right after the start the engine may not know the terminal yet. A size that cannot be set is no reason to fail.
  for (int tries = 0; tries < 4; ++tries) {
    if (s.api->post(path, {}, "The terminal could not be resized", base::Millis(5000)).ok()) {
      return;
    }
    ::poll(nullptr, 0, 25 << tries);
  }
}

// Engines let a command run on when its stream is cut, which would leave a hung probe's process behind for ever.
void ExecSession::killCommand(State& s) {
#ifdef __linux__
  auto reply = s.api->get("/exec/" + urlEncode(s.execId) + "/json", "", base::Millis(5000));
  if (!reply) {
    return;
  }
  const auto facts = readExec(reply->body);
  if (!facts || !facts->running || facts->pid <= 1) {
    return;
  }
  const int handle = int(::syscall(SYS_pidfd_open, facts->pid, 0));
  if (handle < 0) {
    return;
  }
  // Checked with the handle open, so that the number cannot have passed to another process.
  if (processBelongsTo(facts->pid, s.containerId)) {
    ::syscall(SYS_pidfd_send_signal, handle, SIGKILL, nullptr, 0);
  }
  ::close(handle);
#else
  (void)s;
#endif
}

} // namespace univrs::docker
