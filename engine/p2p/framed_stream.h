// A stream handler for protocols that speak in messages with a uvarint length before each (identify, gossipsub, kad,
// relay, autonat).
#pragma once

#include "engine/p2p/stream.h"
#include "engine/p2p/varint.h"

#include <deque>

namespace univrs::p2p {

class FramedStream : public StreamHandler {
public:
  // A frame announced as longer than maxFrame ends the stream: onFault, then reset. Room for a frame is only taken as
  // its bytes arrive. At most maxQueued bytes wait to be sent.
  FramedStream(Stream& stream, size_t maxFrame, size_t maxQueued);

  // False when the queue is full or the stream is closing: the message was not taken.
  bool send(std::span<const uint8_t> message);
  [[nodiscard]] size_t queued() const { return m_queuedBytes; }
  void finish(); // closes our half when the queue is empty
  [[nodiscard]] Stream& stream() { return m_stream; }

protected:
  // One whole message; the view is valid during the call. The stream may be reset and its handler replaced inside.
  virtual void onMessage(std::span<const uint8_t> message) = 0;
  // The peer broke the framing; the stream is reset after the call.
  virtual void onFault(const base::Error& error) = 0;
  // No message is under way any more from the peer. Default: finish().
  virtual void onFinished() { finish(); }
  // The queue got room again.
  virtual void onQueueDrained() {}

private:
  void onData() override;
  void onEnd() override;
  void onWritable() override;
  Stream& m_stream;
  size_t m_maxFrame;
  size_t m_maxQueued;
  base::Bytes m_partial; // bytes of a frame that did not fit the stream's window
  std::deque<base::Bytes> m_queue;
  size_t m_queuedBytes = 0;
  size_t m_frontSent = 0;
  bool m_finishing = false;
};

} // namespace univrs::p2p
