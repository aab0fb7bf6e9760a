// Every sentence of state_store.h but the watches', against every store.
#include "tests/store/store_kinds.h"

#include <sys/stat.h>

namespace univrs::store::test {
namespace {

using base::ErrorCode;

TEST_P(StoreTest, StartsEmptyAtRevisionZero) {
  EXPECT_EQ(store->revision(), 0);
  EXPECT_FALSE(store->get("/a").value().has_value());
  const Page page = store->list("").value();
  EXPECT_TRUE(page.entries.empty());
  EXPECT_EQ(page.revision, 0);
  EXPECT_TRUE(page.next.empty());
  EXPECT_FALSE(store->description().empty());
}

TEST_P(StoreTest, PutKeepsTheNumbersOfAnEntry) {
  EXPECT_EQ(store->put("/a", "1").value(), 1);
  EXPECT_EQ(store->put("/b", "x").value(), 2);
  EXPECT_EQ(store->put("/a", "2").value(), 3);
  EXPECT_EQ(*store->get("/a").value(), (Entry{"/a", "2", 1, 3, 2}));
  EXPECT_EQ(*store->get("/b").value(), (Entry{"/b", "x", 2, 2, 1}));
  EXPECT_EQ(store->revision(), 3);
}

TEST_P(StoreTest, PuttingTheSameValueIsAChange) {
  ASSERT_TRUE(store->put("/a", "1"));
  EXPECT_EQ(store->put("/a", "1").value(), 2);
  EXPECT_EQ(store->get("/a").value()->version, 2);
}

TEST_P(StoreTest, ValuesAreAnyBytes) {
  std::string all;
  for (int i = 0; i < 256; ++i) {
    all += static_cast<char>(i);
  }
  ASSERT_TRUE(store->put("/bytes", all));
  ASSERT_TRUE(store->put("/empty", ""));
  EXPECT_EQ(store->get("/bytes").value()->value, all);
  EXPECT_EQ(store->get("/empty").value()->value, "");
}

TEST_P(StoreTest, RemoveGivesTheRevisionOrZero) {
  ASSERT_TRUE(store->put("/a", "1"));
  EXPECT_EQ(store->remove("/a").value(), 2);
  EXPECT_FALSE(store->get("/a").value());
  EXPECT_EQ(store->remove("/a").value(), 0);
  EXPECT_EQ(store->revision(), 2);
  // A key that comes back begins anew.
  EXPECT_EQ(store->put("/a", "2").value(), 3);
  EXPECT_EQ(*store->get("/a").value(), (Entry{"/a", "2", 3, 3, 1}));
}

TEST_P(StoreTest, ListIsByPrefixAscendingAndPaged) {
  for (const char* key : {"/w/b", "/w/a", "/w/c", "/wx", "/v/a", "/w"}) {
    ASSERT_TRUE(store->put(key, key));
  }
  const auto keys = [](const Page& page) {
    std::vector<std::string> out;
    for (const Entry& entry : page.entries) {
      out.push_back(entry.key);
    }
    return out;
  };
  using Keys = std::vector<std::string>;
  EXPECT_EQ(keys(store->list("/w/").value()), (Keys{"/w/a", "/w/b", "/w/c"}));
  EXPECT_EQ(keys(store->list("").value()), (Keys{"/v/a", "/w", "/w/a", "/w/b", "/w/c", "/wx"}));
  Page page = store->list("/w/", {}, 2).value();
  EXPECT_EQ(keys(page), (Keys{"/w/a", "/w/b"}));
  EXPECT_EQ(page.next, "/w/b");
  EXPECT_EQ(page.revision, 6);
  page = store->list("/w/", page.next, 2).value();
  EXPECT_EQ(keys(page), (Keys{"/w/c"}));
  EXPECT_TRUE(page.next.empty());
  EXPECT_TRUE(store->list("/w/", {}, 3).value().next.empty()) << "a full last page has no next";
  EXPECT_EQ(keys(store->list("/w/", "/a").value()), (Keys{"/w/a", "/w/b", "/w/c"})) << "after may be before the prefix";
  EXPECT_TRUE(store->list("/w/", "/z").value().entries.empty());
}

TEST_P(StoreTest, KeysSortByBytes) {
  for (const char* key : {"/ä", "/z", "/\xF0\x9F\x98\x80", "/a"}) {
    ASSERT_TRUE(store->put(key, ""));
  }
  const Page page = store->list("/").value();
  ASSERT_EQ(page.entries.size(), 4u);
  EXPECT_EQ(page.entries[0].key, "/a");
  EXPECT_EQ(page.entries[1].key, "/z");
  EXPECT_EQ(page.entries[2].key, "/ä");
  EXPECT_EQ(page.entries[3].key, "/\xF0\x9F\x98\x80");
  EXPECT_EQ(store->list("/\xC3").value().entries.size(), 1u) << "a prefix may end inside a character";
}

TEST_P(StoreTest, CompareAndSwap) {
  EXPECT_EQ(store->compareAndSwap("/a", 0, "1").value(), 1);
  auto exists = store->compareAndSwap("/a", 0, "2");
  ASSERT_FALSE(exists);
  EXPECT_EQ(exists.error().code, ErrorCode::Conflict);
  EXPECT_NE(exists.error().text().find("/a"), std::string::npos);
  EXPECT_EQ(store->compareAndSwap("/a", 1, "2").value(), 2);
  EXPECT_EQ(store->compareAndSwap("/a", 1, "3").error().code, ErrorCode::Conflict);
  EXPECT_EQ(store->compareAndSwap("/none", 5, "3").error().code, ErrorCode::Conflict);
  EXPECT_EQ(store->get("/a").value()->value, "2");
  EXPECT_EQ(store->revision(), 2);
}

TEST_P(StoreTest, TransactionsAreAllOrNothingAtOneRevision) {
  ASSERT_TRUE(store->put("/a", "1"));
  ASSERT_TRUE(store->put("/gone", "1"));
  const std::vector<Op> ops{Op::put("/a", "2"), Op::put("/b", "2"), Op::remove("/gone"), Op::remove("/never")};
  auto refused = store->transact({{"/a", 1}, {"/b", 7}}, ops);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::Conflict);
  EXPECT_NE(refused.error().text().find("/b"), std::string::npos) << refused.error().text();
  EXPECT_EQ(store->get("/a").value()->value, "1");
  EXPECT_TRUE(store->get("/gone").value());
  EXPECT_EQ(store->revision(), 2);

