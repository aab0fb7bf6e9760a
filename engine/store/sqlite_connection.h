// SQLite's C interface made safe: a connection and its prepared statements as objects, its codes as our errors.
#pragma once

#include "engine/base/result.h"

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace univrs::store {

class Statement {
public:
  Statement() = default;
  explicit Statement(sqlite3_stmt* handle) : m_handle(handle) {}

  // Parameters are numbered from 1. The memory behind text and blobs must live until the statement is reset.
  void bind(int index, int64_t value) { sqlite3_bind_int64(m_handle.get(), index, value); }
  void bindText(int index, std::string_view text);
  void bindBlob(int index, std::string_view bytes);
  // SQLITE_ROW, SQLITE_DONE or an error code.
  int step() { return sqlite3_step(m_handle.get()); }
  void reset();

  [[nodiscard]] int64_t integer(int column) const { return sqlite3_column_int64(m_handle.get(), column); }
  [[nodiscard]] std::string text(int column) const;

private:
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> m_handle;
};

// Resets a cached statement when the block that used it ends, so that no read lock and no bound memory is left.
class StatementUse {
public:
  explicit StatementUse(Statement& statement) : m_statement(statement) {}
  ~StatementUse() { m_statement.reset(); }
  StatementUse(const StatementUse&) = delete;
  StatementUse& operator=(const StatementUse&) = delete;

private:
  Statement& m_statement;
};

class Connection {
public:
  Connection() = default;
  // Opens an existing file for reading and writing; settings that touch the file are left to the caller.
  static base::Result<Connection> open(const std::string& path);
  static base::Result<Connection> openInMemory();

  base::Result<void> run(const char* sql, const char* what);
  base::Result<Statement> prepare(const char* sql);
  // First column of the first row; an error when there is none.
  base::Result<int64_t> integer(const char* sql);
  base::Result<std::string> text(const char* sql);

  // The last failure as an error a person can use. `what` says what was not done.
  [[nodiscard]] base::Error error(int code, std::string what) const;
  [[nodiscard]] sqlite3* handle() const { return m_handle.get(); }

private:
  static base::Result<Connection> openWith(const std::string& path, int flags);
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  std::unique_ptr<sqlite3, Close> m_handle;
  std::string m_path;
};

// What to do about a damaged file; the end of every Corrupt error of the store.
std::string damageHint(const std::string& path);
base::Error damaged(const std::string& path, std::string why);

} // namespace univrs::store
