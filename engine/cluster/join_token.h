// A join token: what a new node is given, out of band, to become a member. It names the cluster by its authority's key
// (so the joiner knows a false cluster), says where to ask, and holds a secret of which the authority keeps the record:
// role, end and number of uses are decided there, never by the text.
//
// The text is "univrs1." and base64url of CBOR [1, authority key, roles, expires ms, uses, id, secret, [addresses],
// first 4 bytes of the SHA-256 of what precedes]: the sum tells a text cut in pasting from a wrong one.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/cluster/cluster_id.h"
#include "engine/p2p/multiaddr.h"

#include <array>
#include <vector>

namespace univrs::cluster {

using TokenId = std::array<uint8_t, 8>;
using TokenSecret = std::array<uint8_t, 16>;

struct JoinToken {
  static constexpr size_t kMaxAddresses = 8;
  static constexpr size_t kMaxText = 4'096; // characters
  static constexpr std::string_view kPrefix = "univrs1.";

  p2p::PublicKey authority{};
  Roles roles = Roles(Role::Worker);
  base::Timestamp expires;
  uint32_t uses = 1; // for people; the authority counts
  TokenId id{};
  TokenSecret secret{};
  std::vector<p2p::Multiaddr> addresses; // with /p2p/ID of a node that admits
  bool operator==(const JoinToken&) const = default;

  [[nodiscard]] std::string text() const;
  // White space around it, as copying leaves it, does not matter. Error: Validation, saying what is wrong with it.
  static base::Result<JoinToken> fromText(std::string_view text);
};

} // namespace univrs::cluster
