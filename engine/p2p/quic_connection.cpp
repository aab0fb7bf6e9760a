#include "engine/p2p/quic_connection.h"

#include "engine/p2p/quic_callbacks.h"
#include "engine/p2p/quic_endpoint.h"

#include <openssl/rand.h>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kClosePacket = 1'252;
constexpr uint64_t kClosedProbeTimeouts = 3;         // RFC 9000 10.2
constexpr size_t kDatagramOverhead = 1 + 4 + 16 + 3; // header byte, packet number, tag, frame type and length
constexpr uint64_t kActiveIds = 7;
constexpr uint64_t kMaxDatagramFrame = 65'535;

ngtcp2_duration nanoseconds(std::chrono::milliseconds time) {
  return static_cast<ngtcp2_duration>(std::chrono::nanoseconds(time).count());
}

bool makeId(ngtcp2_cid& id, size_t size) {
  id.datalen = size;
  return RAND_bytes(id.data, static_cast<int>(size)) == 1;
}

// What a peer says in words, fit to be shown.
std::string readable(const uint8_t* text, size_t size) {
  std::string out(reinterpret_cast<const char*>(text), std::min(size, QuicConnection::kMaxReason));
  if (!base::isUtf8(out)) {
    return {};
  }
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}
} // namespace

uint64_t steadyNanoseconds() {
  return static_cast<uint64_t>(
      std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
          .count());
}

QuicConnection::QuicConnection(QuicEndpoint& endpoint, Direction direction, const SocketAddress& remote,
                               std::optional<PeerId> expected)
    : m_endpoint(endpoint), m_remote(remote), m_expected(std::move(expected)) {
  m_info.id = nextConnectionId();
  m_info.direction = direction;
  m_info.transport = "quic-v1";
  m_info.security = "tls";
  m_info.muxer = "quic";
  m_info.remote = remote.quicAddress();
  m_reference.get_conn = [](ngtcp2_crypto_conn_ref* reference) {
    return static_cast<QuicConnection*>(reference->user_data)->m_conn.get();
  };
  m_reference.user_data = this;
  m_endpoint.add(*this);
}

QuicConnection::~QuicConnection() {
  m_handler = nullptr;
  if (m_conn) {
    giveUp({}, 0, {});
  }
  // The handlers die while everything they may still touch in their destructors is whole.
  for (auto& [id, stream] : m_streams) {
    stream->m_gone = true;
  }
  m_streams.clear();
  m_removed.clear();
  m_endpoint.remove(*this);
}

void QuicConnection::fillSettings(ngtcp2_settings& settings, ngtcp2_transport_params& parameters, bool server) const {
  const QuicOptions& options = m_endpoint.shared().options;
  ngtcp2_settings_default(&settings);
  settings.initial_ts = steadyNanoseconds();
  settings.handshake_timeout = nanoseconds(server ? options.inboundHandshake : options.dialTimeout);
  settings.no_pmtud = m_endpoint.socket().neverFragments() ? 0 : 1;
  settings.cc_algo = NGTCP2_CC_ALGO_CUBIC;
  ngtcp2_transport_params_default(&parameters);
  parameters.initial_max_streams_bidi = kMaxPeerStreams;
  parameters.initial_max_streams_uni = 0;
  parameters.initial_max_stream_data_bidi_local = kStreamWindow;
  parameters.initial_max_stream_data_bidi_remote = kStreamWindow;
  parameters.initial_max_data = kConnectionWindow;
  parameters.max_idle_timeout = nanoseconds(options.idleTimeout);
  parameters.active_connection_id_limit = kActiveIds;
  parameters.max_datagram_frame_size = kMaxDatagramFrame;
  parameters.max_udp_payload_size = UdpSocket::kMaxDatagram;
}

std::unique_ptr<QuicConnection> QuicConnection::dial(QuicEndpoint& endpoint, const SocketAddress& local,
                                                     const SocketAddress& remote, std::optional<PeerId> expected) {
  std::unique_ptr<QuicConnection> out(new QuicConnection(endpoint, Direction::Outbound, remote, std::move(expected)));
  out->m_info.local = local.quicAddress();
  ngtcp2_settings settings{};
  ngtcp2_transport_params parameters{};
  out->fillSettings(settings, parameters, false);
  ngtcp2_cid destination{};
  ngtcp2_cid source{};
  SocketAddress from = local;
  SocketAddress to = remote;
  const ngtcp2_path path{{from.data(), from.size()}, {to.data(), to.size()}, nullptr};
  const ngtcp2_callbacks callbacks = quicCallbacks();
  ngtcp2_conn* conn = nullptr;
  if (!makeId(destination, QuicId::kMaxBytes - 2) || !makeId(source, QuicId::kOwnBytes) ||
      ngtcp2_conn_client_new(&conn, &destination, &source, &path, NGTCP2_PROTO_VER_V1, &callbacks, &settings,
                             &parameters, nullptr, out.get()) != 0) {
    return nullptr;
  }
  out->m_conn.reset(conn);
  out->addId(source);
  out->m_giveUpAt = settings.initial_ts + nanoseconds(endpoint.shared().options.dialTimeout);
  return out->begin(false) ? std::move(out) : nullptr;
}

