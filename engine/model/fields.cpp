#include "engine/model/fields.h"

#include "engine/model/json_text.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace univrs::model {

namespace {

constexpr int kMaxErrors = 100;
constexpr int kMaxWarnings = 100;
constexpr size_t kMaxShown = 80; // of a value or key quoted in a message

// Cut at a character's edge, so that a message stays valid UTF-8 however long or odd the input was.
std::string shown(std::string_view text) {
  size_t end = text.size();
  if (end > kMaxShown) {
    end = kMaxShown;
    while (end > 0 && (uint8_t(text[end]) & 0xc0) == 0x80) {
      --end;
    }
  }
  std::string out(text.substr(0, end));
  for (char& c : out) {
    if (uint8_t(c) < 0x20 || c == 0x7f) {
      c = ' ';
    }
  }
  return end < text.size() ? out + "…" : out;
}

// "containerPort", "container-port" and "container_port" are the same slip of the pen.
std::string folded(std::string_view key) {
  std::string out;
  for (const char c : key) {
    if (c >= 'A' && c <= 'Z') {
      out += char(c - 'A' + 'a');
    } else if (c != '_' && c != '-') {
      out += c;
    }
  }
  return out;
}

// Levenshtein distance; both sides are cut to 64 bytes, so the cost is bounded.
size_t distance(std::string_view a, std::string_view b) {
  a = a.substr(0, 64);
  b = b.substr(0, 64);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
    }
  }
  return row[b.size()];
}

template <class Words>
std::string didYouMean(std::string_view given, const Words& known) {
  const std::string a = folded(given);
  std::string best;
  size_t bestDistance = a.size() / 3 + 1; // "imge" is close to "image", "foo" to nothing
  for (const auto& k : known) {
    const size_t d = distance(a, folded(k));
    if (d < bestDistance || (d == bestDistance && best.empty())) {
      bestDistance = d;
      best = std::string(k);
    }
  }
  return best.empty() ? std::string() : "did you mean \"" + best + "\"?";
}

bool isPlainKey(std::string_view key) {
  return !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

std::string formatNumber(double v) {
  return QString::number(v, 'g', 15).toStdString();
}

} // namespace

std::string joinPath(const std::string& path, std::string_view key) {
  if (!isPlainKey(key)) {
    return path + "[\"" + shown(key) + "\"]";
  }
  return path.empty() ? shown(key) : path + "." + shown(key);
}

void FaultList::error(std::string path, std::string message, std::string hint) {
  if (++m_errors <= kMaxErrors) {
    m_list.push_back({std::move(path), std::move(message), std::move(hint), false, 0});
  }
}

void FaultList::warning(std::string path, std::string message, std::string hint) {
  if (++m_warnings <= kMaxWarnings) {
    m_list.push_back({std::move(path), std::move(message), std::move(hint), true, 0});
  }
}

base::Error FaultList::toError(std::string what) const {
  base::Error e = base::makeError(base::ErrorCode::Validation, std::move(what));
  e.fields = m_list;
  const auto first = std::find_if(m_list.begin(), m_list.end(), [](const auto& f) { return !f.warning; });
  if (first != m_list.end()) {
    e.why = first->path.empty() ? first->message : first->path + ": " + first->message;
    e.hint = first->hint;
    if (m_errors > 1) {
      e.why += " (and " + std::to_string(m_errors - 1) + " more)";
    }
  }
  return e;
}

void FaultList::append(const std::vector<base::FieldError>& faults, const std::string& prefix) {
  for (auto f : faults) {
    if (!prefix.empty()) {
      f.path = f.path.empty() ? prefix : prefix + (f.path.front() == '[' ? "" : ".") + f.path;
    }
    int& count = f.warning ? m_warnings : m_errors;
    if (++count <= (f.warning ? kMaxWarnings : kMaxErrors)) {
      m_list.push_back(std::move(f));
    }
  }
}

std::string_view jsonTypeName(const QJsonValue& v) {
  switch (v.type()) {
  case QJsonValue::Null:
    return "null";
  case QJsonValue::Bool:
    return "true or false";
  case QJsonValue::Double:
    return "a number";
  case QJsonValue::String:
    return "a string";
  case QJsonValue::Array:
    return "a list";
  case QJsonValue::Object:
    return "an object";
  case QJsonValue::Undefined:
    break;
  }
  return "nothing";
}

