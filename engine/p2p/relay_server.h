// Circuit relay v2, the relay: peers that nobody can dial reserve a place here, and others reach them through us. The
// bytes of a circuit are theirs (Noise inside); we only pass them on, within limits of time and bytes.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/relay_table.h"

#include <memory>

namespace univrs::p2p {

class RelayServer {
public:
  static constexpr std::chrono::seconds kAnswerTime{30}; // for a request to arrive, and for the far peer to answer
  static constexpr std::chrono::seconds kTick{1};

  // Speaks the hop protocol on `host` (not owned, outlives this) from now until destruction, which ends all circuits.
  RelayServer(Host& host, RelayServerLimits limits, std::function<bool(const PeerId&)> isMember);
  RelayServer(const RelayServer&) = delete;
  RelayServer& operator=(const RelayServer&) = delete;
  ~RelayServer();

  [[nodiscard]] size_t reservations() const;
  [[nodiscard]] size_t circuits() const;
  [[nodiscard]] uint64_t bytesRelayed() const;
  // Ends what is over its time. A timer does it each kTick; tests with a clock of their own call it.
  void tick();

private:
  class Core;
  std::shared_ptr<Core> m_core;
};

} // namespace univrs::p2p
