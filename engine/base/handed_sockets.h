// Listening sockets on their way to the program that takes this one's place in the same process: they stay open over
// exec(), so new connections wait in them meanwhile and none is refused. Described in one environment variable, which
// only the process it was written for honours. POSIX only; elsewhere nothing is ever handed over.
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::base {

inline constexpr size_t kMaxHandedSockets = 1'024; // the variable's text stays below what exec() takes

struct HandedSocket {
  enum class Use { Api, Port };
  Use use = Use::Port;
  bool stream = true;  // TCP, else UDP
  std::string address; // numeric, as the system writes it: "0.0.0.0", "::1"
  uint16_t port = 0;
  int fd = -1;
  bool operator==(const HandedSocket&) const = default;
};

// The variable's text. A text with anything wrong in it, too long, or meant for another process is refused as a whole.
std::string handedSocketsText(const std::vector<HandedSocket>& sockets, int64_t pid);
Result<std::vector<HandedSocket>> parseHandedSockets(std::string_view text, int64_t pid);

// Owns the descriptors that are neither taken yet nor handed on. Callable from any thread.
class HandedSockets {
public:
  HandedSockets() = default;
  ~HandedSockets(); // closes those left
  HandedSockets(const HandedSockets&) = delete;
  HandedSockets& operator=(const HandedSockets&) = delete;

  // What the program before this one in this process left open. The variable is removed, so that no child sees it. Each
  // descriptor is asked what it is: one that is not as described is left alone. Call before threads are started.
  static std::shared_ptr<HandedSockets> fromEnvironment();
  // Takes over those of `text` that are what it says.
  void adopt(std::string_view text);

  // Owns `fd`, a bound socket, from now on; closes it when it cannot be handed over (no socket, or too many).
  void give(HandedSocket::Use use, int fd);
  // A socket for exactly this; port 0 = any. The caller owns it then.
  [[nodiscard]] std::optional<int> take(HandedSocket::Use use, bool stream, const std::string& address, uint16_t port);
  // Closes what nobody took.
  void closeAll(HandedSocket::Use use);
  void closeAll();
  [[nodiscard]] size_t size() const;

  // Runs `program` with `words` (its name first) in this process, the sockets open. Returns only when that failed;
  // then this owns them as before. Signals that end or restart a node stay blocked from here on, so that none is lost
  // between the two programs; the next one lets them through when it is ready for them.
  [[nodiscard]] Error runInThisProcess(const std::string& program, const std::vector<std::string>& words);
  // Lets those signals through.
  static void unblockSignals();
  // Whether this platform can do it at all.
  [[nodiscard]] static bool supported();

private:
  mutable std::mutex m_mutex;
  std::vector<HandedSocket> m_sockets;
};

} // namespace univrs::base
