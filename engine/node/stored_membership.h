// How a node's membership stands in its store: JSON under /node/membership. It is this node's own, not the cluster's
// state, and is not handed to another control node.
#pragma once

#include "engine/p2p/identity.h"
#include "engine/p2p/multiaddr.h"
#include "engine/store/state_store.h"

#include <optional>
#include <vector>

namespace univrs::node {

struct StoredMembership {
  p2p::PublicKey authority{};
  base::Bytes certificate;
  base::Bytes revocations;          // signed list; empty: none
  std::vector<p2p::AddrInfo> doors; // nodes that admit and renew
};

inline constexpr std::string_view kMembershipKey = "/node/membership";

// Nothing when the node never joined. Error: Corrupt, or the store's.
base::Result<std::optional<StoredMembership>> readStoredMembership(store::StateStore& store);
base::Result<void> writeStoredMembership(store::StateStore& store, const StoredMembership& membership);

// Addresses with /p2p/ID at their end, put together by node. Error: Validation.
base::Result<std::vector<p2p::AddrInfo>> joinedByPeer(const std::vector<std::string>& addresses);

} // namespace univrs::node
