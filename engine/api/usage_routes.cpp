// What instances, workloads and nodes used over time.
#include "engine/api/call_arguments.h"
#include "engine/interfaces/usage.h"

namespace univrs::api {

namespace {
constexpr size_t kMaxIdBytes = 253;
constexpr int64_t kMaxPoints = 2'000;

base::Error notUnderstood(std::string why, std::string hint) {
  return base::makeError(base::ErrorCode::BadRequest, "the query was not understood", std::move(why), std::move(hint));
}

base::Result<interfaces::UsageQuery> usageQuery(const Query& query, base::Timestamp now) {
  interfaces::UsageQuery out;
  if (const std::string of = query.value("of"); !of.empty()) {
    const auto kind = interfaces::usageOfFromName(of);
    if (!kind) {
      return notUnderstood("of=" + of.substr(0, 64) + " is not known", "write workload, instance or node");
    }
    out.of = *kind;
  }
  out.ids = query.values("id");
  for (const std::string& id : out.ids) {
    if (id.size() > kMaxIdBytes) {
      return notUnderstood("an id has " + std::to_string(id.size()) + " bytes, more than 253", {});
    }
  }
  const auto from = timeOf(query, "from", now);
  const auto to = timeOf(query, "to", now);
  const auto points = query.integer("max_points", 1, kMaxPoints, 0);
  for (const base::Error* error :
       {from ? nullptr : &from.error(), to ? nullptr : &to.error(), points ? nullptr : &points.error()}) {
    if (error != nullptr) {
      return *error;
    }
  }
  out.from = *from;
  out.to = *to;
  out.maxPoints = int(*points);
  return out;
}

void readUsage(const CallPtr& call) {
  const auto query = usageQuery(call->query, call->context().clock->now().wall);
  if (!query) {
    return call->fail(query.error());
  }
  call->onEngine([call, query = *query](interfaces::Engine& engine) {
    engine.usage().readUsage(
        query, call->reply<std::vector<interfaces::UsageSeries>>(
                   [](Call&, const std::vector<interfaces::UsageSeries>& series) {
                     QJsonArray items;
                     for (const interfaces::UsageSeries& s : series) {
                       items.append(interfaces::toJson(s));
                     }
                     return jsonResponse({{QStringLiteral("count"), items.size()}, {QStringLiteral("items"), items}});
                   }));
  });
}
} // namespace

void addUsageRoutes(std::vector<Route>& routes) {
  routes.push_back({"GET",
                    "/usage",
                    "usage",
                    "What workloads, instances or nodes used over time: a day at 10 s, a month at 10 min",
                    readUsage,
                    nullptr,
                    {{"of", "string", "what the ids name: workload (the default), instance or node"},
                     {"id", "string", "an id, or a name of a workload or node; 1 to 200 of them", true},
                     {"from", "string", "where it begins, as `since`; an hour before `to` when absent"},
                     {"to", "string", "where it ends; now when absent"},
                     {"max_points", "integer", "of each series, 1 to 2000 (default 360); neighbours are put together"}},
                    "",
                    "UsageList"});
}

} // namespace univrs::api
