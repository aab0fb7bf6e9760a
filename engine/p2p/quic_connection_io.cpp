// What a connection takes in from the network and notes from ngtcp2, and how it writes packets.
#include "engine/p2p/quic_callbacks.h"
#include "engine/p2p/quic_connection.h"
#include "engine/p2p/quic_endpoint.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace univrs::p2p {

using base::ErrorCode;
using base::makeError;

void QuicConnection::becomeUp() {
  m_up = true;
  m_info.opened = m_endpoint.shared().clock.now();
  m_expected.reset();
  const auto keepAlive = std::chrono::nanoseconds(m_endpoint.shared().options.keepAlive);
  ngtcp2_conn_set_keep_alive_timeout(m_conn.get(), static_cast<ngtcp2_duration>(keepAlive.count()));
  wake();
}

int QuicConnection::onStreamOpened(int64_t id) {
  m_streams.emplace(id, std::make_unique<QuicStream>(*this, id, false));
  m_newStreams.push_back(id);
  wake();
  return 0;
}

int QuicConnection::onStreamData(int64_t id, std::span<const uint8_t> bytes, bool end) {
  const auto found = m_streams.find(id);
  if (found == m_streams.end() || found->second->m_readingStopped || found->second->m_fault) {
    ngtcp2_conn_extend_max_offset(m_conn.get(), bytes.size()); // nobody will consume it
    if (found != m_streams.end()) {
      found->second->m_endReceived |= end;
    }
    return 0;
  }
  QuicStream& stream = *found->second;
  stream.m_in.insert(stream.m_in.end(), bytes.begin(), bytes.end());
  stream.m_newData = stream.m_newData || !bytes.empty();
  stream.m_endReceived = stream.m_endReceived || end;
  queueToTell(stream);
  return 0;
}

int QuicConnection::onAcknowledged(int64_t id, uint64_t upTo) {
  const auto found = m_streams.find(id);
  const auto orphan = m_orphans.find(id);
  QuicSendBuffer* buffer = found != m_streams.end()    ? &found->second->m_out
                           : orphan != m_orphans.end() ? &orphan->second
                                                       : nullptr;
  if (buffer != nullptr) {
    const size_t before = buffer->unacknowledged();
    buffer->acknowledged(upTo);
    m_unacknowledged -= before - buffer->unacknowledged();
  }
  return 0;
}

int QuicConnection::onStreamClosed(int64_t id) {
  if (const auto orphan = m_orphans.find(id); orphan != m_orphans.end()) {
    m_unacknowledged -= orphan->second.unacknowledged();
    m_orphans.erase(orphan);
  }
  const auto found = m_streams.find(id);
  if (found == m_streams.end()) {
    if (ngtcp2_conn_is_local_stream(m_conn.get(), id) == 0) {
      ngtcp2_conn_extend_max_streams_bidi(m_conn.get(), 1);
    }
    return 0;
  }
  QuicStream& stream = *found->second;
  stream.m_transportDone = true;
  stream.m_out.dropUnsent();
  m_unacknowledged -= stream.m_out.unacknowledged();
  stream.m_out = QuicSendBuffer();
  queueToTell(stream);
  return 0;
}

int QuicConnection::onStreamReset(int64_t id, uint64_t code) {
  const auto found = m_streams.find(id);
  if (found != m_streams.end() && !found->second->m_readingStopped && !found->second->m_fault) {
    // Some implementations end one half like this; libp2p means the whole stream.
    found->second->m_fault =
        makeError(ErrorCode::Cancelled, "the peer reset the stream", "code " + std::to_string(code));
    queueToTell(*found->second);
  }
  return 0;
}

int QuicConnection::onDatagram(std::span<const uint8_t> bytes) {
  if (m_datagramsIn.size() < kMaxDatagramsQueued) { // else dropped, as the network may too
    m_datagramsIn.emplace_back(bytes.begin(), bytes.end());
    wake();
  }
  return 0;
}

// ---- Packets and time ----

