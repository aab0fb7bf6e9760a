// Long work as lines of progress: pulls and loads with bytes, updates and removals with instances.
#pragma once

#include "app/cli/live_lines.h"
#include "engine/model/operation.h"

namespace univrs::cli {

//! "pull nginx:1.27  downloading  [####    ] 12 MiB of 50 MiB".
LiveLine operationLine(const model::Operation& operation);

//! "12 MiB of 50 MiB", "3 of 5", "12 MiB"; empty when nothing is known yet.
std::string operationAmount(const model::Operation& operation);

} // namespace univrs::cli
