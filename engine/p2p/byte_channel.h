// A reliable, ordered channel of bytes to somebody not yet known: a TCP socket, or a stream through a relay. The
// Upgrader makes a Connection of it.
//
// Everything on one thread. No watcher is called from inside a call to its channel.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/error.h"

#include <cstdint>
#include <span>

namespace univrs::p2p {

class ByteChannel {
public:
  class Watcher {
  public:
    virtual ~Watcher() = default;
    virtual void onBytes() = 0;                        // more bytes in received(), or the end
    virtual void onRoom() = 0;                         // write() has room again after it took less than it was given
    virtual void onOver(const base::Error& error) = 0; // the channel broke; the last call
  };

  static constexpr size_t kMaxUnsent = 1u << 20; // bytes write() holds at most

  virtual ~ByteChannel() = default; // closes it, without waiting for anything; calls no watcher
  // Not owned; null for none. Bytes that wait already are told to the new watcher from the event loop.
  virtual void setWatcher(Watcher* watcher) = 0;

  // Bytes that arrived and were not consumed. Valid until consume() or the return to the event loop.
  [[nodiscard]] virtual std::span<const uint8_t> received() const = 0;
  virtual void consume(size_t count) = 0;
  // The other side will send no more (there may still be bytes in received()).
  [[nodiscard]] virtual bool receivedEnd() const = 0;

  // Takes as much as fits (at most kMaxUnsent unsent in all, a TCP socket less) and says how much; 0 after finish() or
  // when broken.
  virtual size_t write(std::span<const uint8_t> bytes) = 0;
  [[nodiscard]] virtual size_t unsent() const = 0;
  // Nothing more will be written; what was is sent as far as it can be without waiting, even when the channel is
  // destroyed right after.
  virtual void finish() = 0;
};

} // namespace univrs::p2p
