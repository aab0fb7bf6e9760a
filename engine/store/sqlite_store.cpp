// The store in one SQLite file, owned by one process.
#include "engine/base/log.h"
#include "engine/store/file_lock.h"
#include "engine/store/input_rules.h"
#include "engine/store/sqlite_connection.h"
#include "engine/store/sqlite_files.h"
#include "engine/store/sqlite_schema.h"
#include "engine/store/store_options.h"
#include "engine/store/watch_hub.h"

#include <array>
#include <filesystem>
#include <limits>

namespace univrs::store {
namespace {

using base::Result;

constexpr int64_t kCompactSlack = 64;   // old revisions are let pile up to this, then dropped in one go
constexpr int64_t kCompactStep = 1'000; // rows dropped with one write at most, beyond what the write itself added

struct Statements {
  Statement begin, commit, rollback;
  Statement get, list, putEntry, removeEntry, putChange, setMeta;
  Statement oldestChanges, dropChanges, readChanges;
};

class SqliteStore final : public StateStore, private HistoryReader {
public:
  SqliteStore(std::string path, std::unique_ptr<FileLock> lock, Connection connection, Statements statements,
              const ContentFacts& facts, const StoreOptions& options)
      : m_path(std::move(path)), m_lock(std::move(lock)), m_connection(std::move(connection)),
        m_statements(std::move(statements)), m_options(options), m_facts(facts), m_hub(*this) {}

  int64_t revision() const override { return m_facts.revision; }

  Result<std::optional<Entry>> get(std::string_view key) override {
    if (auto ok = checkKey(key); !ok) {
      return ok.error();
    }
    Statement& statement = m_statements.get;
    const StatementUse use(statement);
    statement.bindText(1, key);
    const int code = statement.step();
    if (code == SQLITE_DONE) {
      return std::optional<Entry>();
    }
    if (code != SQLITE_ROW) {
      return m_connection.error(code, std::string(key) + " was not read");
    }
    auto entry = readEntry(statement);
    if (!entry) {
      return entry.error();
    }
    return std::optional<Entry>(std::move(*entry));
  }

  Result<Page> list(std::string_view prefix, std::string_view after, size_t limit) override {
    if (auto ok = checkPrefix(prefix); !ok) {
      return ok.error();
    }
    Page page;
    page.revision = m_facts.revision;
    const std::string end = prefixEnd(prefix);
    Statement& statement = m_statements.list;
    const StatementUse use(statement);
    statement.bindText(1, prefix);
    statement.bindText(2, after);
    statement.bindText(3, end);
    statement.bind(4, limit == 0 || limit >= static_cast<size_t>(std::numeric_limits<int64_t>::max())
                          ? -1
                          : static_cast<int64_t>(limit) + 1);
    int code = SQLITE_DONE;
    while ((code = statement.step()) == SQLITE_ROW) {
      if (limit != 0 && page.entries.size() == limit) {
        page.next = page.entries.back().key;
        return page;
      }
      auto entry = readEntry(statement);
      if (!entry) {
        return entry.error();
      }
      page.entries.push_back(std::move(*entry));
    }
    if (code != SQLITE_DONE) {
      return m_connection.error(code, "The entries under " + std::string(prefix) + " were not read");
    }
    return page;
  }

  Result<int64_t> put(std::string_view key, std::string_view value) override {
    return apply({}, {Op::put(std::string(key), std::string(value))});
  }

  Result<int64_t> remove(std::string_view key) override {
    const int64_t before = m_facts.revision;
    auto result = apply({}, {Op::remove(std::string(key))});
    return result && *result == before ? Result<int64_t>(0) : result;
  }

  Result<int64_t> compareAndSwap(std::string_view key, int64_t expected, std::string_view value) override {
    return apply({{std::string(key), expected}}, {Op::put(std::string(key), std::string(value))});
  }

  Result<int64_t> transact(const std::vector<Compare>& compares, const std::vector<Op>& ops) override {
    return apply(compares, ops);
  }

