// The cluster this node belongs to: its name, its members, and the tokens by which others join. Changed by the commands
// create_token, revoke_token and remove_member.
#pragma once

#include "engine/base/clock.h"
#include "engine/interfaces/reply.h"

#include <QJsonObject>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::interfaces {

// None: in no cluster (others may be met, nothing is shared). Joining: a token was given and not taken yet; `problem`
// says why. Removed: this node's membership was revoked.
enum class MembershipState { None, Joining, Member, Founder, Removed };
std::string_view name(MembershipState s); // "none", …
std::optional<MembershipState> membershipStateFromName(std::string_view text);

struct ClusterInfo {
  MembershipState state = MembershipState::None;
  std::string id;      // "uc…"; empty in no cluster
  std::string problem; // why it is joining still, or was refused; empty when all is well
  std::vector<std::string> roles;
  base::Timestamp certificateExpires; // this node's
  int64_t members = 0;                // the founder's: all; others': itself and those it is connected to
};
QJsonObject toJson(const ClusterInfo& info);
base::Result<ClusterInfo> clusterInfoFromJson(const QJsonObject& json);

struct Member {
  std::string peerId;
  std::string name; // as it called itself when it joined; known to the founder only
  std::vector<std::string> roles;
  base::Timestamp joinedAt; // known to the founder only
  base::Timestamp certificateExpires;
  bool connected = false;
  bool self = false;
};
QJsonObject toJson(const Member& member);
base::Result<Member> memberFromJson(const QJsonObject& json);

// The token itself is shown once, by create_token.
struct JoinTokenInfo {
  std::string id;
  std::string state; // "valid", "used_up", "expired", "revoked"
  std::vector<std::string> roles;
  base::Timestamp createdAt;
  base::Timestamp expiresAt; // not set: never
  int64_t uses = 0;          // 0: any number
  int64_t used = 0;
  std::string note;
};
QJsonObject toJson(const JoinTokenInfo& token);
base::Result<JoinTokenInfo> joinTokenInfoFromJson(const QJsonObject& json);

class Membership {
public:
  virtual ~Membership() = default;
  //! This node's cluster and its place in it.
  virtual void clusterInfo(Reply<ClusterInfo> reply) = 0;
  //! The founder answers all members, others those they are connected to and themselves; at most 1,000.
  virtual void listMembers(Reply<std::vector<Member>> reply) = 0;
  //! Newest first. Unavailable on a node that does not hold the cluster's key.
  virtual void listTokens(Reply<std::vector<JoinTokenInfo>> reply) = 0;
};

} // namespace univrs::interfaces