FieldReader::FieldReader(const QJsonObject& object, std::string path, FaultList& faults)
    : m_object(object), m_path(std::move(path)), m_faults(faults) {}

bool FieldReader::has(std::string_view key) const {
  const auto v = m_object.value(toQString(key));
  return !v.isUndefined() && !v.isNull();
}

std::string FieldReader::pathOf(std::string_view key) const {
  return joinPath(m_path, key);
}

QJsonValue FieldReader::take(std::string_view key) {
  m_known.emplace(key);
  const auto v = m_object.value(toQString(key));
  return v.isNull() ? QJsonValue(QJsonValue::Undefined) : v;
}

namespace {
std::string wrongType(const QJsonValue& v, std::string_view wanted) {
  return "is " + std::string(jsonTypeName(v)) + ", but " + std::string(wanted) + " is wanted";
}
} // namespace

std::optional<std::string> FieldReader::string(std::string_view key, size_t maxBytes) {
  const auto v = take(key);
  if (v.isUndefined()) {
    return std::nullopt;
  }
  if (!v.isString()) {
    m_faults.error(pathOf(key), wrongType(v, "a string"), v.isDouble() || v.isBool() ? "put it in quotes" : "");
    return std::nullopt;
  }
  auto text = v.toString().toStdString();
  if (text.size() > maxBytes) {
    m_faults.error(pathOf(key), "has " + std::to_string(text.size()) + " bytes, but at most " +
                                    std::to_string(maxBytes) + " are allowed");
    return std::nullopt;
  }
  return text;
}

std::optional<int64_t> FieldReader::integer(std::string_view key, int64_t min, int64_t max) {
  const auto v = take(key);
  if (v.isUndefined()) {
    return std::nullopt;
  }
  if (!v.isDouble()) {
    m_faults.error(pathOf(key), wrongType(v, "a whole number"));
    return std::nullopt;
  }
  const qint64 n = v.toInteger(0);
  if (n != v.toInteger(1)) { // Qt answers the default when it is not a whole number that fits
    const double d = v.toDouble();
    m_faults.error(pathOf(key), std::trunc(d) == d
                                    ? formatNumber(d) + " is outside " + std::to_string(min) + "…" + std::to_string(max)
                                    : formatNumber(d) + " is not a whole number");
    return std::nullopt;
  }
  if (n < min || n > max) {
    m_faults.error(pathOf(key), std::to_string(n) + " is outside " + std::to_string(min) + "…" + std::to_string(max));
    return std::nullopt;
  }
  return n;
}

std::optional<double> FieldReader::number(std::string_view key, double min, double max) {
  const auto v = take(key);
  if (v.isUndefined()) {
    return std::nullopt;
  }
  if (!v.isDouble()) {
    m_faults.error(pathOf(key), wrongType(v, "a number"));
    return std::nullopt;
  }
  const double d = v.toDouble();
  if (!(d >= min && d <= max)) { // also refuses not-a-number
    m_faults.error(pathOf(key), formatNumber(d) + " is outside " + formatNumber(min) + "…" + formatNumber(max));
    return std::nullopt;
  }
  return d;
}

std::optional<bool> FieldReader::boolean(std::string_view key) {
  const auto v = take(key);
  if (v.isUndefined()) {
    return std::nullopt;
  }
  if (!v.isBool()) {
    m_faults.error(pathOf(key), wrongType(v, "true or false"),
                   v.isString() ? "write true or false without quotes" : "");
    return std::nullopt;
  }
  return v.toBool();
}

std::optional<QJsonObject> FieldReader::object(std::string_view key) {
  const auto v = take(key);
  if (v.isUndefined()) {
    return std::nullopt;
  }
  if (!v.isObject()) {
    m_faults.error(pathOf(key), wrongType(v, "an object"));
    return std::nullopt;
  }
  return v.toObject();
}

std::optional<QJsonArray> FieldReader::array(std::string_view key, size_t maxItems) {
  const auto v = take(key);
  if (v.isUndefined()) {
    return std::nullopt;
  }
  if (!v.isArray()) {
    m_faults.error(pathOf(key), wrongType(v, "a list"));
    return std::nullopt;
  }
  auto list = v.toArray();
  if (size_t(list.size()) > maxItems) {
    m_faults.error(pathOf(key), "has " + std::to_string(list.size()) + " items, but at most " +
                                    std::to_string(maxItems) + " are allowed");
    return std::nullopt;
  }
  return list;
}

