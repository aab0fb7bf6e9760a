#include "engine/store/sqlite_schema.h"

#include "engine/store/state_store.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace univrs::store {

using base::ErrorCode;
using base::makeError;
using base::Result;

static_assert((size_t(1) << kHistoryIdBits) > kMaxTransactionOps);

namespace {

// Element N brings schema N to N+1. Never change one that was released: files made by it exist.
constexpr std::array<const char*, kSchemaVersion> kMigrations{
    // 1: entries with their revisions.
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE kv(key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL, create_revision INTEGER NOT NULL,"
    " mod_revision INTEGER NOT NULL, version INTEGER NOT NULL);"
    "INSERT INTO meta VALUES('revision', 0);",
    // 2: history, so that watches survive a restart, and checksums.
    "ALTER TABLE kv ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;"
    "UPDATE kv SET sum = univrs_sum(key, value, create_revision, mod_revision, version);"
    "CREATE TABLE history(id INTEGER PRIMARY KEY, deleted INTEGER NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL,"
    " create_revision INTEGER NOT NULL, version INTEGER NOT NULL, sum INTEGER NOT NULL);"
    "INSERT INTO meta SELECT 'compacted', value FROM meta WHERE key = 'revision';"};

void sumFunction(sqlite3_context* context, int count, sqlite3_value** values) {
  const auto bytes = [](sqlite3_value* value) {
    const void* data = sqlite3_value_blob(value);
    const int size = sqlite3_value_bytes(value);
    return data ? std::string_view(static_cast<const char*>(data), static_cast<size_t>(size)) : std::string_view();
  };
  std::array<int64_t, 6> numbers{};
  const size_t numberCount = std::min<size_t>(static_cast<size_t>(count - 2), numbers.size());
  for (size_t i = 0; i < numberCount; ++i) {
    numbers[i] = sqlite3_value_int64(values[i + 2]);
  }
  sqlite3_result_int64(context, rowSum(bytes(values[0]), bytes(values[1]), {numbers.data(), numberCount}));
}

Result<std::string> schemaText(Connection& connection) {
  return connection.text("SELECT group_concat(type || ' ' || name || ' ' || ifnull(sql, ''), ';') FROM "
                         "(SELECT * FROM sqlite_schema ORDER BY type, name)");
}

Result<void> checkTables(Connection& connection, const std::string& path) {
  auto fresh = Connection::openInMemory();
  if (!fresh) {
    return fresh.error();
  }
  if (auto ok = registerFunctions(*fresh); !ok) {
    return ok;
  }
  if (auto ok = migrate(*fresh, 0, path); !ok) {
    return ok;
  }
  auto expected = schemaText(*fresh);
  auto actual = schemaText(connection);
  if (!expected || !actual) {
    return actual ? expected.error() : actual.error();
  }
  if (*expected != *actual) {
    return damaged(path, "its tables are not as this program makes them");
  }
  return {};
}

} // namespace

int64_t rowSum(std::string_view key, std::string_view value, std::span<const int64_t> numbers) {
  // FNV-1a over eight bytes at a time. Each step is a bijection of the state for given input and of the input for a
  // given state, so one changed byte cannot go unseen.
  constexpr uint64_t kPrime = 0x100000001b3ull;
  uint64_t state = 0xcbf29ce484222325ull;
  const auto mix = [&state](uint64_t word) {
    state = (state ^ word) * kPrime;
    state ^= state >> 29;
  };
  const auto mixText = [&mix](std::string_view text) {
    mix(text.size());
    while (text.size() >= sizeof(uint64_t)) {
      uint64_t word = 0;
      for (size_t i = 0; i < sizeof word; ++i) { // same on every byte order
        word |= static_cast<uint64_t>(static_cast<unsigned char>(text[i])) << (8 * i);
      }
      mix(word);
      text.remove_prefix(sizeof(uint64_t));
    }
    for (const char c : text) {
      mix(static_cast<unsigned char>(c));
    }
  };
  mixText(key);
  mixText(value);
  for (const int64_t number : numbers) {
    mix(static_cast<uint64_t>(number));
  }
  return static_cast<int64_t>(state);
}

Result<void> registerFunctions(Connection& connection) {
  const int code = sqlite3_create_function_v2(connection.handle(), "univrs_sum", -1,
                                              SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, nullptr,
                                              &sumFunction, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Result<void>() : Result<void>(connection.error(code, "The state file cannot be used"));
}

Result<int64_t> readSchemaVersion(Connection& connection, const std::string& path) {
  auto application = connection.integer("PRAGMA application_id");
  if (!application) {
    return application.error();
  }
  if (*application != kApplicationId) {
    return makeError(ErrorCode::Corrupt, path + " is not a state file of univrs", "it was made by another program",
                     "Choose another file, or move this one away; it was left untouched");
  }
  auto version = connection.integer("SELECT value FROM meta WHERE key = 'schema_version'");
  if (!version) {
    return version.error();
  }
  if (*version > kSchemaVersion) {
    return makeError(ErrorCode::Unsupported, "The state file " + path + " was made by a newer univrs",
                     "its schema is " + std::to_string(*version) + ", this program knows up to " +
                         std::to_string(kSchemaVersion),
                     "Install that version again, or restore a backup made before the update");
  }
  if (*version < 1) {
    return damaged(path, "its schema version reads " + std::to_string(*version));
  }
  return version;
}

Result<void> migrate(Connection& connection, int64_t from, const std::string& path) {
  if (from == kSchemaVersion) {
    return {};
  }
  std::string sql = "BEGIN IMMEDIATE;";
  for (int64_t version = from; version < kSchemaVersion; ++version) {
    sql += kMigrations[static_cast<size_t>(version)];
  }
  if (from == 0) {
    sql += "PRAGMA application_id = " + std::to_string(kApplicationId) + ";";
  }
  sql += "INSERT OR REPLACE INTO meta VALUES('schema_version', " + std::to_string(kSchemaVersion) + ");COMMIT;";
  const std::string what =
      from == 0 ? "The state file " + path + " was not made"
                : "The state file " + path + " was not brought to schema " + std::to_string(kSchemaVersion);
  auto done = connection.run(sql.c_str(), what.c_str());
  if (!done && sqlite3_get_autocommit(connection.handle()) == 0) {
    sqlite3_exec(connection.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  }
  return done;
}

Result<void> checkStructure(Connection& connection, const std::string& path) {
  auto answer = connection.text("PRAGMA integrity_check(1)");
  if (!answer) {
    return answer.error();
  }
  return *answer == "ok" ? Result<void>() : Result<void>(damaged(path, *answer));
}

Result<ContentFacts> checkContent(Connection& connection, const std::string& path) {
  if (auto ok = checkTables(connection, path); !ok) {
    return ok.error();
  }
  ContentFacts facts;
  auto revision = connection.integer("SELECT value FROM meta WHERE key = 'revision'");
  auto compacted = connection.integer("SELECT value FROM meta WHERE key = 'compacted'");
  auto badEntries = connection.integer("SELECT count(*) FROM kv WHERE sum != univrs_sum(key, value, create_revision, "
                                       "mod_revision, version) OR typeof(key) != 'text'");
  auto badChanges = connection.integer("SELECT count(*) FROM history WHERE sum != univrs_sum(key, value, id, deleted, "
                                       "create_revision, version) OR typeof(key) != 'text'");
  auto newestEntry = connection.integer("SELECT ifnull(max(mod_revision), 0) FROM kv");
  auto first = connection.integer("SELECT ifnull(min(id), 0) FROM history");
  auto last = connection.integer("SELECT ifnull(max(id), 0) FROM history");
  auto bytes = connection.integer("SELECT ifnull(sum(length(CAST(key AS BLOB)) + length(value)), 0) FROM history");
  for (const auto* read : {&revision, &compacted, &badEntries, &badChanges, &newestEntry, &first, &last, &bytes}) {
    if (!*read) {
      return read->error();
    }
  }
  if (*badEntries + *badChanges > 0) {
    return damaged(path, std::to_string(*badEntries + *badChanges) + " records do not match their checksums");
  }
  // The newest change is always kept unless nothing was kept at all, and the oldest follows what was compacted (which
  // may have stopped inside a revision).
  const int64_t newest = *last == 0 ? *compacted : *last >> kHistoryIdBits;
  const int64_t oldest = *first >> kHistoryIdBits;
  if (*revision != newest || *newestEntry > *revision ||
      (*first != 0 && oldest != *compacted && oldest != *compacted + 1)) {
    return damaged(path, "its revision numbers contradict one another");
  }
  facts.revision = *revision;
  facts.compacted = *compacted;
  facts.historyBytes = *bytes;
  return facts;
}

} // namespace univrs::store
