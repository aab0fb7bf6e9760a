#include "app/cli/lists.h"
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"
#include "app/cli/verbs/member_verbs.h"
#include "app/cli/wait.h"

#include <QElapsedTimer>

namespace univrs::cli {

namespace {

constexpr base::Millis kRestartWait{60'000}; // without --timeout
constexpr base::Millis kRestartPoll{100};

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) {
    out += (out.empty() ? "" : ", ") + word;
  }
  return out;
}

std::string share(int64_t used, int64_t all, std::string (*format)(int64_t)) {
  return format(used) + " / " + format(all);
}

int detail(Session& session, const std::string& ref) {
  Console& console = session.console();
  const auto node =
      session.ask<model::Node>([&](interfaces::Engine& e, auto reply) { e.nodes().getNode(ref, std::move(reply)); });
  if (!node) {
    return console.fail(node.error());
  }
  if (!session.tables()) {
    printObject(console, session.format(), model::toJson(node.value()));
    return kOk;
  }
  const model::Node& n = node.value();
  std::string labels;
  for (const auto& [key, value] : n.labels) {
    labels += (labels.empty() ? "" : ", ") + key + "=" + value;
  }
  const auto limits = joined([&] {
    std::vector<std::string> words;
    for (const auto& [has, word] : {std::pair(n.engine.cpuLimits, "CPU"), std::pair(n.engine.memoryLimits, "memory"),
                                    std::pair(n.engine.pidsLimits, "processes")}) {
      if (has) {
        words.emplace_back(word);
      }
    }
    return words;
  }());
  console.line(paint(escapeControls(n.name), Tone::Strong, console.colour()) + "  " +
               paint(sign(n), toneOf(n), console.colour()) +
               (n.statusReason.empty() ? "" : ": " + escapeControls(n.statusReason)));
  const std::vector<std::pair<std::string, std::string>> rows{
      {"id", n.id.str()},
      {"address", n.address},
      {"roles", joined(n.roles)},
      {"labels", labels},
      {"engine", n.engine.product + (n.engine.socket.empty() ? "" : " at " + n.engine.socket)},
      {"platform", n.engine.os + "/" + n.engine.arch},
      {"limits enforced", limits.empty() ? "none" : limits},
      {"CPU", share(n.reserved.cpuMillicores, n.allocatable.cpuMillicores, model::formatCpu) + " reserved"},
      {"memory", share(n.reserved.memoryBytes, n.allocatable.memoryBytes, model::formatBytes) + " reserved"},
      {"version", n.version},
      {"up", age(n.startedAt, wallNow())}};
  for (const auto& [key, value] : rows) {
    console.line("  " + padToWidth(key, 16) + escapeControls(value));
  }
  return kOk;
}

int list(Session& session, const std::string& ref) {
  if (!ref.empty()) {
    return detail(session, ref);
  }
  Console& console = session.console();
  const auto nodes = listNodes(session, {});
  if (!nodes) {
    return console.fail(nodes.error());
  }
  if (!session.tables()) {
    QJsonArray items;
    for (const model::Node& n : nodes->items) {
      items.append(model::toJson(n));
    }
    printItems(console, session.format(), items, nodes->total);
    return kOk;
  }
  std::vector<Column> columns{{"NAME"},      {"STATE"},        {"ROLES", false, true},
                              {"CPU", true}, {"MEMORY", true}, {"ENGINE", false, true},
                              {"VERSION"},   {"UP", true}};
  if (session.wide()) {
    columns.insert(columns.end(), {{"ADDRESS"}, {"ID"}});
  }
  Table table(columns);
  for (const model::Node& n : nodes->items) {
    if (session.options().quiet) {
      console.line(escapeControls(n.name));
      continue;
    }
    std::vector<Cell> row{{n.name},
                          {sign(n), toneOf(n)},
                          {joined(n.roles)},
                          {share(n.reserved.cpuMillicores, n.allocatable.cpuMillicores, model::formatCpu)},
                          {share(n.reserved.memoryBytes, n.allocatable.memoryBytes, model::formatBytes)},
                          {n.engine.product},
                          {n.version},
                          {age(n.startedAt, wallNow())}};
    if (session.wide()) {
      row.insert(row.end(), {{n.address}, {n.id.str()}});
    }
    table.add(std::move(row));
  }
  if (!table.empty()) {
    console.out(table.text(console.width(), console.colour()));
  }
  return kOk;
}

// Asks the node until another start of it answers. What it was given to do meanwhile waits in its listening socket.
int waitForRestart(Session& session, base::Timestamp before) {
  Console& console = session.console();
  const auto end = session.options().timeout.value_or(kRestartWait);
  QElapsedTimer clock;
  clock.start();
  base::Error last;
  while (clock.elapsed() < end.count()) {
    const auto info = session.ask<interfaces::NodeInfo>(
        [](interfaces::Engine& e, auto reply) { e.admin().nodeInfo(std::move(reply)); });
    if (session.interrupted()) {
      return kInterrupted;
    }
    if (info && info->startedAt != before) {
      console.note(escapeControls(info->name) + " is back, version " + escapeControls(info->version) + " (" +
                   std::to_string(clock.elapsed()) + " ms)");
      return kOk;
    }
    if (!info) {
      last = info.error();
    }
    QEventLoop pause;
    if (session.run(pause, kRestartPoll) == Session::End::Interrupted) {
      return kInterrupted;
    }
  }
  return console.fail(base::makeError(base::ErrorCode::Timeout, "The node did not come back", last.text(),
                                      "Look at its log; start it again: univrs up --headless"));
}

int restart(Session& session, const std::string& ref, bool noWait) {
  Console& console = session.console();
  const auto before = session.ask<interfaces::NodeInfo>(
      [](interfaces::Engine& e, auto reply) { e.admin().nodeInfo(std::move(reply)); });
  if (!before) {
    return console.fail(before.error());
  }
  QJsonObject args;
  if (!ref.empty()) {
    args.insert(QStringLiteral("node"), QString::fromStdString(ref));
  }
  const auto outcome = session.command("restart_node", args);
  const int code = finishCommand(session, outcome, {false, true});
  return !outcome || noWait ? code : waitForRestart(session, before->startedAt);
}

} // namespace

