// The verbs of the command line: each file under verbs/ adds its own here.
#pragma once

#include "app/cli/session.h"

#include <CLI/CLI.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace univrs::cli {

// What a verb's arguments name, for completion.
enum class Names { None, Files, Workloads, WorkloadsAndInstances, Nodes, Shells };

class VerbSet {
public:
  using Run = std::function<int(Session&)>;
  struct Entry {
    Run run;
    Names names = Names::None;
  };

  //! `run` is kept; what it captures must live on by itself (shared_ptr).
  CLI::App* add(CLI::App& parent, const std::string& name, const std::string& help, Names names, Run run) {
    CLI::App* verb = parent.add_subcommand(name, help);
    verb->fallthrough(); // global options may follow the verb
    m_entries[verb] = {std::move(run), names};
    return verb;
  }
  [[nodiscard]] const Entry* find(const CLI::App* verb) const {
    const auto it = m_entries.find(verb);
    return it == m_entries.end() ? nullptr : &it->second;
  }

  std::vector<std::string> tail; // what followed "--" (exec, __complete)
  bool hasTail = false;
  const CLI::App* root = nullptr;

private:
  std::map<const CLI::App*, Entry> m_entries;
};

void addAdminVerbs(CLI::App& app, VerbSet& verbs); // audit, backup
void addCompletion(CLI::App& app, VerbSet& verbs); // completion, __complete
void addConfig(CLI::App& app, VerbSet& verbs);
void addDecisions(CLI::App& app, VerbSet& verbs);
void addDeploy(CLI::App& app, VerbSet& verbs);
void addEvents(CLI::App& app, VerbSet& verbs);
void addExec(CLI::App& app, VerbSet& verbs);
void addImages(CLI::App& app, VerbSet& verbs); // image ls, image load
void addLogs(CLI::App& app, VerbSet& verbs);
void addMembers(CLI::App& app, VerbSet& verbs);    // cluster, members, token create|list|revoke
void addNetwork(CLI::App& app, VerbSet& verbs);    // id, peers, ping
void addNodes(CLI::App& app, VerbSet& verbs);      // nodes, node cordon|uncordon|restart
void addOperations(CLI::App& app, VerbSet& verbs); // operations, cancel
void addPlan(CLI::App& app, VerbSet& verbs);
void addPs(CLI::App& app, VerbSet& verbs);
void addRemove(CLI::App& app, VerbSet& verbs);
void addRestart(CLI::App& app, VerbSet& verbs);
void addScale(CLI::App& app, VerbSet& verbs);
void addStats(CLI::App& app, VerbSet& verbs);
void addStatus(CLI::App& app, VerbSet& verbs);
void addUndo(CLI::App& app, VerbSet& verbs);
void addUpdate(CLI::App& app, VerbSet& verbs);
void addVersion(CLI::App& app, VerbSet& verbs);
void addWhy(CLI::App& app, VerbSet& verbs);

} // namespace univrs::cli
