// Damaged files: noticed at start, left untouched, and the error says what to do.
#include "engine/base/random.h"
#include "engine/store/store_options.h"
#include "tests/store/temp_folder.h"

#include <gtest/gtest.h>

#include <map>

namespace univrs::store::test {
namespace {

using base::ErrorCode;

class SqliteDamage : public ::testing::Test {
protected:
  // A store of a few hundred entries, some with overflow pages, some deleted; closed.
  void fill() {
    auto store = openSqliteStore(path);
    ASSERT_TRUE(store) << store.error().text();
    for (int i = 0; i < 60; ++i) {
      std::vector<Op> ops;
      for (int k = 0; k < 5; ++k) {
        ops.push_back(Op::put("/k/" + std::to_string(i) + "/" + std::to_string(k),
                              std::string(static_cast<size_t>(i * 40 + k), static_cast<char>('a' + k))));
      }
      if (i > 10) {
        ops.push_back(Op::remove("/k/" + std::to_string(i - 10) + "/0"));
      }
      ASSERT_TRUE((*store)->transact({}, ops));
    }
    content = (*store)->list("").value().entries;
    revision = (*store)->revision();
  }

  void expectCorruptAndUntouched() {
    const std::string before = readAll(path);
    const bool log = std::filesystem::exists(path + "-wal");
    const std::string logBefore = readAll(path + "-wal");
    auto store = openSqliteStore(path);
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, ErrorCode::Corrupt) << store.error().text();
    EXPECT_NE(store.error().text().find(path), std::string::npos) << store.error().text();
    EXPECT_NE(store.error().hint.find("univrs backup"), std::string::npos) << store.error().text();
    EXPECT_EQ(readAll(path), before);
    EXPECT_EQ(std::filesystem::exists(path + "-wal"), log);
    EXPECT_EQ(readAll(path + "-wal"), logBefore);
  }

  // Copies the files of an open store, as a crash would leave them.
  void crashInto(const std::string& to) {
    writeAll(to, readAll(path));
    writeAll(to + "-wal", readAll(path + "-wal"));
  }

  TempFolder folder{TempFolder::On::Memory};
  std::string path = folder.file("state.db");
  std::vector<Entry> content;
  int64_t revision = 0;
};

TEST_F(SqliteDamage, EmptyFile) {
  writeAll(path, "");
  expectCorruptAndUntouched();
}

TEST_F(SqliteDamage, Garbage) {
  writeAll(path, "this is a text file, not a database\n");
  expectCorruptAndUntouched();
  base::SeededRandom random(1);
  std::string noise(100'000, '\0');
  random.fill({reinterpret_cast<uint8_t*>(noise.data()), noise.size()});
  writeAll(path, noise);
  expectCorruptAndUntouched();
  writeAll(path, std::string("SQLite format 3\0", 16) + noise);
  expectCorruptAndUntouched();
  writeAll(path, std::string("SQLite format 3\0", 16));
  expectCorruptAndUntouched();
}

TEST_F(SqliteDamage, TruncatedAnywhere) {
  fill();
  const std::string whole = readAll(path);
  base::SeededRandom random(2);
  for (int i = 0; i < 40; ++i) {
    writeAll(path, whole.substr(0, 1 + random.below(whole.size() - 1)));
    expectCorruptAndUntouched();
  }
  for (size_t page = 1; page < whole.size() / 4096; ++page) {
    writeAll(path, whole.substr(0, page * 4096));
    expectCorruptAndUntouched();
  }
}

TEST_F(SqliteDamage, AnyFlippedByteIsNoticedOrHarmless) {
  fill();
  const std::string whole = readAll(path);
  base::SeededRandom random(3);
  int noticed = 0;
  const auto tryFlip = [&](size_t at, uint8_t mask) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(static_cast<uint8_t>(flipped[at]) ^ mask);
    std::error_code ignored;
    std::filesystem::remove(path + "-wal", ignored);
    writeAll(path, flipped);
    auto store = openSqliteStore(path);
    if (!store) {
      ++noticed;
      ASSERT_TRUE(store.error().code == ErrorCode::Corrupt || store.error().code == ErrorCode::Unsupported)
          << "byte " << at << ": " << store.error().text();
      ASSERT_EQ(readAll(path), flipped) << "byte " << at << " was touched";
      return;
    }
    // Free space or a redundant header field: what is stored must be all right, and the store usable.
    ASSERT_EQ((*store)->revision(), revision) << "byte " << at;
    ASSERT_EQ((*store)->list("").value().entries, content) << "byte " << at;
    ASSERT_TRUE((*store)->put("/k/new", "x")) << "byte " << at;
  };
  for (size_t at = 0; at < 100; ++at) { // the whole header
    tryFlip(at, 1);
    tryFlip(at, 0x80);
    if (HasFatalFailure()) {
      return;
    }
  }
  for (int i = 0; i < 500; ++i) {
    tryFlip(random.below(whole.size()), static_cast<uint8_t>(1u << random.below(8)));
    if (HasFatalFailure()) {
      return;
    }
  }
  EXPECT_GT(noticed, 200);
}

TEST_F(SqliteDamage, ALogLeftOverByACrashIsRead) {
  auto store = openSqliteStore(path);
  ASSERT_TRUE(store);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE((*store)->put("/k" + std::to_string(i), "x"));
  }
  const std::string after = folder.file("after.db");
  crashInto(after);
  ASSERT_GT(std::filesystem::file_size(after + "-wal"), 0u);
  auto again = openSqliteStore(after);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ((*again)->revision(), 100);
  EXPECT_EQ((*again)->list("").value().entries, (*store)->list("").value().entries);
}

