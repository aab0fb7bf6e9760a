// A table that follows the state: redrawn on a terminal, else changed objects one after the other.
#pragma once

#include "app/cli/session.h"

#include <functional>
#include <map>

namespace univrs::cli {

// What a watch knows now, by id.
struct WatchedState {
  std::map<std::string, model::Workload> workloads;
  std::map<std::string, model::Instance> instances;
  std::map<std::string, model::Node> nodes;
};

struct WatchedView {
  std::vector<interfaces::Topic> topics;
  std::function<std::string(const WatchedState&)> table;  // on a terminal, and the first time elsewhere
  std::function<bool(const interfaces::Delta&)> concerns; // which changes are shown where nothing can be redrawn
};

//! Until Ctrl-C. Exit code.
int watchTable(Session& session, const WatchedView& view);

} // namespace univrs::cli
