// JSON of what crosses a wire between an interface's two implementations: deltas, log entries, pages, errors.
#pragma once

#include "engine/interfaces/events.h"
#include "engine/interfaces/logs.h"
#include "engine/interfaces/workloads.h"

#include <QJsonArray>
#include <QJsonObject>

namespace univrs::interfaces {

// {"kind":"put","topic":"workloads","revision":12,"id":"…","object":{…}}
QJsonObject toJson(const Delta& delta);
base::Result<Delta> deltaFromJson(const QJsonObject& json);
std::string_view name(Delta::Kind kind); // "snapshot_begin", "put", "remove", "snapshot_end", "heartbeat"

// {"instance_id","container","container_id","time","stream":"stdout","text"}; bytes that are not UTF-8 travel as
// {"text_base64"} instead of text.
QJsonObject toJson(const LogEntry& entry);
base::Result<LogEntry> logEntryFromJson(const QJsonObject& json);

// The body of an error answer: {"error": text, "code": "NOT_FOUND", "details": {what, why, hint, fields[]}}.
QJsonObject errorToJson(const base::Error& error);
// Reads such a body, of ours or of an older server that has only `error`; never fails: what is missing stays empty.
base::Error errorFromJson(const QJsonObject& json);
// {"path","message","hint","warning","line"}
QJsonObject toJson(const base::FieldError& fault);
base::FieldError fieldErrorFromJson(const QJsonObject& json);

// {items, count, total, next, revision}
template <class T>
QJsonObject pageToJson(const ItemPage<T>& page) {
  QJsonArray items;
  for (const T& item : page.items) {
    items.append(toJson(item));
  }
  return {{QStringLiteral("count"), items.size()},
          {QStringLiteral("items"), items},
          {QStringLiteral("total"), qint64(page.total)},
          {QStringLiteral("next"), QString::fromStdString(page.next)},
          {QStringLiteral("revision"), qint64(page.revision)}};
}

} // namespace univrs::interfaces
