#include "engine/control/stored.h"

#include <QByteArray>
#include <QJsonDocument>

#include <charconv>

namespace univrs::control {

std::string sequenceKey(std::string_view prefix, uint64_t sequence) {
  std::string digits = std::to_string(sequence);
  digits.insert(0, 20 - digits.size(), '0'); // 2^64 has 20 digits
  return std::string(prefix) + digits;
}

uint64_t sequenceOf(std::string_view key) {
  const auto slash = key.rfind('/');
  const std::string_view digits = slash == std::string_view::npos ? key : key.substr(slash + 1);
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc() && end == digits.data() + digits.size() ? value : 0;
}

std::string encode(const QJsonObject& object) {
  return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

base::Result<QJsonObject> decode(std::string_view key, std::string_view value) {
  QJsonParseError error;
  const auto document = QJsonDocument::fromJson(QByteArray::fromRawData(value.data(), qsizetype(value.size())), &error);
  if (!document.isObject()) {
    return base::makeError(base::ErrorCode::Corrupt, "the stored object " + std::string(key) + " cannot be read",
                           error.errorString().toStdString(), "restore the state from a backup");
  }
  return document.object();
}

} // namespace univrs::control
