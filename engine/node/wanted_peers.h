// The nodes an operator wants this one to stay connected to (--connect): dialled at the start and again, ever less
// often, whenever they are not connected. Belongs to NetworkPart; one thread, the host's.
#pragma once

#include "engine/p2p/host.h"

#include <QTimer>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace univrs::node {

class WantedPeers {
public:
  static constexpr int kFirstWaitMs = 1'000; // before the second dial …
  static constexpr int kLastWaitMs = 60'000; // … doubled up to this; half of each wait is by chance

  // Reads multiaddrs, with or without /p2p/ID at their end.
  static base::Result<std::vector<p2p::AddrInfo>> read(const std::vector<std::string>& addresses);

  // The host outlives it; connections to them are not trimmed.
  WantedPeers(p2p::Host& host, std::vector<p2p::AddrInfo> wanted);
  ~WantedPeers();
  WantedPeers(const WantedPeers&) = delete;
  WantedPeers& operator=(const WantedPeers&) = delete;

  void start() { dial(); }
  void disconnected(); // some peer is connected no more
  // The first that is not connected and why; empty when all are.
  [[nodiscard]] std::string problem() const;

private:
  struct Wanted {
    p2p::AddrInfo info;
    std::optional<p2p::PeerId> found; // who answered there
    bool dialing = false;
    bool wasConnected = false;
    int waitMs = kFirstWaitMs;
    base::Monotonic next;
    std::string problem;
  };
  [[nodiscard]] bool isConnected(const Wanted& wanted) const;
  void dial();
  void dialed(Wanted& wanted, const base::Result<p2p::ConnectionInfo>& result);
  void putOff(Wanted& wanted);
  void schedule();

  p2p::Host& m_host;
  std::vector<Wanted> m_wanted; // never grows after the constructor
  std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
  QTimer m_timer;
};

} // namespace univrs::node
