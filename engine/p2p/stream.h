// A stream of a connection: an ordered, flow-controlled channel of bytes each way, whatever carries it (QUIC, yamux
// over TCP, a relay).
//
// Rules, the same for all transports. Everything happens on the host's thread. A Stream belongs to its connection; a
// `Stream*` may be used until onClosed of its handler was called or reset() was called on it. No handler is called from
// inside a call to its stream: what a call causes is told later, from the event loop. Unread bytes stay in the stream
// and hold the sender back, so a slow reader costs at most one receive window.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/error.h"

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

namespace univrs::p2p {

class Connection;

// What somebody does with a stream. Belongs to the stream, destroyed with it.
class StreamHandler {
public:
  virtual ~StreamHandler() = default;
  // There are bytes to read (Stream::received). Called again only when more have arrived.
  virtual void onData() = 0;
  // The peer will send no more, and everything it sent was consumed.
  virtual void onEnd() = 0;
  // write() has room again after it took less than it was given.
  virtual void onWritable() {}
  // The stream is gone: both sides finished (error.what is empty), reset by the peer, or its connection closed. The
  // last call; not made after the handler's own reset().
  virtual void onClosed(const base::Error& error) = 0;
};

class Stream {
public:
  static constexpr size_t kMaxUnsent = 1u << 20; // bytes write() holds before it takes no more

  virtual ~Stream() = default;
  [[nodiscard]] virtual uint64_t id() const = 0;     // unique in its connection
  [[nodiscard]] virtual bool isOutbound() const = 0; // opened by us
  [[nodiscard]] virtual Connection& connection() = 0;

  // Bytes that arrived and were not consumed. Valid until consume() or the return to the event loop.
  [[nodiscard]] virtual std::span<const uint8_t> received() const = 0;
  virtual void consume(size_t count) = 0; // count <= received().size(); gives the peer credit
  // The peer finished writing (there may still be bytes in received()).
  [[nodiscard]] virtual bool receivedEnd() const = 0;

  // Takes as much as fits (up to kMaxUnsent unsent in all) and says how much; 0 after closeWrite() or a fault.
  virtual size_t write(std::span<const uint8_t> bytes) = 0;
  [[nodiscard]] virtual size_t unsent() const = 0;
  virtual void closeWrite() = 0; // after what was written; the peer's half stays open
  virtual void
  stopReading() = 0; // what arrives from now on is thrown away, and the peer is told where the transport can
  // Ends both halves at once. The handler is not called again; it is destroyed from the event loop.
  virtual void reset(uint64_t code = 0) = 0;

  // Installs the handler (before the return to the event loop that gave the stream, or from inside the present handler,
  // which is then destroyed when its call returns). If bytes or an end are waiting already, the new one is told of them
  // from the event loop.
  virtual void attach(std::unique_ptr<StreamHandler> handler) = 0;

  // Something that is to live as long as this object: its places in the resource limits. The host's business only.
  void keep(std::shared_ptr<void> thing) { m_kept.push_back(std::move(thing)); }

private:
  std::vector<std::shared_ptr<void>> m_kept;
};

} // namespace univrs::p2p
