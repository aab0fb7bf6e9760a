#include "engine/manifest/manifest.h"
#include "engine/model/json_text.h"

#include <QJsonArray>
#include <QLocale>

#include <algorithm>
#include <array>
#include <cstdio>

namespace univrs::manifest {

namespace {

constexpr int kMaxDepth = 64;

// What a reader looks for first comes first; the rest follows by the alphabet.
constexpr std::array<std::string_view, 10> kFirst{"id",  "name", "image",          "replicas",  "labels",
                                                  "key", "type", "container_port", "host_port", "operator"};

int rank(const QString& key) {
  const auto text = key.toStdString();
  const auto it = std::find(kFirst.begin(), kFirst.end(), text);
  if (it != kFirst.end()) {
    return int(it - kFirst.begin());
  }
  return text == "containers" ? 1000 : text == "status" ? 1001 : 100; // the long ones last
}

// Words that YAML (1.1 or 1.2) might read as something else than a string are quoted, and so is all that has signs.
std::string quoted(const QString& value) {
  const std::string s = value.toStdString();
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/'; };
  const auto plain = [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == ':';
  };
  static constexpr std::array<std::string_view, 11> special{"true", "false", "null", "yes", "no", "on",
                                                            "off",  "y",     "n",    "nan", "inf"};
  std::string lower = s;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  if (!s.empty() && letter(s.front()) && s.back() != ':' && std::all_of(s.begin(), s.end(), plain) &&
      std::find(special.begin(), special.end(), lower) == special.end()) {
    return s;
  }
  std::string out = "\"";
  for (const uint ucs : value.toUcs4()) {
    const auto c = char32_t(ucs);
    char escape[16];
    if (c == '"' || c == '\\') {
      out += '\\';
      out += char(c);
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0)) {
      std::snprintf(escape, sizeof escape, "\\x%02x", unsigned(c));
      out += escape;
    } else if (c == 0x2028 || c == 0x2029 || c == 0xfeff || c == 0xfffe || c == 0xffff) {
      std::snprintf(escape, sizeof escape, "\\u%04x", unsigned(c));
      out += escape;
    } else {
      out += QString::fromUcs4(&c, 1).toStdString();
    }
  }
  return out + '"';
}

std::string scalar(const QJsonValue& v) {
  switch (v.type()) {
  case QJsonValue::Bool:
    return v.toBool() ? "true" : "false";
  case QJsonValue::Double: {
    const qint64 n = v.toInteger(0);
    return n == v.toInteger(1) ? std::to_string(n)
                               : QString::number(v.toDouble(), 'g', QLocale::FloatingPointShortest).toStdString();
  }
  case QJsonValue::String:
    return quoted(v.toString());
  default:
    return "null";
  }
}

void write(std::string& out, const QJsonValue& v, int indent, bool afterDash, int depth);

bool isBlock(const QJsonValue& v) {
  return (v.isObject() && !v.toObject().isEmpty()) || (v.isArray() && !v.toArray().isEmpty());
}

void writeInline(std::string& out, const QJsonValue& v) {
  out += v.isObject() ? "{}" : v.isArray() ? "[]" : scalar(v);
}

void writeObject(std::string& out, const QJsonObject& o, int indent, bool afterDash, int depth) {
  QStringList keys = o.keys();
  std::stable_sort(keys.begin(), keys.end(), [](const QString& a, const QString& b) { return rank(a) < rank(b); });
  bool first = afterDash;
  for (const auto& key : keys) {
    out += first ? std::string() : std::string(size_t(indent), ' ');
    first = false;
    out += quoted(key) + ":";
    const QJsonValue v = o.value(key);
    if (isBlock(v)) {
      out += "\n";
      write(out, v, indent + 2, false, depth + 1);
    } else {
      out += " ";
      writeInline(out, v);
      out += "\n";
    }
  }
}

void write(std::string& out, const QJsonValue& v, int indent, bool afterDash, int depth) {
  if (depth > kMaxDepth) {
    out += std::string(size_t(indent), ' ') + "null\n";
    return;
  }
  if (v.isObject()) {
    writeObject(out, v.toObject(), indent, afterDash, depth);
    return;
  }
  const QJsonArray list = v.toArray();
  bool first = afterDash;
  for (const QJsonValue& item : list) {
    out += (first ? std::string() : std::string(size_t(indent), ' ')) + "- ";
    first = false;
    if (isBlock(item)) {
      write(out, item, indent + 2, true, depth + 1);
    } else {
      writeInline(out, item);
      out += "\n";
    }
  }
}

} // namespace

std::string toYaml(const QJsonObject& json) {
  if (json.isEmpty()) {
    return "{}\n";
  }
  std::string out;
  write(out, json, 0, false, 0);
  return out;
}

std::string toYaml(const model::WorkloadSpec& spec) {
  return toYaml(model::toJson(spec));
}

} // namespace univrs::manifest
