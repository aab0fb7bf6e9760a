// …/exec: a command inside a container over a WebSocket. Binary frames whose first byte is the channel: 0 standard
// input (an empty one ends it), 1 standard output, 2 standard error, 3 control messages in JSON.
#include "engine/api/call_arguments.h"
#include "engine/api/socket_app.h"
#include "engine/model/fields.h"

#include <QJsonDocument>

namespace univrs::api {

namespace {
using base::ErrorCode;
using base::makeError;

enum Stream : char { kStdin = 0, kStdout = 1, kStderr = 2, kControl = 3 };
constexpr size_t kMaxQueuedBytes = 64u << 20; // output the client does not read; then the session ends
constexpr size_t kMaxArguments = 200;
constexpr size_t kMaxArgumentBytes = 8'192;

// Lets the door own a session like any other subscription.
class HeldSession final : public base::Subscription {
public:
  explicit HeldSession(std::unique_ptr<interfaces::ExecSession> s) : session(std::move(s)) {}
  std::unique_ptr<interfaces::ExecSession> session;
};

class ExecSocket final : public SocketApp, public std::enable_shared_from_this<ExecSocket> {
public:
  ExecSocket(const SocketCall& call, interfaces::ExecQuery query) : m_door(call.door), m_query(std::move(query)) {}

  void opened(Channel& channel) override {
    m_channel = &channel;
    m_session = m_door->nextId();
    const auto weak = weak_from_this();
    interfaces::ExecSessionHandlers handlers;
    handlers.onStarted = [weak, door = m_door] {
      door->onIo([weak] {
        if (const auto self = weak.lock()) {
          self->sendControl({{QStringLiteral("type"), QStringLiteral("started")}});
        }
      });
    };
    handlers.onOutput = [weak, door = m_door](std::string bytes, bool isStderr) {
      door->onIo([weak, bytes = std::move(bytes), isStderr] {
        if (const auto self = weak.lock()) {
          self->output(bytes, isStderr);
        }
      });
    };
    handlers.onExit = [weak, door = m_door](const base::Result<int>& code) {
      door->onIo([weak, code] {
        if (const auto self = weak.lock()) {
          self->exited(code);
        }
      });
    };
    m_door->onEngine(
        [id = m_session, door = m_door, query = m_query, handlers = std::move(handlers)](interfaces::Engine& engine) {
          door->hold(id, std::make_unique<HeldSession>(engine.exec().startExec(query, handlers)));
        });
  }

  void received(std::string message, bool binary) override {
    if (!binary || message.empty()) {
      return m_channel->close(1003, "binary frames with a channel byte are expected");
    }
    if (message[0] == kStdin) {
      if (!m_query.attachStdin) {
        return m_channel->close(1008, "the session has no input: open it with stdin=1");
      }
      input(message.substr(1));
    } else if (message[0] == kControl) {
      control(message.substr(1));
    } else {
      m_channel->close(1003, "only channels 0 and 3 may be written");
    }
  }

  void closed() override {
    m_door->release(m_session);
    m_channel = nullptr;
  }

private:
  void withSession(std::function<void(interfaces::ExecSession&)> use) {
    m_door->onEngine([id = m_session, door = m_door, use = std::move(use)](interfaces::Engine&) {
      // Only exec sessions are held under ids this class took.
      if (auto* held = static_cast<HeldSession*>(door->held(id)); held != nullptr && held->session) {
        use(*held->session);
      }
    });
  }

  // One piece of input at a time goes to the engine: a client that sends faster is not read from.
  void input(std::string bytes) {
    m_channel->pauseReceiving(true);
    m_door->onEngine(
        [id = m_session, door = m_door, weak = weak_from_this(), bytes = std::move(bytes)](interfaces::Engine&) {
          if (auto* held = static_cast<HeldSession*>(door->held(id)); held != nullptr && held->session) {
            if (bytes.empty()) {
              held->session->closeInput();
            } else {
              held->session->write(bytes);
            }
          }
          door->onIo([weak] {
            if (const auto self = weak.lock(); self && self->m_channel != nullptr) {
              self->m_channel->pauseReceiving(false);
            }
          });
        });
  }