std::unique_ptr<QuicConnection> QuicConnection::accept(QuicEndpoint& endpoint, const SocketAddress& local,
                                                       const SocketAddress& remote, const ngtcp2_pkt_hd& first,
                                                       const ngtcp2_cid* originalId) {
  std::unique_ptr<QuicConnection> out(new QuicConnection(endpoint, Direction::Inbound, remote, std::nullopt));
  out->m_info.local = local.quicAddress();
  ngtcp2_settings settings{};
  ngtcp2_transport_params parameters{};
  out->fillSettings(settings, parameters, true);
  ngtcp2_cid source{};
  if (!makeId(source, QuicId::kOwnBytes)) {
    return nullptr;
  }
  parameters.original_dcid = originalId != nullptr ? *originalId : first.dcid;
  if (originalId != nullptr) {
    parameters.retry_scid = first.dcid;
    parameters.retry_scid_present = 1;
    settings.token = first.token;
  }
  const auto token = endpoint.resetToken(source);
  std::copy(token.begin(), token.end(), parameters.stateless_reset_token);
  parameters.stateless_reset_token_present = 1;
  SocketAddress from = local;
  SocketAddress to = remote;
  const ngtcp2_path path{{from.data(), from.size()}, {to.data(), to.size()}, nullptr};
  const ngtcp2_callbacks callbacks = quicCallbacks();
  ngtcp2_conn* conn = nullptr;
  if (ngtcp2_conn_server_new(&conn, &first.scid, &source, &path, first.version, &callbacks, &settings, &parameters,
                             nullptr, out.get()) != 0) {
    return nullptr;
  }
  out->m_conn.reset(conn);
  out->addId(source);
  out->addId(first.dcid); // until the client knows ours
  return out->begin(true) ? std::move(out) : nullptr;
}

bool QuicConnection::begin(bool server) {
  m_tls = m_endpoint.shared().credentials->session(server, &m_reference, [](gnutls_session_t session) {
    const auto* reference = static_cast<ngtcp2_crypto_conn_ref*>(gnutls_session_get_ptr(session));
    return static_cast<QuicConnection*>(reference->user_data)->verifyPeer(session);
  });
  if (!m_tls) {
    return false;
  }
  ngtcp2_conn_set_tls_native_handle(m_conn.get(), m_tls.get());
  rearm();
  return true;
}

int QuicConnection::verifyPeer(gnutls_session_t session) {
  unsigned count = 0;
  const gnutls_datum_t* shown = gnutls_certificate_get_peers(session, &count);
  std::vector<std::span<const uint8_t>> chain;
  for (unsigned i = 0; shown != nullptr && i < count; ++i) {
    chain.emplace_back(shown[i].data, shown[i].size);
  }
  auto key = verifyTlsCertificates(chain, m_endpoint.shared().clock.now().wall);
  if (!key) {
    m_refusal = key.error().what + ": " + key.error().why;
    return GNUTLS_E_CERTIFICATE_ERROR;
  }
  PeerId peer = key->peerId();
  if (m_expected && *m_expected != peer) {
    m_refusal = "another peer is there: expected " + m_expected->text() + ", found " + peer.text();
    return GNUTLS_E_CERTIFICATE_ERROR;
  }
  m_info.key = std::move(key).value();
  m_info.peer = std::move(peer);
  return 0;
}

void QuicConnection::setHandedOver() {
  m_handedOver = true;
  // TLS has done its part: keys are updated without it, and session tickets are of no use to us. It would be half of
  // what a quiet connection holds.
  ngtcp2_conn_set_tls_native_handle(m_conn.get(), nullptr);
  m_tls.reset();
}

// ---- Ids ----

void QuicConnection::addId(const ngtcp2_cid& id) {
  m_ids.emplace_back(std::span<const uint8_t>(id.data, id.datalen));
  m_endpoint.addId(m_ids.back(), serial());
}

void QuicConnection::removeId(const ngtcp2_cid& id) {
  const QuicId key(std::span<const uint8_t>(id.data, id.datalen));
  std::erase(m_ids, key);
  m_endpoint.removeId(key);
}

// ---- What the owner asks ----

