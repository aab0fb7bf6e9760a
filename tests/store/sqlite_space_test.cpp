// No room: refused whole, nothing half-written, usable again once there is room.
#include "engine/store/store_options.h"
#include "tests/store/temp_folder.h"

#include <gtest/gtest.h>
#include <sys/mount.h>

namespace univrs::store::test {
namespace {

using base::ErrorCode;

// Fills the store with transactions of two equal entries until it refuses, and checks that it refused properly.
// Returns how many went in.
int fillUp(StateStore& store, size_t valueBytes) {
  for (int n = 0; n < 100'000; ++n) {
    const std::string value(valueBytes, static_cast<char>('a' + n % 26));
    const std::string number = std::to_string(n);
    const int64_t before = store.revision();
    auto done = store.transact({}, {Op::put("/a/" + number, value), Op::put("/b/" + number, value)});
    if (done) {
      continue;
    }
    EXPECT_EQ(done.error().code, ErrorCode::NoSpace) << done.error().text();
    EXPECT_FALSE(done.error().hint.empty());
    EXPECT_EQ(store.revision(), before);
    EXPECT_FALSE(store.get("/a/" + number).value());
    EXPECT_FALSE(store.get("/b/" + number).value());
    EXPECT_EQ(store.list("/a/").value().entries.size(), static_cast<size_t>(n));
    return n;
  }
  ADD_FAILURE() << "never full";
  return 0;
}

void expectPairs(StateStore& store, int count) {
  const auto a = store.list("/a/").value().entries;
  const auto b = store.list("/b/").value().entries;
  ASSERT_EQ(a.size(), static_cast<size_t>(count));
  ASSERT_EQ(b.size(), static_cast<size_t>(count));
  for (size_t i = 0; i < a.size(); ++i) {
    ASSERT_EQ(a[i].value, b[i].value);
  }
}

TEST(SqliteSpace, ALimitOnTheFileRefusesAndRecovers) {
  const TempFolder folder;
  const std::string path = folder.file("state.db");
  StoreOptions options;
  options.maxPages = 200;
  auto store = openSqliteStore(path, options);
  ASSERT_TRUE(store);
  const int count = fillUp(**store, 3'000);
  EXPECT_GT(count, 10);
  expectPairs(**store, count);
  EXPECT_FALSE((*store)->put("/large", std::string(100'000, 'x')));
  store->reset();
  store = openSqliteStore(path);
  ASSERT_TRUE(store) << store.error().text();
  expectPairs(**store, count);
  EXPECT_TRUE((*store)->put("/large", std::string(100'000, 'x')));
}

TEST(SqliteSpace, AFullDiskRefusesAndRecovers) {
  const TempFolder folder;
  const std::string disk = folder.file("disk");
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m,mode=700") != 0) {
    GTEST_SKIP() << "a small file system cannot be mounted here (needs root)";
  }
  struct Unmount {
    std::string where;
    ~Unmount() { ::umount2(where.c_str(), MNT_DETACH); }
  } unmount{disk};
  const std::string path = disk + "/state.db";
  const std::string ballast = disk + "/ballast";
  writeAll(ballast, std::string(600'000, 'x'));
  {
    auto store = openSqliteStore(path);
    ASSERT_TRUE(store) << store.error().text();
    int watched = 0;
    auto watch = (*store)->watch("/a/", 0, [&](const auto& events) { watched += static_cast<int>(events.size()); });
    ASSERT_TRUE(watch);
    const int count = fillUp(**store, 1'500);
    EXPECT_GT(count, 5);
    expectPairs(**store, count);
    (*store)->deliver();
    EXPECT_EQ(watched, count) << "what was refused is not told";
    // A copy does not fit either, and leaves nothing behind.
    EXPECT_EQ((*store)->backup(disk + "/copy.db").error().code, ErrorCode::NoSpace);
    EXPECT_FALSE(std::filesystem::exists(disk + "/copy.db"));
    EXPECT_FALSE(std::filesystem::exists(disk + "/copy.db.partial"));
    // Room again: the same store goes on.
    std::filesystem::remove(ballast);
    auto done = (*store)->transact({}, {Op::put("/a/z", "x"), Op::put("/b/z", "x")});
    ASSERT_TRUE(done) << done.error().text();
    expectPairs(**store, count + 1);
    // Full once more: closed and opened like that.
    int more = 0;
    while ((*store)->transact(
        {}, {Op::put("/a/z" + std::to_string(more), "x"), Op::put("/b/z" + std::to_string(more), "x")})) {
      ++more;
    }
    expectPairs(**store, count + 1 + more);
  }
  auto store = openSqliteStore(path);
  ASSERT_TRUE(store) << store.error().text();
  const auto a = (*store)->list("/a/").value().entries;
  expectPairs(**store, static_cast<int>(a.size()));
}

TEST(SqliteSpace, AStoreIsNotHalfMadeOnAFullDisk) {
  const TempFolder folder;
  const std::string disk = folder.file("disk");
  std::filesystem::create_directory(disk);
  if (::mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=64k,mode=700") != 0) {
    GTEST_SKIP() << "a small file system cannot be mounted here (needs root)";
  }
  struct Unmount {
    std::string where;
    ~Unmount() { ::umount2(where.c_str(), MNT_DETACH); }
  } unmount{disk};
  const std::string path = disk + "/state.db";
  const std::string ballast = disk + "/ballast";
  writeAll(ballast, std::string(60'000, 'x'));
  auto store = openSqliteStore(path);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::NoSpace) << store.error().text();
  EXPECT_FALSE(std::filesystem::exists(path));
  std::filesystem::remove(ballast);
  store = openSqliteStore(path);
  EXPECT_TRUE(store) << store.error().text();
}

} // namespace
} // namespace univrs::store::test
