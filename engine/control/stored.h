// How the cluster's objects lie in the store: keys and JSON values.
#pragma once

#include "engine/base/result.h"

#include <QJsonObject>

#include <cstdint>
#include <string>
#include <string_view>

namespace univrs::control {

inline constexpr std::string_view kWorkloadPrefix = "/workloads/";
inline constexpr std::string_view kInstancePrefix = "/instances/";
inline constexpr std::string_view kTemplatePrefix = "/templates/"; // WORKLOAD/HASH
inline constexpr std::string_view kNodePrefix = "/nodes/";
inline constexpr std::string_view kEventPrefix = "/events/";
inline constexpr std::string_view kDecisionPrefix = "/decisions/";
inline constexpr std::string_view kAuditPrefix = "/audit/";

// prefix + sequence with leading zeros, so that keys sort by age.
std::string sequenceKey(std::string_view prefix, uint64_t sequence);
// The sequence in such a key; 0 when there is none.
uint64_t sequenceOf(std::string_view key);
std::string encode(const QJsonObject& object);
base::Result<QJsonObject> decode(std::string_view key, std::string_view value);

} // namespace univrs::control
