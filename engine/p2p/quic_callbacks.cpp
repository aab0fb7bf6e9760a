#include "engine/p2p/quic_callbacks.h"

#include "engine/p2p/quic_endpoint.h"

#include <openssl/rand.h>

#include <algorithm>
#include <ngtcp2/ngtcp2_crypto.h>
#include <sstream>

namespace univrs::p2p {

// Every function here runs inside a call to ngtcp2: it may take notes, never call a handler.
struct QuicCallbacks {
  static QuicConnection& of(void* user) { return *static_cast<QuicConnection*>(user); }

  static void random(uint8_t* out, size_t size, const ngtcp2_rand_ctx*) {
    // Greasing and packet number skipping only; there is nobody to tell of a failure.
    if (RAND_bytes(out, static_cast<int>(size)) != 1) {
      std::fill_n(out, size, uint8_t{0});
    }
  }
  static int newId(ngtcp2_conn*, ngtcp2_cid* id, uint8_t* token, size_t size, void* user) {
    id->datalen = size;
    if (RAND_bytes(id->data, static_cast<int>(size)) != 1) {
      return NGTCP2_ERR_CALLBACK_FAILURE;
    }
    const auto made = of(user).m_endpoint.resetToken(*id);
    std::copy(made.begin(), made.end(), token);
    of(user).addId(*id);
    return 0;
  }
  static int removeId(ngtcp2_conn*, const ngtcp2_cid* id, void* user) {
    of(user).removeId(*id);
    return 0;
  }
  static int peerId(ngtcp2_conn*, int type, uint64_t, const ngtcp2_cid*, const uint8_t* token, void* user) {
    if (token == nullptr) {
      return 0;
    }
    QuicConnection& connection = of(user);
    const QuicId key(std::span<const uint8_t>(token, NGTCP2_STATELESS_RESET_TOKENLEN));
    if (type == NGTCP2_CONNECTION_ID_STATUS_TYPE_ACTIVATE) {
      connection.m_resetTokens.push_back(key);
      connection.m_endpoint.addResetToken(key, connection.serial());
    } else if (type == NGTCP2_CONNECTION_ID_STATUS_TYPE_DEACTIVATE) {
      std::erase(connection.m_resetTokens, key);
      connection.m_endpoint.removeResetToken(key);
    }
    return 0;
  }
  static int cryptoData(ngtcp2_conn* conn, ngtcp2_crypto_level level, uint64_t offset, const uint8_t* data, size_t size,
                        void* user) {
    // After the handshake only session tickets come, which we do not use.
    return of(user).m_tls ? ngtcp2_crypto_recv_crypto_data_cb(conn, level, offset, data, size, user) : 0;
  }
  static int handshakeCompleted(ngtcp2_conn*, void* user) {
    // For the listener this is the end of it; a dialer's certificate may yet be refused.
    if (of(user).m_info.direction == Direction::Inbound) {
      of(user).becomeUp();
    }
    return 0;
  }
  static int handshakeConfirmed(ngtcp2_conn*, void* user) {
    if (of(user).m_info.direction == Direction::Outbound) {
      of(user).becomeUp();
    }
    return 0;
  }
  static int streamOpen(ngtcp2_conn*, int64_t id, void* user) { return of(user).onStreamOpened(id); }
  static int streamData(ngtcp2_conn*, uint32_t flags, int64_t id, uint64_t, const uint8_t* data, size_t size,
                        void* user, void*) {
    return of(user).onStreamData(id, {data, size}, (flags & NGTCP2_STREAM_DATA_FLAG_FIN) != 0);
  }
  static int acknowledged(ngtcp2_conn*, int64_t id, uint64_t offset, uint64_t size, void* user, void*) {
    return of(user).onAcknowledged(id, offset + size);
  }
  static int streamClose(ngtcp2_conn*, uint32_t, int64_t id, uint64_t, void* user, void*) {
    return of(user).onStreamClosed(id);
  }
  static int streamReset(ngtcp2_conn*, int64_t id, uint64_t, uint64_t code, void* user, void*) {
    return of(user).onStreamReset(id, code);
  }
  static int datagram(ngtcp2_conn*, uint32_t, const uint8_t* data, size_t size, void* user) {
    return of(user).onDatagram({data, size});
  }
};

ngtcp2_callbacks quicCallbacks() {
  ngtcp2_callbacks out{};
  out.client_initial = ngtcp2_crypto_client_initial_cb;
  out.recv_client_initial = ngtcp2_crypto_recv_client_initial_cb;
  out.recv_crypto_data = QuicCallbacks::cryptoData;
  out.encrypt = ngtcp2_crypto_encrypt_cb;
  out.decrypt = ngtcp2_crypto_decrypt_cb;
  out.hp_mask = ngtcp2_crypto_hp_mask_cb;
  out.recv_retry = ngtcp2_crypto_recv_retry_cb;
  out.update_key = ngtcp2_crypto_update_key_cb;
  out.delete_crypto_aead_ctx = ngtcp2_crypto_delete_crypto_aead_ctx_cb;
  out.delete_crypto_cipher_ctx = ngtcp2_crypto_delete_crypto_cipher_ctx_cb;
  out.get_path_challenge_data = ngtcp2_crypto_get_path_challenge_data_cb;
  out.version_negotiation = ngtcp2_crypto_version_negotiation_cb;
  out.rand = QuicCallbacks::random;
  out.get_new_connection_id = QuicCallbacks::newId;
  out.remove_connection_id = QuicCallbacks::removeId;
  out.dcid_status = QuicCallbacks::peerId;
  out.handshake_completed = QuicCallbacks::handshakeCompleted;
  out.handshake_confirmed = QuicCallbacks::handshakeConfirmed;
  out.stream_open = QuicCallbacks::streamOpen;
  out.recv_stream_data = QuicCallbacks::streamData;
  out.acked_stream_data_offset = QuicCallbacks::acknowledged;
  out.stream_close = QuicCallbacks::streamClose;
  out.stream_reset = QuicCallbacks::streamReset;
  out.recv_datagram = QuicCallbacks::datagram;
  return out;
}

base::Error quicCloseError(const ngtcp2_connection_close_error& close, const std::string& where,
                           const std::string& reason, bool wasUp) {
  using base::ErrorCode;
  using base::makeError;
  const std::string words = reason.empty() ? "" : " (" + reason + ")";
  std::ostringstream code;
  code << std::hex << close.error_code;
  if (close.type == NGTCP2_CONNECTION_CLOSE_ERROR_CODE_TYPE_APPLICATION) {
    return makeError(ErrorCode::Cancelled, "the peer closed the connection",
                     where + (close.error_code == 0 ? words : ": code 0x" + code.str() + words));
  }
  const std::string what = wasUp ? "the peer ended the connection" : "the peer refused the connection";
  const bool alert = close.error_code >= NGTCP2_CRYPTO_ERROR && close.error_code < NGTCP2_CRYPTO_ERROR + 0x100;
  if (alert) {
    return makeError(ErrorCode::Unauthorized, what,
                     where + ": it did not accept our certificate or TLS (alert " +
                         std::to_string(close.error_code - NGTCP2_CRYPTO_ERROR) + ")" + words);
  }
  if (close.error_code == NGTCP2_CONNECTION_REFUSED) {
    return makeError(ErrorCode::Unavailable, what, where + ": it takes no more connections now" + words);
  }
  return makeError(ErrorCode::Unavailable, what, where + ": QUIC error 0x" + code.str() + words);
}

} // namespace univrs::p2p
