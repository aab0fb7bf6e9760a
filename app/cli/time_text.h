// Times and durations as people write and read them.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace univrs::cli {

//! "90s", "10m", "2h", "1h30m", "3d", "250ms", or a bare number of seconds. 0…10 years; the error says what was wrong.
base::Result<base::Millis> parseDuration(std::string_view text);

//! A duration before `now` ("10m") or RFC 3339 ("2026-11-23T10:00:00Z").
base::Result<base::Timestamp> parseMoment(std::string_view text, base::Timestamp now);

//! "3 min" since `t`; "-" when not set; "now" under a second or when the clocks differ.
std::string age(base::Timestamp t, base::Timestamp now);

//! Local time for people: "2026-11-23 10:00:05"; "-" when not set.
std::string localTime(base::Timestamp t);

base::Timestamp wallNow();

} // namespace univrs::cli
