#include "engine/model/peer.h"

#include "engine/base/encoding.h"
#include "engine/model/fields.h"
#include "engine/model/json_text.h"
#include "engine/model/workload_read.h"

namespace univrs::model {

namespace {
constexpr int64_t kMax = INT64_C(9'000'000'000'000'000'000);
constexpr size_t kMaxListed = 4'096; // protocols, addresses, topics, connections of one peer

QJsonValue rttValue(int64_t micros) {
  return micros < 0 ? QJsonValue() : QJsonValue(qint64(micros));
}

QJsonObject toJson(const PeerConnection& c) {
  return {{QStringLiteral("id"), toQString(c.id)},
          {QStringLiteral("direction"), c.inbound ? QStringLiteral("inbound") : QStringLiteral("outbound")},
          {QStringLiteral("local"), toQString(c.local)},
          {QStringLiteral("remote"), toQString(c.remote)},
          {QStringLiteral("transport"), toQString(c.transport)},
          {QStringLiteral("security"), toQString(c.security)},
          {QStringLiteral("muxer"), toQString(c.muxer)},
          {QStringLiteral("relayed"), c.relayed},
          {QStringLiteral("opened_at"), timeValue(c.openedAt)},
          {QStringLiteral("received_bytes"), qint64(c.receivedBytes)},
          {QStringLiteral("sent_bytes"), qint64(c.sentBytes)},
          {QStringLiteral("rtt_us"), rttValue(c.rttMicros)},
          {QStringLiteral("streams"), c.streams}};
}

PeerConnection connectionFromJson(FieldReader& r) {
  PeerConnection c;
  c.id = r.string("id").value_or("");
  c.inbound = r.string("direction").value_or("") == "inbound";
  c.local = r.string("local").value_or("");
  c.remote = r.string("remote").value_or("");
  c.transport = r.string("transport").value_or("");
  c.security = r.string("security").value_or("");
  c.muxer = r.string("muxer").value_or("");
  c.relayed = r.boolean("relayed").value_or(false);
  c.openedAt = readTime(r, "opened_at");
  c.receivedBytes = r.integer("received_bytes", 0, kMax).value_or(0);
  c.sentBytes = r.integer("sent_bytes", 0, kMax).value_or(0);
  c.rttMicros = r.integer("rtt_us", 0, kMax).value_or(-1);
  c.streams = int(r.integer("streams", 0, 1 << 20).value_or(0));
  return c;
}
} // namespace

QJsonObject toJson(const Peer& peer) {
  QJsonArray connections;
  for (const auto& c : peer.connections) {
    connections.append(toJson(c));
  }
  QJsonArray neighbours;
  for (const auto& link : peer.neighbours) {
    neighbours.append(QJsonObject{{QStringLiteral("id"), toQString(link.id)},
                                  {QStringLiteral("rtt_us"), rttValue(link.rttMicros)},
                                  {QStringLiteral("relayed"), link.relayed}});
  }
  return {{QStringLiteral("id"), toQString(peer.id)},
          {QStringLiteral("name"), toQString(peer.name)},
          {QStringLiteral("connected"), peer.connected},
          {QStringLiteral("agent"), toQString(peer.agent)},
          {QStringLiteral("protocol_version"), toQString(peer.protocolVersion)},
          {QStringLiteral("protocols"), toJsonArray(peer.protocols)},
          {QStringLiteral("addresses"), toJsonArray(peer.addresses)},
          {QStringLiteral("topics"), toJsonArray(peer.topics)},
          {QStringLiteral("connections"), connections},
          {QStringLiteral("neighbours"), neighbours},
          {QStringLiteral("seen_at"), timeValue(peer.seenAt)}};
}

base::Result<Peer> peerFromJson(const QJsonObject& json) {
  FaultList faults;
  FieldReader r(json, {}, faults);
  Peer p;
  r.require("id");
  p.id = r.string("id").value_or("");
  p.name = r.string("name").value_or("");
  p.connected = r.boolean("connected").value_or(false);
  p.agent = r.string("agent").value_or("");
  p.protocolVersion = r.string("protocol_version").value_or("");
  p.protocols = r.strings("protocols", kMaxListed).value_or(std::vector<std::string>());
  p.addresses = r.strings("addresses", kMaxListed).value_or(std::vector<std::string>());
  p.topics = r.strings("topics", kMaxListed).value_or(std::vector<std::string>());
  r.objects("connections", kMaxListed, [&](const QJsonObject& object, const std::string& path) {
    FieldReader inner(object, path, faults);
    p.connections.push_back(connectionFromJson(inner));
  });
  r.objects("neighbours", kMaxListed, [&](const QJsonObject& object, const std::string& path) {
    FieldReader inner(object, path, faults);
    p.neighbours.push_back({inner.string("id").value_or(""), inner.integer("rtt_us", 0, kMax).value_or(-1),
                            inner.boolean("relayed").value_or(false)});
  });
  p.seenAt = readTime(r, "seen_at");
  if (faults.hasErrors()) {
    return faults.toError("the peer was not understood");
  }
  return p;
}

QJsonObject toJson(const GossipMessage& m) {
  return {{QStringLiteral("id"), toQString(m.id)},
          {QStringLiteral("topic"), toQString(m.topic)},
          {QStringLiteral("author"), toQString(m.author)},
          {QStringLiteral("received_from"), toQString(m.receivedFrom)},
          {QStringLiteral("verdict"), toQString(m.verdict)},
          {QStringLiteral("reason"), toQString(m.reason)},
          {QStringLiteral("timestamp"), timeValue(m.time)},
          {QStringLiteral("seqno"), QString::number(m.seqno)}, // 64 bits do not fit a JSON number
          {QStringLiteral("bytes"), qint64(m.bytes)},
          {QStringLiteral("data"), toQString(base::base64(base::asBytes(m.data)))}};
}

base::Result<GossipMessage> gossipMessageFromJson(const QJsonObject& json) {
  FaultList faults;
  FieldReader r(json, {}, faults);
  GossipMessage m;
  r.require("id");
  m.id = r.string("id").value_or("");
  m.topic = r.string("topic").value_or("");
  m.author = r.string("author").value_or("");
  m.receivedFrom = r.string("received_from").value_or("");
  m.verdict = r.string("verdict").value_or("");
  m.reason = r.string("reason").value_or("");
  m.time = readTime(r, "timestamp");
  m.seqno = toQString(r.string("seqno").value_or("0")).toULongLong();
  m.bytes = r.integer("bytes", 0, kMax).value_or(0);
  const auto data = base::fromBase64(r.string("data", size_t(GossipMessage::kShownBytes) * 2).value_or(""));
  if (!data) {
    faults.error("data", "is not base64");
  }
  if (faults.hasErrors()) {
    return faults.toError("the gossip message was not understood");
  }
  m.data.assign(data->begin(), data->end());
  return m;
}

} // namespace univrs::model
