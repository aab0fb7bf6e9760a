// create_token, revoke_token, remove_member: who may become a member of the cluster, and who is one no more.
#include "engine/commands/admission.h"
#include "engine/commands/prepare.h"

#include <utility>

namespace univrs::commands {

namespace {
constexpr int64_t kMaxUses = 10'000;
constexpr int64_t kMaxTtlSeconds = int64_t(365) * 24 * 3'600;

base::Error noCluster(const char* what) {
  return base::makeError(base::ErrorCode::Unavailable, what, "this node speaks to no others",
                         "its network is switched off");
}

model::Event memberEvent(const char* type, const std::string& id, const std::string& name, std::string message) {
  model::Event event;
  event.type = type;
  event.objectKind = "cluster";
  event.objectId = id;
  event.objectName = name;
  event.message = std::move(message);
  return event;
}
} // namespace

base::Result<Prepared> prepareCreateToken(const QJsonObject& args, const Context& context) {
  constexpr const char* kNot = "no join token was made";
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  Admission::Wish wish;
  wish.roles = fields.string("role", 64).value_or(wish.roles);
  wish.uses = fields.integer("uses", 1, kMaxUses).value_or(wish.uses);
  wish.ttlSeconds = fields.integer("ttl_seconds", 1, kMaxTtlSeconds).value_or(wish.ttlSeconds);
  wish.note = fields.string("note", 200).value_or("");
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError(kNot);
  }
  Admission* admission = context.admission;
  if (admission == nullptr) {
    return noCluster(kNot);
  }
  if (auto r = admission->checkToken(wish); !r) {
    return r.error();
  }
  Prepared out;
  const std::string times = wish.uses == 1 ? "one node" : std::to_string(wish.uses) + " nodes";
  const std::string detail =
      times + " may join as " + wish.roles + " within " + base::humanDuration(base::Millis(wish.ttlSeconds * 1'000));
  out.steps.push_back({"create", "join token", detail});
  out.summary = "join token made: " + detail;
  out.act = [admission, wish]() -> base::Result<std::vector<QJsonObject>> {
    const auto made = admission->createToken(wish);
    if (!made) {
      return made.error();
    }
    QJsonObject object = interfaces::toJson(made->info);
    object[QStringLiteral("token")] = qs(made->text);
    return std::vector<QJsonObject>{object};
  };
  out.events.push_back(memberEvent("join_token_created", "", "", out.summary));
  return out;
}

base::Result<Prepared> prepareRevokeToken(const QJsonObject& args, const Context& context) {
  constexpr const char* kNot = "no join token was revoked";
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  fields.require("token", "its id");
  const auto id = fields.string("token", 64);
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError(kNot);
  }
  Admission* admission = context.admission;
  if (admission == nullptr) {
    return noCluster(kNot);
  }
  const auto token = admission->findToken(*id);
  if (!token) {
    return token.error();
  }
  Prepared out;
  if (token->state == "revoked") {
    out.steps.push_back({"no_change", "join token " + *id, "it is revoked already"});
    out.summary = "join token " + *id + " is revoked already";
    return out;
  }
  out.steps.push_back({"remove", "join token " + *id, "nobody can join with it any more; who did stays a member"});
  out.summary = "join token " + *id + " is revoked";
  out.act = [admission, id = *id]() -> base::Result<std::vector<QJsonObject>> {
    if (auto r = admission->revokeToken(id); !r) {
      return r.error();
    }
    return std::vector<QJsonObject>{};
  };
  out.events.push_back(memberEvent("join_token_revoked", *id, "", out.summary));
  return out;
}

base::Result<Prepared> prepareRemoveMember(const QJsonObject& args, const Context& context) {
  constexpr const char* kNot = "no member was removed";
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  fields.require("node", "its PeerId, the beginning of it, or the name it joined with");
  const auto ref = fields.string("node", 256);
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError(kNot);
  }
  Admission* admission = context.admission;
  if (admission == nullptr) {
    return noCluster(kNot);
  }
  const auto member = admission->findMember(*ref);
  if (!member) {
    return member.error();
  }
  const std::string who = member->name.empty() ? member->peerId : member->name;
  if (member->self) {
    return base::makeError(base::ErrorCode::Conflict, who + " was not removed",
                           "it holds the cluster's key, and no cluster is without it");
  }
  Prepared out;
  out.steps.push_back(
      {"remove", "member " + who, "its certificate is void everywhere; it can join again with a token"});
  out.summary = who + " is no member of the cluster any more";
  out.act = [admission, id = member->peerId]() -> base::Result<std::vector<QJsonObject>> {
    if (auto r = admission->removeMember(id); !r) {
      return r.error();
    }
    return std::vector<QJsonObject>{};
  };
  out.events.push_back(memberEvent("member_removed", member->peerId, member->name, out.summary));
  return out;
}

} // namespace univrs::commands
