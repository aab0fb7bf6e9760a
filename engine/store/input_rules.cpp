#include "engine/store/input_rules.h"

#include "engine/base/encoding.h"

#include <unordered_set>

namespace univrs::store {

using base::ErrorCode;
using base::makeError;

namespace {

// A key as it may appear in a message: short, whatever was passed.
std::string shown(std::string_view key) {
  constexpr size_t kShownBytes = 80;
  if (!base::isUtf8(key) || key.find('\0') != std::string_view::npos) {
    return "(bytes " + base::hex(base::asBytes(key.substr(0, kShownBytes / 2))) + ")";
  }
  if (key.size() <= kShownBytes) {
    return std::string(key);
  }
  size_t cut = kShownBytes;
  while (cut > 0 && (static_cast<unsigned char>(key[cut]) & 0xC0) == 0x80) {
    --cut;
  }
  return std::string(key.substr(0, cut)) + "…";
}

base::Result<void> checkValue(std::string_view key, std::string_view value) {
  if (value.size() > kMaxValueBytes) {
    return makeError(ErrorCode::TooLarge, "The value of " + shown(key) + " was not stored",
                     "it has " + std::to_string(value.size()) + " bytes, more than " + std::to_string(kMaxValueBytes));
  }
  return {};
}

} // namespace

base::Result<void> checkKey(std::string_view key) {
  const char* fault = nullptr;
  if (key.empty() || key.front() != '/') {
    fault = "it does not start with '/'";
  } else if (key.size() > kMaxKeyBytes) {
    fault = "it is longer than 1024 bytes";
  } else if (key.find('\0') != std::string_view::npos) {
    fault = "it holds a NUL";
  } else if (!base::isUtf8(key)) {
    fault = "it is not UTF-8";
  }
  if (fault) {
    return makeError(ErrorCode::Validation, "The key " + shown(key) + " is not allowed", fault);
  }
  return {};
}

base::Result<void> checkPrefix(std::string_view prefix) {
  if (prefix.size() > kMaxKeyBytes || prefix.find('\0') != std::string_view::npos) {
    return makeError(ErrorCode::Validation, "The key prefix " + shown(prefix) + " is not allowed",
                     prefix.size() > kMaxKeyBytes ? "it is longer than 1024 bytes" : "it holds a NUL");
  }
  return {};
}

base::Result<void> checkTransaction(const std::vector<Compare>& compares, const std::vector<Op>& ops) {
  if (ops.size() > kMaxTransactionOps || compares.size() > kMaxTransactionOps) {
    return makeError(ErrorCode::TooLarge, "The transaction was not applied",
                     "it has " + std::to_string(ops.size()) + " operations and " + std::to_string(compares.size()) +
                         " comparisons, more than " + std::to_string(kMaxTransactionOps),
                     "Split it");
  }
  for (const Compare& compare : compares) {
    if (auto ok = checkKey(compare.key); !ok) {
      return ok;
    }
  }
  std::unordered_set<std::string_view> seen;
  seen.reserve(ops.size());
  size_t bytes = 0;
  for (const Op& op : ops) {
    if (auto ok = checkKey(op.key); !ok) {
      return ok;
    }
    if (auto ok = checkValue(op.key, op.value); !ok) {
      return ok;
    }
    bytes += op.key.size() + op.value.size();
    if (bytes > kMaxTransactionBytes) {
      return makeError(ErrorCode::TooLarge, "The transaction was not applied",
                       "its keys and values have more than " + std::to_string(kMaxTransactionBytes) + " bytes",
                       "Split it");
    }
    if (!seen.insert(op.key).second) {
      return makeError(ErrorCode::Validation, "The transaction was not applied",
                       "the key " + shown(op.key) + " is changed twice in it");
    }
  }
  return {};
}

base::Error conflictError(std::string_view key, int64_t expected, int64_t actual) {
  std::string why;
  if (actual == 0) {
    why = "it does not exist, revision " + std::to_string(expected) + " was expected";
  } else if (expected == 0) {
    why = "it exists already (revision " + std::to_string(actual) + ")";
  } else {
    why = "it is at revision " + std::to_string(actual) + ", " + std::to_string(expected) + " was expected";
  }
  return makeError(ErrorCode::Conflict, shown(key) + " was changed meanwhile", std::move(why),
                   "Read it again and retry");
}

base::Result<void> checkWatchStart(int64_t from, int64_t compacted, int64_t current) {
  if (from < 0) {
    return makeError(ErrorCode::Validation, "The watch was not started", "a revision cannot be negative");
  }
  if (from < compacted) {
    return makeError(ErrorCode::Conflict, "The watch from revision " + std::to_string(from) + " was not started",
                     "compacted", "Changes are kept from revision " + std::to_string(compacted) + " on; list again");
  }
  if (from > current) {
    return makeError(ErrorCode::Conflict, "The watch from revision " + std::to_string(from) + " was not started",
                     "ahead", "The store is at revision " + std::to_string(current) + "; list again");
  }
  return {};
}

std::string prefixEnd(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty()) {
    const auto last = static_cast<unsigned char>(end.back());
    if (last != 0xFF) {
      end.back() = static_cast<char>(last + 1);
      return end;
    }
    end.pop_back();
  }
  return end;
}

} // namespace univrs::store
