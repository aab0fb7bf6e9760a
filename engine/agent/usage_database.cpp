#include "engine/agent/usage_database.h"

#include <QDir>
#include <QFile>

#include <utility>

namespace univrs::agent {

namespace {

using base::ErrorCode;
using base::Result;

constexpr int kVersion = 1;
constexpr const char* kWhat = "Usage history"; // the store says it better

constexpr const char* kSetUp = "PRAGMA page_size = 8192; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 500;"
                               "PRAGMA journal_size_limit = 16777216; PRAGMA cell_size_check = ON;"
                               "PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;";
constexpr const char* kSchema =
    "BEGIN IMMEDIATE;"
    "CREATE TABLE series(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, name TEXT NOT NULL, seen INTEGER NOT NULL,"
    " checksum INTEGER NOT NULL, UNIQUE(kind, name));"
    "CREATE INDEX series_seen ON series(seen);"
    "CREATE TABLE recent(id INTEGER PRIMARY KEY, slot INTEGER NOT NULL, data BLOB NOT NULL);"
    "CREATE TABLE blocks(tier INTEGER, start INTEGER, series INTEGER, data BLOB NOT NULL,"
    " PRIMARY KEY(tier, start, series)) WITHOUT ROWID;"
    "PRAGMA user_version = 1;"
    "COMMIT;";

Result<void> makeWhenAbsent(const std::string& folder, const std::string& file) {
  const QString path = QString::fromStdString(file);
  if (QFile::exists(path)) {
    return {};
  }
  QDir().mkpath(QString::fromStdString(folder));
  QFile made(path);
  if (!made.open(QIODevice::WriteOnly | QIODevice::NewOnly)) {
    return base::makeError(ErrorCode::Unavailable, kWhat, made.errorString().toStdString(),
                           "Check the disk, the owner and the permissions of " + folder);
  }
  made.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
  return {};
}

} // namespace

Result<std::unique_ptr<UsageDatabase>> UsageDatabase::open(const std::string& folder, const std::string& file,
                                                           int64_t maxPages) {
  if (auto r = makeWhenAbsent(folder, file); !r) {
    return r.error();
  }
  auto connection = store::Connection::open(file);
  if (!connection) {
    return connection.error();
  }
  auto db = std::make_unique<UsageDatabase>();
  db->m_connection = std::move(*connection);
  if (auto r = db->m_connection.run(kSetUp, kWhat); !r) {
    return r.error();
  }
  auto version = db->m_connection.integer("PRAGMA user_version");
  if (!version) {
    return version.error();
  }
  if (*version == 0) {
    if (auto r = db->m_connection.run(kSchema, kWhat); !r) {
      return r.error();
    }
  } else if (*version != kVersion) {
    return base::makeError(ErrorCode::Corrupt, kWhat,
                           "it has the form " + std::to_string(*version) + ", which this version does not know");
  }
  const std::string bound = "PRAGMA max_page_count = " + std::to_string(maxPages);
  if (auto r = db->m_connection.run(bound.c_str(), kWhat); !r) {
    return r.error();
  }
  return db;
}

Result<void> UsageDatabase::run(const char* sql, std::initializer_list<Value> values,
                                const std::function<void(const store::Statement&)>& row) {
  auto it = m_statements.find(sql);
  if (it == m_statements.end()) {
    auto made = m_connection.prepare(sql);
    if (!made) {
      return made.error();
    }
    it = m_statements.emplace(sql, std::move(*made)).first;
  }
  store::Statement& statement = it->second;
  const store::StatementUse use(statement);
  int index = 0;
  for (const Value& value : values) {
    ++index;
    if (const auto* number = std::get_if<int64_t>(&value)) {
      statement.bind(index, *number);
    } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
      statement.bindBlob(index, bytes->bytes);
    } else {
      statement.bindText(index, std::get<std::string_view>(value));
    }
  }
  int code = 0;
  while ((code = statement.step()) == SQLITE_ROW) {
    if (row) {
      row(statement);
    }
  }
  return code == SQLITE_DONE ? Result<void>() : Result<void>(m_connection.error(code, kWhat));
}

Result<std::optional<int64_t>> UsageDatabase::number(const char* sql, std::initializer_list<Value> values) {
  std::optional<int64_t> found;
  auto done = run(sql, values, [&](const store::Statement& s) { found = s.integer(0); });
  return done ? Result<std::optional<int64_t>>(found) : Result<std::optional<int64_t>>(done.error());
}

Result<int64_t> UsageDatabase::usedPages() {
  auto all = m_connection.integer("PRAGMA page_count");
  auto unused = m_connection.integer("PRAGMA freelist_count");
  if (!all || !unused) {
    return all ? unused.error() : all.error();
  }
  return *all - *unused;
}

Result<void> UsageDatabase::transaction(const std::function<Result<void>()>& work) {
  auto done = m_connection.run("BEGIN IMMEDIATE", kWhat);
  if (done) {
    done = work();
  }
  if (done) {
    done = m_connection.run("COMMIT", kWhat);
  }
  if (!done && sqlite3_get_autocommit(m_connection.handle()) == 0) {
    (void)m_connection.run("ROLLBACK", kWhat); // the first error is the one to tell
  }
  return done;
}

} // namespace univrs::agent
