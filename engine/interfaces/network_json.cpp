#include "engine/interfaces/network.h"
#include "engine/model/fields.h"
#include "engine/model/json_text.h"
#include "engine/model/workload_read.h"

namespace univrs::interfaces {

using model::timeValue;
using model::toJsonArray;
using model::toQString;

namespace {
constexpr int64_t kMax = INT64_C(9'000'000'000'000'000'000);
constexpr size_t kMaxListed = 4'096;
} // namespace

QJsonObject toJson(const NetworkInfo& i) {
  QJsonObject refused;
  for (const auto& [reason, count] : i.refused) {
    refused.insert(toQString(reason), qint64(count));
  }
  return {{QStringLiteral("peer_id"), toQString(i.peerId)},
          {QStringLiteral("did"), toQString(i.did)},
          {QStringLiteral("agent"), toQString(i.agent)},
          {QStringLiteral("listening"), toJsonArray(i.listening)},
          {QStringLiteral("addresses"), toJsonArray(i.addresses)},
          {QStringLiteral("protocols"), toJsonArray(i.protocols)},
          {QStringLiteral("topics"), toJsonArray(i.topics)},
          {QStringLiteral("started_at"), timeValue(i.startedAt)},
          {QStringLiteral("known_peers"), qint64(i.knownPeers)},
          {QStringLiteral("connected_peers"), qint64(i.connectedPeers)},
          {QStringLiteral("connections_in"), qint64(i.connectionsIn)},
          {QStringLiteral("connections_out"), qint64(i.connectionsOut)},
          {QStringLiteral("streams"), qint64(i.streams)},
          {QStringLiteral("received_bytes"), qint64(i.receivedBytes)},
          {QStringLiteral("sent_bytes"), qint64(i.sentBytes)},
          {QStringLiteral("messages_received"), qint64(i.messagesReceived)},
          {QStringLiteral("messages_published"), qint64(i.messagesPublished)},
          {QStringLiteral("refused"), refused}};
}

base::Result<NetworkInfo> networkInfoFromJson(const QJsonObject& json) {
  model::FaultList faults;
  model::FieldReader r(json, {}, faults);
  const auto count = [&r](std::string_view key) { return r.integer(key, 0, kMax).value_or(0); };
  const auto list = [&r](std::string_view key) {
    return r.strings(key, kMaxListed).value_or(std::vector<std::string>());
  };
  NetworkInfo i;
  r.require("peer_id");
  i.peerId = r.string("peer_id").value_or("");
  i.did = r.string("did").value_or("");
  i.agent = r.string("agent").value_or("");
  i.listening = list("listening");
  i.addresses = list("addresses");
  i.protocols = list("protocols");
  i.topics = list("topics");
  i.startedAt = model::readTime(r, "started_at");
  i.knownPeers = count("known_peers");
  i.connectedPeers = count("connected_peers");
  i.connectionsIn = count("connections_in");
  i.connectionsOut = count("connections_out");
  i.streams = count("streams");
  i.receivedBytes = count("received_bytes");
  i.sentBytes = count("sent_bytes");
  i.messagesReceived = count("messages_received");
  i.messagesPublished = count("messages_published");
  if (const auto refused = r.object("refused")) {
    model::FieldReader inner(*refused, r.pathOf("refused"), faults);
    for (const QString& reason : refused->keys()) {
      i.refused[reason.toStdString()] = inner.integer(reason.toStdString(), 0, kMax).value_or(0);
    }
  }
  if (faults.hasErrors()) {
    return faults.toError("the network's figures were not understood");
  }
  return i;
}

QJsonObject toJson(const PingResult& p) {
  return {{QStringLiteral("peer_id"), toQString(p.peerId)},
          {QStringLiteral("address"), toQString(p.address)},
          {QStringLiteral("rtt_us"), qint64(p.rttMicros)}};
}

base::Result<PingResult> pingResultFromJson(const QJsonObject& json) {
  model::FaultList faults;
  model::FieldReader r(json, {}, faults);
  PingResult p;
  r.require("peer_id");
  r.require("rtt_us");
  p.peerId = r.string("peer_id").value_or("");
  p.address = r.string("address").value_or("");
  p.rttMicros = r.integer("rtt_us", 0, kMax).value_or(0);
  if (faults.hasErrors()) {
    return faults.toError("the answer to the ping was not understood");
  }
  return p;
}

} // namespace univrs::interfaces
