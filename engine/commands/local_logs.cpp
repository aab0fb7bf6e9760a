// Logs of one or several instances: read once and merged by time, or followed as instances come and go.
#include "engine/commands/local_engine.h"

#include <algorithm>
#include <map>
#include <utility>

namespace univrs::commands {

namespace {

using interfaces::LogEntry;

constexpr size_t kMaxLinesAtOnce = 100'000; // in an answer that is not a follow
constexpr size_t kBatch = 1'000;

class LogSession : public std::enable_shared_from_this<LogSession> {
public:
  LogSession(LocalParts parts, interfaces::LogQuery query, interfaces::LogHandlers handlers)
      : m_parts(parts), m_query(std::move(query)), m_handlers(std::move(handlers)) {}

  void start() {
    std::vector<model::InstanceId> ids;
    if (!m_query.instance.empty()) {
      const auto* i = m_parts.state.instance(model::InstanceId(m_query.instance));
      if (i == nullptr) {
        return end(base::makeError(base::ErrorCode::NotFound, "there is no instance \"" + m_query.instance + "\""));
      }
      ids.push_back(i->id);
    } else {
      const auto* w = m_parts.state.workloadByRef(m_query.workload);
      if (w == nullptr) {
        return end(base::makeError(base::ErrorCode::NotFound, "there is no workload \"" + m_query.workload + "\""));
      }
      m_workload = w->id;
      for (const auto* i : m_parts.state.instancesOf(w->id)) {
        if (!i->nodeId.empty()) {
          ids.push_back(i->id);
        }
      }
      if (m_query.follow) {
        interfaces::WatchHandlers watch;
        watch.onDeltas = [weak = weak_from_this()](const std::vector<interfaces::Delta>& deltas) {
          if (const auto self = weak.lock()) {
            self->onDeltas(deltas);
          }
        };
        m_watch = m_parts.hub.watch(
            {{interfaces::Topic::Instances, interfaces::Topic::Workloads}, m_parts.hub.revision()}, std::move(watch));
      }
    }
    for (const auto& id : ids) {
      add(id, m_query.tail);
    }
    if (!m_query.follow && m_open == 0) {
      finish();
    }
  }

  void stop() {
    m_ended = true;
    m_watch.reset();
    m_sources.clear();
  }

private:
  void add(const model::InstanceId& id, int tail) {
    if (m_ended || m_sources.count(id) != 0) {
      return;
    }
    agent::Agent::LogsRequest request;
    request.instanceId = id;
    request.container = m_query.container;
    request.follow = m_query.follow;
    request.tail = tail;
    request.since = m_query.since;
    request.until = m_query.until;
    agent::Agent::LogsHandlers handlers;
    handlers.onLines = [weak = weak_from_this(), id](std::vector<agent::Agent::ContainerLine> lines) {
      if (const auto self = weak.lock()) {
        self->onLines(id, std::move(lines));
      }
    };
    handlers.onEnd = [weak = weak_from_this(), id](const base::Result<void>& result) {
      if (const auto self = weak.lock()) {
        self->onEnd(id, result);
      }
    };
    ++m_open;
    m_sources.emplace(id, nullptr);
    auto source = m_parts.agent.logs(std::move(request), std::move(handlers));
    m_sources[id] = std::move(source);
  }

  void onDeltas(const std::vector<interfaces::Delta>& deltas) {
    for (const auto& d : deltas) {
      if (const auto* i = std::get_if<model::Instance>(&d.object); i != nullptr && i->workloadId == m_workload) {
        if (!i->nodeId.empty() && model::isUp(i->state)) {
          add(i->id, -1); // new since we follow: all of it
        }
      } else if (d.kind == interfaces::Delta::Kind::Remove && d.topic == interfaces::Topic::Workloads &&
                 d.id == m_workload.str()) {
        m_workloadGone = true;
      }
    }
    maybeFinishFollow();
  }

