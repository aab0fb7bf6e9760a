#include "app/cli/verb_set.h"
#include "app/cli/wait.h"
#include "engine/base/limits.h"

#include <charconv>

namespace univrs::cli {

namespace {

struct Flags {
  std::vector<std::string> words; // WORKLOAD N, or NAME=N…
  std::shared_ptr<WaitFlags> wait = std::make_shared<WaitFlags>();
};

std::optional<int> count(const std::string& text) {
  int n = -1;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), n);
  return fault == std::errc() && end == text.data() + text.size() && n >= 0 && n <= base::limits::kMaxReplicas
             ? std::optional(n)
             : std::nullopt;
}

int scale(Session& session, const Flags& flags) {
  std::vector<std::pair<std::string, int>> wanted;
  bool understood = true;
  if (flags.words.size() == 2 && flags.words[0].find('=') == std::string::npos) {
    const auto n = count(flags.words[1]);
    understood = n.has_value();
    wanted.emplace_back(flags.words[0], n.value_or(0));
  } else {
    for (const std::string& word : flags.words) {
      const size_t at = word.find('=');
      const auto n = at == std::string::npos || at == 0 ? std::nullopt : count(word.substr(at + 1));
      understood = understood && n.has_value();
      wanted.emplace_back(word.substr(0, at), n.value_or(0));
    }
  }
  if (!understood) {
    session.console().fail(base::makeError(base::ErrorCode::BadRequest, "How many instances was not understood", {},
                                           "As in: univrs scale web 3, or univrs scale web=3 db=1 (0…10000)"));
    return kUsage;
  }
  int worst = kOk;
  for (const auto& [workload, replicas] : wanted) {
    const auto outcome = session.command("scale", {{QStringLiteral("workload"), QString::fromStdString(workload)},
                                                   {QStringLiteral("replicas"), replicas}});
    const int code = finishCommand(session, outcome, *flags.wait);
    worst = worst == kOk ? code : worst;
  }
  return worst;
}

} // namespace

void addScale(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb = verbs.add(app, "scale", "change how many instances run: univrs scale web 3", Names::Workloads,
                             [flags](Session& session) { return scale(session, *flags); });
  verb->add_option("what", flags->words, "WORKLOAD N, or NAME=N once or more")->required()->expected(1, 64);
  addWaitFlags(verb, flags->wait);
}

} // namespace univrs::cli
