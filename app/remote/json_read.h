// Reading what a server answers: the error body, and the types that have no reader in interfaces.
#pragma once

#include "engine/interfaces/admin.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>

#include <string>

namespace univrs::remote {

//! The error of an HTTP answer with `status` (400…599) and its body; a body that is not ours still gives a fitting
//! error.
base::Error errorFromBody(int status, const QByteArray& body);
//! The error of a message {"error","code","details"?}.
base::Error errorFromJson(const QJsonObject& json, base::ErrorCode fallback = base::ErrorCode::Internal);
//! An answer that is not what the protocol says.
base::Error badAnswer(const std::string& why);

interfaces::AuditEntry auditEntryFromJson(const QJsonObject& json);
//! From the bodies of /healthz and /readyz.
interfaces::HealthReport healthFromJson(const QJsonObject& health, const QJsonObject& ready);

//! Reads {items,total,next,revision} with `read` for each item.
template <class T, class Read>
base::Result<interfaces::ItemPage<T>> pageFromJson(const QJsonObject& json, Read read) {
  interfaces::ItemPage<T> page;
  const QJsonValue items = json.value(QLatin1String("items"));
  if (!items.isArray()) {
    return badAnswer("a list without items");
  }
  const QJsonArray array = items.toArray();
  page.items.reserve(size_t(array.size()));
  for (const QJsonValue& item : array) {
    auto one = read(item.toObject());
    if (!one) {
      return one.error();
    }
    page.items.push_back(std::move(one).value());
  }
  page.total = json.value(QLatin1String("total")).toInteger(qint64(page.items.size()));
  page.next = json.value(QLatin1String("next")).toString().toStdString();
  page.revision = json.value(QLatin1String("revision")).toInteger();
  return page;
}

} // namespace univrs::remote
