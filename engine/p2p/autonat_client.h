// AutoNAT v1, the client: asks connected peers to dial us back, one now and then, and says whether strangers can reach
// this node.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/reachability.h"

#include <functional>
#include <memory>

namespace univrs::p2p {

class AutonatClient {
public:
  static constexpr std::chrono::seconds kTick{1};
  static constexpr std::chrono::seconds kAnswerTime{30}; // a dial back takes up to Transport::kDialTimeout

  // `changed` is called from the event loop when the verdict is another one. The host is not owned and outlives this.
  // With `nearToo` private and loopback addresses of ours are asked about as well.
  AutonatClient(Host& host, std::function<void()> changed, bool nearToo = false);
  AutonatClient(const AutonatClient&) = delete;
  AutonatClient& operator=(const AutonatClient&) = delete;
  ~AutonatClient();

  [[nodiscard]] Reachability::Verdict verdict() const;
  [[nodiscard]] int confidence() const;
  // Asks if it is time. A timer does it each kTick; tests with a clock of their own call it.
  void tick();

private:
  class Core;
  std::shared_ptr<Core> m_core;
};

} // namespace univrs::p2p
