#include "engine/interfaces/membership.h"
#include "engine/model/fields.h"
#include "engine/model/json_text.h"
#include "engine/model/workload_read.h"

#include <array>
#include <utility>

namespace univrs::interfaces {

using model::timeValue;
using model::toJsonArray;
using model::toQString;

namespace {
constexpr int64_t kMax = INT64_C(9'000'000'000'000'000'000);
constexpr size_t kMaxRoles = 16;
constexpr std::array<std::pair<MembershipState, std::string_view>, 5> kStates{{{MembershipState::None, "none"},
                                                                               {MembershipState::Joining, "joining"},
                                                                               {MembershipState::Member, "member"},
                                                                               {MembershipState::Founder, "founder"},
                                                                               {MembershipState::Removed, "removed"}}};

std::vector<std::string> rolesOf(model::FieldReader& r) {
  return r.strings("roles", kMaxRoles).value_or(std::vector<std::string>());
}
} // namespace

std::string_view name(MembershipState s) {
  return kStates[size_t(s)].second;
}

std::optional<MembershipState> membershipStateFromName(std::string_view text) {
  for (const auto& [state, word] : kStates) {
    if (word == text) {
      return state;
    }
  }
  return std::nullopt;
}

QJsonObject toJson(const ClusterInfo& i) {
  return {{QStringLiteral("state"), toQString(name(i.state))},
          {QStringLiteral("id"), toQString(i.id)},
          {QStringLiteral("problem"), toQString(i.problem)},
          {QStringLiteral("roles"), toJsonArray(i.roles)},
          {QStringLiteral("certificate_expires"), timeValue(i.certificateExpires)},
          {QStringLiteral("members"), qint64(i.members)}};
}

base::Result<ClusterInfo> clusterInfoFromJson(const QJsonObject& json) {
  model::FaultList faults;
  model::FieldReader r(json, {}, faults);
  ClusterInfo i;
  r.require("state");
  const auto state = membershipStateFromName(r.string("state").value_or(""));
  i.state = state.value_or(MembershipState::None);
  i.id = r.string("id").value_or("");
  i.problem = r.string("problem").value_or("");
  i.roles = rolesOf(r);
  i.certificateExpires = model::readTime(r, "certificate_expires");
  i.members = r.integer("members", 0, kMax).value_or(0);
  return faults.hasErrors() ? base::Result<ClusterInfo>(faults.toError("the cluster was not understood"))
                            : base::Result<ClusterInfo>(std::move(i));
}

QJsonObject toJson(const Member& m) {
  return {{QStringLiteral("peer_id"), toQString(m.peerId)},
          {QStringLiteral("name"), toQString(m.name)},
          {QStringLiteral("roles"), toJsonArray(m.roles)},
          {QStringLiteral("joined_at"), timeValue(m.joinedAt)},
          {QStringLiteral("certificate_expires"), timeValue(m.certificateExpires)},
          {QStringLiteral("connected"), m.connected},
          {QStringLiteral("self"), m.self}};
}

base::Result<Member> memberFromJson(const QJsonObject& json) {
  model::FaultList faults;
  model::FieldReader r(json, {}, faults);
  Member m;
  r.require("peer_id");
  m.peerId = r.string("peer_id").value_or("");
  m.name = r.string("name").value_or("");
  m.roles = rolesOf(r);
  m.joinedAt = model::readTime(r, "joined_at");
  m.certificateExpires = model::readTime(r, "certificate_expires");
  m.connected = r.boolean("connected").value_or(false);
  m.self = r.boolean("self").value_or(false);
  return faults.hasErrors() ? base::Result<Member>(faults.toError("a member was not understood"))
                            : base::Result<Member>(std::move(m));
}

QJsonObject toJson(const JoinTokenInfo& t) {
  return {{QStringLiteral("id"), toQString(t.id)},
          {QStringLiteral("state"), toQString(t.state)},
          {QStringLiteral("roles"), toJsonArray(t.roles)},
          {QStringLiteral("created_at"), timeValue(t.createdAt)},
          {QStringLiteral("expires_at"), timeValue(t.expiresAt)},
          {QStringLiteral("uses"), qint64(t.uses)},
          {QStringLiteral("used"), qint64(t.used)},
          {QStringLiteral("note"), toQString(t.note)}};
}

base::Result<JoinTokenInfo> joinTokenInfoFromJson(const QJsonObject& json) {
  model::FaultList faults;
  model::FieldReader r(json, {}, faults);
  JoinTokenInfo t;
  r.require("id");
  t.id = r.string("id").value_or("");
  t.state = r.string("state").value_or("");
  t.roles = rolesOf(r);
  t.createdAt = model::readTime(r, "created_at");
  t.expiresAt = model::readTime(r, "expires_at");
  t.uses = r.integer("uses", 0, kMax).value_or(0);
  t.used = r.integer("used", 0, kMax).value_or(0);
  t.note = r.string("note").value_or("");
  return faults.hasErrors() ? base::Result<JoinTokenInfo>(faults.toError("a join token was not understood"))
                            : base::Result<JoinTokenInfo>(std::move(t));
}

} // namespace univrs::interfaces