void QuicConnection::receive(const UdpSocket::Received& datagram) {
  m_traffic.received += datagram.bytes.size();
  if (!m_conn) {
    return;
  }
  SocketAddress local = datagram.to;
  SocketAddress remote = datagram.from;
  if (m_info.direction == Direction::Outbound) {
    // A listener does not move (RFC 9000 9): what comes from elsewhere is none of its. Our own address may change
    // under us; the path keeps the one it began with.
    if (!(remote == m_remote)) {
      ++m_endpoint.shared().stats.garbage;
      return;
    }
    const ngtcp2_addr& current = ngtcp2_conn_get_path(m_conn.get())->local;
    local = SocketAddress::from(current.addr, current.addrlen);
  }
  const ngtcp2_path path{{local.data(), local.size()}, {remote.data(), remote.size()}, nullptr};
  ngtcp2_pkt_info info{};
  info.ecn = datagram.ecn;
  const int result = ngtcp2_conn_read_pkt(m_conn.get(), &path, &info, datagram.bytes.data(), datagram.bytes.size(),
                                          steadyNanoseconds());
  if (result != 0) {
    failed(result);
    return;
  }
  requeueHeldBack();
  checkPath();
  wake();
}

void QuicConnection::checkPath() {
  const ngtcp2_path* path = ngtcp2_conn_get_path(m_conn.get());
  const auto remote = SocketAddress::from(path->remote.addr, path->remote.addrlen);
  if (!(remote == m_remote)) {
    m_remote = remote;
    m_info.remote = remote.quicAddress();
    m_info.local = SocketAddress::from(path->local.addr, path->local.addrlen).quicAddress();
    m_moved = true;
  }
}

void QuicConnection::stepTime(uint64_t now) {
  if (!m_conn) {
    return;
  }
  if (!m_up && now >= m_giveUpAt) {
    giveUp(makeError(ErrorCode::Timeout, "the peer did not answer",
                     m_remote.text() + ": no connection came about in time"),
           0, {});
    return;
  }
  const int result = ngtcp2_conn_handle_expiry(m_conn.get(), now);
  if (result != 0) {
    failed(result);
    return;
  }
  wake();
}

void QuicConnection::forgottenByPeer() {
  if (m_conn) {
    over(
        makeError(ErrorCode::Unavailable, "the connection was lost", "the peer no longer knows it (was it restarted?)"),
        {}, false);
  }
}

void QuicConnection::rearm() {
  if (!m_conn) {
    return;
  }
  uint64_t at = ngtcp2_conn_get_expiry(m_conn.get());
  if (m_blocked) {
    at = std::max(at, steadyNanoseconds() + NGTCP2_MILLISECONDS); // it cannot send now anyhow
  }
  m_endpoint.setTimer(*this, m_up ? at : std::min(at, m_giveUpAt));
}

void QuicConnection::wake() {
  m_endpoint.wake(serial());
}

// ---- Writing ----

void QuicConnection::send() {
  if (!m_conn || m_blocked) {
    return;
  }
  const uint64_t now = steadyNanoseconds();
  const std::span<uint8_t> buffer = m_endpoint.sendBuffer();
  const size_t longest = ngtcp2_conn_get_max_tx_udp_payload_size(m_conn.get());
  const size_t share = std::min(ngtcp2_conn_get_send_quantum(m_conn.get()), buffer.size() - longest);
  size_t written = 0;
  Batch batch;
  while (written < share && batch.bytes.size() + longest <= buffer.size()) {
    const std::span<uint8_t> into = buffer.subspan(batch.bytes.size(), longest);
    ngtcp2_path_storage path;
    ngtcp2_path_storage_zero(&path);
    size_t size = 0;
    uint8_t ecn = 0;
    const Wrote wrote = writePacket(into, size, path, ecn, now);
    if (wrote == Wrote::Failed) {
      return; // the connection is over
    }
    if (wrote == Wrote::Nothing) {
      break;
    }
    written += size;
    const SocketAddress from = leavingFrom(path.path);
    const auto to = SocketAddress::from(path.path.remote.addr, path.path.remote.addrlen);
    const bool fits = !batch.bytes.empty() && size <= batch.segment && ecn == batch.ecn && to == batch.to &&
                      from == batch.from && batch.last == batch.segment;
    if (!fits) {
      ship(batch);
      if (into.data() != buffer.data()) {
        std::memmove(buffer.data(), into.data(), size);
      }
      batch = {buffer.first(size), size, size, from, to, ecn};
      if (m_blocked) {
        break;
      }
    } else {
      batch.bytes = buffer.first(batch.bytes.size() + size);
      batch.last = size;
    }
  }
  ship(batch);
  if (m_up) {
    // Paces by the round trip. The few packets before are within what may be sent at once; pacing them by the round
    // trip that is assumed until one was measured would cost tens of milliseconds.
    ngtcp2_conn_update_pkt_tx_time(m_conn.get(), now);
  }
  rearm();
}

