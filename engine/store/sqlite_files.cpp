#include "engine/store/sqlite_files.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace univrs::store {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::makeError;
using base::Result;

namespace {

constexpr std::string_view kMagic{"SQLite format 3\0", 16};

std::string folderOf(const std::string& path) {
  const std::string folder = fs::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(path, ignored));
}

void removeQuietly(const std::string& path) {
  std::error_code ignored;
  fs::remove(path, ignored);
}

base::Error fileError(int code, std::string what, const std::string& path) {
  if (meansNoSpace(code)) {
    return makeError(ErrorCode::NoSpace, std::move(what), "the disk is full", "Free space on the disk of " + path);
  }
  return makeError(ErrorCode::Unavailable, std::move(what), std::strerror(code),
                   "Check the folder, its owner and its permissions");
}

// What can be seen without SQLite: truncated to nothing, or something else altogether.
Result<void> checkHeader(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(path, error);
  if (!fs::is_regular_file(status)) {
    return makeError(ErrorCode::Validation, path + " cannot be the state file", "it is not a regular file",
                     "Choose another name");
  }
  const auto size = fs::file_size(path, error);
  if (error) {
    return fileError(error.value(), "The state file " + path + " cannot be read", path);
  }
  if (size == 0) {
    return damaged(path, "it is empty; univrs never leaves an empty state file behind");
  }
  // The magic, the page size, and the versions of the format for writing and reading (1 = journal, 2 = log).
  std::array<char, 20> head{};
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return fileError(errno, "The state file " + path + " cannot be read", path);
  }
  in.read(head.data(), head.size());
  const bool whole = in.gcount() == static_cast<std::streamsize>(head.size());
  const auto known = [](char version) { return version == 1 || version == 2; };
  if (!whole || std::string_view(head.data(), kMagic.size()) != kMagic || !known(head[18]) || !known(head[19])) {
    return damaged(path, "it does not begin like a state file");
  }
  return {};
}

// Settings that hold for the connection and leave the file as it is.
Result<void> setUpConnection(Connection& connection) {
  // Closing must not write the log back into a file that may turn out damaged.
  sqlite3_db_config(connection.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
  // Exclusive: other programs are kept out, and the log's index stays in memory instead of a shared file.
  return connection.run("PRAGMA locking_mode = EXCLUSIVE; PRAGMA mmap_size = 0; PRAGMA cache_size = -2048;"
                        "PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL;"
                        "PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 4194304;",
                        "The state file was not opened");
}

Result<void> switchToWal(Connection& connection, const std::string& path) {
  auto mode = connection.text("PRAGMA journal_mode = WAL");
  if (!mode) {
    return mode.error();
  }
  if (*mode != "wal") {
    return makeError(ErrorCode::Unavailable, "The state file " + path + " cannot be used safely",
                     "its file system does not allow a write-ahead log (mode " + *mode + ")", "Use a local disk");
  }
  if (sqlite3_db_readonly(connection.handle(), "main") != 0) {
    return makeError(ErrorCode::Unavailable, "The state file " + path + " cannot be written",
                     "it or its file system is read-only", "Check the owner, the permissions and the disk");
  }
  return {};
}

} // namespace

Result<std::unique_ptr<FileLock>> lockSqliteFile(const std::string& path) {
  std::error_code ignored;
  if (!fs::is_directory(folderOf(path), ignored)) {
    return makeError(ErrorCode::NotFound, "The state file " + path + " was not opened",
                     "the folder " + folderOf(path) + " does not exist", "Make it first");
  }
  return FileLock::acquire(path + ".lock");
}

