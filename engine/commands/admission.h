// What the commands about members ask for: making and revoking join tokens, removing members. The node implements it
// with its cluster's authority, which it founds when the first token is made.
#pragma once

#include "engine/interfaces/membership.h"

#include <string>

namespace univrs::commands {

class Admission : public interfaces::Membership {
public:
  struct Wish {
    std::string roles = "worker"; // "worker", "control" or both with a comma between
    int64_t uses = 1;
    int64_t ttlSeconds = 3'600;
    std::string note;
  };
  struct Made {
    std::string text; // the token; whoever has it can join
    interfaces::JoinTokenInfo info;
  };
  // Whether this node may make tokens and remove members, and if the wish can be fulfilled. Nothing is changed.
  [[nodiscard]] virtual base::Result<void> checkToken(const Wish& wish) const = 0;
  virtual base::Result<Made> createToken(const Wish& wish) = 0;
  [[nodiscard]] virtual base::Result<interfaces::JoinTokenInfo> findToken(const std::string& id) = 0;
  virtual base::Result<void> revokeToken(const std::string& id) = 0;
  // By PeerId, the beginning of one (at least 8 characters) or the name it joined with, when only one has it.
  [[nodiscard]] virtual base::Result<interfaces::Member> findMember(const std::string& ref) = 0;
  virtual base::Result<void> removeMember(const std::string& peerId) = 0;
};

} // namespace univrs::commands
