#include "engine/store/file_lock.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

#ifdef _WIN32
#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#else
#include <sys/file.h>

#include <fcntl.h>
#include <unistd.h>
#endif

namespace univrs::store {

using base::ErrorCode;
using base::makeError;

bool meansNoSpace(int systemError) {
#ifdef EDQUOT
  return systemError == ENOSPC || systemError == EDQUOT;
#else
  return systemError == ENOSPC;
#endif
}

#ifdef _WIN32

base::Result<std::unique_ptr<FileLock>> FileLock::acquire(const std::string& path) {
  const std::wstring name = std::filesystem::u8path(path).wstring();
  // No sharing: a second opener is refused until this handle is closed.
  HANDLE handle =
      CreateFileW(name.c_str(), GENERIC_READ | GENERIC_WRITE, 0, nullptr, OPEN_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr);
  if (handle == INVALID_HANDLE_VALUE) {
    return makeError(ErrorCode::Unavailable, "The state file is in use", "another process holds " + path,
                     "End the other univrs process, or use another data folder");
  }
  return std::unique_ptr<FileLock>(new FileLock(reinterpret_cast<intptr_t>(handle)));
}

FileLock::~FileLock() {
  CloseHandle(reinterpret_cast<HANDLE>(m_handle));
}

bool syncToDisk(const std::string& path) {
  const std::wstring name = std::filesystem::u8path(path).wstring();
  if (std::filesystem::is_directory(name)) {
    return true; // names are journalled
  }
  HANDLE handle = CreateFileW(name.c_str(), GENERIC_WRITE, FILE_SHARE_READ, nullptr, OPEN_EXISTING, 0, nullptr);
  if (handle == INVALID_HANDLE_VALUE) {
    return false;
  }
  const bool ok = FlushFileBuffers(handle);
  CloseHandle(handle);
  return ok;
}

bool createPrivateFile(const std::string& path) {
  HANDLE handle =
      CreateFileW(std::filesystem::u8path(path).wstring().c_str(), GENERIC_WRITE, 0, nullptr, CREATE_NEW, 0, nullptr);
  if (handle == INVALID_HANDLE_VALUE) {
    return false;
  }
  CloseHandle(handle);
  return true;
}

bool renameWithoutReplacing(const std::string& from, const std::string& to) {
  return MoveFileExW(std::filesystem::u8path(from).wstring().c_str(), std::filesystem::u8path(to).wstring().c_str(),
                     MOVEFILE_WRITE_THROUGH);
}

#else

base::Result<std::unique_ptr<FileLock>> FileLock::acquire(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    const int code = errno;
    return makeError(meansNoSpace(code) ? ErrorCode::NoSpace : ErrorCode::Unavailable,
                     "The lock file " + path + " cannot be opened", std::strerror(code),
                     "Check the folder, its owner and its permissions");
  }
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    char holder[32] = {};
    const ssize_t got = ::pread(fd, holder, sizeof holder - 1, 0);
    ::close(fd);
    std::string pid;
    for (ssize_t i = 0; i < got && holder[i] >= '0' && holder[i] <= '9'; ++i) {
      pid += holder[i];
    }
    return makeError(ErrorCode::Unavailable, "The state file is in use",
                     pid.empty() ? "another process holds " + path : "process " + pid + " holds " + path,
                     "End the other univrs process, or use another data folder");
  }
  // For people and for the message above only; that it cannot be written (disk full) changes nothing.
  const std::string pid = std::to_string(::getpid()) + "\n";
  if (::ftruncate(fd, 0) == 0) {
    [[maybe_unused]] const ssize_t written = ::pwrite(fd, pid.data(), pid.size(), 0);
  }
  return std::unique_ptr<FileLock>(new FileLock(fd));
}

// The file stays: removing it would let two processes lock two different files of the same name.
FileLock::~FileLock() {
  ::close(static_cast<int>(m_handle));
}

bool syncToDisk(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return false;
  }
  const bool ok = ::fsync(fd) == 0;
  ::close(fd);
  return ok;
}

bool createPrivateFile(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    return false;
  }
  ::close(fd);
  return true;
}

bool renameWithoutReplacing(const std::string& from, const std::string& to) {
  if (::link(from.c_str(), to.c_str()) == 0) {
    ::unlink(from.c_str());
    return true;
  }
  if (errno == EEXIST) {
    return false;
  }
  // A file system without hard links: not atomic against another program making `to` at this moment.
  std::error_code error;
  if (std::filesystem::exists(std::filesystem::symlink_status(to, error))) {
    return false;
  }
  return ::rename(from.c_str(), to.c_str()) == 0;
}

#endif

} // namespace univrs::store
