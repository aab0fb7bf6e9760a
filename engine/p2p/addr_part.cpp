#include "engine/p2p/addr_part.h"

#include "engine/p2p/multibase.h"
#include "engine/p2p/varint.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>
#include <charconv>

namespace univrs::p2p {

namespace {
namespace ip = boost::asio::ip;

constexpr size_t kMaxName = 253;     // a DNS name (RFC 1035)
constexpr size_t kMaxLabel = 63;     // of one of its labels
constexpr size_t kMaxCertHash = 128; // a multihash; SHA-256 takes 34
constexpr size_t kMaxShort = 64;     // a zone, a memory address
constexpr size_t kMaxPath = 512;     // of a unix socket; Linux itself takes 107

constexpr std::array<AddrProtocol, 21> kProtocols{{{AddrCode::Ip4, "ip4", 4},
                                                   {AddrCode::Tcp, "tcp", 2},
                                                   {AddrCode::Ip6, "ip6", 16},
                                                   {AddrCode::Ip6Zone, "ip6zone", kVariableSize},
                                                   {AddrCode::Dns, "dns", kVariableSize},
                                                   {AddrCode::Dns4, "dns4", kVariableSize},
                                                   {AddrCode::Dns6, "dns6", kVariableSize},
                                                   {AddrCode::Dnsaddr, "dnsaddr", kVariableSize},
                                                   {AddrCode::Udp, "udp", 2},
                                                   {AddrCode::P2pCircuit, "p2p-circuit", 0},
                                                   {AddrCode::Unix, "unix", kVariableSize},
                                                   {AddrCode::P2p, "p2p", kVariableSize},
                                                   {AddrCode::Tls, "tls", 0},
                                                   {AddrCode::Noise, "noise", 0},
                                                   {AddrCode::Quic, "quic", 0},
                                                   {AddrCode::QuicV1, "quic-v1", 0},
                                                   {AddrCode::Webtransport, "webtransport", 0},
                                                   {AddrCode::Certhash, "certhash", kVariableSize},
                                                   {AddrCode::Ws, "ws", 0},
                                                   {AddrCode::Wss, "wss", 0},
                                                   {AddrCode::Memory, "memory", kVariableSize}}};

bool isControl(char c) {
  return uint8_t(c) < 0x20 || c == 0x7f;
}

// Letters, digits, '-', '_' and dots (other scripts come as punycode); one dot may end it.
bool isDnsName(std::string_view name) {
  if (name.ends_with('.')) {
    name.remove_suffix(1);
  }
  if (name.empty() || name.size() > kMaxName) {
    return false;
  }
  size_t label = 0;
  for (const char c : name) {
    const bool word =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    if (c == '.' ? label == 0 : !word || label == kMaxLabel) {
      return false;
    }
    label = c == '.' ? 0 : label + 1;
  }
  return label > 0;
}

// Something short that has no slash and nothing that a terminal would obey.
bool isShort(std::string_view value) {
  return !value.empty() && value.size() <= kMaxShort &&
         std::all_of(value.begin(), value.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '/'; });
}

bool isPath(std::string_view value) {
  return value.size() > 1 && value.size() <= kMaxPath && value.front() == '/' && value.back() != '/' &&
         base::isUtf8(value) && std::none_of(value.begin(), value.end(), isControl);
}

// Any multihash: code, length, so many bytes.
bool isMultihash(std::string_view value) {
  auto rest = base::asBytes(value);
  const auto code = readVarint(rest);
  if (value.size() > kMaxCertHash || code.state != Varint::State::Done) {
    return false;
  }
  rest = rest.subspan(code.size);
  const auto size = readVarint(rest);
  return size.state == Varint::State::Done && size.value > 0 && size.value == rest.size() - size.size;
}

std::optional<std::string> portFromText(std::string_view text) {
  uint16_t port = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), port);
  const bool leadingZero = text.size() > 1 && text.front() == '0';
  if (read.ec != std::errc() || read.ptr != text.data() + text.size() || leadingZero) {
    return std::nullopt;
  }
  return std::string{char(port >> 8), char(port & 0xff)};
}

