#include "app/cli/completion.h"
#include "app/cli/lists.h"

namespace univrs::cli {

namespace {

constexpr base::Millis kPatience{800}; // a Tab must not hang on a node that does not answer
constexpr int kNamesShown = 200;

bool plain(const std::string& word) {
  return !word.empty() && word.find_first_of(" \t\r\n'\"$`\\;|&<>()") == std::string::npos;
}

std::vector<Completions::Item> namesOf(Session& session, Names kind) {
  std::vector<Completions::Item> out;
  interfaces::ListQuery query;
  query.limit = kNamesShown;
  const auto add = [&](const std::string& word, std::string help) {
    if (plain(word)) { // names from a node go into a shell
      out.push_back({word, std::move(help)});
    }
  };
  if (kind == Names::Nodes) {
    const auto nodes = session.ask<interfaces::ItemPage<model::Node>>(
        [&](interfaces::Engine& e, auto reply) { e.nodes().listNodes(query, std::move(reply)); });
    for (const model::Node& n : nodes ? nodes->items : std::vector<model::Node>()) {
      add(n.name, std::string(model::name(n.status)));
    }
    return out;
  }
  const auto workloads = session.ask<interfaces::ItemPage<model::Workload>>(
      [&](interfaces::Engine& e, auto reply) { e.workloads().listWorkloads(query, std::move(reply)); });
  for (const model::Workload& w : workloads ? workloads->items : std::vector<model::Workload>()) {
    add(w.spec.name, std::string(model::name(w.status.health)));
  }
  if (kind == Names::WorkloadsAndInstances && workloads) {
    const auto instances = session.ask<interfaces::ItemPage<model::Instance>>(
        [&](interfaces::Engine& e, auto reply) { e.workloads().listInstances(query, std::move(reply)); });
    for (const model::Instance& i : instances ? instances->items : std::vector<model::Instance>()) {
      add(i.id.str(), std::string(model::name(i.state)));
    }
  }
  return out;
}

} // namespace

void addCompletion(CLI::App& app, VerbSet& verbs) {
  const auto shell = std::make_shared<std::string>();
  verbs
      .add(app, "completion", "a script that completes verbs, flags and names: bash, zsh or fish", Names::Shells,
           [shell](Session& session) {
             session.console().out(completionScript(*shell));
             return int(kOk);
           })
      ->add_option("shell", *shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));

  const VerbSet* set = &verbs;
  verbs
      .add(app, "__complete", "asked by the completion scripts", Names::None,
           [set](Session& session) {
             session.setRequestTimeout(kPatience);
             const Completions found =
                 complete(*set->root, *set, set->tail, [&](Names kind) { return namesOf(session, kind); });
             std::string text;
             for (const Completions::Item& item : found.items) {
               text += item.word + "\t" + item.help + "\n";
             }
             session.console().out(text + (found.files ? ":files\n" : ""));
             return int(kOk);
           })
      ->group(""); // hidden
}

} // namespace univrs::cli
