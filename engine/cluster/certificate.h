// A membership certificate: the cluster's authority says that a node, named by its PeerId, is a member with certain
// roles for a certain time (DESIGN 4). Members show theirs to each other right after connecting; the connection itself
// proves the PeerId, so a copied certificate is worth nothing to anybody else.
#pragma once

#include "engine/base/clock.h"
#include "engine/cluster/cluster_id.h"
#include "engine/p2p/peer_id.h"

#include <optional>

namespace univrs::cluster {

inline constexpr size_t kMaxCertificate = 1'024; // bytes
// A certificate lasts this long and is renewed in its last third, so a node may be off for twenty days.
inline constexpr base::Millis kCertificateLife{int64_t(30) * 24 * 3'600 * 1'000};
// How far clocks of members may differ: a certificate from so little in the future is one of now.
inline constexpr base::Millis kClockSkew{int64_t(10) * 60 * 1'000};

struct Certificate {
  ClusterId cluster;
  p2p::PeerId peer;
  Roles roles = 0;
  std::optional<p2p::PublicKey> operatorKey; // whose node it is; nothing = the cluster's founder's
  base::Timestamp issued;
  base::Timestamp expires;
  uint64_t serial = 0; // grows with every certificate of the cluster
  bool operator==(const Certificate&) const = default;

  [[nodiscard]] bool dueForRenewal(base::Timestamp now) const { return now - issued >= kCertificateLife * 2 / 3; }
};

base::Bytes sealCertificate(const p2p::Identity& authority, const Certificate& certificate);
// Reads one and checks the signature and that it is of the authority's cluster; not the time (checkValid). Any input.
// Errors: BadRequest, Forbidden.
base::Result<Certificate> openCertificate(const p2p::PublicKey& authority, std::span<const uint8_t> document);
// Whether it is `peer`'s and holds now. Error: Forbidden, saying which.
base::Result<void> checkValid(const Certificate& certificate, const p2p::PeerId& peer, base::Timestamp now);

} // namespace univrs::cluster
