// Ids that cannot be mixed up: Id<WorkloadTag> and Id<InstanceTag> are different types around a string.
#pragma once

#include <compare>
#include <functional>
#include <string>

namespace univrs::base {

template <class Tag>
class Id {
public:
  Id() = default;
  explicit Id(std::string value) : m_value(std::move(value)) {}
  [[nodiscard]] const std::string& str() const { return m_value; }
  [[nodiscard]] bool empty() const { return m_value.empty(); }
  auto operator<=>(const Id&) const = default;

private:
  std::string m_value;
};

} // namespace univrs::base

template <class Tag>
struct std::hash<univrs::base::Id<Tag>> {
  size_t operator()(const univrs::base::Id<Tag>& id) const noexcept { return std::hash<std::string>()(id.str()); }
};
