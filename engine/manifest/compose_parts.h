// Parts of a Compose service with a small syntax of their own: ports, volumes, durations, sizes. Each reads one entry.
#pragma once

#include "engine/manifest/drafts.h"
#include "engine/model/fields.h"
#include "engine/model/workload.h"

#include <QJsonValue>

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::manifest::compose {

// "1h5m30.5s", "500ms"; a bare number is not a duration in Compose. Milliseconds.
std::optional<int64_t> parseDuration(std::string_view text);
// "512m", "1gb", "64M", "1024": Compose's sizes are powers of 1024. Bytes.
std::optional<int64_t> parseSize(std::string_view text);

// Accessors that take what Compose takes: numbers and booleans may come as strings (after ${…}).
std::optional<int64_t> integerLike(model::FieldReader& r, std::string_view key, int64_t min, int64_t max);
std::optional<bool> booleanLike(model::FieldReader& r, std::string_view key);
// A string, or a number or boolean as it was written.
std::optional<std::string> textOf(const QJsonValue& v, const std::string& path, const Source& source);
std::optional<std::string> textLike(model::FieldReader& r, std::string_view key, const Source& source);
std::optional<int64_t> duration(model::FieldReader& r, std::string_view key);
std::optional<int64_t> size(model::FieldReader& r, std::string_view key, const Source& source);
// "0.5" or 0.5 as millicores.
std::optional<int64_t> cpus(model::FieldReader& r, std::string_view key, const Source& source);

// One entry of `ports` or `expose`, appended to `out` (several for a range).
void readPort(const QJsonValue& v, const std::string& path, const Source& source, model::FaultList& faults,
              std::vector<model::Port>& out);
void readExpose(const QJsonValue& v, const std::string& path, const Source& source, model::FaultList& faults,
                std::vector<model::Port>& out);
// One entry of a service's `volumes`. `declared` are the names of the top-level volumes.
std::optional<model::Mount> readVolume(const QJsonValue& v, const std::string& path, const std::string& service,
                                       const std::map<std::string, std::string>& declared, const Source& source,
                                       model::FaultList& faults);

// A map {K: V} or a list ["K=V", "K"]; entries without a value have none.
std::vector<std::pair<std::string, std::optional<std::string>>>
readPairs(const QJsonValue& v, const std::string& path, const Source& source, model::FaultList& faults);

} // namespace univrs::manifest::compose
