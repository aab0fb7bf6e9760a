#include "engine/p2p/quic_tls.h"

#include <ngtcp2/ngtcp2_crypto.h>
#include <ngtcp2/ngtcp2_crypto_gnutls.h>

namespace univrs::p2p {

namespace {
constexpr const char* kPriority = "NORMAL:-VERS-ALL:+VERS-TLS1.3:-CIPHER-ALL:+AES-128-GCM:+AES-256-GCM:"
                                  "+CHACHA20-POLY1305:-GROUP-ALL:+GROUP-X25519:+GROUP-SECP256R1:"
                                  "%DISABLE_TLS13_COMPAT_MODE";

gnutls_datum_t datum(const base::Bytes& bytes) {
  return {const_cast<uint8_t*>(bytes.data()), static_cast<unsigned>(bytes.size())}; // GnuTLS only reads it
}
} // namespace

base::Result<std::unique_ptr<QuicCredentials>> QuicCredentials::make(const TlsCertificate& certificate) {
  std::unique_ptr<QuicCredentials> out(new QuicCredentials);
  const gnutls_datum_t shown = datum(certificate.certificate);
  const gnutls_datum_t key = datum(certificate.privateKey);
  int result = gnutls_certificate_allocate_credentials(&out->m_certificate);
  if (result >= 0 && !certificate.certificate.empty()) {
    result = gnutls_certificate_set_x509_key_mem(out->m_certificate, &shown, &key, GNUTLS_X509_FMT_DER);
  }
  if (result >= 0) {
    result = gnutls_priority_init(&out->m_priority, kPriority, nullptr);
  }
  if (result < 0) {
    return base::makeError(base::ErrorCode::Internal, "QUIC could not be set up", gnutls_strerror(result));
  }
  return out;
}

QuicCredentials::~QuicCredentials() {
  if (m_priority != nullptr) {
    gnutls_priority_deinit(m_priority);
  }
  if (m_certificate != nullptr) {
    gnutls_certificate_free_credentials(m_certificate);
  }
}

TlsSession QuicCredentials::session(bool server, ngtcp2_crypto_conn_ref* reference,
                                    gnutls_certificate_verify_function* verify) const {
  gnutls_session_t raw = nullptr;
  // No tickets: a resumed session would skip the certificates, which are the point.
  const unsigned flags = (server ? GNUTLS_SERVER | GNUTLS_NO_AUTO_SEND_TICKET
                                 : GNUTLS_CLIENT | GNUTLS_FORCE_CLIENT_CERT | GNUTLS_NO_TICKETS) |
                         GNUTLS_NO_END_OF_EARLY_DATA;
  if (gnutls_init(&raw, flags) < 0) {
    return nullptr;
  }
  TlsSession session(raw);
  char name[] = "libp2p";
  const gnutls_datum_t protocol{reinterpret_cast<uint8_t*>(name), sizeof name - 1};
  const int configured =
      server ? ngtcp2_crypto_gnutls_configure_server_session(raw) : ngtcp2_crypto_gnutls_configure_client_session(raw);
  if (configured != 0 || gnutls_priority_set(raw, m_priority) < 0 ||
      gnutls_credentials_set(raw, GNUTLS_CRD_CERTIFICATE, m_certificate) < 0 ||
      gnutls_alpn_set_protocols(raw, &protocol, 1, GNUTLS_ALPN_MANDATORY) < 0) {
    return nullptr;
  }
  gnutls_session_set_verify_function(raw, verify);
  if (server) {
    gnutls_certificate_server_set_request(raw, GNUTLS_CERT_REQUIRE);
  }
  gnutls_session_set_ptr(raw, reference);
  return session;
}

} // namespace univrs::p2p
