// Reading what most routes have in common: list filters, `fields`, If-Match, times.
#pragma once

#include "engine/api/router.h"
#include "engine/interfaces/json.h"
#include "engine/interfaces/workloads.h"

#include <set>

namespace univrs::api {

// name=, label=k=v, state=, limit=, after=, workload=, node=: those the route's table lists.
base::Result<interfaces::ListQuery> listQuery(const Query& query);
// The parameters that listQuery() reads, for the route table.
std::vector<QueryParam> listParams(bool ofInstances);

// fields=a,b: each item keeps these keys and `id`; everything when the query has none.
QJsonObject keepFields(const QJsonObject& object, const std::string& fields);
// pageToJson() with keepFields() on each item.
template <class T>
Response pageResponse(const Call& call, const interfaces::ItemPage<T>& page) {
  QJsonObject json = interfaces::pageToJson(page);
  if (const std::string fields = call.query.value("fields"); !fields.empty()) {
    QJsonArray kept;
    for (const QJsonValue& item : json.value(QStringLiteral("items")).toArray()) {
      kept.append(keepFields(item.toObject(), fields));
    }
    json.insert(QStringLiteral("items"), kept);
  }
  return jsonResponse(json);
}

// A single object, with an ETag over what it shows.
Response objectResponse(const Call& call, const QJsonObject& object);
// A workload: its ETag is "REVISION", and "REVISION-xxxxxxxx" while its status is not the settled one, since the status
// changes without a new revision. If-Match looks at the revision alone.
Response workloadResponse(const Call& call, const QJsonObject& workload, int status = 200);

// The revision If-Match asks for: -1 = no condition. 412 as an error (Conflict) when it is none of ours. Marks the
// call.
base::Result<int64_t> expectedRevision(Call& call);

// RFC 3339, seconds since 1970, or a span back from now: "90s", "10m", "2h", "1d".
base::Result<base::Timestamp> timeOf(const Query& query, std::string_view key, base::Timestamp now);

inline QString toQString(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}

// Runs a command as this call's actor; `make` turns the outcome into the answer.
void runCommand(const CallPtr& call, std::string name, QJsonObject args, bool dryRun,
                std::function<Response(Call&, const interfaces::CommandOutcome&)> make);
// {local_peer_id, peer_count, message_count, uptime_seconds, subscribed_topics}: the originals' figures.
QJsonObject networkStats(const interfaces::NetworkInfo& info, base::Timestamp now);
// The outcome itself as the answer.
Response outcomeResponse(Call& call, const interfaces::CommandOutcome& outcome);

} // namespace univrs::api