  Result<std::unique_ptr<base::Subscription>> watch(std::string prefix, int64_t from, WatchCallback callback) override {
    if (auto ok = checkPrefix(prefix); !ok) {
      return ok.error();
    }
    if (auto ok = checkWatchStart(from, m_facts.compacted, m_facts.revision); !ok) {
      return ok.error();
    }
    return m_hub.add(std::move(prefix), from, std::move(callback));
  }

  size_t deliver() override { return m_hub.deliver(m_facts.revision); }

  Result<void> backup(const std::string& path) override { return writeSqliteBackup(m_connection, path); }

  std::string description() const override { return "SQLite file " + m_path; }

private:
  Result<Entry> readEntry(const Statement& statement) const {
    Entry entry;
    entry.key = statement.text(0);
    entry.value = statement.text(1);
    entry.createRevision = statement.integer(2);
    entry.modRevision = statement.integer(3);
    entry.version = statement.integer(4);
    const std::array<int64_t, 3> numbers{entry.createRevision, entry.modRevision, entry.version};
    if (rowSum(entry.key, entry.value, numbers) != statement.integer(5)) {
      return damaged(m_path, "an entry does not match its checksum");
    }
    return entry;
  }

  // Runs a statement that gives no rows.
  Result<void> finish(Statement& statement, const char* what) {
    const int code = statement.step();
    return code == SQLITE_DONE ? Result<void>() : Result<void>(m_connection.error(code, what));
  }
  Result<void> run(Statement& statement, const char* what) {
    const StatementUse use(statement);
    return finish(statement, what);
  }

  void rollBack() {
    // After some failures (disk full among them) SQLite has rolled back already.
    if (sqlite3_get_autocommit(m_connection.handle()) == 0) {
      if (auto ok = run(m_statements.rollback, "A change was not undone"); !ok) {
        base::log::error("store", ok.error().text());
      }
    }
  }

  Result<int64_t> apply(const std::vector<Compare>& compares, const std::vector<Op>& ops) {
    if (auto ok = checkTransaction(compares, ops); !ok) {
      return ok.error();
    }
    if (auto ok = run(m_statements.begin, "The change was not stored"); !ok) {
      return ok.error();
    }
    ContentFacts next = m_facts; // becomes true with the commit
    auto done = applyInside(compares, ops, next);
    if (done && next.revision == m_facts.revision) {
      rollBack(); // nothing changed, nothing to write
      return m_facts.revision;
    }
    if (done) {
      done = run(m_statements.commit, "The change was not stored");
    }
    if (!done) {
      rollBack();
      return done.error();
    }
    m_facts = next;
    return m_facts.revision;
  }

  Result<void> applyInside(const std::vector<Compare>& compares, const std::vector<Op>& ops, ContentFacts& next) {
    for (const Compare& compare : compares) {
      auto found = get(compare.key);
      if (!found) {
        return found.error();
      }
      const int64_t actual = *found ? (*found)->modRevision : 0;
      if (actual != compare.modRevision) {
        return conflictError(compare.key, compare.modRevision, actual);
      }
    }
    const int64_t revision = m_facts.revision + 1;
    int64_t changed = 0;
    for (const Op& op : ops) {
      auto found = get(op.key);
      if (!found) {
        return found.error();
      }
      if (op.kind == Op::Kind::Delete && !*found) {
        continue;
      }
      auto ok = op.kind == Op::Kind::Put ? putOne(op, *found, revision, changed) : removeOne(op, revision, changed);
      if (!ok) {
        return ok;
      }
      ++changed;
      next.historyBytes += static_cast<int64_t>(op.key.size() + (op.kind == Op::Kind::Put ? op.value.size() : 0));
    }
    if (changed == 0) {
      return {};
    }
    next.revision = revision;
    if (auto ok = setMeta("revision", revision); !ok) {
      return ok;
    }
    return compact(next, changed);
  }

  Result<void> putOne(const Op& op, const std::optional<Entry>& before, int64_t revision, int64_t number) {
    const int64_t created = before ? before->createRevision : revision;
    const int64_t version = before ? before->version + 1 : 1;
    const std::array<int64_t, 3> numbers{created, revision, version};
    Statement& statement = m_statements.putEntry;
    const StatementUse use(statement);
    statement.bindText(1, op.key);
    statement.bindBlob(2, op.value);
    statement.bind(3, created);
    statement.bind(4, revision);
    statement.bind(5, version);
    statement.bind(6, rowSum(op.key, op.value, numbers));
    if (auto ok = finish(statement, "The change was not stored"); !ok) {
      return ok;
    }
    return record(op.key, op.value, false, created, version, revision, number);
  }

