// One QUIC stream: what was written and not acknowledged, what arrived and was not consumed, and what its handler is
// still to be told. The connection moves the bytes and makes the calls.
#pragma once

#include "engine/p2p/stream.h"

#include <deque>
#include <memory>
#include <optional>

namespace univrs::p2p {

class QuicConnection;

// Bytes on their way out. ngtcp2 keeps pointers into them until they are acknowledged, so they never move.
class QuicSendBuffer {
public:
  void append(std::span<const uint8_t> bytes);
  [[nodiscard]] size_t unsent() const { return static_cast<size_t>(m_written - m_sent); }
  [[nodiscard]] size_t unacknowledged() const { return static_cast<size_t>(m_sent - m_acknowledged); }
  [[nodiscard]] std::span<const uint8_t> next() const; // the first unsent bytes that lie together
  void sent(size_t count);
  void acknowledged(uint64_t upTo); // offset in the stream
  void dropUnsent();

private:
  static constexpr size_t kSmallChunk = 1u << 10;
  static constexpr size_t kLargeChunk = 16u << 10;
  struct Chunk {
    std::unique_ptr<uint8_t[]> bytes;
    size_t capacity = 0;
    size_t size = 0;
    uint64_t start = 0; // offset in the stream
  };
  std::deque<Chunk> m_chunks;
  uint64_t m_written = 0;
  uint64_t m_sent = 0;
  uint64_t m_acknowledged = 0;
};

class QuicStream final : public Stream {
public:
  QuicStream(QuicConnection& connection, int64_t id, bool outbound);

  [[nodiscard]] uint64_t id() const override { return static_cast<uint64_t>(m_id); }
  [[nodiscard]] bool isOutbound() const override { return m_outbound; }
  [[nodiscard]] Connection& connection() override;
  [[nodiscard]] std::span<const uint8_t> received() const override;
  void consume(size_t count) override;
  [[nodiscard]] bool receivedEnd() const override { return m_endReceived; }
  size_t write(std::span<const uint8_t> bytes) override;
  [[nodiscard]] size_t unsent() const override { return m_out.unsent(); }
  void closeWrite() override;
  void stopReading() override;
  void reset(uint64_t code) override;
  void attach(std::unique_ptr<StreamHandler> handler) override;

private:
  friend class QuicConnection;

  // What the handler is to be told next; None when there is nothing (or no handler).
  enum class Event { None, Data, End, Writable, Closed };
  Event nextEvent();

  QuicConnection& m_connection;
  const int64_t m_id;
  const bool m_outbound;
  std::unique_ptr<StreamHandler> m_handler;

  base::Bytes m_in;
  size_t m_inStart = 0; // consumed bytes at the front of m_in
  bool m_newData = false;
  bool m_endReceived = false;
  bool m_endTold = false;
  bool m_readingStopped = false;

  QuicSendBuffer m_out;
  bool m_endWanted = false;
  bool m_endSent = false;
  bool m_peerStopped = false; // STOP_SENDING: nothing we write is wanted
  bool m_wantsRoom = false;   // write() took less than it was given

  bool m_transportDone = false;       // ngtcp2 has forgotten it: both sides ended and acknowledged
  std::optional<base::Error> m_fault; // the peer's reset, the connection's end
  bool m_gone = false;                // reset by us, or told onClosed: nobody may be told anything
  bool m_queuedToSend = false;
  bool m_queuedToTell = false;
};

} // namespace univrs::p2p
