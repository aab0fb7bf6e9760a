#include "plugins/runtime-process/port_picker.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <unistd.h>

namespace univrs::runtime_process {

namespace {
constexpr uint16_t kFirst = 20'000;
constexpr uint16_t kCount = 12'000;
constexpr size_t kRemember = 2'000; // given out lately, perhaps not bound yet

bool isFree(model::Protocol protocol, uint16_t port) {
  const int type = protocol == model::Protocol::Tcp ? SOCK_STREAM : SOCK_DGRAM;
  const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  if (fd < 0) {
    return false;
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_ANY); // a listener on any address is in the way
  const bool free = ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  ::close(fd);
  return free;
}
} // namespace

std::optional<uint16_t> PortPicker::pick(model::Protocol protocol, const std::vector<uint16_t>& taken) {
  const std::lock_guard lock(m_mutex);
  if (m_given.size() >= kRemember) {
    m_given.clear();
  }
  const auto begin = static_cast<uint16_t>(m_random.below(kCount));
  for (uint16_t step = 0; step < kCount; ++step) {
    const auto port = static_cast<uint16_t>(kFirst + (begin + step) % kCount);
    if (!m_given.contains(port) && std::find(taken.begin(), taken.end(), port) == taken.end() &&
        isFree(protocol, port)) {
      m_given.insert(port);
      return port;
    }
  }
  return std::nullopt;
}

} // namespace univrs::runtime_process
