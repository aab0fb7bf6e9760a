// The cluster from the command line: cluster, members, token create|list|revoke, node remove.
#include "app/cli/verbs/member_verbs.h"

#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"
#include "app/cli/wait.h"

#include <algorithm>
#include <utility>

namespace univrs::cli {

namespace {
using interfaces::ClusterInfo;
using interfaces::JoinTokenInfo;
using interfaces::Member;

QString q(const std::string& text) {
  return QString::fromStdString(text);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

template <class T>
int printAll(Session& session, const std::vector<T>& values) {
  QJsonArray items;
  for (const T& value : values) {
    items.append(interfaces::toJson(value));
  }
  printItems(session.console(), session.format(), items, items.size());
  return kOk;
}

int showCluster(Session& session) {
  Console& console = session.console();
  const auto info =
      session.ask<ClusterInfo>([](interfaces::Engine& e, auto reply) { e.membership().clusterInfo(std::move(reply)); });
  if (!info) {
    return console.fail(info.error());
  }
  if (!session.tables()) {
    printObject(console, session.format(), interfaces::toJson(*info));
    return kOk;
  }
  if (session.options().quiet) {
    console.line(info->id);
    return kOk;
  }
  if (info->state == interfaces::MembershipState::None) {
    console.line("This node is in no cluster. Found one: univrs token create. Join one: univrs up --join TOKEN");
    return kOk;
  }
  const auto row = [&](const std::string& key, const std::string& value) {
    console.line(padToWidth(key, 13) + escapeControls(value));
  };
  row("cluster", info->id);
  row("this node",
      std::string(interfaces::name(info->state)) + (info->roles.empty() ? std::string() : ", " + joined(info->roles)));
  if (!info->problem.empty()) {
    row("problem", info->problem);
  }
  if (info->certificateExpires.isSet()) {
    row("certificate", "until " + localTime(info->certificateExpires));
    row("members", std::to_string(info->members));
  }
  return kOk;
}

int listMembers(Session& session) {
  Console& console = session.console();
  const auto members = session.ask<std::vector<Member>>(
      [](interfaces::Engine& e, auto reply) { e.membership().listMembers(std::move(reply)); });
  if (!members) {
    return console.fail(members.error());
  }
  if (!session.tables()) {
    return printAll(session, *members);
  }
  if (members->empty()) {
    console.note("This node is in no cluster. Join one: univrs up --join TOKEN");
    return kOk;
  }
  Table table({{"NAME", false, true}, {"STATE"}, {"ROLES"}, {"JOINED", true}, {"PEER", false, true}});
  for (const Member& m : *members) {
    if (session.options().quiet) {
      console.line(escapeControls(m.peerId));
      continue;
    }
    const char* state = m.self ? "this node" : m.connected ? "connected" : "away";
    table.add({{m.name},
               {state, m.connected ? Tone::Good : Tone::Faint},
               {joined(m.roles)},
               {age(m.joinedAt, wallNow())},
               {m.peerId, Tone::Faint}});
  }
  if (!table.empty()) {
    console.out(table.text(console.width(), console.colour()));
  }
  return kOk;
}

struct NewToken {
  std::string role = "worker";
  int uses = 1;
  std::string ttl = "1h";
  std::string note;
};

int createToken(Session& session, const NewToken& wish) {
  Console& console = session.console();
  const auto life = parseDuration(wish.ttl);
  if (!life) {
    return console.fail(life.error());
  }
  const auto outcome = session.command("create_token", {{QStringLiteral("role"), q(wish.role)},
                                                        {QStringLiteral("uses"), wish.uses},
                                                        {QStringLiteral("ttl_seconds"), qint64(life->count() / 1'000)},
                                                        {QStringLiteral("note"), q(wish.note)}});
  if (!outcome) {
    return console.fail(outcome.error());
  }
  if (!session.tables()) {
    printObject(console, session.format(), interfaces::toJson(*outcome));
    return kOk;
  }
  // On standard output the token and nothing else: univrs up --join "$(univrs token create)".
  const QString text =
      outcome->objects.empty() ? QString() : outcome->objects.front().value(QStringLiteral("token")).toString();
  console.note(escapeControls(outcome->summary) + ". Whoever has it can join: univrs up --headless --join TOKEN");
  console.line(escapeControls(text.toStdString()));
  return kOk;
}

int listTokens(Session& session) {
  Console& console = session.console();
  const auto tokens = session.ask<std::vector<JoinTokenInfo>>(
      [](interfaces::Engine& e, auto reply) { e.membership().listTokens(std::move(reply)); });
  if (!tokens) {
    return console.fail(tokens.error());
  }
  if (!session.tables()) {
    return printAll(session, *tokens);
  }
  if (tokens->empty()) {
    console.note("There are no join tokens. Make one: univrs token create");
    return kOk;
  }
  Table table({{"TOKEN"}, {"STATE"}, {"ROLES"}, {"USED", true}, {"UNTIL"}, {"NOTE", false, true}});
  for (const JoinTokenInfo& t : *tokens) {
    if (session.options().quiet) {
      console.line(escapeControls(t.id));
      continue;
    }
    std::string state = t.state;
    std::replace(state.begin(), state.end(), '_', ' ');
    table.add({{t.id},
               {state, t.state == "valid" ? Tone::Good : Tone::Faint},
               {joined(t.roles)},
               {std::to_string(t.used) + (t.uses == 0 ? std::string() : " of " + std::to_string(t.uses))},
               {t.expiresAt.isSet() ? localTime(t.expiresAt) : std::string("it is revoked")},
               {t.note, Tone::Faint}});
  }
  if (!table.empty()) {
    console.out(table.text(console.width(), console.colour()));
  }
  return kOk;
}
} // namespace

int removeMember(Session& session, const std::string& ref) {
  return finishCommand(session, session.command("remove_member", {{QStringLiteral("node"), q(ref)}}), {false, true});
}

void addMembers(CLI::App& app, VerbSet& verbs) {
  verbs.add(app, "cluster", "the cluster this node is in, and its place in it", Names::None, showCluster);
  verbs.add(app, "members", "the cluster's members: all on the node that founded it, elsewhere the connected ones",
            Names::None, listMembers);
  CLI::App* token = verbs.add(app, "token", "who may join: create, list, revoke", Names::None, {});
  token->require_subcommand(1);
  const auto wish = std::make_shared<NewToken>();
  CLI::App* create = verbs.add(*token, "create", "make a join token; the first one founds a cluster", Names::None,
                               [wish](Session& s) { return createToken(s, *wish); });
  create->add_option("--role", wish->role, "what joining nodes become: worker, control, or control,worker")
      ->capture_default_str();
  create->add_option("--uses", wish->uses, "how many nodes may join with it")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  create->add_option("--ttl", wish->ttl, "how long it can be used, as 30m, 1h, 7d")->capture_default_str();
  create->add_option("--note", wish->note, "what it is for; shown in the list");
  verbs.add(*token, "list", "join tokens, newest first; never the secret text", Names::None, listTokens);
  const auto id = std::make_shared<std::string>();
  verbs
      .add(*token, "revoke", "let nobody else join with it; who did stays a member", Names::None,
           [id](Session& s) {
             return finishCommand(s, s.command("revoke_token", {{QStringLiteral("token"), q(*id)}}), {false, true});
           })
      ->add_option("token", *id, "its id, as the list shows it")
      ->required();
}

} // namespace univrs::cli
