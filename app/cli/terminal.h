// The terminal this program runs in. POSIX; elsewhere everything says "no terminal".
#pragma once

namespace univrs::cli {

struct TerminalSize {
  int columns = 0; // 0 = not a terminal
  int rows = 0;
};

bool isTerminal(int fd);
//! Size of the terminal behind `fd`; {0,0} when it is none.
TerminalSize terminalSize(int fd);

// Puts the terminal behind standard input into raw mode (every key to the program in the container) and back again at
// the end, also when the process is ended by a signal or exit().
class RawMode {
public:
  RawMode();
  ~RawMode();
  RawMode(const RawMode&) = delete;
  RawMode& operator=(const RawMode&) = delete;
  [[nodiscard]] bool active() const { return m_active; }
  void restore();

private:
  bool m_active = false;
};

} // namespace univrs::cli
