#include "app/cli/lists.h"
#include "app/cli/verb_set.h"
#include "app/cli/verbs/plan_text.h"
#include "app/cli/verbs/workload_flags.h"
#include "app/cli/wait.h"
#include "engine/base/limits.h"
#include "engine/manifest/manifest.h"

#include <algorithm>

namespace univrs::cli {

namespace {

struct Flags {
  std::string workload;
  std::string image;
  std::string container;
  std::string file;
  std::string cpu;
  std::string memory;
  int replicas = -1;
  std::vector<std::string> env;    // KEY=VALUE; KEY- takes it away
  std::vector<std::string> labels; // as env
  bool dryRun = false;
  std::shared_ptr<WaitFlags> wait = std::make_shared<WaitFlags>();
};

base::Result<void> changeMap(const std::vector<std::string>& words, bool environment,
                             std::map<std::string, std::string>& map) {
  for (const std::string& word : words) {
    if (word.size() > 1 && word.back() == '-' && word.find('=') == std::string::npos) {
      map.erase(word.substr(0, word.size() - 1));
      continue;
    }
    auto pair = parsePair(word, environment);
    if (!pair) {
      return pair.error();
    }
    map[pair->first] = pair->second;
  }
  return {};
}

// The keys of the spec that the flags change, as the command's patch.
base::Result<QJsonObject> patchOf(const Flags& flags, const model::Workload& workload) {
  model::WorkloadSpec spec = workload.spec;
  auto container = spec.containers.begin();
  if (!flags.container.empty()) {
    container = std::find_if(spec.containers.begin(), spec.containers.end(),
                             [&](const model::Container& c) { return c.name == flags.container; });
  }
  if (container == spec.containers.end()) {
    return base::makeError(base::ErrorCode::NotFound, spec.name + " has no container " + flags.container);
  }
  if (!flags.image.empty()) {
    container->image = flags.image;
  }
  if (auto changed = changeMap(flags.env, true, container->env); !changed) {
    return changed.error();
  }
  if (auto changed = changeMap(flags.labels, false, spec.labels); !changed) {
    return changed.error();
  }
  if (!flags.cpu.empty()) {
    auto cpu = model::parseCpuQuantity(flags.cpu);
    if (!cpu) {
      return cpu.error();
    }
    container->requests.cpuMillicores = container->limits.cpuMillicores = cpu.value();
  }
  if (!flags.memory.empty()) {
    auto memory = model::parseByteQuantity(flags.memory);
    if (!memory) {
      return memory.error();
    }
    container->requests.memoryBytes = container->limits.memoryBytes = memory.value();
  }
  QJsonObject patch;
  if (!flags.image.empty() || !flags.env.empty() || !flags.cpu.empty() || !flags.memory.empty()) {
    QJsonArray containers;
    for (const model::Container& c : spec.containers) {
      containers.append(model::toJson(c));
    }
    patch.insert(QStringLiteral("containers"), containers);
  }
  if (!flags.labels.empty()) {
    QJsonObject labels;
    for (const auto& [key, value] : spec.labels) {
      labels.insert(QString::fromStdString(key), QString::fromStdString(value));
    }
    patch.insert(QStringLiteral("labels"), labels);
  }
  if (flags.replicas >= 0) {
    patch.insert(QStringLiteral("replicas"), flags.replicas);
  }
  return patch;
}

int update(Session& session, const Flags& flags) {
  Console& console = session.console();
  const auto workload = getWorkload(session, flags.workload);
  if (!workload) {
    return console.fail(workload.error());
  }
  QJsonObject args{{QStringLiteral("workload"), QString::fromStdString(flags.workload)},
                   {QStringLiteral("expect_revision"), qint64(workload->revision)}};
  std::string command = "update";
  if (!flags.file.empty()) {
    auto text = readSource(flags.file);
    if (!text) {
      return console.fail(text.error());
    }
    auto manifest = manifest::parse(text.value(), {manifest::Format::Auto, flags.file, {}});
    if (!manifest) {
      return console.fail(manifest.error(), flags.file);
    }
    const auto& specs = manifest->workloads;
    const auto spec = std::find_if(specs.begin(), specs.end(),
                                   [&](const model::WorkloadSpec& s) { return s.name == workload->spec.name; });
    if (spec == specs.end()) {
      return console.fail(base::makeError(base::ErrorCode::NotFound,
                                          flags.file + " has no workload " + workload->spec.name, {},
                                          "To run what it has: univrs deploy " + flags.file));
    }
    command = "replace";
    args.insert(QStringLiteral("spec"), model::toJson(*spec));
  } else {
    auto patch = patchOf(flags, workload.value());
    if (!patch) {
      return console.fail(patch.error());
    }
    if (patch->isEmpty()) {
      console.fail(base::makeError(base::ErrorCode::BadRequest, "Nothing was named to change", {},
                                   "As in: univrs update " + flags.workload + " --image nginx:1.27"));
      return kUsage;
    }
    args.insert(QStringLiteral("patch"), patch.value());
  }
  const auto outcome = session.command(command, args, flags.dryRun);
  return flags.dryRun ? printPlan(session, outcome, flags.file)
                      : finishCommand(session, outcome, *flags.wait, flags.file);
}

} // namespace

void addUpdate(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb = verbs.add(app, "update", "change a workload: its image, environment, size", Names::Workloads,
                             [flags](Session& session) { return update(session, *flags); });
  verb->add_option("workload", flags->workload, "the workload")->required();
  auto* file =
      verb->add_option("-f,--file", flags->file, "take its whole new form from this manifest")->type_name("FILE");
  verb->add_option("--image", flags->image, "new image")->excludes(file);
  verb->add_option("-c,--container", flags->container, "of this container instead of the first")->excludes(file);
  verb->add_option("-e,--env", flags->env, "KEY=VALUE, or KEY- to take it away; may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->excludes(file);
  verb->add_option("-l,--label", flags->labels, "KEY=VALUE, or KEY- to take it away; may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->excludes(file);
  verb->add_option("--cpu", flags->cpu, "CPU of one instance, as 0.5 or 500m")->excludes(file);
  verb->add_option("--memory", flags->memory, "memory of one instance, as 256Mi or 1G")->excludes(file);
  verb->add_option("-r,--replicas", flags->replicas, "how many instances")
      ->check(CLI::Range(0, base::limits::kMaxReplicas))
      ->excludes(file);
  verb->add_flag("--dry-run", flags->dryRun, "only show what would happen");
  addWaitFlags(verb, flags->wait);
}

} // namespace univrs::cli
