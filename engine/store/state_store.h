// Where desired and observed state is kept: versioned keys with compare-and-swap, transactions and watches, the same
// whether SQLite (one control node), memory (tests) or etcd (a plugin, later) is behind it. Modelled on etcd: one
// revision counter for the whole store, each key knows the revision that made and last changed it.
//
// Thread: one store belongs to one thread (the engine's); calls block for the time of a disk write. Watch callbacks run
// on that thread, after the change is durable, in revision order, and never inside the call that made the change: they
// are queued and delivered by deliver(), which the owner calls from its loop.
#pragma once

#include "engine/base/executor.h"
#include "engine/base/result.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::store {

// Limits; larger input is refused with Validation or TooLarge, nothing is written.
inline constexpr size_t kMaxKeyBytes = 1024;              // keys start with '/', are UTF-8, hold no NUL
inline constexpr size_t kMaxValueBytes = 8u << 20;        // one value
inline constexpr size_t kMaxTransactionOps = 10'000;      // operations in one transaction
inline constexpr size_t kMaxTransactionBytes = 64u << 20; // keys and values of one transaction together
inline constexpr int64_t kKeptRevisions = 100'000;        // how far back a watch may start…
inline constexpr int64_t kKeptHistoryBytes = 64 << 20; // …unless the changes kept for it exceed this (keys and values)

struct Entry {
  std::string key;
  std::string value;
  int64_t createRevision = 0; // revision at which the key came into being
  int64_t modRevision = 0;    // revision of its last change
  int64_t version = 0;        // changes since it came into being, first = 1
  bool operator==(const Entry&) const = default;
};

// A condition of a transaction on one key.
struct Compare {
  std::string key;
  int64_t modRevision = 0; // what it must be; 0 = the key must not exist
};

struct Op {
  enum class Kind { Put, Delete } kind = Kind::Put;
  std::string key;
  std::string value;
  static Op put(std::string key, std::string value) { return {Kind::Put, std::move(key), std::move(value)}; }
  static Op remove(std::string key) { return {Kind::Delete, std::move(key), {}}; }
};

struct WatchEvent {
  enum class Kind { Put, Delete } kind = Kind::Put;
  Entry entry;          // Delete: only key and modRevision (the deletion's) are set
  int64_t revision = 0; // of the change
  bool operator==(const WatchEvent&) const = default;
};

struct Page {
  std::vector<Entry> entries; // by key, ascending
  int64_t revision = 0;       // of the store when read
  std::string next;           // pass as `after` for the next page; empty = that was all
};

class StateStore {
public:
  virtual ~StateStore() = default;

  // Revision of the newest change; 0 when nothing was ever written. Grows by one with each put, delete or transaction
  // that changed something (all operations of a transaction share one revision).
  [[nodiscard]] virtual int64_t revision() const = 0;

  [[nodiscard]] virtual base::Result<std::optional<Entry>> get(std::string_view key) = 0;
  // Keys starting with `prefix` and greater than `after`, at most `limit` (0 = all).
  [[nodiscard]] virtual base::Result<Page> list(std::string_view prefix, std::string_view after = {},
                                                size_t limit = 0) = 0;
  // Durable when it returns. Returns the new revision.
  [[nodiscard]] virtual base::Result<int64_t> put(std::string_view key, std::string_view value) = 0;
  // Returns the new revision, or 0 when there was no such key (nothing changed).
  [[nodiscard]] virtual base::Result<int64_t> remove(std::string_view key) = 0;
  // Puts only when the key's modRevision is `expected` (0 = must not exist). Conflict otherwise.
  [[nodiscard]] virtual base::Result<int64_t> compareAndSwap(std::string_view key, int64_t expected,
                                                             std::string_view value) = 0;
  // All or nothing: when every comparison holds, all operations are applied at one revision, which is returned.
  // Conflict names the key that did not match. The same key twice among the operations is refused. When nothing
  // changed (no operations, or only deletions of absent keys) the current revision is returned.
  [[nodiscard]] virtual base::Result<int64_t> transact(const std::vector<Compare>& compares,
                                                       const std::vector<Op>& ops) = 0;

  // Calls `callback` with every change to keys starting with `prefix` after `fromRevision` (so: list(), then
  // watch(page.revision)). Conflict with "compacted" as why when fromRevision is older than what is kept, or "ahead"
  // when the store never reached it (an older backup was restored): list again. The changes of one transaction come in
  // one call. Changes a watch has not been given yet are kept for it, so deliver() must be called while watches exist.
  // The subscription belongs to the store's thread; it may outlive the store, and may be destroyed inside a callback.
  using WatchCallback = std::function<void(const std::vector<WatchEvent>&)>;
  [[nodiscard]] virtual base::Result<std::unique_ptr<base::Subscription>>
  watch(std::string prefix, int64_t fromRevision, WatchCallback callback) = 0;
  // Delivers pending watch events; the owner calls it after its changes. Returns how many callbacks ran. Changes made
  // by callbacks wait for the next call; a call from inside a callback does nothing and returns 0.
  virtual size_t deliver() = 0;

  // A consistent copy into a new file, mode 0600, while the store goes on. Conflict when the file exists. The file
  // appears whole or not at all.
  [[nodiscard]] virtual base::Result<void> backup(const std::string& path) = 0;
  // Where the data is, for people.
  [[nodiscard]] virtual std::string description() const = 0;
};

// In memory, for tests; backup() writes a JSON file. Same rules, same limits.
std::unique_ptr<StateStore> openMemoryStore();

// SQLite file (made when absent; its folder must exist), WAL, synchronous=FULL, 0600. Migrates older schemas, refuses
// newer ones (Unsupported). Checks integrity first, down to a checksum per entry: a damaged file gives Corrupt with
// what to do (restore a backup) and is left untouched. Disk full gives NoSpace and changes nothing. One process owns
// the file for as long as the store lives (PATH.lock); a second one gets Unavailable.
base::Result<std::unique_ptr<StateStore>> openSqliteStore(const std::string& path);

// Puts a copy of the backup (a file backup() of the SQLite store wrote) in the place of the store at `path`, which must
// not be open. The backup is checked first. What was there is moved aside to PATH.replaced-N (with its log), never
// deleted; its name is returned, empty when there was nothing.
base::Result<std::string> restoreSqliteStore(const std::string& backup, const std::string& path);

} // namespace univrs::store
