// …/logs/stream: follows the output of a workload or an instance over a WebSocket.
#include "engine/api/call_arguments.h"
#include "engine/api/log_query.h"
#include "engine/api/socket_app.h"

namespace univrs::api {

namespace {
constexpr size_t kMaxQueuedBytes = 32u << 20; // beyond it lines are left out, and the client is told how many
constexpr size_t kLinesPerMessage = 500;
constexpr int kDefaultTail = 100;

class LogSocket final : public SocketApp, public std::enable_shared_from_this<LogSocket> {
public:
  LogSocket(const SocketCall& call, interfaces::LogQuery query, bool batch, bool timestamps)
      : m_door(call.door), m_query(std::move(query)), m_batch(batch), m_timestamps(timestamps) {
    m_query.follow = true;
  }

  void opened(Channel& channel) override {
    m_channel = &channel;
    const auto weak = weak_from_this();
    findLogTarget(
        m_door, m_query,
        [weak](const LogTarget& target) {
          if (const auto self = weak.lock()) {
            self->follow(target);
          }
        },
        [weak](const base::Error& error) {
          if (const auto self = weak.lock()) {
            self->end(error);
          }
        });
  }

  void received(std::string, bool) override {} // nothing is expected; what comes is ignored

  void drained() override {
    if (const int64_t skipped = std::exchange(m_skipped, 0); skipped > 0 && m_channel != nullptr) {
      m_channel->sendText(
          toText({{QStringLiteral("info"),
                   toQString(std::to_string(skipped) + " lines were left out: the client reads too slowly")},
                  {QStringLiteral("skipped"), qint64(skipped)}}));
    }
  }

  void closed() override {
    if (m_reading != 0) {
      m_door->release(m_reading);
    }
    m_channel = nullptr;
  }

private:
  void follow(const LogTarget& target) {
    if (m_channel == nullptr) {
      return;
    }
    m_channel->sendText(toText({{QStringLiteral("status"), QStringLiteral("connected")},
                                {QStringLiteral("workload_id"), toQString(target.workloadId)},
                                {QStringLiteral("instances"), qint64(target.instances)}}));
    m_reading = m_door->nextId();
    const auto weak = weak_from_this();
    interfaces::LogHandlers handlers;
    handlers.onLines = [weak, door = m_door](const std::vector<interfaces::LogEntry>& lines) {
      door->onIo([weak, lines] {
        if (const auto self = weak.lock()) {
          self->deliver(lines);
        }
      });
    };
    handlers.onEnd = [weak, door = m_door](const base::Result<void>& result) {
      door->onIo([weak, result] {
        if (const auto self = weak.lock()) {
          self->end(result);
        }
      });
    };
    m_door->onEngine([id = m_reading, door = m_door, query = m_query, handlers = std::move(handlers)](
                         interfaces::Engine& engine) { door->hold(id, engine.logs().readLogs(query, handlers)); });
  }

  void deliver(const std::vector<interfaces::LogEntry>& lines) {
    for (size_t at = 0; at < lines.size() && m_channel != nullptr;) {
      if (m_skipped > 0 || m_channel->queuedBytes() > kMaxQueuedBytes) {
        m_skipped += int64_t(lines.size() - at);
        return;
      }
      if (!m_batch) {
        m_channel->sendText(toText(lineOf(lines[at++])));
        continue;
      }
      QJsonArray entries;
      for (; at < lines.size() && size_t(entries.size()) < kLinesPerMessage; ++at) {
        entries.append(interfaces::toJson(lines[at]));
      }
      m_channel->sendText(toText({{QStringLiteral("entries"), entries}}));
    }
  }

  // The originals' message, with what they lack.
  [[nodiscard]] QJsonObject lineOf(const interfaces::LogEntry& entry) const {
    QJsonObject json = interfaces::toJson(entry);
    QString log = toQString(entry.text);
    if (m_timestamps && entry.time.isSet()) {
      log = toQString(entry.time.iso()) + QLatin1Char(' ') + log;
    }
    json.remove(QStringLiteral("text"));
    json.insert(QStringLiteral("log"), log);
    return json;
  }

  void end(const base::Result<void>& result) {
    if (m_channel == nullptr) {
      return;
    }
    drained();
    m_channel->sendText(result ? toText({{QStringLiteral("info"), QStringLiteral("every container has ended")},
                                         {QStringLiteral("ended"), true}})
                               : errorMessage(result.error(), false));
    m_channel->close(1000, "ended");
  }

  std::shared_ptr<EngineDoor> m_door;
  interfaces::LogQuery m_query;
  bool m_batch;
  bool m_timestamps;
  Channel* m_channel = nullptr;
  uint64_t m_reading = 0;
  int64_t m_skipped = 0;
};
} // namespace

base::Result<std::shared_ptr<SocketApp>> makeLogSocket(const SocketCall& call) {
  auto query = logQuery(call.query, call.params, call.clock->now().wall, kDefaultTail);
  if (!query) {
    return std::move(query).error();
  }
  const auto batch = call.query.boolean("batch", false);
  if (!batch) {
    return batch.error();
  }
  const auto timestamps = call.query.boolean("timestamps", false);
  if (!timestamps) {
    return timestamps.error();
  }
  return std::shared_ptr<SocketApp>(std::make_shared<LogSocket>(call, std::move(query).value(), *batch, *timestamps));
}

} // namespace univrs::api
