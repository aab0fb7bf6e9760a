// What reading logs once and following them have in common.
#pragma once

#include "engine/api/engine_door.h"
#include "engine/api/http_message.h"
#include "engine/interfaces/logs.h"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace univrs::api {

// From the path's parameters and the query; `defaultTail` when there is no tail=.
base::Result<interfaces::LogQuery> logQuery(const Query& query,
                                            const std::map<std::string, std::string, std::less<>>& params,
                                            base::Timestamp now, int defaultTail);

struct LogTarget {
  std::string workloadId;
  int64_t instances = 0;
};
// Whose logs they are; one of the callbacks runs later on the I/O thread.
void findLogTarget(const std::shared_ptr<EngineDoor>& door, const interfaces::LogQuery& query,
                   std::function<void(const LogTarget&)> found, std::function<void(const base::Error&)> failed);

} // namespace univrs::api
