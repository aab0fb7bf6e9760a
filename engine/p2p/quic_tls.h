// GnuTLS as the TLS engine inside QUIC: credentials once per process, one session per connection. All looking into
// certificates is tls_certificate.h's.
#pragma once

#include "engine/p2p/tls_certificate.h"

#include <functional>
#include <gnutls/gnutls.h>
#include <memory>

struct ngtcp2_crypto_conn_ref;

namespace univrs::p2p {

struct FreeTlsSession {
  void operator()(gnutls_session_t session) const { gnutls_deinit(session); }
};
using TlsSession = std::unique_ptr<std::remove_pointer_t<gnutls_session_t>, FreeTlsSession>;

// Shared by all sessions; must outlive them.
class QuicCredentials {
public:
  static base::Result<std::unique_ptr<QuicCredentials>> make(const TlsCertificate& certificate);
  ~QuicCredentials();
  QuicCredentials(const QuicCredentials&) = delete;
  QuicCredentials& operator=(const QuicCredentials&) = delete;

  // A session for libp2p over QUIC: TLS 1.3, ALPN "libp2p", certificates on both sides. `verify` judges the peer's
  // certificates during the handshake. Null when GnuTLS refuses (memory).
  [[nodiscard]] TlsSession session(bool server, ngtcp2_crypto_conn_ref* reference,
                                   gnutls_certificate_verify_function* verify) const;

private:
  QuicCredentials() = default;
  gnutls_certificate_credentials_t m_certificate = nullptr;
  gnutls_priority_t m_priority = nullptr;
};

} // namespace univrs::p2p
