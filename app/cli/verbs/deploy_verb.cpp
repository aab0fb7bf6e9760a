#include "app/cli/verb_set.h"
#include "app/cli/verbs/plan_text.h"
#include "app/cli/verbs/workload_flags.h"
#include "app/cli/wait.h"

namespace univrs::cli {

void addDeploy(CLI::App& app, VerbSet& verbs) {
  struct Flags {
    std::shared_ptr<WorkloadFlags> workload = std::make_shared<WorkloadFlags>();
    std::shared_ptr<WaitFlags> wait = std::make_shared<WaitFlags>();
    bool dryRun = false;
    bool createOnly = false;
  };
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb =
      verbs.add(app, "deploy", "run what a manifest or an image says", Names::Files, [flags](Session& session) {
        auto args = deployArgs(*flags->workload);
        if (!args) {
          return session.console().fail(args.error(), flags->workload->source);
        }
        if (flags->createOnly) {
          args->args.insert(QStringLiteral("create_only"), true);
        }
        const auto outcome = session.command("deploy", args->args, flags->dryRun);
        return flags->dryRun ? printPlan(session, outcome, args->file)
                             : finishCommand(session, outcome, *flags->wait, args->file);
      });
  addWorkloadFlags(verb, flags->workload);
  addWaitFlags(verb, flags->wait);
  verb->add_flag("--dry-run", flags->dryRun, "only show what would happen (as: univrs plan)");
  verb->add_flag("--create-only", flags->createOnly, "fail when a workload of that name is there already");
}

} // namespace univrs::cli