void addNodes(CLI::App& app, VerbSet& verbs) {
  const auto ref = std::make_shared<std::string>();
  verbs
      .add(app, "nodes", "the cluster's nodes, or one of them", Names::Nodes,
           [ref](Session& session) { return list(session, *ref); })
      ->add_option("node", *ref, "id or name");
  CLI::App* node = verbs.add(app, "node", "change a node: cordon, uncordon, restart, remove", Names::None, {});
  node->require_subcommand(1);
  for (const auto& [name, help] :
       {std::pair("cordon", "give it no new instances"), std::pair("uncordon", "give it instances again")}) {
    const auto target = std::make_shared<std::string>();
    const std::string command = name;
    verbs
        .add(*node, name, help, Names::Nodes,
             [target, command](Session& session) {
               const auto outcome =
                   session.command(command, {{QStringLiteral("node"), QString::fromStdString(*target)}});
               return finishCommand(session, outcome, {false, true});
             })
        ->add_option("node", *target, "id or name")
        ->required();
  }
  const auto target = std::make_shared<std::string>();
  const auto noWait = std::make_shared<bool>(false);
  CLI::App* again = verbs.add(*node, "restart", "start its program anew in place; workloads and open ports stay",
                              Names::Nodes, [target, noWait](Session& s) { return restart(s, *target, *noWait); });
  again->add_option("node", *target, "id or name; without it the node that is asked");
  again->add_flag("--no-wait", *noWait, "return at once");
  const auto gone = std::make_shared<std::string>();
  verbs
      .add(*node, "remove", "take it out of the cluster: its certificate is void everywhere", Names::Nodes,
           [gone](Session& s) { return removeMember(s, *gone); })
      ->add_option("node", *gone, "its PeerId, the beginning of it, or the name it joined with")
      ->required();
}

} // namespace univrs::cli
