// A stream handler for protocols that speak in messages with a uvarint length before each (identify, gossipsub, kad,
// relay, autonat).
//
// A subclass ends the stream or hands it to another handler with reset() and handOver(), never on stream() itself: from
// inside onMessage the reading must know that it is over.
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
  // Resets the stream; no further call comes. May be called from inside any call.
  void reset(uint64_t code = 0);

protected:
  // Gives the stream, with what arrived after the last whole message, to another handler (Stream::attach). From inside
  // onMessage; this object is destroyed when that returns. What is queued must have been sent (queued() == 0).
  void handOver(std::unique_ptr<StreamHandler> handler);
  // The same for somebody who attaches to the stream by itself, right after this call.
  void release() { m_over = true; }
  // One whole message; the view is valid during the call. reset() and handOver() are allowed inside.
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
  bool takeFrame(base::Bytes& frame);
  void fault(const base::Error& error);
  void flush();
  Stream& m_stream;
  size_t m_maxFrame;
  size_t m_maxQueued;
  base::Bytes m_partial; // bytes of a frame that did not fit the stream's window
  std::deque<base::Bytes> m_queue;
  size_t m_queuedBytes = 0;
  size_t m_frontSent = 0;
  bool m_finishing = false;
  bool m_over = false; // reset or handed over: the stream is not ours any more
};

} // namespace univrs::p2p