  void control(const std::string& text) {
    const QJsonObject json = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    model::FaultList faults;
    model::FieldReader reader(json, {}, faults);
    const bool isResize = reader.string("type").value_or("") == "resize";
    reader.require("columns");
    reader.require("rows");
    const int64_t columns = reader.integer("columns", 1, 1'000).value_or(80);
    const int64_t rows = reader.integer("rows", 1, 1'000).value_or(24);
    if (!isResize || faults.hasErrors()) {
      return m_channel->close(1008, "a control message must be {type:resize, columns, rows}");
    }
    withSession([columns, rows](interfaces::ExecSession& session) { session.resize(int(columns), int(rows)); });
  }

  void sendFrame(Stream stream, std::string_view bytes) {
    if (m_channel != nullptr) {
      std::string frame(1, char(stream));
      frame += bytes;
      m_channel->sendBinary(std::move(frame));
    }
  }
  void sendControl(const QJsonObject& json) { sendFrame(kControl, toText(json)); }

  void output(const std::string& bytes, bool isStderr) {
    if (m_channel == nullptr || m_ended) {
      return;
    }
    if (m_channel->queuedBytes() > kMaxQueuedBytes) {
      return exited(makeError(ErrorCode::TooLarge, "the session was ended", "64 MiB of output were not read",
                              "read faster, or write the output to a file first"));
    }
    sendFrame(isStderr ? kStderr : kStdout, bytes);
  }

  void exited(const base::Result<int>& code) {
    if (m_channel == nullptr || std::exchange(m_ended, true)) {
      return;
    }
    if (code) {
      sendControl({{QStringLiteral("type"), QStringLiteral("exit")}, {QStringLiteral("exit_code"), *code}});
    } else {
      QJsonObject json = interfaces::errorToJson(code.error());
      json.insert(QStringLiteral("type"), QStringLiteral("exit"));
      sendControl(json);
    }
    m_door->release(m_session);
    m_channel->close(1000, "ended");
  }

  std::shared_ptr<EngineDoor> m_door;
  interfaces::ExecQuery m_query;
  Channel* m_channel = nullptr;
  uint64_t m_session = 0;
  bool m_ended = false;
};
} // namespace

base::Result<std::shared_ptr<SocketApp>> makeExecSocket(const SocketCall& call) {
  interfaces::ExecQuery query;
  query.instance = call.params.find("instance")->second;
  query.container = call.query.value("container");
  query.command = call.query.values("command");
  if (query.command.empty() || query.command.size() > kMaxArguments) {
    return makeError(ErrorCode::BadRequest, "nothing was run",
                     query.command.empty() ? "no command is given" : "the command has more than 200 arguments",
                     "add command=PROGRAM&command=ARGUMENT");
  }
  for (const std::string& argument : query.command) {
    if (argument.size() > kMaxArgumentBytes) {
      return makeError(ErrorCode::BadRequest, "nothing was run", "an argument is longer than 8 KiB");
    }
  }
  const auto tty = call.query.boolean("tty", false);
  const auto input = call.query.boolean("stdin", false);
  const auto columns = call.query.integer("columns", 1, 1'000, 80);
  const auto rows = call.query.integer("rows", 1, 1'000, 24);
  if (!tty || !input) {
    return !tty ? tty.error() : input.error();
  }
  if (!columns || !rows) {
    return !columns ? columns.error() : rows.error();
  }
  query.tty = *tty;
  query.attachStdin = *input;
  query.columns = int(*columns);
  query.rows = int(*rows);
  return std::shared_ptr<SocketApp>(std::make_shared<ExecSocket>(call, std::move(query)));
}

} // namespace univrs::api
