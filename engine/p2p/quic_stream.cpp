#include "engine/p2p/quic_stream.h"

#include "engine/p2p/quic_connection.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

namespace univrs::p2p {

namespace {
// A buffer emptied with more room than this gives it back.
constexpr size_t kKeptRoom = 16u << 10;
// A writer that was held back is called again when this much fits.
constexpr size_t kRoomWorthTelling = Stream::kMaxUnsent / 2;
} // namespace

void QuicSendBuffer::append(std::span<const uint8_t> bytes) {
  while (!bytes.empty()) {
    if (m_chunks.empty() || m_chunks.back().size == m_chunks.back().capacity) {
      Chunk chunk;
      chunk.capacity = std::clamp(bytes.size(), kSmallChunk, kLargeChunk);
      chunk.bytes = std::make_unique_for_overwrite<uint8_t[]>(chunk.capacity);
      chunk.start = m_written;
      m_chunks.push_back(std::move(chunk));
    }
    Chunk& chunk = m_chunks.back();
    const size_t count = std::min(bytes.size(), chunk.capacity - chunk.size);
    std::memcpy(chunk.bytes.get() + chunk.size, bytes.data(), count);
    chunk.size += count;
    m_written += count;
    bytes = bytes.subspan(count);
  }
}

std::span<const uint8_t> QuicSendBuffer::next() const {
  if (m_sent == m_written) {
    return {};
  }
  // The unsent part is at the end; everything before it waits for acknowledgement.
  const auto after = std::upper_bound(m_chunks.begin(), m_chunks.end(), m_sent,
                                      [](uint64_t offset, const Chunk& chunk) { return offset < chunk.start; });
  const Chunk& chunk = *std::prev(after);
  const auto from = static_cast<size_t>(m_sent - chunk.start);
  return {chunk.bytes.get() + from, chunk.size - from};
}

void QuicSendBuffer::sent(size_t count) {
  m_sent += count;
}

void QuicSendBuffer::acknowledged(uint64_t upTo) {
  m_acknowledged = std::clamp(upTo, m_acknowledged, m_sent);
  while (!m_chunks.empty() && m_chunks.front().start + m_chunks.front().size <= m_acknowledged) {
    m_chunks.pop_front();
  }
}

void QuicSendBuffer::dropUnsent() {
  while (!m_chunks.empty() && m_chunks.back().start >= m_sent) {
    m_chunks.pop_back();
  }
  if (!m_chunks.empty()) {
    m_chunks.back().size = static_cast<size_t>(m_sent - m_chunks.back().start);
  }
  m_written = m_sent;
}

QuicStream::QuicStream(QuicConnection& connection, int64_t id, bool outbound)
    : m_connection(connection), m_id(id), m_outbound(outbound) {}

Connection& QuicStream::connection() {
  return m_connection;
}

std::span<const uint8_t> QuicStream::received() const {
  return std::span<const uint8_t>(m_in).subspan(m_inStart);
}

void QuicStream::consume(size_t count) {
  assert(count <= received().size());
  count = std::min(count, received().size());
  if (count == 0) {
    return;
  }
  m_inStart += count;
  if (m_inStart == m_in.size()) {
    if (m_in.capacity() > kKeptRoom) {
      base::Bytes().swap(m_in);
    } else {
      m_in.clear();
    }
    m_inStart = 0;
  } else if (m_inStart > m_in.size() / 2 && m_inStart > kKeptRoom) {
    m_in.erase(m_in.begin(), m_in.begin() + static_cast<std::ptrdiff_t>(m_inStart));
    m_inStart = 0;
  }
  m_connection.consumed(*this, count);
}

size_t QuicStream::write(std::span<const uint8_t> bytes) {
  if (m_gone || m_fault || m_endWanted || m_peerStopped || bytes.empty()) {
    return 0;
  }
  const size_t count = std::min(bytes.size(), kMaxUnsent - std::min(kMaxUnsent, m_out.unsent()));
  if (count < bytes.size()) {
    m_wantsRoom = true;
  }
  if (count > 0) {
    m_out.append(bytes.first(count));
    m_connection.queueToSend(*this);
  }
  return count;
}

void QuicStream::closeWrite() {
  if (m_gone || m_fault || m_endWanted) {
    return;
  }
  m_endWanted = true;
  m_wantsRoom = false;
  if (!m_peerStopped) {
    m_connection.queueToSend(*this);
  }
}

void QuicStream::stopReading() {
  if (m_gone || m_fault || m_readingStopped) {
    return;
  }
  m_readingStopped = true;
  m_newData = false;
  const size_t unread = received().size();
  base::Bytes().swap(m_in);
  m_inStart = 0;
  m_connection.readingStopped(*this, unread);
}

void QuicStream::reset(uint64_t code) {
  if (!m_gone) {
    m_connection.resetStream(*this, code);
  }
}

void QuicStream::attach(std::unique_ptr<StreamHandler> handler) {
  if (m_gone) {
    return;
  }
  m_handler = std::move(handler);
  m_newData = !received().empty();
  m_endTold = false;
  m_connection.queueToTell(*this);
}

QuicStream::Event QuicStream::nextEvent() {
  if (m_gone) {
    return Event::None;
  }
  if (m_fault) {
    return Event::Closed;
  }
  if (m_newData && !received().empty()) {
    return Event::Data;
  }
  if (m_endReceived && !m_endTold && !m_readingStopped && received().empty()) {
    return Event::End;
  }
  if (m_wantsRoom && (m_peerStopped || m_out.unsent() <= kMaxUnsent - kRoomWorthTelling)) {
    return Event::Writable;
  }
  if (m_transportDone && (m_endTold || m_readingStopped)) {
    return Event::Closed;
  }
  return Event::None;
}

} // namespace univrs::p2p