  void onLines(const model::InstanceId& id, std::vector<agent::Agent::ContainerLine> lines) {
    if (m_ended) {
      return;
    }
    std::vector<LogEntry> entries;
    entries.reserve(lines.size());
    for (auto& l : lines) {
      entries.push_back({id.str(), std::move(l.container), std::move(l.containerId), l.line.time, l.line.isStderr,
                         std::move(l.line.text)});
    }
    if (m_query.follow) {
      m_handlers.onLines(entries);
      return;
    }
    const size_t room = kMaxLinesAtOnce - std::min(kMaxLinesAtOnce, m_collected.size());
    m_cut = m_cut || entries.size() > room;
    entries.resize(std::min(room, entries.size()));
    std::move(entries.begin(), entries.end(), std::back_inserter(m_collected));
  }

  void onEnd(const model::InstanceId& id, const base::Result<void>& result) {
    if (m_ended) {
      return;
    }
    --m_open;
    if (!result && !m_error) {
      m_error = result.error();
    }
    if (!m_query.follow) {
      if (m_open == 0) {
        finish();
      }
      return;
    }
    m_over.insert(id);
    maybeFinishFollow();
  }

  // A follow of one instance ends with it; of a workload, when the workload is gone and every source has ended.
  void maybeFinishFollow() {
    if (m_query.follow && m_open == 0 && (m_workload.empty() || m_workloadGone)) {
      m_error&& m_over.size() == m_sources.size() && m_sources.size() == 1 ? end(*m_error) : end({});
    }
  }

  void finish() {
    if (m_collected.empty() && m_error) {
      return end(*m_error);
    }
    std::stable_sort(m_collected.begin(), m_collected.end(),
                     [](const LogEntry& a, const LogEntry& b) { return a.time < b.time; });
    for (size_t at = 0; at < m_collected.size(); at += kBatch) {
      const auto last = std::min(m_collected.size(), at + kBatch);
      m_handlers.onLines({m_collected.begin() + ptrdiff_t(at), m_collected.begin() + ptrdiff_t(last)});
      if (m_ended) {
        return;
      }
    }
    if (m_cut) {
      return end(base::makeError(base::ErrorCode::TooLarge,
                                 "the log was cut after " + std::to_string(kMaxLinesAtOnce) + " lines", {},
                                 "ask for a tail, or for a shorter time"));
    }
    end({});
  }

  void end(base::Result<void> result) {
    // Later, never inside the call that started it.
    m_parts.executor.post([self = shared_from_this(), result = std::move(result)] {
      if (!std::exchange(self->m_ended, true)) {
        const auto onEnd = self->m_handlers.onEnd;
        self->m_watch.reset();
        if (onEnd) {
          onEnd(result);
        }
      }
    });
  }

  LocalParts m_parts;
  interfaces::LogQuery m_query;
  interfaces::LogHandlers m_handlers;
  model::WorkloadId m_workload;
  std::unique_ptr<base::Subscription> m_watch;
  std::map<model::InstanceId, std::unique_ptr<base::Subscription>> m_sources;
  std::set<model::InstanceId> m_over;
  std::vector<LogEntry> m_collected;
  std::optional<base::Error> m_error;
  int m_open = 0;
  bool m_cut = false;
  bool m_ended = false;
  bool m_workloadGone = false;
};

class LogHandle final : public base::Subscription {
public:
  explicit LogHandle(std::shared_ptr<LogSession> session) : m_session(std::move(session)) {}
  ~LogHandle() override { m_session->stop(); }
  LogHandle(const LogHandle&) = delete;
  LogHandle& operator=(const LogHandle&) = delete;

private:
  std::shared_ptr<LogSession> m_session;
};

} // namespace

std::unique_ptr<base::Subscription> readLocalLogs(LocalParts& parts, interfaces::LogQuery query,
                                                  interfaces::LogHandlers handlers) {
  auto session = std::make_shared<LogSession>(parts, std::move(query), std::move(handlers));
  session->start();
  return std::make_unique<LogHandle>(std::move(session));
}

} // namespace univrs::commands
