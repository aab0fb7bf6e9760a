#include "app/cli/lists.h"
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/verb_set.h"
#include "app/cli/verbs/plan_text.h"

#include <set>

namespace univrs::cli {

namespace {

constexpr size_t kShownInFull = 8; // decisions of one workload explained node by node

base::Result<std::vector<model::Decision>> decisionsOf(Session& session, const std::string& workload,
                                                       const std::string& instance, int limit) {
  auto page = session.ask<interfaces::ItemPage<model::Decision>>([&](interfaces::Engine& e, auto reply) {
    e.decisions().listDecisions({workload, instance, {}, limit}, std::move(reply));
  });
  if (!page) {
    return page.error();
  }
  return std::move(page->items);
}

int why(Session& session, const std::string& ref) {
  Console& console = session.console();
  std::vector<model::Decision> chosen;
  std::string state; // what is known besides the decisions
  const auto workload = getWorkload(session, ref);
  if (workload) {
    auto all = decisionsOf(session, workload->id.str(), {}, 200);
    if (!all) {
      return console.fail(all.error());
    }
    std::set<std::string> seen; // the newest of each instance that still is
    const auto instances = listInstances(session, [&] {
      interfaces::ListQuery query;
      query.workload = workload->id.str();
      return query;
    }());
    std::set<std::string> alive;
    if (instances) {
      for (const model::Instance& i : instances->items) {
        if (!model::isFinal(i.state)) {
          alive.insert(i.id.str());
        }
      }
    }
    for (const model::Decision& d : all.value()) {
      const std::string id = d.instanceId.str();
      if ((alive.empty() || alive.count(id) > 0) && seen.insert(id).second && chosen.size() < kShownInFull) {
        chosen.push_back(d);
      }
    }
    state = workload->spec.name + " is " + std::string(model::name(workload->status.health)) +
            (workload->status.reason.empty() ? "" : ": " + workload->status.reason);
  } else if (workload.error().code == base::ErrorCode::NotFound) {
    auto one = decisionsOf(session, {}, ref, 1);
    if (!one && one.error().code != base::ErrorCode::NotFound) {
      return console.fail(one.error());
    }
    if (!one || one->empty()) {
      return console.fail(base::makeError(base::ErrorCode::NotFound, "Nothing is known of " + ref,
                                          "there is no workload and no placed instance of that name",
                                          "See: univrs ps -a"));
    }
    chosen = std::move(one).value();
    const auto instance = session.ask<model::Instance>(
        [&](interfaces::Engine& e, auto reply) { e.workloads().getInstance(ref, std::move(reply)); });
    if (instance) {
      state = ref + " is " + std::string(model::name(instance->state)) +
              (instance->message.empty() ? "" : ": " + instance->message);
    }
  } else {
    return console.fail(workload.error());
  }
  QJsonArray items;
  if (session.tables() && !state.empty()) {
    console.line(escapeControls(state));
  }
  for (const model::Decision& d : chosen) {
    // Lists come without the nodes.
    const auto full = session.ask<model::Decision>(
        [&](interfaces::Engine& e, auto reply) { e.decisions().getDecision(d.id, std::move(reply)); });
    const model::Decision& shown = full ? full.value() : d;
    if (session.tables()) {
      console.out("\n" + decisionText(shown, console.colour(), console.width()));
    } else {
      items.append(model::toJson(shown));
    }
  }
  if (!session.tables()) {
    printItems(console, session.format(), items, items.size());
  } else if (chosen.empty()) {
    console.note("No placement of it is on record.");
  }
  return kOk;
}

} // namespace

void addWhy(CLI::App& app, VerbSet& verbs) {
  const auto ref = std::make_shared<std::string>();
  verbs
      .add(app, "why", "why an instance, or a workload's instances, run where they do", Names::WorkloadsAndInstances,
           [ref](Session& session) { return why(session, *ref); })
      ->add_option("target", *ref, "instance or workload")
      ->required();
}

} // namespace univrs::cli