  Result<void> removeOne(const Op& op, int64_t revision, int64_t number) {
    Statement& statement = m_statements.removeEntry;
    const StatementUse use(statement);
    statement.bindText(1, op.key);
    if (auto ok = finish(statement, "The change was not stored"); !ok) {
      return ok;
    }
    return record(op.key, {}, true, 0, 0, revision, number);
  }

  Result<void> record(std::string_view key, std::string_view value, bool deleted, int64_t created, int64_t version,
                      int64_t revision, int64_t number) {
    const std::array<int64_t, 4> numbers{(revision << kHistoryIdBits) | number, deleted ? 1 : 0, created, version};
    Statement& statement = m_statements.putChange;
    const StatementUse use(statement);
    statement.bind(1, numbers[0]);
    statement.bind(2, numbers[1]);
    statement.bindText(3, key);
    statement.bindBlob(4, value);
    statement.bind(5, created);
    statement.bind(6, version);
    statement.bind(7, rowSum(key, value, numbers));
    return finish(statement, "The change was not stored");
  }

  Result<void> setMeta(std::string_view key, int64_t value) {
    Statement& statement = m_statements.setMeta;
    const StatementUse use(statement);
    statement.bindText(1, key);
    statement.bind(2, value);
    return finish(statement, "The change was not stored");
  }

  // Drops old changes, oldest first, at most a step's worth; the next write goes on where this one stopped.
  Result<void> compact(ContentFacts& next, int64_t added) {
    const int64_t firstKept = next.revision - m_options.keptRevisions; // newest revision that may go
    if (firstKept < next.compacted + kCompactSlack && next.historyBytes <= m_options.keptHistoryBytes) {
      return {};
    }
    const int64_t told = m_hub.deliveredThrough(next.revision - 1);
    int64_t dropThrough = 0;
    {
      Statement& statement = m_statements.oldestChanges;
      const StatementUse use(statement);
      statement.bind(1, kCompactStep + 2 * added);
      int code = SQLITE_DONE;
      while ((code = statement.step()) == SQLITE_ROW) {
        const int64_t id = statement.integer(0);
        const int64_t revision = id >> kHistoryIdBits;
        const bool goes =
            revision <= firstKept || next.historyBytes > m_options.keptHistoryBytes || revision <= next.compacted;
        if (revision > told || !goes) {
          break;
        }
        dropThrough = id;
        next.compacted = revision;
        next.historyBytes -= statement.integer(1);
      }
      if (code != SQLITE_ROW && code != SQLITE_DONE) {
        return m_connection.error(code, "The change was not stored");
      }
    }
    if (dropThrough == 0) {
      return {};
    }
    {
      Statement& statement = m_statements.dropChanges;
      const StatementUse use(statement);
      statement.bind(1, dropThrough);
      if (auto ok = finish(statement, "The change was not stored"); !ok) {
        return ok;
      }
    }
    return setMeta("compacted", next.compacted);
  }

  Result<HistoryBatch> readHistory(const std::string& prefix, int64_t after, int64_t until) override {
    HistoryBatch batch;
    batch.through = until;
    size_t bytes = 0;
    const std::string end = prefixEnd(prefix);
    Statement& statement = m_statements.readChanges;
    const StatementUse use(statement);
    statement.bind(1, (after + 1) << kHistoryIdBits);
    statement.bind(2, (until + 1) << kHistoryIdBits);
    statement.bindText(3, prefix);
    statement.bindText(4, end);
    int code = SQLITE_DONE;
    while ((code = statement.step()) == SQLITE_ROW) {
      WatchEvent event;
      const int64_t id = statement.integer(0);
      event.revision = id >> kHistoryIdBits;
      const bool full = batch.events.size() >= kBatchEvents || bytes >= kBatchBytes;
      if (full && event.revision != batch.events.back().revision) {
        batch.through = batch.events.back().revision;
        return batch;
      }
      event.kind = statement.integer(1) != 0 ? WatchEvent::Kind::Delete : WatchEvent::Kind::Put;
      event.entry.key = statement.text(2);
      event.entry.value = statement.text(3);
      event.entry.createRevision = statement.integer(4);
      event.entry.version = statement.integer(5);
      event.entry.modRevision = event.revision;
      const std::array<int64_t, 4> numbers{id, statement.integer(1), event.entry.createRevision, event.entry.version};
      if (rowSum(event.entry.key, event.entry.value, numbers) != statement.integer(6)) {
        return damaged(m_path, "a kept change does not match its checksum");
      }
      bytes += event.entry.value.size();
      batch.events.push_back(std::move(event));
    }
    if (code != SQLITE_DONE) {
      return m_connection.error(code, "The kept changes were not read");
    }
    return batch;
  }

