// The stores every conformance test runs against.
#pragma once

#include "engine/store/store_options.h"
#include "tests/store/temp_folder.h"

#include <gtest/gtest.h>

namespace univrs::store::test {

enum class Kind { Memory, Sqlite };

inline std::unique_ptr<StateStore> openKind(Kind kind, const TempFolder& folder, const StoreOptions& options = {}) {
  if (kind == Kind::Memory) {
    return openMemoryStore(options);
  }
  auto store = openSqliteStore(folder.file("state.db"), options);
  if (!store) {
    ADD_FAILURE() << store.error().text();
    return nullptr;
  }
  return std::move(store).value();
}

inline std::string kindName(const ::testing::TestParamInfo<Kind>& info) {
  return info.param == Kind::Memory ? "Memory" : "Sqlite";
}

class StoreTest : public ::testing::TestWithParam<Kind> {
protected:
  StoreTest() : store(openKind(GetParam(), folder)) {}
  // The same kind of store, with other limits, beside the first.
  std::unique_ptr<StateStore> openOther(const StoreOptions& options) {
    if (GetParam() == Kind::Memory) {
      return openMemoryStore(options);
    }
    auto other = openSqliteStore(folder.file("other.db"), options);
    EXPECT_TRUE(other) << (other ? "" : other.error().text());
    return other ? std::move(other).value() : nullptr;
  }

  TempFolder folder{TempFolder::On::Memory};
  std::unique_ptr<StateStore> store;
};

} // namespace univrs::store::test
