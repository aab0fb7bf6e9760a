// Reads the log files a shim writes, through rotation, once or following them.
#pragma once

#include "engine/agent/runtime_driver.h"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace univrs::runtime_process {

// One record without its newline; nothing when it is not one.
std::optional<agent::LogLine> parseLogRecord(std::string_view record);

// `running` is asked while following: when it says no, the rest is read and the call returns.
base::Result<void> readLog(const std::string& folder, const agent::LogRequest& request,
                           const std::function<bool(const agent::LogLine&)>& sink, const base::CancelToken& cancel,
                           const std::function<bool()>& running);

} // namespace univrs::runtime_process
