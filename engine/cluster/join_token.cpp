#include "engine/cluster/join_token.h"

#include "engine/cluster/cbor.h"

#include <QByteArray>

#include <algorithm>

namespace univrs::cluster {

namespace {
constexpr uint64_t kVersion = 1;
constexpr size_t kFields = 9;
constexpr size_t kCheck = 4;
constexpr size_t kMaxAddress = 512; // characters
constexpr uint32_t kMaxUses = 1'000'000;

// All fields but the sum.
void writeFields(CborWriter& out, const JoinToken& token) {
  out.number(kVersion).bytes(token.authority).number(token.roles).number(uint64_t(token.expires.ms));
  out.number(token.uses).bytes(token.id).bytes(token.secret);
  out.array(std::min(token.addresses.size(), JoinToken::kMaxAddresses));
  for (size_t i = 0; i < token.addresses.size() && i < JoinToken::kMaxAddresses; ++i) {
    out.text(token.addresses[i].text());
  }
  out.end();
}

std::array<uint8_t, kCheck> checkOf(const JoinToken& token) {
  CborWriter fields;
  fields.array(kFields - 1);
  writeFields(fields, token);
  fields.end();
  const auto digest = base::sha256(fields.take());
  std::array<uint8_t, kCheck> out{};
  std::copy_n(digest.begin(), kCheck, out.begin());
  return out;
}

base::Error refused(std::string why, std::string hint = "copy it whole, from \"univrs1.\" to its end") {
  return base::makeError(base::ErrorCode::Validation, "the join token was not accepted", std::move(why),
                         std::move(hint));
}
} // namespace

std::string JoinToken::text() const {
  CborWriter out;
  out.array(kFields);
  writeFields(out, *this);
  out.bytes(checkOf(*this)).end();
  return std::string(kPrefix) + base::base64Url(out.take());
}

base::Result<JoinToken> JoinToken::fromText(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kSpace), text.size()));
  text = text.substr(0, text.find_last_not_of(kSpace) + 1);
  if (text.substr(0, kPrefix.size()) != kPrefix) {
    return refused("it does not begin with \"univrs1.\"");
  }
  if (text.size() > kMaxText) {
    return refused("it is longer than " + std::to_string(kMaxText) + " characters");
  }
  text.remove_prefix(kPrefix.size());
  const auto decoded =
      QByteArray::fromBase64Encoding(QByteArray::fromRawData(text.data(), qsizetype(text.size())),
                                     QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
  if (decoded.decodingStatus != QByteArray::Base64DecodingStatus::Ok) {
    return refused("it holds characters that no token has");
  }
  CborReader in(
      std::span(reinterpret_cast<const uint8_t*>(decoded.decoded.constData()), size_t(decoded.decoded.size())));
  const size_t fields = in.array(kFields);
  const uint64_t version = in.number();
  if (in.ok() && version != kVersion) {
    return refused("it is of version " + std::to_string(version), "update this node");
  }
  JoinToken out;
  out.authority = in.exactly<32>();
  out.roles = Roles(in.number(kAllRoles));
  out.expires.ms = int64_t(in.number(INT64_MAX / 2));
  out.uses = uint32_t(in.number(kMaxUses));
  out.id = in.exactly<8>();
  out.secret = in.exactly<16>();
  const size_t addresses = in.array(kMaxAddresses);
  for (size_t i = 0; i < addresses && in.ok(); ++i) {
    auto address = p2p::Multiaddr::fromText(in.text(kMaxAddress));
    if (!address) {
      return refused("an address in it is none: " + address.error().text());
    }
    out.addresses.push_back(std::move(*address));
  }
  in.end();
  const auto check = in.exactly<kCheck>();
  in.end();
  if (fields != kFields || !in.finished() || check != checkOf(out)) {
    return refused("it is damaged or cut short");
  }
  return out;
}

} // namespace univrs::cluster
