// Output of instances, read once; the streams are in log_socket.cpp.
#include "engine/api/call_arguments.h"
#include "engine/api/log_query.h"

#include <map>

namespace univrs::api {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kMaxLogBytes = 32u << 20; // text of one answer

// Collects the lines of one read; lives with its call on the I/O thread.
struct Reading {
  uint64_t id = 0;
  interfaces::LogQuery query;
  std::string workloadId;
  std::vector<interfaces::LogEntry> entries;
  size_t bytes = 0;
  bool done = false;
};

std::string joined(const std::vector<interfaces::LogEntry>& entries, bool timestamps) {
  std::vector<std::string> order;
  std::map<std::string, std::string> texts;
  for (const auto& entry : entries) {
    const std::string& key = entry.containerId.empty() ? entry.container : entry.containerId;
    auto [it, isNew] = texts.try_emplace(key);
    if (isNew) {
      order.push_back(key);
    }
    if (timestamps && entry.time.isSet()) {
      it->second += entry.time.iso() + " ";
    }
    it->second += entry.text;
    it->second += '\n';
  }
  if (order.size() == 1) {
    return texts[order.front()];
  }
  std::string out;
  for (const std::string& key : order) {
    out += "=== Container: " + key + " ===\n" + texts[key];
  }
  return out;
}

Response answer(const Call& call, const Reading& reading) {
  QJsonArray entries;
  std::string containerId = reading.entries.empty() ? std::string() : reading.entries.front().containerId;
  std::string workloadId = reading.workloadId;
  for (const auto& entry : reading.entries) {
    entries.append(interfaces::toJson(entry));
    if (entry.containerId != containerId) {
      containerId.clear();
    }
  }
  QJsonObject out{{QStringLiteral("workload_id"), toQString(workloadId)},
                  {QStringLiteral("logs"),
                   toQString(joined(reading.entries, call.query.boolean("timestamps", false).valueOr(false)))},
                  {QStringLiteral("lines"), entries.size()},
                  {QStringLiteral("entries"), entries}};
  if (!reading.query.instance.empty()) {
    out.insert(QStringLiteral("instance_id"), toQString(reading.query.instance));
  }
  if (!containerId.empty()) {
    out.insert(QStringLiteral("container_id"), toQString(containerId));
  }
  return jsonResponse(out);
}

void startReading(const CallPtr& call, const std::shared_ptr<Reading>& reading) {
  const auto door = call->door();
  reading->id = door->nextId();
  call->setCleanup([door, reading] {
    reading->done = true;
    reading->entries.clear();
    door->release(reading->id);
  });
  interfaces::LogHandlers handlers;
  handlers.onLines = [door, call, reading](const std::vector<interfaces::LogEntry>& lines) {
    door->onIo([door, call, reading, lines] {
      for (const auto& line : lines) {
        reading->bytes += line.text.size();
      }
      if (reading->done) {
        return;
      }
      if (reading->bytes > kMaxLogBytes) {
        reading->done = true;
        reading->entries.clear();
        door->release(reading->id);
        call->fail(makeError(ErrorCode::TooLarge, "the logs were not read", "they are more than 32 MiB in one answer",
                             "ask for fewer lines with tail= or since=, or use the stream"));
        return;
      }
      reading->entries.insert(reading->entries.end(), lines.begin(), lines.end());
    });
  };
  handlers.onEnd = [door, call, reading](const base::Result<void>& result) {
    door->release(reading->id);
    door->onIo([call, reading, result] {
      if (std::exchange(reading->done, true)) {
        return;
      }
      if (result) {
        call->respond(answer(*call, *reading));
      } else {
        call->fail(result.error());
      }
    });
  };
  call->onEngine([door, reading, handlers = std::move(handlers)](interfaces::Engine& engine) {
    door->hold(reading->id, engine.logs().readLogs(reading->query, handlers));
  });
}

// First who is meant: the answer carries the workload's id, and an unknown name is 404 rather than an empty log.
void readLogs(const CallPtr& call) {
  auto query = logQuery(call->query, call->params, call->context().clock->now().wall, -1);
  if (!query) {
    return call->fail(query.error());
  }
  if (const auto timestamps = call->query.boolean("timestamps", false); !timestamps) {
    return call->fail(timestamps.error());
  }
  auto reading = std::make_shared<Reading>();
  reading->query = *query;
  const auto onError = [call](const base::Error& error) { call->fail(error); };
  const auto onFound = [call, reading](const LogTarget& target) {
    reading->workloadId = target.workloadId;
    if (call->isWanted()) {
      startReading(call, reading);
    }
  };
  findLogTarget(call->door(), *query, onFound, onError);
}
} // namespace

