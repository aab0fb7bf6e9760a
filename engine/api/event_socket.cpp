// /api/v1/events with a WebSocket: the originals' event stream. Nothing is sent until the client subscribes to topics;
// every message has the envelope {id, type, timestamp, data, correlation_id?}.
#include "engine/api/call_arguments.h"
#include "engine/api/socket_app.h"
#include "engine/base/random.h"
#include "engine/model/fields.h"

#include <QJsonDocument>

#include <algorithm>
#include <array>
#include <set>

namespace univrs::api {

namespace {
constexpr size_t kMaxQueuedBytes = 4u << 20;
constexpr std::chrono::seconds kHeartbeat{30};
constexpr std::array<std::string_view, 4> kTopics{"workloads", "nodes", "cluster", "all"};

std::string topicOf(const model::Event& event) {
  if (event.objectKind == "workload" || event.objectKind == "instance") {
    return "workloads";
  }
  return event.objectKind == "node" ? "nodes" : "cluster";
}

class EventSocket final : public SocketApp, public std::enable_shared_from_this<EventSocket> {
public:
  explicit EventSocket(const SocketCall& call) : m_call(call), m_door(m_call.door) {}

  void opened(Channel& channel) override {
    m_channel = &channel;
    emitEvent("connected", {{QStringLiteral("client_id"), toQString(m_random.uuid())},
                            {QStringLiteral("message"), QStringLiteral("subscribe to topics to receive events")},
                            {QStringLiteral("network_enabled"), true},
                            {QStringLiteral("p2p_topics"), QJsonArray()}});
    channel.startTicking(kHeartbeat);
  }

  void received(std::string message, bool binary) override {
    const QJsonDocument document =
        binary ? QJsonDocument() : QJsonDocument::fromJson(QByteArray::fromStdString(message));
    if (!document.isObject()) {
      return emitError("the message is not a JSON object");
    }
    const QJsonObject json = document.object();
    const QString type = json.value(QStringLiteral("type")).toString();
    if (type == QLatin1String("subscribe") || type == QLatin1String("unsubscribe")) {
      changeTopics(json, type == QLatin1String("subscribe"));
    } else if (type == QLatin1String("ping")) {
      emitEvent("heartbeat", {{QStringLiteral("pong"), true}});
    } else {
      emitError("the message's type is none of subscribe, unsubscribe, ping");
    }
  }

  void drained() override {
    if (const int missed = std::exchange(m_missed, 0); missed > 0) {
      emitError("Missed " + std::to_string(missed) + " events: the client reads too slowly");
    }
  }

  void tick() override {
    if (m_channel->queuedBytes() == 0) {
      emitEvent("heartbeat", {});
    }
  }

  void closed() override {
    if (m_watch != 0) {
      m_door->release(m_watch);
    }
    m_channel = nullptr;
  }

private:
  void emitEvent(const char* type, const QJsonObject& data) {
    if (m_channel != nullptr) {
      m_channel->sendText(toText({{QStringLiteral("id"), toQString(m_random.uuid())},
                                  {QStringLiteral("type"), QLatin1String(type)},
                                  {QStringLiteral("timestamp"), toQString(m_call.clock->now().wall.iso())},
                                  {QStringLiteral("data"), data}}));
    }
  }
  void emitError(const std::string& why) { emitEvent("error", {{QStringLiteral("error"), toQString(why)}}); }

  void changeTopics(const QJsonObject& json, bool add) {
    model::FaultList faults;
    model::FieldReader reader(json, {}, faults);
    const auto names = reader.strings("topics", 32, 64).value_or(std::vector<std::string>());
    for (const std::string& name : names) {
      if (std::find(kTopics.begin(), kTopics.end(), name) == kTopics.end()) {
        faults.error("topics", "there is no topic '" + name + "' (known: workloads, nodes, cluster, all)");
      }
    }
    if (names.empty() && !faults.hasErrors()) {
      faults.error("topics", "no topic is given");
    }
    if (faults.hasErrors()) {
      return emitError(faults.all().front().text());
    }
    for (const std::string& name : names) {
      if (add) {
        m_topics.insert(name);
      } else {
        m_topics.erase(name);
      }
    }
    QJsonArray list;
    for (const std::string& name : names) {
      list.append(toQString(name));
    }
    emitEvent(add ? "subscribed" : "unsubscribed", {{QStringLiteral("topics"), list}});
    if (add && m_watch == 0) {
      startWatching();
    }
  }

  void startWatching() {
    m_watch = m_door->nextId();
    const auto weak = weak_from_this();
    interfaces::WatchHandlers handlers;
    handlers.onDeltas = [weak, door = m_door](const std::vector<interfaces::Delta>& deltas) {
      door->onIo([weak, deltas] {
        if (const auto self = weak.lock()) {
          self->deliver(deltas);
        }
      });
    };
    handlers.onConnection = [](bool, const std::string&) {};
    m_door->onEngine([id = m_watch, door = m_door, handlers = std::move(handlers)](interfaces::Engine& engine) {
      door->hold(id, engine.events().watch({{interfaces::Topic::Events}, 0}, handlers));
    });
  }

  void deliver(const std::vector<interfaces::Delta>& deltas) {
    for (const interfaces::Delta& delta : deltas) {
      const auto* event = std::get_if<model::Event>(&delta.object);
      if (m_channel == nullptr || delta.kind != interfaces::Delta::Kind::Put || event == nullptr) {
        continue;
      }
      if (m_topics.count("all") == 0 && m_topics.count(topicOf(*event)) == 0) {
        continue;
      }
      if (m_missed > 0 || m_channel->queuedBytes() > kMaxQueuedBytes) {
        ++m_missed; // told when the client has caught up
        continue;
      }
      m_channel->sendText(toText(envelopeOf(*event)));
    }
  }

  // The originals' clients find everything about the event in `data`.
  static QJsonObject envelopeOf(const model::Event& event) {
    QJsonObject data = event.data;
    const auto addText = [&data](const char* key, const std::string& value) {
      if (!value.empty() && !data.contains(QLatin1String(key))) {
        data.insert(QLatin1String(key), toQString(value));
      }
    };
    addText("message", event.message);
    addText("severity", std::string(model::name(event.severity)));
    addText("object_kind", event.objectKind);
    addText("object_id", event.objectId);
    addText("object_name", event.objectName);
    addText("workload_id", event.workloadId);
    QJsonObject out{{QStringLiteral("id"), toQString(event.id)},
                    {QStringLiteral("type"), toQString(event.type)},
                    {QStringLiteral("timestamp"), toQString(event.time.iso())},
                    {QStringLiteral("data"), data}};
    if (!event.correlationId.empty()) {
      out.insert(QStringLiteral("correlation_id"), toQString(event.correlationId));
    }
    return out;
  }

  SocketCall m_call;
  std::shared_ptr<EngineDoor> m_door;
  Channel* m_channel = nullptr;
  base::SystemRandom m_random;
  std::set<std::string> m_topics;
  uint64_t m_watch = 0;
  int m_missed = 0;
};
} // namespace

base::Result<std::shared_ptr<SocketApp>> makeEventSocket(const SocketCall& call) {
  return std::shared_ptr<SocketApp>(std::make_shared<EventSocket>(call));
}

} // namespace univrs::api
