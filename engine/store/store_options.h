// What a test needs to make smaller than in the program, to reach the limits of a store within a second.
#pragma once

#include "engine/store/state_store.h"

namespace univrs::store {

struct StoreOptions {
  int64_t keptRevisions = kKeptRevisions;
  int64_t keptHistoryBytes = kKeptHistoryBytes;
  int64_t maxPages = 0; // SQLite: largest file, in pages of 4 KiB; 0 = as the file system allows
};

std::unique_ptr<StateStore> openMemoryStore(const StoreOptions& options);
base::Result<std::unique_ptr<StateStore>> openSqliteStore(const std::string& path, const StoreOptions& options);

} // namespace univrs::store
