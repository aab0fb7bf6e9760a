// The tables of the SQLite store, how older ones become newer ones, and how a file is checked before it is trusted.
//
//   meta(key, value)     schema_version, revision, compacted
//   kv                   the entries
//   history              every change of the last revisions, for watches; id = revision * 16384 + number in the
//   revision
//
// Each row of kv and history carries a checksum over all its columns: SQLite itself notices a broken structure, not a
// flipped byte inside a value.
#pragma once

#include "engine/store/sqlite_connection.h"

#include <span>

namespace univrs::store {

inline constexpr int64_t kSchemaVersion = 2;
inline constexpr int64_t kApplicationId = 0x556E6976; // "Univ" in the file's header
inline constexpr int kHistoryIdBits = 14;             // room for kMaxTransactionOps in one revision

// Over key, value and numbers. Every change of a single byte changes it; not meant against people.
int64_t rowSum(std::string_view key, std::string_view value, std::span<const int64_t> numbers);

// Makes SQL function univrs_sum known, which migrations use. Needed before migrate() and checkContent().
base::Result<void> registerFunctions(Connection& connection);

// Schema version of an opened file, without changing it. Corrupt when it is not a state file at all; Unsupported when
// it is newer than this program.
base::Result<int64_t> readSchemaVersion(Connection& connection, const std::string& path);

// Brings the tables from `from` (0 = nothing there) to kSchemaVersion in one transaction.
base::Result<void> migrate(Connection& connection, int64_t from, const std::string& path);

// SQLite's own check of the file's structure.
base::Result<void> checkStructure(Connection& connection, const std::string& path);

// What the content check learnt on its way.
struct ContentFacts {
  int64_t revision = 0;
  int64_t compacted = 0;
  int64_t historyBytes = 0;
};
// Tables are as this program makes them, every checksum holds, revision numbers agree with one another. Only for files
// of the current schema. Reads everything once.
base::Result<ContentFacts> checkContent(Connection& connection, const std::string& path);

} // namespace univrs::store
