#include "engine/model/decision.h"

#include "engine/model/fields.h"
#include "engine/model/json_text.h"
#include "engine/model/workload_read.h"

#include <algorithm>

namespace univrs::model {

namespace {

constexpr size_t kMaxVerdicts = 100'000; // nodes in one decision
constexpr double kMaxScore = 1e9;        // far beyond 0…1: a bound against nonsense, not a rule

QJsonObject toJson(const NodeVerdict& v) {
  QJsonArray parts;
  for (const auto& p : v.parts) {
    parts.append(QJsonObject{{QStringLiteral("name"), toQString(p.name)},
                             {QStringLiteral("value"), p.value},
                             {QStringLiteral("weight"), p.weight}});
  }
  return {{QStringLiteral("node_id"), toQString(v.nodeId.str())},
          {QStringLiteral("node_name"), toQString(v.nodeName)},
          {QStringLiteral("fits"), v.fits},
          {QStringLiteral("filter"), toQString(v.filter)},
          {QStringLiteral("reason"), toQString(v.reason)},
          {QStringLiteral("score"), v.score},
          {QStringLiteral("parts"), parts}};
}

NodeVerdict readVerdict(const QJsonObject& json, const std::string& path, FaultList& faults) {
  FieldReader r(json, path, faults);
  NodeVerdict v;
  v.nodeId = NodeId(r.string("node_id").value_or(""));
  v.nodeName = r.string("node_name").value_or("");
  v.fits = r.boolean("fits").value_or(false);
  v.filter = r.string("filter").value_or("");
  v.reason = r.string("reason", 65'536).value_or("");
  v.score = r.number("score", -kMaxScore, kMaxScore).value_or(0);
  r.objects("parts", 64, [&](const QJsonObject& o, const std::string& p) {
    FieldReader part(o, p, faults);
    ScorePart s;
    s.name = part.string("name").value_or("");
    s.value = part.number("value", -kMaxScore, kMaxScore).value_or(0);
    s.weight = part.number("weight", -kMaxScore, kMaxScore).value_or(0);
    v.parts.push_back(std::move(s));
  });
  return v;
}

} // namespace

QJsonObject toJson(const Decision& d, int limit) {
  QJsonArray nodes;
  const size_t count = limit > 0 ? std::min(d.nodes.size(), size_t(limit)) : d.nodes.size();
  for (size_t i = 0; i < count; ++i) {
    nodes.append(toJson(d.nodes[i]));
  }
  return {{QStringLiteral("id"), toQString(d.id)},
          {QStringLiteral("time"), timeValue(d.time)},
          {QStringLiteral("trigger"), toQString(d.trigger)},
          {QStringLiteral("workload_id"), toQString(d.workloadId.str())},
          {QStringLiteral("workload_name"), toQString(d.workloadName)},
          {QStringLiteral("instance_id"), toQString(d.instanceId.str())},
          {QStringLiteral("strategy"), toQString(d.strategy)},
          {QStringLiteral("chosen"), d.chosen ? QJsonValue(toQString(d.chosen->str())) : QJsonValue()},
          {QStringLiteral("chosen_name"), toQString(d.chosenName)},
          {QStringLiteral("summary"), toQString(d.summary)},
          {QStringLiteral("nodes_total"), d.nodesTotal},
          {QStringLiteral("nodes_fit"), d.nodesFit},
          {QStringLiteral("nodes"), nodes}};
}

base::Result<Decision> decisionFromJson(const QJsonObject& json) {
  FaultList faults;
  FieldReader r(json, {}, faults);
  Decision d;
  d.id = r.string("id").value_or("");
  d.time = readTime(r, "time");
  d.trigger = r.string("trigger").value_or("");
  d.workloadId = WorkloadId(r.string("workload_id").value_or(""));
  d.workloadName = r.string("workload_name").value_or("");
  d.instanceId = InstanceId(r.string("instance_id").value_or(""));
  d.strategy = r.string("strategy").value_or("");
  if (auto chosen = r.string("chosen")) {
    d.chosen = NodeId(std::move(*chosen));
  }
  d.chosenName = r.string("chosen_name").value_or("");
  d.summary = r.string("summary", 65'536).value_or("");
  d.nodesTotal = int(r.integer("nodes_total", 0, INT32_MAX).value_or(0));
  d.nodesFit = int(r.integer("nodes_fit", 0, INT32_MAX).value_or(0));
  r.objects("nodes", kMaxVerdicts,
            [&](const QJsonObject& o, const std::string& p) { d.nodes.push_back(readVerdict(o, p, faults)); });
  if (faults.hasErrors()) {
    return faults.toError("the decision was not understood");
  }
  return d;
}

} // namespace univrs::model
