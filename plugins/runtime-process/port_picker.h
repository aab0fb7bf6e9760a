// Finds loopback ports for programs that are told where to listen.
#pragma once

#include "engine/base/random.h"
#include "engine/model/workload.h"

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

namespace univrs::runtime_process {

// Thread safe.
class PortPicker {
public:
  // A port nobody listens on now, neither in `taken` nor given out in the last while by this picker. From a range below
  // the kernel's ephemeral ports, so that no outgoing connection takes it before the program does. Nothing when all are
  // taken.
  [[nodiscard]] std::optional<uint16_t> pick(model::Protocol protocol, const std::vector<uint16_t>& taken);

private:
  std::mutex m_mutex;
  base::SystemRandom m_random;
  std::set<uint16_t> m_given;
};

} // namespace univrs::runtime_process
