#include "engine/agent/pull_progress.h"

#include <algorithm>
#include <chrono>

namespace univrs::agent {

namespace {
constexpr auto kSpacing = std::chrono::milliseconds(200);
constexpr size_t kMaxMessage = 300;
} // namespace

model::Operation PullOperations::begin(const DriverCall& call, base::Timestamp now) {
  model::Operation o;
  o.id = "pull-" + m_nodeId + "-" + std::to_string(now.ms) + "-" + std::to_string(call.id);
  o.kind = "pull";
  o.subject =
      call.pull.image.registry == "host" && call.pull.image.repository.empty() ? "host:" : call.pull.image.text();
  o.workloadId = call.workloadId.str();
  o.instanceId = call.instanceId.str();
  o.nodeId = m_nodeId;
  o.phase = "resolving";
  o.cancellable = true;
  o.startedAt = now;
  o.updatedAt = now;
  m_operations[call.id] = o;
  return o;
}

std::optional<model::Operation> PullOperations::progress(CallId id, const PullProgress& p, base::Timestamp now) {
  const auto it = m_operations.find(id);
  if (it == m_operations.end()) {
    return std::nullopt;
  }
  model::Operation& o = it->second;
  o.phase = p.phase.substr(0, 64);
  o.current = std::max<int64_t>(0, p.current);
  o.total = std::max<int64_t>(0, p.total);
  o.message = p.message.substr(0, kMaxMessage);
  o.updatedAt = now;
  return o;
}

std::optional<model::Operation> PullOperations::finish(CallId id, const std::optional<base::Error>& error,
                                                       base::Timestamp now) {
  const auto it = m_operations.find(id);
  if (it == m_operations.end()) {
    return std::nullopt;
  }
  model::Operation o = std::move(it->second);
  m_operations.erase(it);
  o.phase = !error ? "done" : error->code == base::ErrorCode::Cancelled ? "cancelled" : "failed";
  o.cancellable = false;
  o.message = error ? error->text() : std::string();
  if (!error && o.total > 0) {
    o.current = o.total;
  }
  o.finished = true;
  o.updatedAt = now;
  return o;
}

std::optional<CallId> PullOperations::callOf(const std::string& operationId) const {
  for (const auto& [call, o] : m_operations) {
    if (o.id == operationId) {
      return call;
    }
  }
  return std::nullopt;
}

std::vector<model::Operation> PullOperations::all() const {
  std::vector<model::Operation> out;
  for (const auto& [id, o] : m_operations) {
    out.push_back(o);
  }
  return out;
}

std::function<void(const PullProgress&)> throttled(std::function<void(PullProgress)> forward) {
  struct State {
    std::optional<std::chrono::steady_clock::time_point> last;
  };
  return [forward = std::move(forward), state = std::make_shared<State>()](const PullProgress& p) {
    const auto now = std::chrono::steady_clock::now();
    if (!state->last || now - *state->last >= kSpacing) {
      state->last = now;
      forward(p);
    }
  };
}

} // namespace univrs::agent