std::optional<std::vector<std::string>> FieldReader::strings(std::string_view key, size_t maxItems, size_t maxBytes) {
  const auto list = array(key, maxItems);
  if (!list) {
    return std::nullopt;
  }
  std::vector<std::string> out;
  bool good = true;
  for (qsizetype i = 0; i < list->size(); ++i) {
    const QJsonValue v = list->at(i);
    const std::string path = pathOf(key) + "[" + std::to_string(i) + "]";
    if (!v.isString()) {
      m_faults.error(path, wrongType(v, "a string"), v.isDouble() || v.isBool() ? "put it in quotes" : "");
      good = false;
      continue;
    }
    out.push_back(v.toString().toStdString());
    if (out.back().size() > maxBytes) {
      m_faults.error(path, "has " + std::to_string(out.back().size()) + " bytes, but at most " +
                               std::to_string(maxBytes) + " are allowed");
      good = false;
    }
  }
  if (!good) {
    return std::nullopt;
  }
  return out;
}

std::optional<std::map<std::string, std::string>> FieldReader::stringMap(std::string_view key, size_t maxItems,
                                                                         size_t maxBytes) {
  const auto map = object(key);
  if (!map) {
    return std::nullopt;
  }
  if (size_t(map->size()) > maxItems) {
    m_faults.error(pathOf(key), "has " + std::to_string(map->size()) + " entries, but at most " +
                                    std::to_string(maxItems) + " are allowed");
    return std::nullopt;
  }
  std::map<std::string, std::string> out;
  bool good = true;
  for (auto it = map->begin(); it != map->end(); ++it) {
    const auto name = it.key().toStdString();
    const QJsonValue v = it.value();
    const std::string path = joinPath(pathOf(key), name);
    if (!v.isString()) {
      m_faults.error(path, wrongType(v, "a string"), v.isDouble() || v.isBool() ? "put it in quotes" : "");
      good = false;
      continue;
    }
    auto text = v.toString().toStdString();
    if (text.size() > maxBytes || name.size() > maxBytes) {
      m_faults.error(path, "is longer than " + std::to_string(maxBytes) + " bytes");
      good = false;
      continue;
    }
    out.emplace(name, std::move(text));
  }
  if (!good) {
    return std::nullopt;
  }
  return out;
}

std::optional<size_t> FieldReader::word(std::string_view key, const std::vector<std::string_view>& known) {
  const auto text = string(key);
  if (!text) {
    return std::nullopt;
  }
  const auto it = std::find(known.begin(), known.end(), *text);
  if (it != known.end()) {
    return size_t(it - known.begin());
  }
  std::string all;
  for (const auto k : known) {
    all += (all.empty() ? "" : ", ") + std::string(k);
  }
  m_faults.error(pathOf(key), "\"" + shown(*text) + "\" is not one of " + all, didYouMean(*text, known));
  return std::nullopt;
}

std::optional<QJsonValue> FieldReader::any(std::string_view key) {
  const auto v = take(key);
  if (v.isUndefined()) {
    return std::nullopt;
  }
  return v;
}

void FieldReader::objects(std::string_view key, size_t maxItems,
                          const std::function<void(const QJsonObject&, const std::string&)>& each) {
  const auto list = array(key, maxItems);
  if (!list) {
    return;
  }
  for (qsizetype i = 0; i < list->size(); ++i) {
    const QJsonValue v = list->at(i);
    const std::string path = pathOf(key) + "[" + std::to_string(i) + "]";
    if (v.isObject()) {
      each(v.toObject(), path);
    } else {
      m_faults.error(path, wrongType(v, "an object"));
    }
  }
}

void FieldReader::require(std::string_view key, std::string_view hint) {
  m_known.emplace(key);
  if (!has(key)) {
    m_faults.error(pathOf(key), "is missing", std::string(hint));
  }
}

void FieldReader::finish() {
  for (auto it = m_object.begin(); it != m_object.end(); ++it) {
    const auto key = it.key().toStdString();
    if (!m_known.contains(key)) {
      m_faults.error(pathOf(key), "is not a known key", didYouMean(key, m_known));
    }
  }
}

} // namespace univrs::model
