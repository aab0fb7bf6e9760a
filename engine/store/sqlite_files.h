// The life of the state file as a file: made whole or not at all, checked before it is touched, copied, replaced.
#pragma once

#include "engine/store/file_lock.h"
#include "engine/store/sqlite_connection.h"
#include "engine/store/sqlite_schema.h"

namespace univrs::store {

// Takes the lock that makes this process the file's owner. NotFound when the folder does not exist.
base::Result<std::unique_ptr<FileLock>> lockSqliteFile(const std::string& path);

// Call with the lock held. Makes an empty store when there is no file; the file appears complete.
base::Result<void> makeSqliteFileWhenAbsent(const std::string& path);

struct CheckedFile {
  Connection connection; // WAL, synchronous=FULL, exclusive, current schema
  ContentFacts facts;
};
// Call with the lock held. Refuses a damaged or newer file without having changed a byte of it or of its log.
base::Result<CheckedFile> openCheckedSqliteFile(const std::string& path);

// Writes a consistent copy to a new file.
base::Result<void> writeSqliteBackup(Connection& connection, const std::string& path);

} // namespace univrs::store
