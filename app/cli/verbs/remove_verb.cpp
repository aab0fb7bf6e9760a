#include "app/cli/lists.h"
#include "app/cli/terminal.h"
#include "app/cli/text_width.h"
#include "app/cli/verb_set.h"
#include "app/cli/wait.h"

#include <iostream>

namespace univrs::cli {

namespace {

struct Flags {
  std::vector<std::string> workloads;
  bool yes = false;
  std::shared_ptr<WaitFlags> wait = std::make_shared<WaitFlags>();
};

int removeWorkloads(Session& session, const Flags& flags) {
  Console& console = session.console();
  int worst = kOk;
  std::vector<model::Workload> found;
  for (const std::string& ref : flags.workloads) {
    auto workload = getWorkload(session, ref);
    if (workload) {
      found.push_back(std::move(workload).value());
      continue;
    }
    const int code = console.fail(workload.error());
    worst = worst == kOk ? code : worst;
    if (session.interrupted() || code == kUnavailable) {
      return worst;
    }
  }
  if (!found.empty() && !flags.yes && isTerminal(0) && console.errIsTerminal()) {
    std::string names;
    int instances = 0;
    for (const model::Workload& w : found) {
      names += (names.empty() ? "" : ", ") + w.spec.name;
      instances += w.status.total;
    }
    console.err("Remove " + escapeControls(names) + " and stop " + std::to_string(instances) + " instances? [y/N] ");
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "y" && answer != "Y" && answer != "yes") {
      console.note("Nothing was removed.");
      return kFailed;
    }
  }
  std::vector<model::Workload> removed;
  for (const model::Workload& w : found) {
    const auto outcome = session.command("remove", {{QStringLiteral("workload"), QString::fromStdString(w.id.str())}});
    const int code = finishCommand(session, outcome, {false, true});
    worst = worst == kOk ? code : worst;
    if (outcome) {
      removed.push_back(w);
    }
  }
  if (!flags.wait->noWait) {
    const int code = waitGone(session, removed);
    worst = worst == kOk ? code : worst;
  }
  return worst;
}

} // namespace

void addRemove(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb = verbs.add(app, "rm", "stop workloads and remove them", Names::Workloads,
                             [flags](Session& session) { return removeWorkloads(session, *flags); });
  verb->add_option("workload", flags->workloads, "the workloads")->required();
  verb->add_flag("-y,--yes", flags->yes, "do not ask (asked on a terminal only)");
  addWaitFlags(verb, flags->wait);
}

} // namespace univrs::cli