  EXPECT_EQ(store->transact({{"/a", 1}, {"/b", 0}}, ops).value(), 3);
  EXPECT_EQ(*store->get("/a").value(), (Entry{"/a", "2", 1, 3, 2}));
  EXPECT_EQ(*store->get("/b").value(), (Entry{"/b", "2", 3, 3, 1}));
  EXPECT_FALSE(store->get("/gone").value());
}

TEST_P(StoreTest, ATransactionThatChangesNothingTakesNoRevision) {
  ASSERT_TRUE(store->put("/a", "1"));
  EXPECT_EQ(store->transact({{"/a", 1}}, {}).value(), 1);
  EXPECT_EQ(store->transact({}, {Op::remove("/x"), Op::remove("/y")}).value(), 1);
  EXPECT_EQ(store->revision(), 1);
}

TEST_P(StoreTest, TheSameKeyTwiceIsRefused) {
  EXPECT_EQ(store->transact({}, {Op::put("/a", "1"), Op::put("/a", "2")}).error().code, ErrorCode::Validation);
  EXPECT_EQ(store->transact({}, {Op::put("/a", "1"), Op::remove("/a")}).error().code, ErrorCode::Validation);
  EXPECT_EQ(store->revision(), 0);
}

TEST_P(StoreTest, KeysThatBreakTheRulesAreRefused) {
  const std::string longest = "/" + std::string(kMaxKeyBytes - 1, 'k');
  EXPECT_TRUE(store->put(longest, "fits"));
  const std::vector<std::string> bad{"", "a", longest + "k", std::string("/a\0b", 4), "/\xFF", "/\xC0\x80"};
  for (const std::string& key : bad) {
    EXPECT_EQ(store->get(key).error().code, ErrorCode::Validation);
    EXPECT_EQ(store->put(key, "x").error().code, ErrorCode::Validation);
    EXPECT_EQ(store->remove(key).error().code, ErrorCode::Validation);
    EXPECT_EQ(store->compareAndSwap(key, 0, "x").error().code, ErrorCode::Validation);
    EXPECT_EQ(store->transact({{key, 0}}, {}).error().code, ErrorCode::Validation);
    EXPECT_EQ(store->transact({}, {Op::put("/fine", "x"), Op::put(key, "x")}).error().code, ErrorCode::Validation);
  }
  EXPECT_EQ(store->list(longest + "k").error().code, ErrorCode::Validation);
  EXPECT_EQ(store->watch(longest + "k", 0, [](const auto&) {}).error().code, ErrorCode::Validation);
  EXPECT_EQ(store->revision(), 1);
}

TEST_P(StoreTest, SizesAreLimited) {
  const std::string largest(kMaxValueBytes, 'v');
  EXPECT_TRUE(store->put("/v", largest));
  EXPECT_EQ(store->get("/v").value()->value.size(), kMaxValueBytes);
  EXPECT_EQ(store->put("/w", largest + "v").error().code, ErrorCode::TooLarge);
  EXPECT_EQ(store->compareAndSwap("/w", 0, largest + "v").error().code, ErrorCode::TooLarge);
  std::vector<Op> large;
  for (size_t i = 0; i <= kMaxTransactionBytes / kMaxValueBytes; ++i) {
    large.push_back(Op::put("/l" + std::to_string(i), largest));
  }
  EXPECT_EQ(store->transact({}, large).error().code, ErrorCode::TooLarge);
  std::vector<Op> many;
  for (size_t i = 0; i < kMaxTransactionOps; ++i) {
    many.push_back(Op::put("/m/" + std::to_string(i), "x"));
  }
  EXPECT_TRUE(store->transact({}, many));
  EXPECT_EQ(store->list("/m/").value().entries.size(), kMaxTransactionOps);
  many.push_back(Op::put("/m/one-more", "x"));
  EXPECT_EQ(store->transact({}, many).error().code, ErrorCode::TooLarge);
  EXPECT_EQ(store->transact(std::vector<Compare>(kMaxTransactionOps + 1, Compare{"/x", 0}), {}).error().code,
            ErrorCode::TooLarge);
  EXPECT_EQ(store->revision(), 2);
}

TEST_P(StoreTest, BackupWritesANewPrivateFileAndRefusesAnExistingOne) {
  ASSERT_TRUE(store->put("/a", "1"));
  const std::string file = folder.file("copy");
  ASSERT_TRUE(store->backup(file));
  struct stat info {};
  ASSERT_EQ(::stat(file.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  const std::string before = readAll(file);
  EXPECT_FALSE(before.empty());
  ASSERT_TRUE(store->put("/a", "2"));
  EXPECT_EQ(store->backup(file).error().code, ErrorCode::Conflict);
  EXPECT_EQ(readAll(file), before);
  EXPECT_FALSE(store->backup(folder.file("no-folder/copy")));
  EXPECT_EQ(store->get("/a").value()->value, "2");
}

INSTANTIATE_TEST_SUITE_P(All, StoreTest, ::testing::Values(Kind::Memory, Kind::Sqlite), kindName);

} // namespace
} // namespace univrs::store::test
