#include "engine/cluster/join_proof.h"

#include <QMessageAuthenticationCode>

#include <algorithm>

namespace univrs::cluster {

namespace {
QByteArray view(std::span<const uint8_t> bytes) {
  return QByteArray::fromRawData(reinterpret_cast<const char*>(bytes.data()), qsizetype(bytes.size()));
}

// Each part is preceded by its length: no two lists of parts give the same input.
class Mac {
public:
  Mac(std::span<const uint8_t> key, std::string_view domain) : m_code(QCryptographicHash::Sha256, view(key)) {
    add(base::asBytes(domain));
  }
  Mac& add(std::span<const uint8_t> part) {
    const auto size = uint32_t(part.size());
    const std::array<uint8_t, 4> length{uint8_t(size >> 24), uint8_t(size >> 16), uint8_t(size >> 8), uint8_t(size)};
    m_code.addData(view(length));
    m_code.addData(view(part));
    return *this;
  }
  Mac& add(const JoinBinding& binding) {
    return add(binding.joiner.bytes())
        .add(binding.admitter.bytes())
        .add(binding.joinerNonce)
        .add(binding.admitterNonce);
  }
  [[nodiscard]] JoinProof take() {
    const QByteArray code = m_code.result();
    JoinProof out{};
    std::copy_n(code.begin(), out.size(), out.begin());
    return out;
  }

private:
  QMessageAuthenticationCode m_code;
};
} // namespace

JoinProof proofOfJoiner(const TokenSecret& secret, const JoinBinding& binding) {
  return Mac(secret, "univrs-join-1").add(binding).take();
}

JoinProof proofOfAdmitter(const TokenSecret& secret, const JoinBinding& binding, const p2p::PublicKey& authority,
                          std::span<const uint8_t> certificate) {
  return Mac(secret, "univrs-admit-1").add(binding).add(authority).add(certificate).take();
}

bool same(const JoinProof& a, const JoinProof& b) {
  const auto text = [](const JoinProof& p) {
    return std::string_view(reinterpret_cast<const char*>(p.data()), p.size());
  };
  return base::constantTimeEqual(text(a), text(b));
}

SharedToken tokenOfSharedSecret(std::string_view secret, Roles roles) {
  const std::array<uint8_t, 1> role{roles};
  const JoinProof id = Mac(base::asBytes(secret), "univrs-shared-id-1").add(role).take();
  const JoinProof key = Mac(base::asBytes(secret), "univrs-shared-key-1").add(role).take();
  SharedToken out;
  std::copy_n(id.begin(), out.id.size(), out.id.begin());
  std::copy_n(key.begin(), out.secret.size(), out.secret.begin());
  return out;
}

} // namespace univrs::cluster
