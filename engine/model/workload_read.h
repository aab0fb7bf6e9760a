// Reading parts of the model out of JSON with the faults collected by the caller, so that a document with several
// workloads reports everything at once. The one-object forms are in workload.h.
#pragma once

#include "engine/model/fields.h"
#include "engine/model/workload.h"

namespace univrs::model {

// Reads one spec; what could not be read keeps its default and is noted in `faults` under `path`. Unknown keys are
// faults.
WorkloadSpec readWorkloadSpec(const QJsonObject& json, const std::string& path, FaultList& faults);

// Reads resources of the key `key` of `reader`. Amounts below zero only where `mayBeNegative` (what a node has left).
Resources readResources(FieldReader& reader, std::string_view key, bool mayBeNegative = false);

// Reads an RFC 3339 time; absent or empty = not set.
base::Timestamp readTime(FieldReader& reader, std::string_view key);

} // namespace univrs::model
