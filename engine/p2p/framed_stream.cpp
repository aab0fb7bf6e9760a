#include "engine/p2p/framed_stream.h"

#include "engine/p2p/protobuf.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;
} // namespace

FramedStream::FramedStream(Stream& stream, size_t maxFrame, size_t maxQueued)
    : m_stream(stream), m_maxFrame(maxFrame), m_maxQueued(maxQueued) {}

bool FramedStream::send(std::span<const uint8_t> message) {
  const size_t size = varintSize(message.size()) + message.size();
  if (m_finishing || m_over || size > m_maxQueued || m_queuedBytes > m_maxQueued - size) {
    return false;
  }
  m_queue.push_back(lengthPrefixed(message));
  m_queuedBytes += size;
  flush();
  return true;
}

void FramedStream::finish() {
  if (m_over || m_finishing) {
    return;
  }
  m_finishing = true;
  if (m_queue.empty()) {
    m_stream.closeWrite();
  }
}

void FramedStream::reset(uint64_t code) {
  if (!std::exchange(m_over, true)) {
    m_stream.reset(code);
  }
}

void FramedStream::handOver(std::unique_ptr<StreamHandler> handler) {
  if (!std::exchange(m_over, true)) {
    m_stream.attach(std::move(handler));
  }
}

void FramedStream::flush() {
  while (!m_queue.empty()) {
    const auto& front = m_queue.front();
    const size_t taken = m_stream.write(std::span(front).subspan(m_frontSent));
    m_frontSent += taken;
    m_queuedBytes -= taken;
    if (m_frontSent < front.size()) {
      return;
    }
    m_queue.pop_front();
    m_frontSent = 0;
  }
}

void FramedStream::onWritable() {
  if (m_over || m_queue.empty()) {
    return;
  }
  flush();
  if (!m_queue.empty()) {
    return;
  }
  if (m_finishing) {
    m_stream.closeWrite();
  } else {
    onQueueDrained();
  }
}

// Moves one whole message out of the stream. Takes no byte beyond it, since those may be for another handler.
bool FramedStream::takeFrame(base::Bytes& frame) {
  while (!m_over) {
    const auto in = m_stream.received();
    const auto length = readVarint(m_partial);
    if (length.state != Varint::State::Done) {
      if (in.empty()) {
        return false;
      }
      m_partial.push_back(in.front());
      m_stream.consume(1);
      const auto now = readVarint(m_partial);
      if (now.state == Varint::State::Bad || (now.state == Varint::State::Done && now.value > m_maxFrame)) {
        fault(now.state == Varint::State::Bad
                  ? makeError(ErrorCode::BadRequest, "a peer's message was refused", "its length is not a varint")
                  : makeError(ErrorCode::TooLarge, "a peer's message was refused",
                              "it is announced as " + std::to_string(now.value) + " bytes; " +
                                  std::to_string(m_maxFrame) + " are allowed"));
      }
      continue;
    }
    const size_t missing = length.size + size_t(length.value) - m_partial.size();
    const size_t take = std::min(missing, in.size());
    m_partial.insert(m_partial.end(), in.begin(), in.begin() + ptrdiff_t(take));
    if (take > 0) {
      m_stream.consume(take);
    }
    if (take < missing) {
      return false;
    }
    frame = std::exchange(m_partial, {});
    frame.erase(frame.begin(), frame.begin() + ptrdiff_t(length.size));
    return true;
  }
  return false;
}

void FramedStream::onData() {
  base::Bytes frame;
  while (!m_over && takeFrame(frame)) {
    onMessage(frame);
  }
}

void FramedStream::onEnd() {
  if (m_over) {
    return;
  }
  if (m_partial.empty()) {
    onFinished();
  } else {
    fault(makeError(ErrorCode::BadRequest, "a peer's message was refused", "it was cut short"));
  }
}

void FramedStream::fault(const base::Error& error) {
  onFault(error);
  reset();
}

} // namespace univrs::p2p
