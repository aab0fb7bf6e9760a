// Moving between std::string and Qt's JSON types, and leaving out what has its default. Used by every toJson().
#pragma once

#include "engine/base/clock.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QString>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::model {

inline QString toQString(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}

inline QJsonArray toJsonArray(const std::vector<std::string>& list) {
  QJsonArray out;
  for (const auto& s : list) {
    out.append(toQString(s));
  }
  return out;
}

inline QJsonObject toJsonObject(const std::map<std::string, std::string>& map) {
  QJsonObject out;
  for (const auto& [k, v] : map) {
    out.insert(toQString(k), toQString(v));
  }
  return out;
}

// Milliseconds as seconds: a whole number where it is one.
inline QJsonValue secondsValue(int64_t ms) {
  return ms % 1000 == 0 ? QJsonValue(qint64(ms / 1000)) : QJsonValue(double(ms) / 1000.0);
}

// RFC 3339, or null when not set.
inline QJsonValue timeValue(base::Timestamp t) {
  return t.isSet() ? QJsonValue(toQString(t.iso())) : QJsonValue();
}

} // namespace univrs::model