base::Result<interfaces::LogQuery> logQuery(const Query& query,
                                            const std::map<std::string, std::string, std::less<>>& params,
                                            base::Timestamp now, int defaultTail) {
  interfaces::LogQuery out;
  const auto take = [&](const char* key) {
    const auto it = params.find(key);
    return it != params.end() ? it->second : query.value(key);
  };
  out.workload = take("workload");
  out.instance = take("instance");
  out.container = query.value("container");
  if (out.workload.empty() && out.instance.empty()) {
    return makeError(ErrorCode::BadRequest, "the logs were not read", "neither workload nor instance is given",
                     "add workload=NAME or instance=ID");
  }
  const auto tail = query.integer("tail", -1, 100'000, defaultTail);
  if (!tail) {
    return tail.error();
  }
  out.tail = int(*tail);
  const auto since = timeOf(query, "since", now);
  if (!since) {
    return since.error();
  }
  const auto until = timeOf(query, "until", now);
  if (!until) {
    return until.error();
  }
  out.since = *since;
  out.until = *until;
  return out;
}

void findLogTarget(const std::shared_ptr<EngineDoor>& door, const interfaces::LogQuery& query,
                   std::function<void(const LogTarget&)> found, std::function<void(const base::Error&)> failed) {
  door->onEngine([door, query, found = std::move(found), failed = std::move(failed)](interfaces::Engine& engine) {
    if (!query.instance.empty()) {
      engine.workloads().getInstance(query.instance, [=](const base::Result<model::Instance>& instance) {
        door->onIo([=] {
          if (!instance) {
            return failed(instance.error());
          }
          // An instance asked for below a workload must be one of it.
          if (!query.workload.empty() && query.workload != instance->workloadId.str() &&
              query.workload != instance->workloadName) {
            return failed(makeError(ErrorCode::NotFound, "the logs were not read",
                                    query.instance + " is not an instance of " + query.workload));
          }
          found({instance->workloadId.str(), 1});
        });
      });
      return;
    }
    engine.workloads().getWorkload(query.workload, [=, &engine](const base::Result<model::Workload>& workload) {
      if (!workload) {
        return door->onIo([=] { failed(workload.error()); });
      }
      interfaces::ListQuery instances;
      instances.workload = workload->id.str();
      instances.limit = 1;
      engine.workloads().listInstances(instances, [=](const base::Result<interfaces::ItemPage<model::Instance>>& page) {
        door->onIo([=] {
          if (page) {
            found({workload->id.str(), page->total});
          } else {
            failed(page.error());
          }
        });
      });
    });
  });
}

void addLogRoutes(std::vector<Route>& routes) {
  const std::vector<QueryParam> read{{"tail", "integer", "last lines of each container; -1 = all (default)"},
                                     {"timestamps", "boolean", "with the time before each line of `logs`"},
                                     {"since", "string", "RFC 3339, seconds since 1970, or a span back: 10m"},
                                     {"until", "string", "the same"},
                                     {"container", "string", "one container; all when absent"}};
  std::vector<QueryParam> stream = read;
  stream.push_back({"instance", "string", "one instance; all of the workload when absent"});
  stream.push_back({"batch", "boolean", "several lines in a message"});
  std::vector<QueryParam> anyStream = stream;
  anyStream.push_back({"workload", "string", "whose, by id or name"});
  const std::chrono::milliseconds slow{120'000};
  const auto add = [&](const char* pattern, const char* summary) {
    Route r{"GET", pattern, "logs", summary, readLogs, nullptr, read, "", "Logs"};
    r.timeout = slow;
    routes.push_back(r);
  };
  add("/workloads/{workload}/logs", "Output of a workload's instances");
  add("/workloads/{workload}/instances/{instance}/logs", "Output of one instance");
  add("/instances/{instance}/logs", "Output of one instance");
  routes.push_back({"GET", "/workloads/{workload}/logs/stream", "logs", "WebSocket: follow the output of a workload",
                    nullptr, makeLogSocket, stream});
  routes.push_back({"GET", "/logs/stream", "logs", "WebSocket: follow the output of a workload or an instance", nullptr,
                    makeLogSocket, anyStream});
}

} // namespace univrs::api
