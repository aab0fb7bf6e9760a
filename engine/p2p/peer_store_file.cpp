// The peer store on disk.
#include "engine/p2p/peer_store.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::p2p {

namespace {

constexpr qint64 kMaxFileBytes = 64LL << 20;
constexpr int kVersion = 1;
constexpr std::array<std::pair<AddrSource, const char*>, 7> kSources{{{AddrSource::Gossip, "gossip"},
                                                                      {AddrSource::Mdns, "mdns"},
                                                                      {AddrSource::Kad, "kad"},
                                                                      {AddrSource::Identify, "identify"},
                                                                      {AddrSource::SignedRecord, "signed_record"},
                                                                      {AddrSource::Operator, "operator"},
                                                                      {AddrSource::Connected, "connected"}}};

QString sourceName(AddrSource source) {
  for (const auto& [value, name] : kSources) {
    if (value == source) {
      return QString::fromLatin1(name);
    }
  }
  return {};
}

std::optional<AddrSource> sourceOf(const QString& text) {
  for (const auto& [value, name] : kSources) {
    if (text == QLatin1String(name)) {
      return value;
    }
  }
  return std::nullopt;
}

// Times of the file never lie in the future, whatever the clock was when it was written.
base::Timestamp timeOf(const QJsonValue& value, base::Timestamp now) {
  const double ms = value.toDouble();
  return ms > 0 && ms < double(now.ms) ? base::Timestamp{int64_t(ms)} : base::Timestamp{ms > 0 ? now.ms : 0};
}

base::Error damaged(const std::string& file, const std::string& why) {
  return base::makeError(base::ErrorCode::Corrupt, "the addresses of known peers could not be read", file + ": " + why,
                         "Move the file away; peers are found again through those given with --connect");
}

std::optional<KnownAddress> readAddress(const QJsonObject& json, base::Timestamp now) {
  auto address = Multiaddr::fromText(json[QStringLiteral("address")].toString().toStdString());
  const auto source = sourceOf(json[QStringLiteral("source")].toString());
  if (!address || !source) {
    return std::nullopt;
  }
  KnownAddress known;
  known.address = address->withoutPeer();
  known.source = *source;
  known.learnt = timeOf(json[QStringLiteral("learnt_ms")], now);
  known.worked = timeOf(json[QStringLiteral("worked_ms")], now);
  if (known.address.empty()) {
    return std::nullopt;
  }
  return known;
}

} // namespace

base::Result<void> PeerStore::load(const std::string& file, base::Timestamp now) {
  QFile in(QString::fromStdString(file));
  if (!in.exists()) {
    return {};
  }
  if (!in.open(QIODevice::ReadOnly)) {
    return base::makeError(base::ErrorCode::Unavailable, "the addresses of known peers could not be read",
                           file + ": " + in.errorString().toStdString(), "Check who owns the file");
  }
  if (in.size() > kMaxFileBytes) {
    return damaged(file, "it is too large");
  }
  QJsonParseError fault;
  const QJsonDocument document = QJsonDocument::fromJson(in.readAll(), &fault);
  if (fault.error != QJsonParseError::NoError) {
    return damaged(file, fault.errorString().toStdString());
  }
  const QJsonObject root = document.object();
  if (root[QStringLiteral("version")].toInt() != kVersion || !root[QStringLiteral("peers")].isArray()) {
    return damaged(file, "it is not of a version that is understood");
  }
  // All of it is read before any of it is taken.
  std::vector<std::pair<PeerId, Entry>> read;
  for (const QJsonValue& value : root[QStringLiteral("peers")].toArray()) {
    const QJsonObject json = value.toObject();
    auto peer = PeerId::fromText(json[QStringLiteral("id")].toString().toStdString());
    if (!peer) {
      return damaged(file, peer.error().text());
    }
    Entry known;
    known.touched = timeOf(json[QStringLiteral("seen_ms")], now);
    for (const QJsonValue& item : json[QStringLiteral("addresses")].toArray()) {
      auto address = readAddress(item.toObject(), now);
      if (!address) {
        return damaged(file, "an address of " + peer->text() + " is none");
      }
      if (known.addresses.size() < kMaxAddressesPerPeer) {
        known.addresses.push_back(std::move(*address));
      }
    }
    if (read.size() < kMaxPeers) {
      read.emplace_back(std::move(*peer), std::move(known));
    }
  }
  for (auto& [peer, known] : read) {
    Entry* to = entry(peer, known.touched);
    if (to == nullptr) {
      break;
    }
    for (const KnownAddress& address : known.addresses) {
      if (KnownAddress* at = place(*to, address.address, address.source, address.learnt)) {
        at->worked = std::max(at->worked, address.worked);
      }
    }
  }
  expire(now);
  return {};
}

base::Bytes PeerStore::encoded() const {
  QJsonArray peers;
  for (const PeerId& peer : this->peers()) {
    const Entry& known = m_peers.at(peer);
    QJsonArray addresses;
    for (const KnownAddress& a : known.addresses) {
      if (!a.worked.isSet() && a.source != AddrSource::Operator) {
        continue;
      }
      addresses.append(QJsonObject{{QStringLiteral("address"), QString::fromStdString(a.address.text())},
                                   {QStringLiteral("source"), sourceName(a.source)},
                                   {QStringLiteral("learnt_ms"), qint64(a.learnt.ms)},
                                   {QStringLiteral("worked_ms"), qint64(a.worked.ms)}});
    }
    if (!addresses.isEmpty()) {
      peers.append(QJsonObject{{QStringLiteral("id"), QString::fromStdString(peer.text())},
                               {QStringLiteral("seen_ms"), qint64(known.touched.ms)},
                               {QStringLiteral("addresses"), addresses}});
    }
  }
  const QByteArray json =
      QJsonDocument(QJsonObject{{QStringLiteral("version"), kVersion}, {QStringLiteral("peers"), peers}})
          .toJson(QJsonDocument::Compact);
  return {json.begin(), json.end()};
}

base::Result<void> PeerStore::write(const std::string& file, const base::Bytes& encoded) {
  // QSaveFile writes a temporary file beside it, syncs it and renames it into place.
  QSaveFile out(QString::fromStdString(file));
  out.setDirectWriteFallback(false);
  const auto failed = [&] {
    return base::makeError(base::ErrorCode::Unavailable, "the addresses of known peers were not written",
                           file + ": " + out.errorString().toStdString(),
                           "Check free space and rights of the data folder");
  };
  if (!out.open(QIODevice::WriteOnly)) {
    return failed();
  }
  out.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
  if (out.write(reinterpret_cast<const char*>(encoded.data()), qint64(encoded.size())) != qint64(encoded.size()) ||
      !out.commit()) {
    return failed();
  }
  return {};
}

base::Result<void> PeerStore::save(const std::string& file) const {
  return write(file, encoded());
}

} // namespace univrs::p2p
