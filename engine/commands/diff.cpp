#include "engine/commands/diff.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonValue>

#include <algorithm>
#include <set>

namespace univrs::commands {

namespace {

std::string text(const QJsonValue& v) {
  if (v.isUndefined()) {
    return {};
  }
  // QJsonDocument holds only objects and arrays: wrap, print, unwrap.
  const QByteArray wrapped = QJsonDocument(QJsonArray{v}).toJson(QJsonDocument::Compact);
  return wrapped.mid(1, wrapped.size() - 2).toStdString();
}

void walk(const std::string& path, const QJsonValue& before, const QJsonValue& after,
          std::vector<interfaces::FieldChange>& out) {
  if (before == after || out.size() > kMaxChanges) {
    return;
  }
  if (before.isObject() && after.isObject()) {
    std::set<QString> keys;
    for (const auto& k : before.toObject().keys()) {
      keys.insert(k);
    }
    for (const auto& k : after.toObject().keys()) {
      keys.insert(k);
    }
    for (const auto& k : keys) {
      walk(path.empty() ? k.toStdString() : path + "." + k.toStdString(), before.toObject().value(k),
           after.toObject().value(k), out);
    }
    return;
  }
  if (before.isArray() && after.isArray()) {
    const auto b = before.toArray();
    const auto a = after.toArray();
    for (qsizetype i = 0; i < std::max(a.size(), b.size()); ++i) {
      walk(path + "[" + std::to_string(i) + "]", i < b.size() ? b.at(i) : QJsonValue(QJsonValue::Undefined),
           i < a.size() ? a.at(i) : QJsonValue(QJsonValue::Undefined), out);
    }
    return;
  }
  if (out.size() == kMaxChanges) {
    out.push_back({"…", {}, "more changes follow"});
    return;
  }
  out.push_back({path, text(before), text(after)});
}

} // namespace

std::vector<interfaces::FieldChange> diff(const QJsonObject& before, const QJsonObject& after) {
  std::vector<interfaces::FieldChange> out;
  walk({}, before, after, out);
  return out;
}

} // namespace univrs::commands