TEST_F(SqliteDamage, ATornLogGivesAWholeEarlierState) {
  auto store = openSqliteStore(path);
  ASSERT_TRUE(store);
  for (int i = 1; i <= 50; ++i) {
    ASSERT_TRUE((*store)->transact({}, {Op::put("/a", std::to_string(i)), Op::put("/b", std::to_string(i))}));
  }
  const std::string file = readAll(path);
  const std::string log = readAll(path + "-wal");
  base::SeededRandom random(4);
  for (int i = 0; i < 40; ++i) {
    const std::string torn = folder.file("torn" + std::to_string(i) + ".db");
    writeAll(torn, file);
    writeAll(torn + "-wal", log.substr(0, random.below(log.size())));
    auto again = openSqliteStore(torn);
    ASSERT_TRUE(again) << again.error().text();
    const auto a = (*again)->get("/a").value();
    const auto b = (*again)->get("/b").value();
    ASSERT_EQ(a.has_value(), b.has_value());
    if (a) {
      EXPECT_EQ(a->value, b->value);
      EXPECT_EQ(a->value, std::to_string((*again)->revision()));
    }
  }
}

TEST_F(SqliteDamage, ADamagedFileWithALogBesideItIsLeftWithItsLog) {
  fill();
  auto store = openSqliteStore(path);
  ASSERT_TRUE(store);
  ASSERT_TRUE((*store)->put("/new", "x"));
  const std::string whole = readAll(path);
  const std::string log = readAll(path + "-wal");
  store->reset();
  std::string broken = whole;
  for (size_t at = 4096 * 3; at + 4096 <= broken.size(); at += 4096) {
    broken.replace(at, 64, std::string(64, '\xEE'));
  }
  writeAll(path, broken);
  writeAll(path + "-wal", log);
  expectCorruptAndUntouched();
}

TEST_F(SqliteDamage, ALogWithoutItsFileIsReported) {
  writeAll(path + "-wal", "something");
  auto store = openSqliteStore(path);
  ASSERT_FALSE(store);
  EXPECT_EQ(store.error().code, ErrorCode::Corrupt);
  EXPECT_FALSE(std::filesystem::exists(path));
  EXPECT_EQ(readAll(path + "-wal"), "something");
}

} // namespace
} // namespace univrs::store::test
