// The tables of workloads and instances.
#pragma once

#include "app/cli/table.h"
#include "engine/base/clock.h"

#include <map>
#include <string>
#include <vector>

namespace univrs::cli {

Table workloadTable(const std::vector<model::Workload>& workloads, bool wide, base::Timestamp now);
//! `nodes`: names by node id.
Table instanceTable(const std::vector<model::Instance>& instances, const std::map<std::string, std::string>& nodes,
                    bool wide, base::Timestamp now);
std::map<std::string, std::string> nodeNames(const std::vector<model::Node>& nodes);
//! "8080→80, 127.0.0.1:53→53/udp": the published ports.
std::string portsText(const model::WorkloadSpec& spec);

} // namespace univrs::cli
