#include "app/cli/verb_set.h"
#include "app/cli/wait.h"

namespace univrs::cli {

void addUndo(CLI::App& app, VerbSet& verbs) {
  struct Flags {
    std::string workload;
    std::shared_ptr<WaitFlags> wait = std::make_shared<WaitFlags>();
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb =
      verbs.add(app, "undo", "take back a workload's last change", Names::Workloads, [flags](Session& session) {
        const auto outcome =
            session.command("undo", {{QStringLiteral("workload"), QString::fromStdString(flags->workload)}});
        return finishCommand(session, outcome, *flags->wait);
      });
  verb->add_option("workload", flags->workload, "the workload")->required();
  addWaitFlags(verb, flags->wait);
}

} // namespace univrs::cli
