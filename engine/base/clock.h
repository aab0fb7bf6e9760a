// Time as it is passed into the sans-IO cores. Two kinds that must not be mixed: Timestamp is the wall clock, for
// records people read; Monotonic never jumps, for deadlines and back-off.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace univrs::base {

using Millis = std::chrono::milliseconds;

// Wall clock, milliseconds since 1970-01-01 UTC. 0 means "never".
struct Timestamp {
  int64_t ms = 0;
  auto operator<=>(const Timestamp&) const = default;
  [[nodiscard]] bool isSet() const { return ms != 0; }
  // RFC 3339 with milliseconds: 2026-11-23T10:00:00.000Z. Empty when not set.
  [[nodiscard]] std::string iso() const;
  // Reads RFC 3339 (any offset, 0…9 fraction digits). Nothing when it is not one.
  static std::optional<Timestamp> fromIso(std::string_view text);
};
inline Timestamp operator+(Timestamp t, Millis d) {
  return {t.ms + d.count()};
}
inline Millis operator-(Timestamp a, Timestamp b) {
  return Millis(a.ms - b.ms);
}

// Steady clock, milliseconds since an arbitrary start. Only differences mean something.
struct Monotonic {
  int64_t ms = 0;
  auto operator<=>(const Monotonic&) const = default;
};
inline Monotonic operator+(Monotonic t, Millis d) {
  return {t.ms + d.count()};
}
inline Millis operator-(Monotonic a, Monotonic b) {
  return Millis(a.ms - b.ms);
}

// Both clocks read at one moment; what every core's on(event, now) takes.
struct Now {
  Timestamp wall;
  Monotonic steady;
};

class Clock {
public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual Now now() const = 0;
};

// The machine's clocks. Thread safe.
class SystemClock final : public Clock {
public:
  [[nodiscard]] Now now() const override;
};

// "350 ms", "12 s", "3 min", "5 h", "2 d": for people. Negative counts as 0.
std::string humanDuration(Millis d);

} // namespace univrs::base