template <class Address>
std::string rawIp(const Address& address) {
  const auto raw = address.to_bytes();
  return {raw.begin(), raw.end()};
}

template <size_t N>
std::array<uint8_t, N> fixed(std::string_view value) {
  std::array<uint8_t, N> out{};
  std::copy_n(value.begin(), std::min(N, value.size()), out.begin());
  return out;
}
} // namespace

const AddrProtocol* addrProtocol(AddrCode code) {
  const auto* at = std::find_if(kProtocols.begin(), kProtocols.end(), [&](const auto& p) { return p.code == code; });
  return at == kProtocols.end() ? nullptr : at;
}

const AddrProtocol* addrProtocol(std::string_view name) {
  if (name == "ipfs") {
    return addrProtocol(AddrCode::P2p);
  }
  const auto* at = std::find_if(kProtocols.begin(), kProtocols.end(), [&](const auto& p) { return p.name == name; });
  return at == kProtocols.end() ? nullptr : at;
}

std::optional<std::string> addrValueFromText(AddrCode code, std::string_view text) {
  if (text.find('\0') != std::string_view::npos) { // the parsers of IP addresses would stop there
    return std::nullopt;
  }
  boost::system::error_code failed;
  switch (code) {
  case AddrCode::Ip4: {
    const auto address = ip::make_address_v4(std::string(text), failed);
    return failed ? std::nullopt : std::optional(rawIp(address));
  }
  case AddrCode::Ip6: {
    // A zone is a part of its own here, and depends on the machine.
    const auto address = ip::make_address_v6(std::string(text), failed);
    return failed || text.find('%') != std::string_view::npos ? std::nullopt : std::optional(rawIp(address));
  }
  case AddrCode::Tcp:
  case AddrCode::Udp:
    return portFromText(text);
  case AddrCode::P2p: {
    const auto id = PeerId::fromText(text);
    return id ? std::optional(std::string(id->bytes().begin(), id->bytes().end())) : std::nullopt;
  }
  case AddrCode::Certhash: {
    const auto bytes = fromMultibase(text);
    std::string value = bytes ? std::string(bytes->begin(), bytes->end()) : std::string();
    return isAddrValue(code, value) ? std::optional(std::move(value)) : std::nullopt;
  }
  default:
    return isAddrValue(code, text) ? std::optional(std::string(text)) : std::nullopt;
  }
}

bool isAddrValue(AddrCode code, std::string_view value) {
  switch (code) {
  case AddrCode::Dns:
  case AddrCode::Dns4:
  case AddrCode::Dns6:
  case AddrCode::Dnsaddr:
    return isDnsName(value);
  case AddrCode::Ip6Zone:
  case AddrCode::Memory:
    return isShort(value);
  case AddrCode::Unix:
    return isPath(value);
  case AddrCode::P2p:
    return PeerId::fromBytes(base::asBytes(value)).ok();
  case AddrCode::Certhash:
    return isMultihash(value);
  default: {
    const auto* protocol = addrProtocol(code);
    return protocol != nullptr && value.size() == protocol->size;
  }
  }
}

std::string addrValueText(const AddrPart& part) {
  switch (part.code) {
  case AddrCode::Ip4:
    return ip::address_v4(fixed<4>(part.value)).to_string();
  case AddrCode::Ip6:
    return ip::address_v6(fixed<16>(part.value)).to_string();
  case AddrCode::Tcp:
  case AddrCode::Udp:
    return std::to_string(part.port());
  case AddrCode::P2p:
    return base::base58(base::asBytes(part.value));
  case AddrCode::Certhash:
    return multibase64Url(base::asBytes(part.value));
  default:
    return part.value;
  }
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, kMaxShort));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return isControl(c) || uint8_t(c) >= 0x80; }, '?');
  return text.size() > kMaxShort ? out + "…" : out;
}

} // namespace univrs::p2p
