// An authenticated, encrypted, multiplexed connection to one peer, whatever carries it.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/p2p/multiaddr.h"
#include "engine/p2p/peer_key.h"
#include "engine/p2p/stream.h"

#include <atomic>
#include <chrono>
#include <optional>

namespace univrs::p2p {

enum class Direction { Inbound, Outbound };

struct ConnectionInfo {
  uint64_t id = 0; // unique in this process
  PeerId peer;
  PeerKey key;
  Multiaddr local;
  Multiaddr remote; // as seen on the wire, without /p2p/; of a relayed one "RELAY/p2p/R/p2p-circuit"
  Direction direction = Direction::Outbound;
  std::string transport; // "quic-v1", "tcp", "p2p-circuit"
  std::string security;  // "tls", "noise"
  std::string muxer;     // "quic", "yamux"
  base::Now opened;
  bool limited = false; // over a relay that limits time and bytes
};

// The next ConnectionInfo::id, for whoever makes connections. Any thread.
inline uint64_t nextConnectionId() {
  static std::atomic<uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

struct Traffic {
  uint64_t received = 0; // bytes on the wire, headers of the transport included where it knows them
  uint64_t sent = 0;
};

// Who owns and watches a connection (the host). Calls come from the event loop only.
class ConnectionHandler {
public:
  virtual ~ConnectionHandler() = default;
  // The peer opened a stream. Give it a handler before returning, or reset it.
  virtual void onStream(Stream& stream) = 0;
  // An unreliable message of at most maxDatagram() bytes.
  virtual void onDatagram(std::span<const uint8_t> bytes) = 0;
  // The last call: the connection is over; all its streams were told already. It may be destroyed from inside.
  virtual void onClosed(const base::Error& error) = 0;
  // The peer is now at another address (QUIC migration). info().remote says where.
  virtual void onMoved() {}
};

class Connection {
public:
  virtual ~Connection() = default; // closes abruptly what is still open, calling no handler
  [[nodiscard]] virtual const ConnectionInfo& info() const = 0;
  virtual void setHandler(
      ConnectionHandler* handler) = 0; // not owned; set before the return to the event loop that gave the connection
  // A new stream to the peer; it may be written to at once. Errors: the peer allows no more now (Unavailable), closed.
  virtual base::Result<Stream*> openStream() = 0;
  // Tells the peer and then the handler (onClosed). `code` is the application's error code, 0 = in order.
  virtual void close(uint64_t code, const std::string& reason) = 0;
  [[nodiscard]] virtual size_t streamCount() const = 0;
  [[nodiscard]] virtual size_t
  bufferedBytes() const = 0; // received and not consumed, written and not sent, over all streams
  [[nodiscard]] virtual Traffic traffic() const = 0;
  [[nodiscard]] virtual std::optional<std::chrono::microseconds>
  rtt() const = 0; // smoothed; nothing before the first sample
  // Unreliable messages, where the transport and the peer have them (QUIC DATAGRAM). 0 = not available.
  [[nodiscard]] virtual size_t maxDatagram() const { return 0; }
  virtual bool sendDatagram(std::span<const uint8_t>) {
    return false;
  } // false: not available, too large, or queue full
};

} // namespace univrs::p2p
