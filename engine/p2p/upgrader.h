// Makes a Connection of a bare channel of bytes: agrees on /noise, shakes hands (both sides prove who they are), agrees
// on the muxer (in the handshake when the peer can, else by multistream-select) and runs yamux over it.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/p2p/byte_channel.h"
#include "engine/p2p/connection.h"
#include "engine/p2p/identity.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace univrs::p2p {

class NoiseKeys;

struct UpgradeOptions {
  Direction direction = Direction::Outbound;
  std::optional<PeerId> expected; // another peer there is an error that names both ids
  Multiaddr local;                // for ConnectionInfo, as are the next three
  Multiaddr remote;
  std::string transport = "tcp";
  bool limited = false;
  std::chrono::milliseconds timeout{10'000}; // for the whole of it; the channel is closed then
};

// An upgrade under way. Destroying it gives it up, closes its channel, and its callback is never called.
class Upgrade {
public:
  virtual ~Upgrade() = default;
};

class Upgrader {
public:
  using OnUpgraded = std::function<void(base::Result<std::unique_ptr<Connection>>)>;

  // All by reference, to outlive this; this outlives the upgrades, not the connections.
  Upgrader(const Identity& identity, const base::Clock& clock, base::Random& random);
  Upgrader(const Upgrader&) = delete;
  Upgrader& operator=(const Upgrader&) = delete;
  ~Upgrader();

  // `done` is called once, from the event loop, never from inside this call; the Upgrade may be destroyed inside. It
  // sets the connection's handler before it returns.
  std::unique_ptr<Upgrade> upgrade(std::unique_ptr<ByteChannel> channel, UpgradeOptions options, OnUpgraded done);

private:
  const base::Clock& m_clock;
  base::Random& m_random;
  std::unique_ptr<NoiseKeys> m_keys; // one X25519 key for all handshakes of this process, signed once
};

} // namespace univrs::p2p
