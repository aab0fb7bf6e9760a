// Image pulls under way, as operations for progress bars. Progress comes on worker threads far more often than anyone
// can see: at most five a second of each pull are let through.
#pragma once

#include "engine/agent/agent_core.h"
#include "engine/base/clock.h"
#include "engine/model/operation.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace univrs::agent {

// On the engine thread.
class PullOperations {
public:
  explicit PullOperations(std::string nodeId) : m_nodeId(std::move(nodeId)) {}
  model::Operation begin(const DriverCall& call, base::Timestamp now);
  // Nothing when the pull is not known (any more).
  std::optional<model::Operation> progress(CallId id, const PullProgress& p, base::Timestamp now);
  std::optional<model::Operation> finish(CallId id, const std::optional<base::Error>& error, base::Timestamp now);
  [[nodiscard]] std::vector<model::Operation> all() const;
  // The call that an operation shows.
  [[nodiscard]] std::optional<CallId> callOf(const std::string& operationId) const;

private:
  const std::string m_nodeId;
  std::map<CallId, model::Operation> m_operations;
};

// A progress function for one pull that calls `forward` at most five times a second. One thread at a time.
std::function<void(const PullProgress&)> throttled(std::function<void(PullProgress)> forward);

} // namespace univrs::agent