// Behind a full socket the packets of a second batch count as lost; there is at most one.
void QuicConnection::ship(Batch& batch) {
  if (batch.bytes.empty()) {
    return;
  }
  QuicStats& stats = m_endpoint.shared().stats;
  const uint64_t count = (batch.bytes.size() + batch.segment - 1) / batch.segment;
  const auto sent = m_blocked ? UdpSocket::Sent::Failed
                              : m_endpoint.socket().send(batch.from, batch.to, batch.ecn, batch.bytes, batch.segment);
  if (sent == UdpSocket::Sent::Done) {
    m_traffic.sent += batch.bytes.size();
    stats.datagramsSent += count;
    stats.bytesSent += batch.bytes.size();
  } else if (sent == UdpSocket::Sent::WouldBlock) {
    m_blocked =
        Blocked{base::Bytes(batch.bytes.begin(), batch.bytes.end()), batch.segment, batch.from, batch.to, batch.ecn};
    m_endpoint.waitForSocket(serial());
  } else if (sent == UdpSocket::Sent::Failed) {
    stats.sendFailures += count; // no route just now, or refused by a firewall: lost on the way, as it were
  }
  batch.bytes = {};
}

void QuicConnection::socketWritable() {
  if (!m_blocked) {
    return;
  }
  const Blocked held = std::move(*m_blocked);
  m_blocked.reset();
  Batch batch{held.bytes, held.segment, held.segment, held.local, held.remote, held.ecn};
  ship(batch);
  send();
}

SocketAddress QuicConnection::leavingFrom(const ngtcp2_path& path) const {
  // A dialer's packets leave from wherever the system's routes say now, so that a laptop that changes networks goes
  // on: the listener sees it move. An answer leaves from where the question came to.
  return m_info.direction == Direction::Outbound ? SocketAddress::any(m_remote.isIp6())
                                                 : SocketAddress::from(path.local.addr, path.local.addrlen);
}

QuicConnection::Wrote QuicConnection::writePacket(std::span<uint8_t> into, size_t& size, ngtcp2_path_storage& path,
                                                  uint8_t& ecn, uint64_t now) {
  ngtcp2_pkt_info info{};
  const size_t datagramLimit = maxDatagram(); // not asked for later: between frames of a packet ngtcp2 is not called
  for (;;) {
    while (!m_datagramsOut.empty() && m_datagramsOut.front().size() > datagramLimit) {
      m_datagramsOut.pop_front(); // the path has become narrower
    }
    const ngtcp2_ssize wrote =
        !m_datagramsOut.empty() ? writeDatagram(into, path, info, now) : writeStream(into, path, info, now);
    if (wrote == NGTCP2_ERR_WRITE_MORE) {
      continue; // there is room in the packet for more
    }
    if (wrote < 0) {
      failed(static_cast<int>(wrote));
      return Wrote::Failed;
    }
    size = static_cast<size_t>(wrote);
    ecn = static_cast<uint8_t>(info.ecn);
    return wrote == 0 ? Wrote::Nothing : Wrote::Packet;
  }
}

