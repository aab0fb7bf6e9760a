// DCUtR on a host: when somebody reached us over a relay, arranges a direct connection with them through both NATs, and
// takes part when somebody we reached over a relay does. What is then agreed and when is hole_punch.h's. The relayed
// connection is left to the host, which closes it once nothing uses it.
#pragma once

#include "engine/p2p/host.h"

#include <memory>

namespace univrs::p2p {

class Dcutr {
public:
  static constexpr size_t kMaxAtOnce = 16;           // attempts under way, of all peers; one of each
  static constexpr size_t kMaxRemembered = 256;      // peers with whom it was tried; the oldest is forgotten
  static constexpr std::chrono::seconds kPause{300}; // before it is tried with the same peer again

  // The host is not owned and outlives this. With `nearToo` private and loopback addresses are used as well.
  explicit Dcutr(Host& host, bool nearToo = false);
  Dcutr(const Dcutr&) = delete;
  Dcutr& operator=(const Dcutr&) = delete;
  ~Dcutr(); // gives up what is under way

  [[nodiscard]] size_t underWay() const;

private:
  class Core;
  class Session;
  std::shared_ptr<Core> m_core;
};

} // namespace univrs::p2p
