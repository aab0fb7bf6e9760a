// The rules every store holds its input to, in one place so that all stores refuse the same things with the same words.
#pragma once

#include "engine/store/state_store.h"

namespace univrs::store {

// Validation when the key breaks a rule.
base::Result<void> checkKey(std::string_view key);
// A prefix is any text without NUL up to kMaxKeyBytes; the empty one means every key.
base::Result<void> checkPrefix(std::string_view prefix);
// Keys, values, counts, total size, no key twice.
base::Result<void> checkTransaction(const std::vector<Compare>& compares, const std::vector<Op>& ops);

// "web was changed meanwhile": the key is at `actual`, the caller expected `expected` (0 = absent in both).
base::Error conflictError(std::string_view key, int64_t expected, int64_t actual);
// The answer to watch() from a revision whose changes are no longer kept, or that never was.
base::Result<void> checkWatchStart(int64_t from, int64_t compacted, int64_t current);

// The smallest text greater than every text that starts with `prefix`; empty when there is none.
std::string prefixEnd(std::string_view prefix);

} // namespace univrs::store
