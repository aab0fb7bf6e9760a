#include "app/cli/table.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"
#include "app/cli/verbs/plan_text.h"

namespace univrs::cli {

namespace {

struct Flags {
  std::string id;
  std::string workload;
  std::string instance;
  int limit = 50;
};

int decisions(Session& session, const Flags& flags) {
  Console& console = session.console();
  if (!flags.id.empty()) {
    const auto one = session.ask<model::Decision>(
        [&](interfaces::Engine& e, auto reply) { e.decisions().getDecision(flags.id, std::move(reply)); });
    if (!one) {
      return console.fail(one.error());
    }
    if (session.tables()) {
      console.out(decisionText(one.value(), console.colour(), console.width()));
    } else {
      printObject(console, session.format(), model::toJson(one.value()));
    }
    return kOk;
  }
  const auto page = session.ask<interfaces::ItemPage<model::Decision>>([&](interfaces::Engine& e, auto reply) {
    e.decisions().listDecisions({flags.workload, flags.instance, {}, flags.limit}, std::move(reply));
  });
  if (!page) {
    return console.fail(page.error());
  }
  if (!session.tables()) {
    QJsonArray items;
    for (const model::Decision& d : page->items) {
      items.append(model::toJson(d));
    }
    printItems(console, session.format(), items, page->total);
    return kOk;
  }
  if (page->items.empty()) {
    console.note("No decisions yet: nothing was placed.");
    return kOk;
  }
  std::vector<Column> columns{{"TIME"}, {"WORKLOAD"}, {"INSTANCE"}, {"NODE"}, {"FIT", true}, {"SUMMARY", false, true}};
  if (session.wide()) {
    columns.insert(columns.end(), {{"TRIGGER"}, {"STRATEGY"}, {"ID"}});
  }
  Table table(columns);
  for (auto it = page->items.rbegin(); it != page->items.rend(); ++it) {
    std::vector<Cell> row{{localTime(it->time), Tone::Faint},
                          {it->workloadName},
                          {it->instanceId.str()},
                          it->chosen ? Cell{it->chosenName.empty() ? it->chosen->str() : it->chosenName}
                                     : Cell{"none", Tone::Warn},
                          {std::to_string(it->nodesFit) + "/" + std::to_string(it->nodesTotal)},
                          {it->summary}};
    if (session.wide()) {
      row.insert(row.end(), {{it->trigger}, {it->strategy}, {it->id}});
    }
    table.add(std::move(row));
  }
  console.out(table.text(console.width(), console.colour()));
  return kOk;
}

} // namespace

void addDecisions(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb = verbs.add(app, "decisions", "where instances were placed, the newest last", Names::None,
                             [flags](Session& session) { return decisions(session, *flags); });
  verb->add_option("decision", flags->id, "one decision with every node's reason");
  verb->add_option("--workload", flags->workload, "only of this workload");
  verb->add_option("--instance", flags->instance, "only of this instance");
  verb->add_option("-n,--limit", flags->limit, "how many")->check(CLI::Range(1, 1000));
}

} // namespace univrs::cli
