// Who ran which command, when, with what result. Kept in the store, bounded; contents of manifests and specs (which may
// hold secrets in env) are recorded by digest only.
#pragma once

#include "engine/base/clock.h"
#include "engine/interfaces/admin.h"
#include "engine/store/state_store.h"

#include <QJsonObject>

#include <vector>

namespace univrs::commands {

class AuditLog {
public:
  explicit AuditLog(store::StateStore& store);
  // Finds where the log ends. Call once before add().
  [[nodiscard]] base::Result<void> open();
  [[nodiscard]] base::Result<void> add(interfaces::AuditEntry entry);
  // Newest first.
  [[nodiscard]] base::Result<std::vector<interfaces::AuditEntry>> list(int limit) const;

private:
  store::StateStore& m_store;
  uint64_t m_first = 1; // sequence of the oldest kept
  uint64_t m_next = 1;
};

// Arguments fit to be recorded: documents replaced by their size and SHA-256, long texts cut.
QJsonObject auditableArgs(const QJsonObject& args);

} // namespace univrs::commands
