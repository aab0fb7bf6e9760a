// /ws/orchestrator: a snapshot of the subscribed topics, then deltas, each with its revision; resumable by revision. A
// client that reads too slowly loses what is queued and is told so, then gets a fresh snapshot: memory stays bounded
// and its picture stays right.
#include "engine/api/call_arguments.h"
#include "engine/api/socket_app.h"
#include "engine/base/random.h"
#include "engine/model/fields.h"

#include <QJsonDocument>

#include <algorithm>
#include <deque>

namespace univrs::api {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kMaxQueuedBytes = 4u << 20; // of deltas after the snapshot
constexpr size_t kMaxQueuedDeltas = 10'000;  // the same
constexpr size_t kDeltasPerMessage = 256;
constexpr size_t kMaxEarlyMessages = 16; // received before `connected` was sent
constexpr std::chrono::seconds kHeartbeat{15};

class DeltaSocket final : public SocketApp, public std::enable_shared_from_this<DeltaSocket> {
public:
  explicit DeltaSocket(const SocketCall& call) : m_call(call), m_door(m_call.door) {}

  void opened(Channel& channel) override {
    m_channel = &channel;
    m_door->onEngine([weak = weak_from_this(), door = m_door](interfaces::Engine& engine) {
      engine.admin().nodeInfo([weak, door, &engine](const base::Result<interfaces::NodeInfo>& info) {
        engine.nodes().clusterStatus([weak, door, info](const base::Result<model::ClusterStatus>& status) {
          door->onIo([weak, info, status] {
            if (const auto self = weak.lock()) {
              self->greet(info, status);
            }
          });
        });
      });
    });
  }

  void received(std::string message, bool binary) override {
    if (!m_greeted) {
      if (m_early.size() >= kMaxEarlyMessages) {
        m_channel->close(1008, "too many messages before the greeting");
        return;
      }
      m_early.emplace_back(std::move(message), binary);
      return;
    }
    if (binary) {
      return sendError(makeError(ErrorCode::BadRequest, "the message was not understood", "it is binary"));
    }
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(QByteArray::fromStdString(message), &problem);
    if (!document.isObject()) {
      return sendError(makeError(ErrorCode::BadRequest, "the message was not understood", "it is not a JSON object"));
    }
    const QJsonObject json = document.object();
    const QString type = json.value(QStringLiteral("type")).toString();
    if (type == QLatin1String("subscribe")) {
      subscribe(json);
    } else if (type == QLatin1String("unsubscribe")) {
      stopWatching();
      send({{QStringLiteral("type"), QStringLiteral("unsubscribed")}});
    } else if (type == QLatin1String("ping")) {
      send({{QStringLiteral("type"), QStringLiteral("heartbeat")}, {QStringLiteral("pong"), true}});
    } else {
      sendError(makeError(ErrorCode::BadRequest, "the message was not understood",
                          "its type is none of subscribe, unsubscribe, ping"));
    }
  }

  void sent() override {
    if (!m_costs.empty()) {
      m_queuedDeltas -= m_costs.front().deltas;
      m_queuedBytes -= m_costs.front().bytes;
      m_costs.pop_front();
    }
  }

  void drained() override {
    if (m_waitsToResync) {
      m_waitsToResync = false;
      startWatching(0);
    }
  }

  void tick() override {
    if (m_greeted && m_channel->queuedBytes() == 0) {
      send({{QStringLiteral("type"), QStringLiteral("heartbeat")}, {QStringLiteral("revision"), qint64(m_revision)}});
    }
  }

  void closed() override {
    stopWatching();
    m_channel = nullptr;
  }

private:
  struct Cost { // of one queued message
    size_t deltas = 0;
    size_t bytes = 0;
  };

  void sendText(std::string text, Cost cost) {
    if (m_channel != nullptr) {
      m_costs.push_back(cost);
      m_queuedDeltas += cost.deltas;
      m_queuedBytes += cost.bytes;
      m_channel->sendText(std::move(text));
    }
  }
  void send(const QJsonObject& json) { sendText(toText(json), Cost()); }
  void sendError(const base::Error& error) { sendText(errorMessage(error, true), Cost()); }

  void greet(const base::Result<interfaces::NodeInfo>& info, const base::Result<model::ClusterStatus>& status) {
    if (m_channel == nullptr) {
      return;
    }
    if (!info || !status) {
      sendError(info ? status.error() : info.error());
      m_channel->close(1011, "the engine does not answer");
      return;
    }
    m_revision = status->revision;
    send({{QStringLiteral("type"), QStringLiteral("connected")},
          {QStringLiteral("client_id"), toQString(base::SystemRandom().uuid())},
          {QStringLiteral("version"), toQString(info->version)},
          {QStringLiteral("node_id"), toQString(info->peerId)},
          {QStringLiteral("revision"), qint64(m_revision)}});
    m_greeted = true;
    m_channel->startTicking(kHeartbeat);
    for (auto& [message, binary] : std::exchange(m_early, {})) {
      received(std::move(message), binary);
    }
  }

