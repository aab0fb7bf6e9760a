// Putting a backup in the place of the state file.
#include "engine/store/sqlite_files.h"
#include "engine/store/state_store.h"

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace univrs::store {

namespace fs = std::filesystem;
using base::ErrorCode;
using base::makeError;
using base::Result;

namespace {

Result<void> checkBackup(const std::string& draft) {
  // Opening brings an older schema up to date and checks everything; closing puts it all into the one file.
  auto checked = openCheckedSqliteFile(draft);
  return checked ? Result<void>() : Result<void>(checked.error());
}

void removeDraft(const std::string& draft) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
    fs::remove(draft + suffix, ignored);
  }
}

base::Error notRestored(const std::string& backup, const std::error_code& error) {
  return makeError(meansNoSpace(error.value()) ? ErrorCode::NoSpace : ErrorCode::Unavailable,
                   "The backup " + backup + " was not restored", error.message(),
                   "Check the disk, the folder and its permissions");
}

} // namespace

Result<std::string> restoreSqliteStore(const std::string& backup, const std::string& path) {
  auto lock = lockSqliteFile(path);
  if (!lock) {
    return lock.error();
  }
  std::error_code error;
  if (!fs::is_regular_file(backup, error)) {
    return makeError(ErrorCode::NotFound, "The backup was not restored", backup + " is not a file", "Check the name");
  }
  // A copy is checked and put in place; the backup itself stays as it is.
  const std::string draft = path + ".restore";
  removeDraft(draft);
  if (!createPrivateFile(draft)) {
    return notRestored(backup, std::error_code(errno, std::generic_category()));
  }
  fs::copy_file(backup, draft, fs::copy_options::overwrite_existing, error);
  if (error) {
    removeDraft(draft);
    return notRestored(backup, error);
  }
  if (auto ok = checkBackup(draft); !ok) {
    removeDraft(draft);
    base::Error failure = ok.error();
    failure.what = "The backup " + backup + " was not restored";
    failure.hint = "Use another backup; nothing was changed";
    return failure;
  }
  if (!syncToDisk(draft)) {
    const std::error_code code(errno, std::generic_category());
    removeDraft(draft);
    return notRestored(backup, code);
  }
  std::string aside;
  if (fs::exists(path, error) || fs::exists(path + "-wal", error)) {
    constexpr int kMaxReplaced = 10'000;
    for (int n = 1; n <= kMaxReplaced && aside.empty(); ++n) {
      const std::string candidate = path + ".replaced-" + std::to_string(n);
      if (!fs::exists(candidate, error) && !fs::exists(candidate + "-wal", error)) {
        aside = candidate;
      }
    }
    if (aside.empty()) {
      removeDraft(draft);
      return makeError(ErrorCode::Conflict, "The backup " + backup + " was not restored",
                       "there are too many replaced state files beside " + path, "Delete the old ones");
    }
    // The log first: an old log left beside the new file would be applied to it.
    for (const char* suffix : {"-wal", ""}) {
      if (fs::exists(path + suffix, error)) {
        fs::rename(path + suffix, aside + suffix, error);
        if (error) {
          removeDraft(draft);
          return notRestored(backup, error);
        }
      }
    }
  }
  fs::rename(draft, path, error);
  if (error) {
    return notRestored(backup, error);
  }
  const std::string folder = fs::path(path).parent_path().string();
  syncToDisk(folder.empty() ? "." : folder);
  return aside;
}

} // namespace univrs::store
