// The name of a cluster. It is derived from the key of the cluster's authority, so nobody else can claim it, and needs
// no registry: "uc" and the base58 of the first 16 bytes of a SHA-256 over the key.
#pragma once

#include "engine/base/result.h"
#include "engine/base/strong.h"
#include "engine/p2p/identity.h"

#include <string_view>
#include <vector>

namespace univrs::cluster {

struct ClusterTag;
using ClusterId = base::Id<ClusterTag>;
inline constexpr size_t kMaxClusterId = 32; // characters

ClusterId clusterIdOf(const p2p::PublicKey& authority);

// What a node does in its cluster (DESIGN 4). Bits, so that a certificate holds any set of them.
enum class Role : uint8_t { Control = 1, Worker = 2 };
using Roles = uint8_t;
inline constexpr Roles kAllRoles = 3;

inline bool has(Roles roles, Role role) {
  return (roles & uint8_t(role)) != 0;
}
// "control", "worker", in this order; what model::Node::roles holds.
std::vector<std::string> roleNames(Roles roles);
// Reads "worker", "control" or both with a comma between. Error: Validation.
base::Result<Roles> rolesFromText(std::string_view text);

} // namespace univrs::cluster
