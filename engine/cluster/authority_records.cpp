#include "engine/cluster/authority_records.h"

#include "engine/model/fields.h"

#include <QJsonDocument>

#include <algorithm>

namespace univrs::cluster {

namespace {
constexpr int64_t kMaxTime = INT64_MAX / 2;

QString qs(std::string_view text) {
  return QString::fromUtf8(text.data(), qsizetype(text.size()));
}

std::string textOf(const QJsonObject& object) {
  return QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString();
}

base::Result<QJsonObject> objectOf(std::string_view key, std::string_view value) {
  QJsonParseError error;
  const auto document = QJsonDocument::fromJson(QByteArray(value.data(), qsizetype(value.size())), &error);
  if (!document.isObject()) {
    return corruptRecord(key, error.errorString().toStdString());
  }
  return document.object();
}
} // namespace

base::Error corruptRecord(std::string_view key, std::string why) {
  return base::makeError(base::ErrorCode::Corrupt, "the stored record " + std::string(key) + " cannot be read",
                         std::move(why), "restore the state from a backup");
}

std::string tokenToText(const TokenRecord& record, const TokenSecret& secret) {
  QJsonObject out;
  out[QStringLiteral("roles")] = record.roles;
  out[QStringLiteral("created_ms")] = qint64(record.created.ms);
  out[QStringLiteral("expires_ms")] = qint64(record.expires.ms);
  out[QStringLiteral("uses")] = qint64(record.uses);
  out[QStringLiteral("used")] = qint64(record.used);
  out[QStringLiteral("revoked")] = record.revoked;
  out[QStringLiteral("note")] = qs(record.note);
  out[QStringLiteral("secret")] = qs(base::hex(secret));
  return textOf(out);
}

base::Result<std::pair<TokenRecord, TokenSecret>> tokenFromText(std::string_view key, std::string_view value) {
  const auto object = objectOf(key, value);
  if (!object) {
    return object.error();
  }
  model::FaultList faults;
  model::FieldReader in(*object, {}, faults);
  std::pair<TokenRecord, TokenSecret> out;
  auto& record = out.first;
  record.id = std::string(key.substr(std::min(kTokenPrefix.size(), key.size())));
  record.roles = Roles(in.integer("roles", 0, kAllRoles).value_or(0));
  record.created.ms = in.integer("created_ms", 0, kMaxTime).value_or(0);
  record.expires.ms = in.integer("expires_ms", 0, kMaxTime).value_or(0);
  record.uses = uint32_t(in.integer("uses", 0, UINT32_MAX).value_or(0));
  record.used = uint32_t(in.integer("used", 0, UINT32_MAX).value_or(0));
  record.revoked = in.boolean("revoked").value_or(false);
  record.note = in.string("note").value_or("");
  const auto secret = base::fromHex(in.string("secret").value_or(""));
  if (faults.hasErrors() || !secret || secret->size() != out.second.size()) {
    return corruptRecord(key, "its fields are not those of a join token");
  }
  std::copy(secret->begin(), secret->end(), out.second.begin());
  return out;
}

std::string memberToText(const MemberRecord& record, std::span<const uint8_t> certificate) {
  QJsonObject out;
  out[QStringLiteral("name")] = qs(record.name);
  out[QStringLiteral("token")] = qs(record.token);
  out[QStringLiteral("joined_ms")] = qint64(record.joined.ms);
  out[QStringLiteral("certificate")] = qs(base::base64(certificate));
  return textOf(out);
}

base::Result<MemberRecord> memberFromText(std::string_view key, std::string_view value,
                                          const p2p::PublicKey& authority) {
  const auto object = objectOf(key, value);
  if (!object) {
    return object.error();
  }
  model::FaultList faults;
  model::FieldReader in(*object, {}, faults);
  MemberRecord out;
  out.name = in.string("name").value_or("");
  out.token = in.string("token").value_or("");
  out.joined.ms = in.integer("joined_ms", 0, kMaxTime).value_or(0);
  const auto bytes = base::fromBase64(in.string("certificate", 2 * kMaxCertificate).value_or(""));
  if (faults.hasErrors() || !bytes) {
    return corruptRecord(key, "its fields are not those of a member");
  }
  auto certificate = openCertificate(authority, *bytes);
  if (!certificate) {
    return corruptRecord(key, certificate.error().text());
  }
  out.certificate = std::move(*certificate);
  out.peer = out.certificate.peer;
  return out;
}

} // namespace univrs::cluster
