// Starting our own helper program with exactly the descriptors it is to have.
#pragma once

#include "engine/base/result.h"

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace univrs::runtime_process {

// Owns a descriptor.
class Descriptor {
public:
  explicit Descriptor(int fd = -1) : m_fd(fd) {}
  Descriptor(Descriptor&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      reset();
      m_fd = std::exchange(other.m_fd, -1);
    }
    return *this;
  }
  ~Descriptor() { reset(); }
  void reset();
  [[nodiscard]] int get() const { return m_fd; }
  [[nodiscard]] bool valid() const { return m_fd >= 0; }

private:
  int m_fd;
};

// Both ends close on exec.
bool makePipe(Descriptor& readEnd, Descriptor& writeEnd);

// Starts words[0] with descriptors 0…3 as given (-1 = /dev/null for 0…2, none for 3), default signals, our environment.
base::Result<pid_t> spawn(const std::vector<std::string>& words, int in, int out, int err, int extra);

} // namespace univrs::runtime_process
