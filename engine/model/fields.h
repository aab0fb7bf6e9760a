// Strict reading of JSON objects, used for everything that comes from outside: each accessor takes one key, checks its
// type and range, and notes what is wrong with its path; finish() reports keys nobody took. All faults are collected.
#pragma once

#include "engine/base/error.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::model {

// Collects faults of one document. At most 100 errors and 100 warnings are kept.
class FaultList {
public:
  void error(std::string path, std::string message, std::string hint = {});
  void warning(std::string path, std::string message, std::string hint = {});
  [[nodiscard]] bool hasErrors() const { return m_errors > 0; }
  [[nodiscard]] const std::vector<base::FieldError>& all() const { return m_list; }
  // "what" with the first fault as `why`, and all faults.
  [[nodiscard]] base::Error toError(std::string what) const;
  void append(const std::vector<base::FieldError>& faults, const std::string& prefix = {});

private:
  std::vector<base::FieldError> m_list;
  int m_errors = 0;
  int m_warnings = 0;
};

// The words for types as they appear in messages: "a number", "a string", …
std::string_view jsonTypeName(const QJsonValue& v);

// The path of `key` inside `path`: "a.b", or a["b.c"] where the key would be ambiguous. Long keys are cut.
std::string joinPath(const std::string& path, std::string_view key);

class FieldReader {
public:
  // `path` of the object itself ("" for the root). Keeps references: the arguments must outlive it.
  FieldReader(const QJsonObject& object, std::string path, FaultList& faults);

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] std::string pathOf(std::string_view key) const;
  [[nodiscard]] FaultList& faults() { return m_faults; }

  // Each marks the key as known. Absent or null -> nothing. A wrong type -> a fault and nothing.
  std::optional<std::string> string(std::string_view key, size_t maxBytes = 4096);
  std::optional<int64_t> integer(std::string_view key, int64_t min, int64_t max);
  std::optional<double> number(std::string_view key, double min, double max);
  std::optional<bool> boolean(std::string_view key);
  std::optional<QJsonObject> object(std::string_view key);
  std::optional<QJsonArray> array(std::string_view key, size_t maxItems = 10'000);
  std::optional<std::vector<std::string>> strings(std::string_view key, size_t maxItems = 1'000,
                                                  size_t maxBytes = 32'768);
  std::optional<std::map<std::string, std::string>> stringMap(std::string_view key, size_t maxItems = 1'000,
                                                              size_t maxBytes = 32'768);
  // One of the words in `known`; returns its index.
  std::optional<size_t> word(std::string_view key, const std::vector<std::string_view>& known);
  // The raw value, any type; nothing when absent.
  std::optional<QJsonValue> any(std::string_view key);

  // Calls `each(object, path)` for every element, which must be objects.
  void objects(std::string_view key, size_t maxItems,
               const std::function<void(const QJsonObject&, const std::string&)>& each);

  // A fault unless the key is there.
  void require(std::string_view key, std::string_view hint = {});
  // Known, but not read here.
  void ignore(std::string_view key) { m_known.emplace(key); }
  // Reports each key that no accessor named, with the closest known one as the hint.
  void finish();

private:
  QJsonValue take(std::string_view key);
  const QJsonObject& m_object;
  std::string m_path;
  FaultList& m_faults;
  std::set<std::string, std::less<>> m_known;
};

} // namespace univrs::model
