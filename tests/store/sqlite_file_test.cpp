// The SQLite store as a file: who may open it, its permissions, its schema, backups and restores.
#include "engine/store/store_options.h"
#include "tests/store/temp_folder.h"

#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <unistd.h>

namespace univrs::store::test {
namespace {

using base::ErrorCode;

void runSql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  char* message = nullptr;
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << (message ? message : "");
  sqlite3_free(message);
  sqlite3_close(db);
}

std::string askSql(const std::string& path, const std::string& sql) {
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &db, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  std::string answer;
  if (sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
      sqlite3_step(statement) == SQLITE_ROW) {
    answer = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
  }
  sqlite3_finalize(statement);
  sqlite3_close(db);
  return answer;
}

// A file as the first schema made it.
void makeVersion1(const std::string& path) {
  runSql(path,
         "PRAGMA application_id = 1433299318; PRAGMA journal_mode = WAL;"
         "CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
         "CREATE TABLE kv(key TEXT PRIMARY KEY NOT NULL, value BLOB NOT NULL, create_revision INTEGER NOT NULL,"
         " mod_revision INTEGER NOT NULL, version INTEGER NOT NULL);"
         "INSERT INTO meta VALUES('schema_version', 1), ('revision', 9);"
         "INSERT INTO kv VALUES('/workloads/a', x'00ff', 2, 7, 3), ('/workloads/b', CAST('text' AS BLOB), 9, 9, 1);");
}

class SqliteFile : public ::testing::Test {
protected:
  base::Result<std::unique_ptr<StateStore>> open() { return openSqliteStore(path); }
  std::unique_ptr<StateStore> mustOpen() {
    auto store = open();
    EXPECT_TRUE(store) << (store ? "" : store.error().text());
    return store ? std::move(store).value() : nullptr;
  }
  TempFolder folder{TempFolder::On::Memory};
  std::string path = folder.file("state.db");
};

TEST_F(SqliteFile, KeepsEverythingOverARestart) {
  {
    auto store = mustOpen();
    ASSERT_TRUE(store->put("/a", "1"));
    ASSERT_TRUE(store->put("/a", "2"));
    ASSERT_TRUE(store->put("/b", std::string(1 << 20, 'b')));
    ASSERT_TRUE(store->remove("/b"));
  }
  auto store = mustOpen();
  EXPECT_EQ(store->revision(), 4);
  EXPECT_EQ(*store->get("/a").value(), (Entry{"/a", "2", 1, 2, 2}));
  std::vector<WatchEvent> events;
  auto watch = store->watch("", 1, [&](const auto& more) { events.insert(events.end(), more.begin(), more.end()); });
  ASSERT_TRUE(watch);
  store->deliver();
  EXPECT_EQ(events.size(), 3u);
  EXPECT_EQ(store->put("/a", "3").value(), 5) << "a removal's revision is not used again";
}

TEST_F(SqliteFile, IsWalFullSyncAndPrivate) {
  auto store = mustOpen();
  ASSERT_TRUE(store->put("/a", "1"));
  for (const char* suffix : {"", "-wal", ".lock"}) {
    struct stat info {};
    ASSERT_EQ(::stat((path + suffix).c_str(), &info), 0) << suffix;
    EXPECT_EQ(info.st_mode & 0777, 0600u) << suffix;
  }
  EXPECT_FALSE(std::filesystem::exists(path + "-shm")) << "the log's index stays in memory";
  EXPECT_NE(store->description().find(path), std::string::npos);
  store.reset();
  EXPECT_FALSE(std::filesystem::exists(path + "-wal")) << "closing puts the log into the file";
  ::chmod(path.c_str(), 0644);
  store = mustOpen();
  struct stat info {};
  ASSERT_EQ(::stat(path.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
}

TEST_F(SqliteFile, TheFolderMustExist) {
  auto store = openSqliteStore(folder.file("none/state.db"));
  EXPECT_EQ(store.error().code, ErrorCode::NotFound);
  std::filesystem::create_directory(path);
  EXPECT_EQ(open().error().code, ErrorCode::Validation);
}

TEST_F(SqliteFile, ASecondOwnerIsRefused) {
  auto store = mustOpen();
  auto here = open();
  ASSERT_FALSE(here);
  EXPECT_EQ(here.error().code, ErrorCode::Unavailable);
  EXPECT_NE(here.error().text().find(std::to_string(::getpid())), std::string::npos) << here.error().text();
  const pid_t child = ::fork();
  if (child == 0) {
    auto there = openSqliteStore(path);
    ::_exit(!there && there.error().code == ErrorCode::Unavailable ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ASSERT_TRUE(store->put("/a", "1"));
  store.reset();
  EXPECT_TRUE(open());
}

TEST_F(SqliteFile, AnotherProgramHoldingTheFileMakesItUnavailable) {
  mustOpen().reset();
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(db, "BEGIN; SELECT * FROM kv", nullptr, nullptr, nullptr), SQLITE_OK);
  auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::Unavailable) << store.error().text();
  sqlite3_close(db);
  EXPECT_TRUE(open());
}

TEST_F(SqliteFile, AnOlderSchemaIsMigrated) {
  makeVersion1(path);
  auto store = mustOpen();
  ASSERT_TRUE(store);
  EXPECT_EQ(store->revision(), 9);
  EXPECT_EQ(*store->get("/workloads/a").value(), (Entry{"/workloads/a", std::string("\0\xff", 2), 2, 7, 3}));
  EXPECT_EQ(*store->get("/workloads/b").value(), (Entry{"/workloads/b", "text", 9, 9, 1}));
  EXPECT_EQ(store->watch("", 8, [](const auto&) {}).error().why, "compacted") << "version 1 kept no changes";
  int calls = 0;
  auto watch = store->watch("", 9, [&](const auto&) { ++calls; });
  ASSERT_TRUE(watch);
  EXPECT_EQ(store->put("/c", "new").value(), 10);
  EXPECT_EQ(store->deliver(), 1u);
  store.reset();
  EXPECT_EQ(askSql(path, "SELECT value FROM meta WHERE key = 'schema_version'"), "2");
  EXPECT_TRUE(mustOpen());
}

TEST_F(SqliteFile, AnOlderSchemaThatCannotBeMigratedStaysAsItWas) {
  makeVersion1(path);
  runSql(path, "CREATE TABLE history(something TEXT);"); // the migration wants to make it
  EXPECT_FALSE(open());
  EXPECT_EQ(askSql(path, "SELECT value FROM meta WHERE key = 'schema_version'"), "1");
  EXPECT_EQ(askSql(path, "SELECT count(*) FROM pragma_table_info('kv') WHERE name = 'sum'"), "0");
}

TEST_F(SqliteFile, ANewerSchemaIsRefusedUntouched) {
  mustOpen().reset();
  runSql(path, "UPDATE meta SET value = 3 WHERE key = 'schema_version'");
  const std::string before = readAll(path);
  auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::Unsupported);
  EXPECT_NE(store.error().text().find("newer"), std::string::npos);
  EXPECT_EQ(readAll(path), before);
}

TEST_F(SqliteFile, AnotherProgramsDatabaseIsRefusedUntouched) {
  runSql(path, "CREATE TABLE kv(a); CREATE TABLE meta(key, value); INSERT INTO meta VALUES('schema_version', 1)");
  const std::string before = readAll(path);
  auto store = open();
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::Corrupt);
  EXPECT_EQ(readAll(path), before);
}

TEST_F(SqliteFile, ABackupIsAWholeStore) {
  auto store = mustOpen();
  for (int i = 0; i < 500; ++i) {
    ASSERT_TRUE(store->put("/k/" + std::to_string(i), std::string(2'000, 'x')));
  }
  const std::string copy = folder.file("copy.db");
  ASSERT_TRUE(store->backup(copy));
  ASSERT_TRUE(store->put("/later", "x"));
  auto other = openSqliteStore(copy);
  ASSERT_TRUE(other) << other.error().text();
  EXPECT_EQ((*other)->revision(), 500);
  EXPECT_EQ((*other)->list("/k/").value().entries, store->list("/k/").value().entries);
  EXPECT_FALSE((*other)->get("/later").value());
  EXPECT_TRUE((*other)->watch("", 400, [](const auto&) {})) << "with its history";
}

TEST_F(SqliteFile, RestoreReplacesADamagedFileAndKeepsItAside) {
  auto store = mustOpen();
  ASSERT_TRUE(store->put("/a", "kept"));
  const std::string copy = folder.file("copy.db");
  ASSERT_TRUE(store->backup(copy));
  EXPECT_EQ(restoreSqliteStore(copy, path).error().code, ErrorCode::Unavailable) << "the store is open";
  store.reset();
  writeAll(path, "garbage");
  writeAll(path + "-wal", "more garbage");
  ASSERT_FALSE(open());
  auto aside = restoreSqliteStore(copy, path);
  ASSERT_TRUE(aside) << aside.error().text();
  EXPECT_EQ(readAll(*aside), "garbage");
  EXPECT_EQ(readAll(*aside + "-wal"), "more garbage");
  store = mustOpen();
  EXPECT_EQ(store->get("/a").value()->value, "kept");
  store.reset();
  EXPECT_TRUE(std::filesystem::exists(copy));
  auto again = restoreSqliteStore(copy, path);
  ASSERT_TRUE(again);
  EXPECT_NE(*again, *aside);
}

TEST_F(SqliteFile, RestoreRefusesADamagedBackupAndChangesNothing) {
  auto store = mustOpen();
  ASSERT_TRUE(store->put("/a", "1"));
  store.reset();
  const std::string before = readAll(path);
  const std::string copy = folder.file("copy.db");
  writeAll(copy, before.substr(0, before.size() / 2));
  EXPECT_EQ(restoreSqliteStore(copy, path).error().code, ErrorCode::Corrupt);
  EXPECT_EQ(restoreSqliteStore(folder.file("none"), path).error().code, ErrorCode::NotFound);
  EXPECT_EQ(readAll(path), before);
  EXPECT_TRUE(open());
  auto fresh = restoreSqliteStore(path, folder.file("fresh.db"));
  ASSERT_TRUE(fresh) << fresh.error().text();
  EXPECT_EQ(*fresh, "");
}

TEST_F(SqliteFile, ManyRestartsWithCompactionStayConsistent) {
  StoreOptions options;
  options.keptRevisions = 20;
  int64_t expected = 0;
  for (int round = 0; round < 10; ++round) {
    auto store = openSqliteStore(path, options);
    ASSERT_TRUE(store) << store.error().text();
    EXPECT_EQ((*store)->revision(), expected);
    for (int i = 0; i < 50; ++i) {
      std::vector<Op> ops;
      for (int k = 0; k <= i % 5; ++k) {
        ops.push_back(Op::put("/k" + std::to_string(k), "x"));
      }
      expected = (*store)->transact({}, ops).value();
    }
  }
}

} // namespace
} // namespace univrs::store::test