Result<void> makeSqliteFileWhenAbsent(const std::string& path) {
  if (exists(path)) {
    return {};
  }
  std::error_code ignored;
  if (exists(path + "-wal") && fs::file_size(path + "-wal", ignored) > 0) {
    return damaged(path, "the file itself is gone, only its log " + path + "-wal is there");
  }
  // Made under another name first: whoever finds a file under the right one finds a whole one.
  const std::string draft = path + ".new";
  removeQuietly(draft);
  removeQuietly(draft + "-journal");
  if (!createPrivateFile(draft)) {
    return fileError(errno, "The state file " + path + " was not made", path);
  }
  const auto fill = [&]() -> Result<void> {
    auto connection = Connection::open(draft);
    if (!connection) {
      return connection.error();
    }
    if (auto ok = connection->run("PRAGMA synchronous = FULL; PRAGMA page_size = 4096", "The state file was not made");
        !ok) {
      return ok;
    }
    if (auto ok = registerFunctions(*connection); !ok) {
      return ok;
    }
    return migrate(*connection, 0, path);
  };
  auto done = fill();
  if (done && (!syncToDisk(draft) || !renameWithoutReplacing(draft, path) || !syncToDisk(folderOf(path)))) {
    done = fileError(errno, "The state file " + path + " was not made", path);
  }
  if (!done) {
    removeQuietly(draft);
    removeQuietly(draft + "-journal");
  }
  return done;
}

namespace {

Result<CheckedFile> openAndCheck(const std::string& path) {
  auto connection = Connection::open(path);
  if (!connection) {
    return connection.error();
  }
  if (auto ok = setUpConnection(*connection); !ok) {
    return ok.error();
  }
  if (auto ok = registerFunctions(*connection); !ok) {
    return ok.error();
  }
  auto version = readSchemaVersion(*connection, path);
  if (!version) {
    return version.error();
  }
  if (auto ok = checkStructure(*connection, path); !ok) {
    return ok.error();
  }
  if (*version == kSchemaVersion) {
    if (auto facts = checkContent(*connection, path); !facts) {
      return facts.error();
    }
  }
  // The file is sound: from here on it may be changed.
  std::error_code error;
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write, error);
  if (error) {
    return fileError(error.value(), "The state file " + path + " cannot be kept private", path);
  }
  if (auto ok = switchToWal(*connection, path); !ok) {
    return ok.error();
  }
  if (auto ok = migrate(*connection, *version, path); !ok) {
    return ok.error();
  }
  auto facts = checkContent(*connection, path);
  if (!facts) {
    return facts.error();
  }
  sqlite3_db_config(connection->handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, nullptr);
  return CheckedFile{std::move(*connection), *facts};
}

} // namespace

Result<CheckedFile> openCheckedSqliteFile(const std::string& path) {
  if (auto ok = checkHeader(path); !ok) {
    return ok.error();
  }
  const std::string log = path + "-wal";
  const bool hadLog = exists(log);
  auto checked = openAndCheck(path);
  std::error_code error;
  if (!checked && !hadLog && fs::file_size(log, error) == 0 && !error) {
    removeQuietly(log); // SQLite made an empty one to look at the file
  }
  return checked;
}

Result<void> writeSqliteBackup(Connection& connection, const std::string& path) {
  const auto conflict = [&path] {
    return makeError(ErrorCode::Conflict, "The backup was not written", path + " exists already",
                     "Choose another name");
  };
  if (exists(path)) {
    return conflict();
  }
  const std::string draft = path + ".partial";
  removeQuietly(draft);
  if (!createPrivateFile(draft)) {
    return fileError(errno, "The backup was not written to " + path, path);
  }
  const auto copy = [&]() -> Result<void> {
    auto vacuum = connection.prepare("VACUUM INTO ?1");
    if (!vacuum) {
      return vacuum.error();
    }
    vacuum->bindText(1, draft);
    if (const int code = vacuum->step(); code != SQLITE_DONE) {
      return connection.error(code, "The backup was not written to " + path);
    }
    if (!syncToDisk(draft)) {
      return fileError(errno, "The backup was not written to " + path, path);
    }
    if (!renameWithoutReplacing(draft, path)) {
      return exists(path) ? conflict() : fileError(errno, "The backup was not written to " + path, path);
    }
    syncToDisk(folderOf(path));
    return {};
  };
  auto done = copy();
  if (!done) {
    removeQuietly(draft);
    removeQuietly(draft + "-journal");
  }
  return done;
}

} // namespace univrs::store
