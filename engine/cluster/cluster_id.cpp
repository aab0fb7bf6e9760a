#include "engine/cluster/cluster_id.h"

namespace univrs::cluster {

ClusterId clusterIdOf(const p2p::PublicKey& authority) {
  constexpr std::string_view kDomain = "univrs-cluster-1";
  base::Bytes input(kDomain.begin(), kDomain.end());
  input.insert(input.end(), authority.begin(), authority.end());
  const auto digest = base::sha256(input);
  return ClusterId("uc" + base::base58(std::span(digest).first(16)));
}

std::vector<std::string> roleNames(Roles roles) {
  std::vector<std::string> out;
  if (has(roles, Role::Control)) {
    out.emplace_back("control");
  }
  if (has(roles, Role::Worker)) {
    out.emplace_back("worker");
  }
  return out;
}

base::Result<Roles> rolesFromText(std::string_view text) {
  Roles roles = 0;
  std::string_view rest = text;
  while (true) {
    const size_t comma = rest.find(',');
    const std::string_view word = rest.substr(0, comma);
    if (word == "control") {
      roles |= Roles(Role::Control);
    } else if (word == "worker") {
      roles |= Roles(Role::Worker);
    } else {
      return base::makeError(base::ErrorCode::Validation, "\"" + std::string(word) + "\" is no role of a node", {},
                             "give worker, control or control,worker");
    }
    if (comma == std::string_view::npos) {
      return roles;
    }
    rest.remove_prefix(comma + 1);
  }
}

} // namespace univrs::cluster
