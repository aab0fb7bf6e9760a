// What a connection tells its handlers, once nothing of ngtcp2 is on the stack.
#include "engine/p2p/quic_connection.h"
#include "engine/p2p/quic_endpoint.h"

#include <utility>

namespace univrs::p2p {

using base::ErrorCode;
using base::makeError;

namespace {
constexpr int kEventsPerTurn = 8; // of one stream, before others get theirs
} // namespace

bool QuicConnection::tell() {
  if (!m_handedOver) {
    return true;
  }
  const std::weak_ptr<bool> alive = m_alive;
  if (std::exchange(m_moved, false) && m_handler != nullptr) {
    m_handler->onMoved();
  }
  if (alive.expired() || !tellNewStreams() || !tellStreams() || !tellDatagrams() || (m_over && !tellOver())) {
    return false;
  }
  // Handlers of removed streams die here, and may do in their destructors what handlers do.
  auto removed = std::exchange(m_removed, {});
  removed.clear();
  return !alive.expired();
}

bool QuicConnection::tellNewStreams() {
  const std::weak_ptr<bool> alive = m_alive;
  while (!m_newStreams.empty()) {
    const int64_t id = m_newStreams.front();
    m_newStreams.pop_front();
    const auto found = m_streams.find(id);
    if (found == m_streams.end()) {
      continue;
    }
    QuicStream& stream = *found->second;
    if (m_handler != nullptr) {
      m_handler->onStream(stream);
      if (alive.expired()) {
        return false;
      }
    }
    if (!stream.m_gone && !stream.m_handler) { // still there: m_removed keeps it
      stream.reset(0);                         // nobody took it
    }
  }
  return true;
}

bool QuicConnection::tellStreams() {
  for (size_t left = m_toTell.size(); left > 0; --left) {
    const int64_t id = m_toTell.front();
    m_toTell.pop_front();
    const auto found = m_streams.find(id);
    if (found == m_streams.end()) {
      continue;
    }
    QuicStream& stream = *found->second; // stays until the turn ends, in m_streams or m_removed
    stream.m_queuedToTell = false;
    for (int i = 0; i < kEventsPerTurn && stream.m_handler; ++i) {
      const auto event = stream.nextEvent();
      if (event == QuicStream::Event::None) {
        break;
      }
      if (!tellStream(stream, event)) {
        return false;
      }
    }
    if (stream.m_handler && stream.nextEvent() != QuicStream::Event::None) {
      queueToTell(stream);
    }
  }
  return true;
}

// The handler is out of its place during the call: whatever the call does to the stream, the stack keeps it alive.
bool QuicConnection::tellStream(QuicStream& stream, QuicStream::Event event) {
  const std::weak_ptr<bool> alive = m_alive;
  auto running = std::move(stream.m_handler);
  switch (event) {
  case QuicStream::Event::None:
    break;
  case QuicStream::Event::Data:
    stream.m_newData = false;
    running->onData();
    break;
  case QuicStream::Event::End:
    stream.m_endTold = true;
    running->onEnd();
    break;
  case QuicStream::Event::Writable:
    stream.m_wantsRoom = false;
    running->onWritable();
    break;
  case QuicStream::Event::Closed: {
    base::Error error;
    if (stream.m_fault) {
      error = *stream.m_fault;
    } else if (stream.m_peerStopped && !stream.m_endSent) {
      error = makeError(ErrorCode::Cancelled, "the peer stopped reading the stream");
    }
    stream.m_gone = true;
    if (m_conn && stream.m_fault && !stream.m_transportDone) {
      ngtcp2_conn_shutdown_stream_write(m_conn.get(), stream.m_id, 0); // our half ends with the peer's
    }
    const int64_t id = stream.m_id;
    running->onClosed(error);
    if (!alive.expired()) {
      removeStream(id);
      wake();
    }
    return !alive.expired();
  }
  }
  if (alive.expired()) {
    return false;
  }
  if (!stream.m_gone && !stream.m_handler) {
    stream.m_handler = std::move(running);
  }
  return true;
}

bool QuicConnection::tellDatagrams() {
  const std::weak_ptr<bool> alive = m_alive;
  while (!m_datagramsIn.empty()) {
    const base::Bytes bytes = std::move(m_datagramsIn.front());
    m_datagramsIn.pop_front();
    if (m_handler != nullptr) {
      m_handler->onDatagram(bytes);
      if (alive.expired()) {
        return false;
      }
    }
  }
  return true;
}

bool QuicConnection::tellOver() {
  const std::weak_ptr<bool> alive = m_alive;
  while (!m_streams.empty()) {
    QuicStream& stream = *m_streams.begin()->second;
    if (!stream.m_fault) {
      stream.m_fault = m_over;
    }
    if (stream.m_handler) {
      if (!tellStream(stream, QuicStream::Event::Closed)) {
        return false;
      }
    } else {
      removeStream(stream.m_id);
    }
  }
  if (ConnectionHandler* handler = std::exchange(m_handler, nullptr)) {
    const base::Error error = *m_over;
    handler->onClosed(error);
  }
  return !alive.expired();
}

} // namespace univrs::p2p
