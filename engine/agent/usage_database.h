// The SQLite file of the usage history: made when it is not there, its settings and its bound, and statements that are
// prepared once. Every failure is one of the connection's errors: Corrupt for a damaged file, NoSpace for a full disk
// or the bound reached.
//
// Not thread safe; one thread at a time.
#pragma once

#include "engine/base/result.h"
#include "engine/store/sqlite_connection.h"

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace univrs::agent {

class UsageDatabase {
public:
  static constexpr int64_t kPageBytes = 8'192; // a block of a series, about 1 KB, must fit into a quarter of a page

  struct Bytes {
    std::string_view bytes;
  };
  using Value = std::variant<int64_t, std::string_view, Bytes>;

  //! At most `maxPages` pages; its log beside it has at most 16 MiB more.
  static base::Result<std::unique_ptr<UsageDatabase>> open(const std::string& folder, const std::string& file,
                                                           int64_t maxPages);

  //! Runs one statement, a literal, which is kept prepared; `row` is called for each row it gives.
  base::Result<void> run(const char* sql, std::initializer_list<Value> values,
                         const std::function<void(const store::Statement&)>& row = {});
  //! The first number of the only row; nothing without one.
  base::Result<std::optional<int64_t>> number(const char* sql, std::initializer_list<Value> values);
  //! Pages that hold something.
  base::Result<int64_t> usedPages();
  //! All of `work` or nothing of it.
  base::Result<void> transaction(const std::function<base::Result<void>()>& work);

private:
  store::Connection m_connection;
  std::map<const char*, store::Statement> m_statements;
};

} // namespace univrs::agent