base::Result<Stream*> QuicConnection::openStream() {
  if (!m_conn) {
    return makeError(ErrorCode::Unavailable, "the stream could not be opened", "the connection is closed");
  }
  int64_t id = 0;
  const int result = ngtcp2_conn_open_bidi_stream(m_conn.get(), &id, nullptr);
  if (result != 0) {
    return makeError(ErrorCode::Unavailable, "the stream could not be opened",
                     result == NGTCP2_ERR_STREAM_ID_BLOCKED ? "the peer allows no more streams now"
                                                            : ngtcp2_strerror(result));
  }
  auto stream = std::make_unique<QuicStream>(*this, id, true);
  Stream* out = stream.get();
  m_streams.emplace(id, std::move(stream));
  return out;
}

void QuicConnection::close(uint64_t code, const std::string& reason) {
  if (!m_conn) {
    return;
  }
  send(); // what was written before should have its chance
  giveUp(makeError(ErrorCode::Cancelled, "the connection was closed", reason), code, reason);
}

void QuicConnection::giveUp(base::Error error, uint64_t code, const std::string& reason) {
  if (!m_conn) {
    return;
  }
  const std::string told = reason.substr(0, kMaxReason);
  ngtcp2_connection_close_error close{};
  ngtcp2_connection_close_error_default(&close);
  ngtcp2_connection_close_error_set_application_error(&close, std::min<uint64_t>(code, NGTCP2_MAX_VARINT),
                                                      reinterpret_cast<const uint8_t*>(told.data()), told.size());
  over(std::move(error), closePacket(close), false);
}

size_t QuicConnection::bufferedBytes() const {
  size_t sum = 0;
  for (const auto& [id, stream] : m_streams) {
    sum += stream->received().size() + stream->unsent();
  }
  return sum;
}

