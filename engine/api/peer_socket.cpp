// /ws/p2p: the originals' peer, stats and gossip messages. First all connected peers, then who comes and goes and what
// passes, each with its revision. A client that reads too slowly is told how many messages it missed and gets the peers
// anew.
#include "engine/api/call_arguments.h"
#include "engine/api/socket_app.h"
#include "engine/interfaces/network.h"
#include "engine/model/json_text.h"

#include <QJsonDocument>

#include <set>

namespace univrs::api {

namespace {
constexpr size_t kMaxQueuedBytes = 4u << 20;
constexpr std::chrono::seconds kStatsPeriod{5};

class PeerSocket final : public SocketApp, public std::enable_shared_from_this<PeerSocket> {
public:
  explicit PeerSocket(const SocketCall& call) : m_call(call), m_door(m_call.door) {}

  void opened(Channel& channel) override {
    m_channel = &channel;
    startWatching();
    channel.startTicking(kStatsPeriod);
  }

  void received(std::string message, bool binary) override {
    const QJsonDocument document =
        binary ? QJsonDocument() : QJsonDocument::fromJson(QByteArray::fromStdString(message));
    if (!document.isObject()) {
      return sendError("the message is not a JSON object");
    }
    const QString type = document.object().value(QStringLiteral("type")).toString();
    if (type == QLatin1String("get_peers")) {
      startWatching();
    } else if (type == QLatin1String("get_stats")) {
      sendStats();
    } else if (type == QLatin1String("ping")) {
      send("heartbeat", {{QStringLiteral("pong"), true}});
    } else {
      sendError("the message's type is none of get_peers, get_stats, ping");
    }
  }

  void drained() override {
    if (const int missed = std::exchange(m_missed, 0); missed > 0) {
      sendError("Missed " + std::to_string(missed) + " messages: the client reads too slowly");
      startWatching();
    }
  }

  void tick() override {
    if (m_channel->queuedBytes() == 0) {
      sendStats();
    }
  }

  void closed() override {
    stopWatching();
    m_channel = nullptr;
  }

private:
  void send(const char* type, QJsonObject json) {
    if (m_channel != nullptr) {
      json.insert(QStringLiteral("type"), QLatin1String(type));
      m_channel->sendText(toText(json));
    }
  }
  void sendError(const std::string& why) { send("error", {{QStringLiteral("message"), toQString(why)}}); }

  void sendStats() {
    m_door->onEngine([weak = weak_from_this(), door = m_door](interfaces::Engine& engine) {
      engine.network().networkInfo([weak, door](const base::Result<interfaces::NetworkInfo>& info) {
        door->onIo([weak, info] {
          if (const auto self = weak.lock()) {
            info ? self->send("stats", networkStats(*info, self->m_call.clock->now().wall))
                 : self->sendError(info.error().text());
          }
        });
      });
    });
  }

  void startWatching() {
    stopWatching();
    m_known.clear();
    m_snapshot = QJsonArray();
    m_inSnapshot = true;
    m_watch = m_door->nextId();
    const uint64_t id = m_watch;
    interfaces::WatchHandlers handlers;
    handlers.onDeltas = [weak = weak_from_this(), id, door = m_door](const std::vector<interfaces::Delta>& deltas) {
      door->onIo([weak, id, deltas] {
        if (const auto self = weak.lock()) {
          self->deliver(id, deltas);
        }
      });
    };
    handlers.onConnection = [weak = weak_from_this(), door = m_door](bool connected, const std::string& why) {
      if (!connected) {
        door->onIo([weak, why] {
          if (const auto self = weak.lock()) {
            self->sendError(why);
          }
        });
      }
    };
    m_door->onEngine([id, door = m_door, handlers = std::move(handlers)](interfaces::Engine& engine) {
      door->hold(id, engine.events().watch({{interfaces::Topic::Peers, interfaces::Topic::Gossip}, 0}, handlers));
    });
  }

  void stopWatching() {
    if (m_watch != 0) {
      m_door->release(std::exchange(m_watch, 0));
    }
  }

  void deliver(uint64_t watch, const std::vector<interfaces::Delta>& deltas) {
    using Kind = interfaces::Delta::Kind;
    for (const interfaces::Delta& delta : deltas) {
      if (m_channel == nullptr || watch != m_watch) {
        return;
      }
      if (m_missed > 0 || m_channel->queuedBytes() > kMaxQueuedBytes) {
        ++m_missed;
        continue;
      }
      const QJsonValue revision(qint64(delta.revision));
      if (const auto* message = std::get_if<model::GossipMessage>(&delta.object)) {
        QJsonObject json = model::toJson(*message);
        json.insert(QStringLiteral("revision"), revision);
        send("gossip_message", std::move(json));
      } else if (delta.topic == interfaces::Topic::Peers) {
        if (const auto* peer = std::get_if<model::Peer>(&delta.object)) {
          put(*peer, revision);
        } else if (delta.kind == Kind::Remove && m_known.erase(delta.id) != 0) {
          send("peer_left", {{QStringLiteral("peer_id"), toQString(delta.id)}, {QStringLiteral("revision"), revision}});
        } else if (delta.kind == Kind::SnapshotEnd) {
          m_inSnapshot = false;
          send("peers_list",
               {{QStringLiteral("peers"), std::exchange(m_snapshot, {})}, {QStringLiteral("revision"), revision}});
        }
      }
    }
  }

  void put(const model::Peer& peer, const QJsonValue& revision) {
    QJsonObject json = model::toJson(peer);
    json.insert(QStringLiteral("peer_id"), toQString(peer.id)); // the originals' key
    const bool isNew = m_known.insert(peer.id).second;
    if (m_inSnapshot) {
      m_snapshot.append(json);
      return;
    }
    json.insert(QStringLiteral("revision"), revision);
    send(isNew ? "peer_joined" : "peer_updated", std::move(json));
  }

  SocketCall m_call;
  std::shared_ptr<EngineDoor> m_door;
  Channel* m_channel = nullptr;
  uint64_t m_watch = 0;
  std::set<std::string> m_known;
  QJsonArray m_snapshot;
  bool m_inSnapshot = false;
  int m_missed = 0;
};
} // namespace

base::Result<std::shared_ptr<SocketApp>> makePeerSocket(const SocketCall& call) {
  return std::shared_ptr<SocketApp>(std::make_shared<PeerSocket>(call));
}

} // namespace univrs::api