  std::string m_path;
  std::unique_ptr<FileLock> m_lock; // before the connection: released after it is closed
  Connection m_connection;
  Statements m_statements;
  StoreOptions m_options;
  ContentFacts m_facts;
  WatchHub m_hub;
};

Result<Statements> prepareAll(Connection& connection) {
  Statements s;
  const std::array<std::pair<Statement*, const char*>, 12> all{{
      {&s.begin, "BEGIN IMMEDIATE"},
      {&s.commit, "COMMIT"},
      {&s.rollback, "ROLLBACK"},
      {&s.get, "SELECT key, value, create_revision, mod_revision, version, sum FROM kv WHERE key = ?1"},
      {&s.list, "SELECT key, value, create_revision, mod_revision, version, sum FROM kv"
                " WHERE key >= ?1 AND key > ?2 AND (?3 = '' OR key < ?3) ORDER BY key LIMIT ?4"},
      {&s.putEntry,
       "INSERT INTO kv(key, value, create_revision, mod_revision, version, sum) VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
       " ON CONFLICT(key) DO UPDATE SET value = ?2, create_revision = ?3, mod_revision = ?4, version = ?5, sum = ?6"},
      {&s.removeEntry, "DELETE FROM kv WHERE key = ?1"},
      {&s.putChange, "INSERT INTO history(id, deleted, key, value, create_revision, version, sum)"
                     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)"},
      {&s.setMeta, "UPDATE meta SET value = ?2 WHERE key = ?1"},
      {&s.oldestChanges, "SELECT id, length(CAST(key AS BLOB)) + length(value) FROM history ORDER BY id LIMIT ?1"},
      {&s.dropChanges, "DELETE FROM history WHERE id <= ?1"},
      {&s.readChanges, "SELECT id, deleted, key, value, create_revision, version, sum FROM history"
                       " WHERE id >= ?1 AND id < ?2 AND key >= ?3 AND (?4 = '' OR key < ?4) ORDER BY id"},
  }};
  for (const auto& [target, sql] : all) {
    auto prepared = connection.prepare(sql);
    if (!prepared) {
      return prepared.error();
    }
    *target = std::move(*prepared);
  }
  return s;
}

} // namespace

Result<std::unique_ptr<StateStore>> openSqliteStore(const std::string& path, const StoreOptions& options) {
  auto lock = lockSqliteFile(path);
  if (!lock) {
    return lock.error();
  }
  if (auto ok = makeSqliteFileWhenAbsent(path); !ok) {
    return ok.error();
  }
  auto opened = openCheckedSqliteFile(path);
  if (!opened) {
    return opened.error();
  }
  if (options.maxPages > 0) {
    if (auto ok = opened->connection.integer(("PRAGMA max_page_count = " + std::to_string(options.maxPages)).c_str());
        !ok) {
      return ok.error();
    }
  }
  auto statements = prepareAll(opened->connection);
  if (!statements) {
    return statements.error();
  }
  return std::unique_ptr<StateStore>(std::make_unique<SqliteStore>(
      path, std::move(*lock), std::move(opened->connection), std::move(*statements), opened->facts, options));
}

Result<std::unique_ptr<StateStore>> openSqliteStore(const std::string& path) {
  return openSqliteStore(path, StoreOptions{});
}

} // namespace univrs::store
