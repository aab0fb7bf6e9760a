#include "engine/store/sqlite_connection.h"

#include "engine/store/file_lock.h"

#include <cstring>
#include <filesystem>

namespace univrs::store {

using base::ErrorCode;
using base::makeError;
using base::Result;

void Statement::bindText(int index, std::string_view text) {
  // A null pointer would bind NULL.
  sqlite3_bind_text64(m_handle.get(), index, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

void Statement::bindBlob(int index, std::string_view bytes) {
  sqlite3_bind_blob64(m_handle.get(), index, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC);
}

void Statement::reset() {
  sqlite3_reset(m_handle.get());
  sqlite3_clear_bindings(m_handle.get());
}

std::string Statement::text(int column) const {
  // Blob access: no conversion, whatever the bytes are. The pointer first, then the size (SQLite's rule).
  const void* data = sqlite3_column_blob(m_handle.get(), column);
  const int size = sqlite3_column_bytes(m_handle.get(), column);
  return data ? std::string(static_cast<const char*>(data), static_cast<size_t>(size)) : std::string();
}

Result<Connection> Connection::openWith(const std::string& path, int flags) {
  Connection connection;
  connection.m_path = path;
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  connection.m_handle.reset(handle);
  if (code != SQLITE_OK) {
    return connection.error(code, "The state file " + path + " was not opened");
  }
  sqlite3_busy_timeout(handle, 2'000); // a person's sqlite3 shell may be reading
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
  return connection;
}

Result<Connection> Connection::open(const std::string& path) {
  return openWith(path, SQLITE_OPEN_READWRITE);
}
Result<Connection> Connection::openInMemory() {
  return openWith(":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY);
}

Result<void> Connection::run(const char* sql, const char* what) {
  const int code = sqlite3_exec(m_handle.get(), sql, nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Result<void>() : Result<void>(error(code, what));
}

Result<Statement> Connection::prepare(const char* sql) {
  sqlite3_stmt* handle = nullptr;
  const int code = sqlite3_prepare_v3(m_handle.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  Statement statement(handle);
  if (code != SQLITE_OK) {
    return error(code, "The state file " + m_path + " cannot be used");
  }
  return statement;
}

Result<int64_t> Connection::integer(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) {
    return statement.error();
  }
  const int code = statement->step();
  if (code != SQLITE_ROW) {
    return code == SQLITE_DONE ? damaged(m_path, "a record that must be there is missing")
                               : error(code, "The state file " + m_path + " cannot be read");
  }
  return statement->integer(0);
}

Result<std::string> Connection::text(const char* sql) {
  auto statement = prepare(sql);
  if (!statement) {
    return statement.error();
  }
  const int code = statement->step();
  if (code != SQLITE_ROW) {
    return code == SQLITE_DONE ? damaged(m_path, "a record that must be there is missing")
                               : error(code, "The state file " + m_path + " cannot be read");
  }
  return statement->text(0);
}

base::Error Connection::error(int code, std::string what) const {
  const int systemError = m_handle ? sqlite3_system_errno(m_handle.get()) : 0;
  const std::string message = m_handle ? sqlite3_errmsg(m_handle.get()) : sqlite3_errstr(code);
  switch (code & 0xFF) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
  case SQLITE_FORMAT:
    return makeError(ErrorCode::Corrupt, std::move(what), "the state file " + m_path + " is damaged: " + message,
                     damageHint(m_path));
  case SQLITE_ERROR: // a table or column that must be there is not
  case SQLITE_CONSTRAINT:
  case SQLITE_MISMATCH:
    return makeError(ErrorCode::Corrupt, std::move(what),
                     "the state file " + m_path + " does not have its expected form: " + message, damageHint(m_path));
  case SQLITE_FULL:
    return makeError(ErrorCode::NoSpace, std::move(what), "the disk is full", "Free space on the disk of " + m_path);
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return makeError(ErrorCode::Unavailable, std::move(what), "another program has " + m_path + " open",
                     "Close it and try again");
  case SQLITE_NOMEM:
    return makeError(ErrorCode::Unavailable, std::move(what), "memory is exhausted", "Try again");
  case SQLITE_IOERR:
  case SQLITE_CANTOPEN:
    if (meansNoSpace(systemError)) {
      return makeError(ErrorCode::NoSpace, std::move(what), "the disk is full", "Free space on the disk of " + m_path);
    }
    [[fallthrough]];
  case SQLITE_READONLY:
  case SQLITE_PERM:
  case SQLITE_AUTH:
    return makeError(ErrorCode::Unavailable, std::move(what),
                     systemError != 0 ? message + " (" + std::strerror(systemError) + ")" : message,
                     "Check the disk, the owner and the permissions of " + m_path);
  case SQLITE_TOOBIG:
    return makeError(ErrorCode::TooLarge, std::move(what), message);
  default:
    return makeError(ErrorCode::Internal, std::move(what), message + " (code " + std::to_string(code) + ")");
  }
}

std::string damageHint(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return "Put a backup made with `univrs backup` in its place: univrs" +
         (folder.empty() ? std::string() : " --data " + folder) +
         " restore FILE; the damaged file was left untouched, and is kept then";
}

base::Error damaged(const std::string& path, std::string why) {
  return makeError(ErrorCode::Corrupt, "The state file " + path + " is damaged", std::move(why), damageHint(path));
}

} // namespace univrs::store
