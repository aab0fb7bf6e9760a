// Result<T>: either a value or an Error (C++23's std::expected is not in GCC 12).
#pragma once

#include "engine/base/error.h"

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace univrs::base {

template <class T>
class [[nodiscard]] Result {
public:
  Result(T value) : m_data(std::in_place_index<0>, std::move(value)) {}     // NOLINT: implicit on purpose
  Result(Error error) : m_data(std::in_place_index<1>, std::move(error)) {} // NOLINT

  [[nodiscard]] bool ok() const { return m_data.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] const T& value() const& {
    assert(ok());
    return std::get<0>(m_data);
  }
  [[nodiscard]] T& value() & {
    assert(ok());
    return std::get<0>(m_data);
  }
  [[nodiscard]] T&& value() && {
    assert(ok());
    return std::get<0>(std::move(m_data));
  }
  [[nodiscard]] const Error& error() const& {
    assert(!ok());
    return std::get<1>(m_data);
  }
  [[nodiscard]] Error&& error() && {
    assert(!ok());
    return std::get<1>(std::move(m_data));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }
  [[nodiscard]] T valueOr(T fallback) const& { return ok() ? value() : std::move(fallback); }

private:
  std::variant<T, Error> m_data;
};

template <>
class [[nodiscard]] Result<void> {
public:
  Result() = default;
  Result(Error error) : m_error(std::move(error)) {} // NOLINT: implicit on purpose

  [[nodiscard]] bool ok() const { return !m_error.has_value(); }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const {
    assert(m_error.has_value());
    return *m_error;
  }

private:
  std::optional<Error> m_error;
};

} // namespace univrs::base