ngtcp2_ssize QuicConnection::writeDatagram(std::span<uint8_t> into, ngtcp2_path_storage& path, ngtcp2_pkt_info& info,
                                           uint64_t now) {
  base::Bytes& bytes = m_datagramsOut.front();
  const ngtcp2_vec vector{bytes.data(), bytes.size()};
  int accepted = 0;
  const auto wrote = ngtcp2_conn_writev_datagram(m_conn.get(), &path.path, &info, into.data(), into.size(), &accepted,
                                                 NGTCP2_WRITE_DATAGRAM_FLAG_MORE, 0, &vector, 1, now);
  if (accepted != 0 || wrote == NGTCP2_ERR_INVALID_STATE || wrote == NGTCP2_ERR_INVALID_ARGUMENT) {
    m_datagramsOut.pop_front();
    return wrote == NGTCP2_ERR_INVALID_STATE || wrote == NGTCP2_ERR_INVALID_ARGUMENT
               ? static_cast<ngtcp2_ssize>(NGTCP2_ERR_WRITE_MORE) // it was not wanted: go on with the rest
               : wrote;
  }
  return wrote;
}

ngtcp2_ssize QuicConnection::writeStream(std::span<uint8_t> into, ngtcp2_path_storage& path, ngtcp2_pkt_info& info,
                                         uint64_t now) {
  // Nothing to say of a stream, or too much unacknowledged already: acknowledgements, credit, probes.
  const auto noStream = [&] {
    return ngtcp2_conn_writev_stream(m_conn.get(), &path.path, &info, into.data(), into.size(), nullptr,
                                     NGTCP2_WRITE_STREAM_FLAG_NONE, -1, nullptr, 0, now);
  };
  while (!m_toSend.empty() && m_unacknowledged < kMaxUnacknowledged) {
    const int64_t id = m_toSend.front();
    const auto found = m_streams.find(id);
    if (found == m_streams.end()) {
      m_toSend.pop_front();
      continue;
    }
    QuicStream& stream = *found->second;
    const auto bytes = stream.m_out.next();
    const bool end = stream.m_endWanted && !stream.m_endSent && bytes.size() == stream.m_out.unsent();
    if (stream.m_peerStopped || stream.m_transportDone || (bytes.empty() && !end)) {
      stream.m_queuedToSend = false;
      m_toSend.pop_front();
      continue;
    }
    const ngtcp2_vec vector{const_cast<uint8_t*>(bytes.data()), bytes.size()}; // ngtcp2 only reads it
    ngtcp2_ssize taken = -1;
    const auto wrote = ngtcp2_conn_writev_stream(
        m_conn.get(), &path.path, &info, into.data(), into.size(), &taken,
        NGTCP2_WRITE_STREAM_FLAG_MORE | (end ? NGTCP2_WRITE_STREAM_FLAG_FIN : NGTCP2_WRITE_STREAM_FLAG_NONE), id,
        bytes.empty() ? nullptr : &vector, bytes.empty() ? 0 : 1, now);
    if (taken >= 0) {
      const auto count = static_cast<size_t>(taken);
      stream.m_out.sent(count);
      m_unacknowledged += count;
      stream.m_endSent = stream.m_endSent || (end && count == bytes.size());
      m_toSend.pop_front(); // behind the others, if it has more
      stream.m_queuedToSend = stream.m_out.unsent() > 0 || (stream.m_endWanted && !stream.m_endSent);
      if (stream.m_queuedToSend) {
        m_toSend.push_back(id);
      }
      if (stream.m_wantsRoom && stream.nextEvent() == QuicStream::Event::Writable) {
        queueToTell(stream);
      }
    }
    switch (wrote) {
    case NGTCP2_ERR_STREAM_DATA_BLOCKED:
      m_toSend.pop_front();
      m_heldBack.push_back(id); // stays marked as queued
      continue;
    case NGTCP2_ERR_STREAM_SHUT_WR:
    case NGTCP2_ERR_STREAM_NOT_FOUND:
      stream.m_peerStopped = true;
      stream.m_out.dropUnsent();
      queueToTell(stream);
      continue;
    default:
      return wrote;
    }
  }
  return noStream();
}

void QuicConnection::requeueHeldBack() {
  m_toSend.insert(m_toSend.end(), m_heldBack.begin(), m_heldBack.end());
  m_heldBack.clear();
}

} // namespace univrs::p2p
