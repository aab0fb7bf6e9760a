// Ownership of a file by one process at a time, through a lock file beside it. The operating system ends the lock with
// the process, however it ends. Platform-specific code of the store is here and nowhere else.
#pragma once

#include "engine/base/result.h"

#include <memory>
#include <string>

namespace univrs::store {

class FileLock {
public:
  // Takes the lock on `path` (made when absent, 0600), without waiting. Unavailable when another holder has it; says
  // which process when it is known.
  static base::Result<std::unique_ptr<FileLock>> acquire(const std::string& path);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

private:
  explicit FileLock(intptr_t handle) : m_handle(handle) {}
  intptr_t m_handle;
};

// True when a system error number means that there is no room: disk full or quota reached.
bool meansNoSpace(int systemError);
// Writes the file's (or folder's) content through to the disk. False when the system says no.
bool syncToDisk(const std::string& path);
// Makes an empty file readable by its owner only; false when it exists or cannot be made.
bool createPrivateFile(const std::string& path);
// Gives `from` the name `to`; false when `to` exists or on failure.
bool renameWithoutReplacing(const std::string& from, const std::string& to);

} // namespace univrs::store
