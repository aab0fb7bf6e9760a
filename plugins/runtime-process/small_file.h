// Whole small files, as /proc, cgroups and our own state are. No Qt, no exceptions; errno tells why.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace univrs::runtime_process {

inline constexpr size_t kMaxSmallFile = 8u << 20; // more is cut off

std::optional<std::string> readSmallFile(const std::string& path);
// Writes into an existing file (a control file) in one call.
bool writeSmallFile(const std::string& path, const std::string& text);
// Replaces the file so that a reader sees the old or the new one, never a part; 0600.
bool replaceFile(const std::string& path, const std::string& text);
// Leading decimal digits; 0 when there are none or they do not fit.
int64_t toNumber(const std::string& text);

} // namespace univrs::runtime_process