std::optional<std::chrono::microseconds> QuicConnection::rtt() const {
  if (!m_conn) {
    return std::nullopt;
  }
  ngtcp2_conn_stat stat{};
  ngtcp2_conn_get_conn_stat(m_conn.get(), &stat);
  if (stat.first_rtt_sample_ts == UINT64_MAX) {
    return std::nullopt;
  }
  return std::chrono::microseconds(stat.smoothed_rtt / 1'000);
}

size_t QuicConnection::maxDatagram() const {
  const auto* peer = m_conn && m_up ? ngtcp2_conn_get_remote_transport_params(m_conn.get()) : nullptr;
  if (peer == nullptr || peer->max_datagram_frame_size <= 3) {
    return 0;
  }
  const size_t packet = ngtcp2_conn_get_path_max_tx_udp_payload_size(m_conn.get());
  const size_t overhead = kDatagramOverhead + ngtcp2_conn_get_dcid(m_conn.get())->datalen;
  return std::min<size_t>(packet - std::min(packet, overhead), peer->max_datagram_frame_size - 3);
}

bool QuicConnection::sendDatagram(std::span<const uint8_t> bytes) {
  if (bytes.size() > maxDatagram() || maxDatagram() == 0 || m_datagramsOut.size() >= kMaxDatagramsQueued) {
    return false;
  }
  m_datagramsOut.emplace_back(bytes.begin(), bytes.end());
  wake();
  return true;
}

// ---- What the streams ask ----

void QuicConnection::queueToSend(QuicStream& stream) {
  if (m_conn && !stream.m_queuedToSend) {
    stream.m_queuedToSend = true;
    m_toSend.push_back(stream.m_id);
    wake();
  }
}

void QuicConnection::queueToTell(QuicStream& stream) {
  if (!stream.m_queuedToTell) {
    stream.m_queuedToTell = true;
    m_toTell.push_back(stream.m_id);
    wake();
  }
}

void QuicConnection::consumed(QuicStream& stream, size_t count) {
  if (m_conn) {
    if (!stream.m_transportDone && !stream.m_endReceived) {
      ngtcp2_conn_extend_max_stream_offset(m_conn.get(), stream.m_id, count);
    }
    ngtcp2_conn_extend_max_offset(m_conn.get(), count);
  }
  queueToTell(stream); // its end may be due now
}

void QuicConnection::readingStopped(QuicStream& stream, size_t unread) {
  if (m_conn) {
    ngtcp2_conn_extend_max_offset(m_conn.get(), unread);
    if (!stream.m_transportDone && !stream.m_endReceived) {
      ngtcp2_conn_shutdown_stream_read(m_conn.get(), stream.m_id, 0);
    }
  }
  queueToTell(stream);
}

void QuicConnection::resetStream(QuicStream& stream, uint64_t code) {
  stream.m_gone = true;
  if (m_conn && !stream.m_transportDone) {
    ngtcp2_conn_shutdown_stream(m_conn.get(), stream.m_id, std::min<uint64_t>(code, NGTCP2_MAX_VARINT));
  }
  removeStream(stream.m_id);
  wake();
}

void QuicConnection::removeStream(int64_t id) {
  const auto found = m_streams.find(id);
  if (found == m_streams.end()) {
    return;
  }
  QuicStream& stream = *found->second;
  stream.m_gone = true;
  if (m_conn) {
    ngtcp2_conn_extend_max_offset(m_conn.get(), stream.received().size());
    if (stream.m_transportDone) {
      if (!stream.m_outbound) {
        ngtcp2_conn_extend_max_streams_bidi(m_conn.get(), 1); // its place is free for another
      }
    } else {
      stream.m_out.dropUnsent();
      m_orphans.emplace(id, std::move(stream.m_out));
    }
  }
  m_removed.push_back(std::move(found->second));
  m_streams.erase(found);
}

// ---- The end ----

void QuicConnection::failed(int result) {
  ngtcp2_connection_close_error close{};
  ngtcp2_connection_close_error_default(&close);
  const std::string where = m_remote.text();
  switch (result) {
  case NGTCP2_ERR_DRAINING: {
    ngtcp2_conn_get_connection_close_error(m_conn.get(), &close);
    over(quicCloseError(close, where, readable(close.reason, close.reasonlen), m_up), {}, false);
    return;
  }
  case NGTCP2_ERR_IDLE_CLOSE:
    over(makeError(ErrorCode::Timeout, "the peer fell silent", where + ": nothing was heard for too long"), {}, true);
    return;
  case NGTCP2_ERR_HANDSHAKE_TIMEOUT:
    over(makeError(ErrorCode::Timeout, "the peer did not answer", where + ": no connection came about in time"), {},
         true);
    return;
  case NGTCP2_ERR_RECV_VERSION_NEGOTIATION:
    over(makeError(ErrorCode::Unsupported, "the peer could not be connected to",
                   where + ": it does not speak QUIC version 1"),
         {}, true);
    return;
  case NGTCP2_ERR_DROP_CONN:
  case NGTCP2_ERR_RETRY:
    over(makeError(ErrorCode::Unavailable, "the connection was dropped", where + ": its first packet made no sense"),
         {}, true);
    return;
  default:
    break;
  }
  base::Error error;
  if (result == NGTCP2_ERR_CRYPTO) {
    ngtcp2_connection_close_error_set_transport_error_tls_alert(&close, ngtcp2_conn_get_tls_alert(m_conn.get()),
                                                                nullptr, 0);
    error = makeError(ErrorCode::Forbidden, "the peer could not be connected to",
                      where + ": " + (m_refusal.empty() ? "the TLS handshake failed" : m_refusal));
  } else {
    ngtcp2_connection_close_error_set_transport_error_liberr(&close, result, nullptr, 0);
    error = makeError(ErrorCode::Unavailable, "the connection failed", where + ": " + ngtcp2_strerror(result));
  }
  over(std::move(error), closePacket(close), false);
}

base::Bytes QuicConnection::closePacket(const ngtcp2_connection_close_error& error) {
  base::Bytes packet(kClosePacket);
  ngtcp2_path_storage path;
  ngtcp2_path_storage_zero(&path);
  ngtcp2_pkt_info info{};
  const auto size = ngtcp2_conn_write_connection_close(m_conn.get(), &path.path, &info, packet.data(), packet.size(),
                                                       &error, steadyNanoseconds());
  packet.resize(size > 0 ? static_cast<size_t>(size) : 0);
  return packet;
}

void QuicConnection::over(base::Error error, base::Bytes closePacket, bool silent) {
  m_over = std::move(error);
  const uint64_t until = steadyNanoseconds() + kClosedProbeTimeouts * ngtcp2_conn_get_pto(m_conn.get());
  if (!closePacket.empty()) {
    Batch batch{closePacket,        closePacket.size(),
                closePacket.size(), leavingFrom(*ngtcp2_conn_get_path(m_conn.get())),
                m_remote,           0};
    ship(batch);
  }
  m_conn.reset(); // tells of reset tokens no longer needed
  m_tls.reset();
  for (const QuicId& id : m_ids) {
    m_endpoint.removeId(id);
  }
  for (const QuicId& token : std::exchange(m_resetTokens, {})) {
    m_endpoint.removeResetToken(token);
  }
  if (!silent) {
    m_endpoint.retire(std::exchange(m_ids, {}), std::move(closePacket), until);
  }
  m_ids.clear();
  m_blocked.reset();
  m_orphans.clear();
  m_datagramsOut.clear();
  m_endpoint.setTimer(*this, kNever);
  wake();
}

} // namespace univrs::p2p
