// The words of the model's enumerations, in the order of their values: one table for writing and reading.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace univrs::model::words {

const std::vector<std::string_view>& protocols();
const std::vector<std::string_view>& restartPolicies();
const std::vector<std::string_view>& networkModes();
const std::vector<std::string_view>& pullPolicies();
const std::vector<std::string_view>& mountTypes();
const std::vector<std::string_view>& probeKinds();
const std::vector<std::string_view>& operators();
const std::vector<std::string_view>& taintEffects();
const std::vector<std::string_view>& healths();

// The index of `text` in `list`.
std::optional<size_t> indexOf(const std::vector<std::string_view>& list, std::string_view text);
// The word of an enumeration's value; "unknown" for a value that has none.
template <class Enum>
std::string_view of(const std::vector<std::string_view>& list, Enum value) {
  const auto i = size_t(value);
  return i < list.size() ? list[i] : std::string_view("unknown");
}

} // namespace univrs::model::words
