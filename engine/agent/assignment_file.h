// assignments.json: what the agent was asked to run, kept on disk so that it goes on after a crash and without control.
// Written whole each time, to a temporary file that is synced and renamed, readable by the owner only (specs may hold
// passwords in environment variables). One thread at a time.
#pragma once

#include "engine/agent/agent_core.h"
#include "engine/base/result.h"

#include <optional>
#include <string>

namespace univrs::agent {

class AssignmentFile {
public:
  // `folder` must exist.
  explicit AssignmentFile(std::string folder);

  // Nothing when there is no file yet. Corrupt when it does not read back: the damaged file is kept beside it, under
  // the name assignments.json.damaged.
  [[nodiscard]] base::Result<std::optional<PersistedState>> load();
  [[nodiscard]] base::Result<void> save(const PersistedState& state);
  [[nodiscard]] const std::string& path() const { return m_path; }

private:
  std::string m_path;
};

} // namespace univrs::agent
