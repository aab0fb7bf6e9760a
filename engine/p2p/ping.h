// Ping (/ipfs/ping/1.0.0): answers, and measures the round trip to a peer. A peer that does not speak it may be as
// healthy as any other.
#pragma once

#include "engine/p2p/host.h"

#include <functional>
#include <memory>

namespace univrs::p2p {

class Ping {
public:
  static constexpr const char* kProtocol = "/ipfs/ping/1.0.0";
  static constexpr size_t kSize = 32;              // bytes of one ping
  static constexpr size_t kServedPerPeer = 2;      // streams a peer may have open with us
  static constexpr size_t kMaxWaiters = 64;        // who may wait for one ping of one peer
  static constexpr std::chrono::seconds kIdle{60}; // a served stream on which nothing comes is ended after it

  using Done = std::function<void(base::Result<std::chrono::microseconds>)>;

  // Speaks the protocol while it lives; dies before the host.
  explicit Ping(Host& host);
  Ping(const Ping&) = delete;
  Ping& operator=(const Ping&) = delete;
  ~Ping(); // calls nobody any more

  // One round trip, connecting first when `options` says so; over one stream a peer at a time: who asks meanwhile gets
  // the same answer. Errors: Unsupported when the peer refuses pings, Timeout, whatever connecting gives.
  // Called back once, from the event loop.
  void ping(const PeerId& peer, OpenOptions options, Done done);

private:
  class Server;
  class Client;
  struct State;
  std::shared_ptr<State> m_state; // handlers know it weakly: a stream may outlive this object
};

} // namespace univrs::p2p
