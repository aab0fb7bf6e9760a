// A node's program starting itself anew in its own process: the file at the path it was started from, so that an
// upgraded program is taken, with the same words and environment.
#pragma once

#include "engine/base/handed_sockets.h"
#include "engine/base/result.h"

#include <string>
#include <vector>

namespace univrs {

class SelfRestart {
public:
  // Call first in main(), before Qt takes its words out and before anything replaces the file.
  SelfRestart(int argc, const char* const* argv);

  [[nodiscard]] const std::string& program() const { return m_program; }
  // Whether the program there is ours and runs: it is asked for its version. Blocks for as long as that takes, some
  // milliseconds, at most 3 s.
  [[nodiscard]] base::Result<void> check() const;
  // Becomes that program; returns only when that failed.
  [[nodiscard]] base::Error run(base::HandedSockets& sockets) const;

private:
  std::vector<std::string> m_words;
  std::string m_program; // absolute
};

} // namespace univrs