  void subscribe(const QJsonObject& json) {
    model::FaultList faults;
    model::FieldReader reader(json, {}, faults);
    reader.ignore("type");
    reader.require("topics");
    const auto names = reader.strings("topics", 32, 64).value_or(std::vector<std::string>());
    const int64_t from = reader.integer("from_revision", 0, std::numeric_limits<int64_t>::max()).value_or(0);
    reader.finish();
    std::vector<interfaces::Topic> topics;
    for (const std::string& name : names) {
      const auto topic = interfaces::topicFromName(name);
      if (!topic) {
        faults.error("topics", "there is no topic '" + name + "'");
      } else if (std::find(topics.begin(), topics.end(), *topic) == topics.end()) {
        topics.push_back(*topic);
      }
    }
    if (topics.empty() && !faults.hasErrors()) {
      faults.error("topics", "no topic is given");
    }
    if (faults.hasErrors()) {
      return sendError(faults.toError("nothing was subscribed"));
    }
    stopWatching();
    m_topics = std::move(topics);
    m_waitsToResync = false;
    QJsonArray list;
    for (const auto topic : m_topics) {
      list.append(toQString(interfaces::name(topic)));
    }
    send({{QStringLiteral("type"), QStringLiteral("subscribed")}, {QStringLiteral("topics"), list}});
    startWatching(from);
  }

  void startWatching(int64_t fromRevision) {
    m_watch = m_door->nextId();
    m_openSnapshots = 0;
    const auto weak = weak_from_this();
    const uint64_t id = m_watch;
    interfaces::WatchHandlers handlers;
    handlers.onDeltas = [weak, id, door = m_door](const std::vector<interfaces::Delta>& deltas) {
      door->onIo([weak, id, deltas] {
        if (const auto self = weak.lock()) {
          self->deliver(id, deltas);
        }
      });
    };
    handlers.onConnection = [](bool, const std::string&) {};
    m_door->onEngine([id, door = m_door, request = interfaces::WatchRequest{m_topics, fromRevision},
                      handlers = std::move(handlers)](interfaces::Engine& engine) {
      door->hold(id, engine.events().watch(request, handlers));
    });
  }

  void stopWatching() {
    if (m_watch != 0) {
      m_door->release(std::exchange(m_watch, 0));
    }
  }

  void deliver(uint64_t watch, const std::vector<interfaces::Delta>& deltas) {
    if (m_channel == nullptr || watch != m_watch) {
      return; // of a watch that was replaced
    }
    for (size_t at = 0; at < deltas.size();) {
      QJsonArray list;
      size_t counted = 0;
      for (; at < deltas.size() && size_t(list.size()) < kDeltasPerMessage; ++at) {
        const interfaces::Delta& delta = deltas[at];
        m_revision = std::max(m_revision, delta.revision);
        if (delta.kind == interfaces::Delta::Kind::Heartbeat) {
          continue;
        }
        m_openSnapshots += delta.kind == interfaces::Delta::Kind::SnapshotBegin ? 1 : 0;
        counted += m_openSnapshots > 0 ? 0 : 1; // a snapshot is as large as the state: it has no limit of its own
        m_openSnapshots -= delta.kind == interfaces::Delta::Kind::SnapshotEnd && m_openSnapshots > 0 ? 1 : 0;
        list.append(interfaces::toJson(delta));
      }
      if (list.isEmpty()) {
        continue;
      }
      std::string text = toText({{QStringLiteral("type"), QStringLiteral("deltas")},
                                 {QStringLiteral("revision"), qint64(m_revision)},
                                 {QStringLiteral("deltas"), list}});
      const Cost cost{counted, counted > 0 ? text.size() : 0};
      sendText(std::move(text), cost);
      if (m_queuedDeltas > kMaxQueuedDeltas || m_queuedBytes > kMaxQueuedBytes) {
        return resync();
      }
    }
  }

  void resync() {
    stopWatching();
    for (const size_t left = m_channel->dropQueued(); m_costs.size() > left;) {
      m_queuedDeltas -= m_costs.back().deltas;
      m_queuedBytes -= m_costs.back().bytes;
      m_costs.pop_back();
    }
    m_waitsToResync = true; // the new snapshot is taken when the client has read what is under way
    send({{QStringLiteral("type"), QStringLiteral("resync")},
          {QStringLiteral("reason"), QStringLiteral("the client reads too slowly; a new snapshot follows")}});
  }

  SocketCall m_call;
  std::shared_ptr<EngineDoor> m_door;
  Channel* m_channel = nullptr;
  bool m_greeted = false;
  std::vector<std::pair<std::string, bool>> m_early;
  std::vector<interfaces::Topic> m_topics;
  uint64_t m_watch = 0;
  int64_t m_revision = 0;
  int m_openSnapshots = 0;
  std::deque<Cost> m_costs;  // of the channel's queue, message by message
  size_t m_queuedDeltas = 0; // their sums; snapshots count nothing
  size_t m_queuedBytes = 0;
  bool m_waitsToResync = false;
};
} // namespace

std::string toText(const QJsonObject& json) {
  return QJsonDocument(json).toJson(QJsonDocument::Compact).toStdString();
}

std::string errorMessage(const base::Error& error, bool typed) {
  QJsonObject json = interfaces::errorToJson(error);
  if (typed) {
    json.insert(QStringLiteral("type"), QStringLiteral("error"));
  } else {
    json.insert(QStringLiteral("ended"), true);
  }
  return toText(json);
}

base::Result<std::shared_ptr<SocketApp>> makeDeltaSocket(const SocketCall& call) {
  return std::shared_ptr<SocketApp>(std::make_shared<DeltaSocket>(call));
}

} // namespace univrs::api
