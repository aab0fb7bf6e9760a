// Events and decisions; the streams of events and of state.
#include "engine/api/call_arguments.h"
#include "engine/base/limits.h"

namespace univrs::api {

namespace {
constexpr size_t kMaxFilterBytes = 1'024;

base::Result<int> limitOf(const Query& query) {
  for (const auto& [key, value] : query.pairs()) {
    if (value.size() > kMaxFilterBytes) {
      return base::makeError(base::ErrorCode::BadRequest, "the query was not understood",
                             key.substr(0, 64) + " is longer than 1 KiB");
    }
  }
  const auto limit = query.integer("limit", 1, base::limits::kMaxPageItems, 0);
  if (!limit) {
    return limit.error();
  }
  return int(*limit);
}

void listEvents(const CallPtr& call) {
  const auto limit = limitOf(call->query);
  if (!limit) {
    return call->fail(limit.error());
  }
  const Query& q = call->query;
  interfaces::EventQuery query{q.value("workload"), q.value("object"), q.value("type"),
                               q.value("severity"), q.value("after"),  *limit};
  call->onEngine([call, query](interfaces::Engine& engine) {
    engine.events().listEvents(query, call->reply<interfaces::ItemPage<model::Event>>([](Call&, const auto& page) {
      return jsonResponse(interfaces::pageToJson(page));
    }));
  });
}

void listDecisions(const CallPtr& call) {
  const auto limit = limitOf(call->query);
  if (!limit) {
    return call->fail(limit.error());
  }
  const Query& q = call->query;
  interfaces::DecisionQuery query{q.value("workload"), q.value("instance"), q.value("after"), *limit};
  call->onEngine([call, query](interfaces::Engine& engine) {
    engine.decisions().listDecisions(query,
                                     call->reply<interfaces::ItemPage<model::Decision>>([](Call&, const auto& page) {
                                       return jsonResponse(interfaces::pageToJson(page));
                                     }));
  });
}

void getDecision(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.decisions().getDecision(call->param("decision"),
                                   call->reply<model::Decision>([](Call& c, const model::Decision& decision) {
                                     return objectResponse(c, model::toJson(decision));
                                   }));
  });
}
} // namespace

void addEventRoutes(std::vector<Route>& routes) {
  const QueryParam limit{"limit", "integer", "items in a page, 1 to 1000 (default 100)"};
  const QueryParam after{"after", "string", "the `next` of the page before"};
  const QueryParam workload{"workload", "string", "only those of this workload, by id or name"};
  routes.push_back({"GET",
                    "/events",
                    "events",
                    "History, newest first; with a WebSocket upgrade, the stream of events by topics",
                    listEvents,
                    makeEventSocket,
                    {workload,
                     {"object", "string", "only those about this object, by id"},
                     {"type", "string", "only this type"},
                     {"severity", "string", "at least: info, warning, error"},
                     limit,
                     after},
                    "",
                    "EventList"});
  routes.push_back({"GET",
                    "/decisions",
                    "decisions",
                    "Placement decisions, newest first, without the nodes",
                    listDecisions,
                    nullptr,
                    {workload, {"instance", "string", "only the one of this instance"}, limit, after},
                    "",
                    "DecisionList"});
  routes.push_back({"GET",
                    "/decisions/{decision}",
                    "decisions",
                    "One decision with every node's reason",
                    getDecision,
                    nullptr,
                    {},
                    "",
                    "Decision"});
  Route deltas{"GET",   "/ws/orchestrator", "events", "WebSocket: a snapshot of the state, then deltas by revision",
               nullptr, makeDeltaSocket,    {},       "",
               ""};
  deltas.rooted = true;
  routes.push_back(deltas);
}

} // namespace univrs::api
