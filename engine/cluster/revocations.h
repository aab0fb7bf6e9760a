// Who is no member any more: a list the cluster's authority signs, numbered, the higher number being the truth. Members
// tell each other theirs when they connect and pass a newer one on at once, so it reaches everybody who is connected to
// anybody, the authority being away or not.
#pragma once

#include "engine/base/clock.h"
#include "engine/cluster/cluster_id.h"
#include "engine/p2p/peer_id.h"

#include <map>

namespace univrs::cluster {

struct Certificate;

struct Revocations {
  static constexpr size_t kMaxEntries = 4'096;
  static constexpr size_t kMaxBytes = 256 * 1024; // of the signed document

  ClusterId cluster;
  uint64_t number = 0; // 0: nobody was ever revoked
  // Certificates of this peer issued at this time or before are void. One admitted anew gets a later one.
  std::map<p2p::PeerId, base::Timestamp> voidUntil;
  bool operator==(const Revocations&) const = default;

  [[nodiscard]] bool covers(const Certificate& certificate) const;
};

base::Bytes sealRevocations(const p2p::Identity& authority, const Revocations& list);
// Errors: BadRequest, Forbidden (another's signature, another cluster).
base::Result<Revocations> openRevocations(const p2p::PublicKey& authority, std::span<const uint8_t> document);

} // namespace univrs::cluster
