#include "engine/node/stored_membership.h"

#include "engine/model/fields.h"
#include "engine/model/json_text.h"

#include <QJsonDocument>

#include <algorithm>

namespace univrs::node {

namespace {
constexpr size_t kMaxBytesText = 512 * 1024; // base64 of the longest list of revocations
constexpr size_t kMaxAddresses = 64;

base::Error corrupt(std::string why) {
  return base::makeError(base::ErrorCode::Corrupt, "the node's membership cannot be read", std::move(why),
                         "restore the state from a backup, or start with a new data folder and join anew");
}
} // namespace

base::Result<std::vector<p2p::AddrInfo>> joinedByPeer(const std::vector<std::string>& addresses) {
  std::vector<p2p::AddrInfo> out;
  for (const auto& text : addresses) {
    const auto address = p2p::Multiaddr::fromText(text);
    if (!address) {
      return address.error();
    }
    const auto peer = address->peer();
    const auto known =
        std::find_if(out.begin(), out.end(), [&](const p2p::AddrInfo& i) { return peer && i.peer == peer; });
    if (known != out.end()) {
      known->addresses.push_back(address->withoutPeer());
    } else {
      out.push_back({peer, {peer ? address->withoutPeer() : *address}});
    }
  }
  return out;
}

base::Result<std::optional<StoredMembership>> readStoredMembership(store::StateStore& store) {
  const auto entry = store.get(kMembershipKey);
  if (!entry) {
    return entry.error();
  }
  if (!*entry) {
    return std::optional<StoredMembership>();
  }
  QJsonParseError error;
  const auto document = QJsonDocument::fromJson(QByteArray::fromStdString((*entry)->value), &error);
  if (!document.isObject()) {
    return corrupt(error.errorString().toStdString());
  }
  const QJsonObject object = document.object();
  model::FaultList faults;
  model::FieldReader in(object, {}, faults);
  const auto authority = base::fromHex(in.string("authority").value_or(""));
  const auto certificate = base::fromBase64(in.string("certificate").value_or(""));
  const auto revocations = base::fromBase64(in.string("revocations", kMaxBytesText).value_or(""));
  const auto doors = joinedByPeer(in.strings("doors", kMaxAddresses).value_or(std::vector<std::string>()));
  StoredMembership out;
  if (faults.hasErrors() || !authority || authority->size() != out.authority.size() || !certificate || !revocations ||
      !doors) {
    return corrupt("its fields are not those of a membership");
  }
  std::copy(authority->begin(), authority->end(), out.authority.begin());
  out.certificate = *certificate;
  out.revocations = *revocations;
  out.doors = *doors;
  return std::optional(std::move(out));
}

base::Result<void> writeStoredMembership(store::StateStore& store, const StoredMembership& membership) {
  std::vector<std::string> doors;
  for (const auto& door : membership.doors) {
    for (const auto& address : door.addresses) {
      if (doors.size() < kMaxAddresses) {
        doors.push_back((door.peer ? address.withPeer(*door.peer) : address).text());
      }
    }
  }
  const QJsonObject object{{QStringLiteral("authority"), model::toQString(base::hex(membership.authority))},
                           {QStringLiteral("certificate"), model::toQString(base::base64(membership.certificate))},
                           {QStringLiteral("revocations"), model::toQString(base::base64(membership.revocations))},
                           {QStringLiteral("doors"), model::toJsonArray(doors)}};
  const auto r = store.put(kMembershipKey, QJsonDocument(object).toJson(QJsonDocument::Compact).toStdString());
  return r ? base::Result<void>() : base::Result<void>(r.error());
}

} // namespace univrs::node
