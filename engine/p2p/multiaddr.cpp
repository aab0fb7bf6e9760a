#include "engine/p2p/multiaddr.h"

#include "engine/p2p/addr_part.h"
#include "engine/p2p/varint.h"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <array>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;
namespace ip = boost::asio::ip;

base::Error notAnAddress(const std::string& why) {
  return makeError(ErrorCode::BadRequest, "this is not an address of a peer", why,
                   "addresses look like /ip4/192.0.2.1/udp/9000/quic-v1");
}

bool isName(AddrCode code) {
  return code == AddrCode::Dns || code == AddrCode::Dns4 || code == AddrCode::Dns6;
}

// "/NAME/VALUE…" without the slashes at its ends, cut at each slash.
std::vector<std::string_view> segments(std::string_view text) {
  std::vector<std::string_view> out;
  while (true) {
    const auto slash = text.find('/');
    out.push_back(text.substr(0, slash));
    if (slash == std::string_view::npos) {
      return out;
    }
    text.remove_prefix(slash + 1);
  }
}

void appendPart(base::Bytes& out, const AddrPart& part) {
  appendVarint(out, uint32_t(part.code));
  const auto* protocol = addrProtocol(part.code);
  if (protocol != nullptr && protocol->size == kVariableSize) {
    appendVarint(out, part.value.size());
  }
  out.insert(out.end(), part.value.begin(), part.value.end());
}

// IPv4 addresses inside IPv6 ones count as what they are.
std::optional<ip::address> hostOf(const std::vector<AddrPart>& parts) {
  if (parts.empty()) {
    return std::nullopt;
  }
  const auto& value = parts.front().value;
  if (parts.front().code == AddrCode::Ip4) {
    ip::address_v4::bytes_type raw{};
    std::copy(value.begin(), value.end(), raw.begin());
    return ip::address_v4(raw);
  }
  if (parts.front().code == AddrCode::Ip6) {
    ip::address_v6::bytes_type raw{};
    std::copy(value.begin(), value.end(), raw.begin());
    const ip::address_v6 v6(raw);
    return v6.is_v4_mapped() ? ip::address(ip::make_address_v4(ip::v4_mapped, v6)) : ip::address(v6);
  }
  return std::nullopt;
}

bool inNet(const ip::address_v4& address, std::array<uint8_t, 4> net, unsigned bits) {
  const uint32_t mask = ~uint32_t(0) << (32 - bits);
  return ((address.to_uint() ^ ip::address_v4(net).to_uint()) & mask) == 0;
}

std::optional<AddrPart> ipPart(std::string_view text) {
  for (const AddrCode code : {AddrCode::Ip4, AddrCode::Ip6}) {
    if (auto value = addrValueFromText(code, text)) {
      return AddrPart{code, std::move(*value)};
    }
  }
  return std::nullopt;
}

std::string portValue(uint16_t port) {
  return {char(port >> 8), char(port & 0xff)};
}
} // namespace

uint16_t AddrPart::port() const {
  const bool hasPort = (code == AddrCode::Tcp || code == AddrCode::Udp) && value.size() == 2;
  return hasPort ? uint16_t(uint8_t(value[0]) << 8 | uint8_t(value[1])) : uint16_t(0);
}

base::Result<Multiaddr> Multiaddr::fromText(std::string_view text) {
  if (text.size() > kMaxBytes) {
    return notAnAddress("it is longer than 1024 characters");
  }
  while (text.ends_with('/')) {
    text.remove_suffix(1);
  }
  if (!text.starts_with('/')) {
    return notAnAddress(text.empty() ? "it is empty" : "it does not start with /");
  }
  Multiaddr out;
  const auto cut = segments(text.substr(1));
  for (size_t i = 0; i < cut.size(); ++i) {
    const auto* protocol = addrProtocol(cut[i]);
    if (protocol == nullptr) {
      return notAnAddress("\"" + printable(cut[i]) + "\" is not a kind of address that is known");
    }
    AddrPart part{protocol->code, {}};
    if (protocol->size != 0) {
      if (i + 1 == cut.size()) {
        return notAnAddress("nothing follows " + std::string(protocol->name));
      }
      // A path holds slashes itself: it is all that follows.
      const bool isPath = protocol->code == AddrCode::Unix;
      const std::string_view value = isPath ? text.substr(size_t(cut[i + 1].data() - text.data()) - 1) : cut[i + 1];
      auto raw = addrValueFromText(protocol->code, value);
      if (!raw) {
        return notAnAddress("\"" + printable(value) + "\" cannot follow " + std::string(protocol->name));
      }
      part.value = std::move(*raw);
      i = isPath ? cut.size() : i + 1;
    }
    out.m_parts.push_back(std::move(part));
    if (out.m_parts.size() > kMaxParts) {
      return notAnAddress("it has more than 16 parts");
    }
  }
  if (out.bytes().size() > kMaxBytes || out.text().size() > kMaxBytes) {
    return notAnAddress("it is longer than 1024 bytes");
  }
  return out;
}

base::Result<Multiaddr> Multiaddr::fromBytes(std::span<const uint8_t> bytes) {
  if (bytes.empty() || bytes.size() > kMaxBytes) {
    return notAnAddress(bytes.empty() ? "it is empty" : "it is longer than 1024 bytes");
  }
  Multiaddr out;
  const size_t whole = bytes.size();
  const auto take = [&bytes](uint64_t& number) {
    const auto read = readVarint(bytes);
    number = read.value;
    bytes = bytes.subspan(read.state == Varint::State::Done ? read.size : 0);
    return read.state == Varint::State::Done;
  };
  while (!bytes.empty()) {
    uint64_t code = 0;
    const auto* protocol = take(code) && code <= uint32_t(-1) ? addrProtocol(AddrCode(code)) : nullptr;
    if (protocol == nullptr) {
      return notAnAddress("part " + std::to_string(out.m_parts.size() + 1) + " is of a kind that is not known");
    }
    uint64_t size = protocol->size;
    if ((size == kVariableSize && !take(size)) || size > bytes.size()) {
      return notAnAddress("it is cut short");
    }
    AddrPart part{protocol->code, std::string(bytes.begin(), bytes.begin() + ptrdiff_t(size))};
    bytes = bytes.subspan(size_t(size));
    // As text, a path takes all that follows, so nothing may.
    if (!isAddrValue(part.code, part.value) || (part.code == AddrCode::Unix && !bytes.empty())) {
      return notAnAddress("the value of its part " + std::string(protocol->name) + " is not valid");
    }
    out.m_parts.push_back(std::move(part));
    if (out.m_parts.size() > kMaxParts) {
      return notAnAddress("it has more than 16 parts");
    }
  }
  // Text is at most three times as long as the values (an IPv6 address) plus 14 for each name.
  constexpr size_t kSurelyShort = (kMaxBytes - kMaxParts * 14) / 3;
  if (whole > kSurelyShort && out.text().size() > kMaxBytes) {
    return notAnAddress("it is longer than 1024 characters");
  }
  return out;
}

base::Result<Multiaddr> Multiaddr::quic(std::string_view ip, uint16_t port) {
  auto host = ipPart(ip);
  if (!host) {
    return notAnAddress("\"" + printable(ip) + "\" is not an IP address");
  }
  Multiaddr out;
  out.m_parts = {std::move(*host), {AddrCode::Udp, portValue(port)}, {AddrCode::QuicV1, {}}};
  return out;
}

base::Result<Multiaddr> Multiaddr::tcp(std::string_view ip, uint16_t port) {
  auto host = ipPart(ip);
  if (!host) {
    return notAnAddress("\"" + printable(ip) + "\" is not an IP address");
  }
  Multiaddr out;
  out.m_parts = {std::move(*host), {AddrCode::Tcp, portValue(port)}};
  return out;
}

std::string Multiaddr::text() const {
  std::string out;
  for (const auto& part : m_parts) {
    const auto* protocol = addrProtocol(part.code);
    if (protocol == nullptr) {
      continue; // cannot be: parts are made here only
    }
    out += "/" + std::string(protocol->name);
    if (part.code == AddrCode::Unix) {
      out += part.value; // begins with its slash
    } else if (protocol->size != 0) {
      out += "/" + addrValueText(part);
    }
  }
  return out;
}

base::Bytes Multiaddr::bytes() const {
  base::Bytes out;
  for (const auto& part : m_parts) {
    appendPart(out, part);
  }
  return out;
}

bool Multiaddr::has(AddrCode code) const {
  return find(code) != nullptr;
}

const AddrPart* Multiaddr::find(AddrCode code) const {
  const auto at = std::find_if(m_parts.begin(), m_parts.end(), [code](const AddrPart& p) { return p.code == code; });
  return at == m_parts.end() ? nullptr : &*at;
}

std::string Multiaddr::ip() const {
  const bool isIp = !empty() && (m_parts[0].code == AddrCode::Ip4 || m_parts[0].code == AddrCode::Ip6);
  return isIp ? addrValueText(m_parts[0]) : std::string();
}

bool Multiaddr::isIp6() const {
  return !empty() && m_parts[0].code == AddrCode::Ip6;
}

bool Multiaddr::isLoopback() const {
  const auto host = hostOf(m_parts);
  return host && host->is_loopback();
}

bool Multiaddr::isPrivate() const {
  const auto host = hostOf(m_parts);
  if (!host) {
    return false;
  }
  if (host->is_v6()) {
    const auto raw = host->to_v6().to_bytes();
    return (raw[0] & 0xfeu) == 0xfc || (raw[0] == 0xfe && (raw[1] & 0xc0u) == 0x80);
  }
  const auto v4 = host->to_v4();
  return inNet(v4, {10, 0, 0, 0}, 8) || inNet(v4, {172, 16, 0, 0}, 12) || inNet(v4, {192, 168, 0, 0}, 16) ||
         inNet(v4, {169, 254, 0, 0}, 16) || inNet(v4, {100, 64, 0, 0}, 10);
}

bool Multiaddr::isUnspecified() const {
  const auto host = hostOf(m_parts);
  return host && host->is_unspecified();
}

bool Multiaddr::isQuicV1() const {
  return m_parts.size() >= 3 && (isName(m_parts[0].code) || !ip().empty()) && m_parts[1].code == AddrCode::Udp &&
         m_parts[2].code == AddrCode::QuicV1;
}

bool Multiaddr::isTcp() const {
  if (m_parts.size() < 2 || (!isName(m_parts[0].code) && ip().empty()) || m_parts[1].code != AddrCode::Tcp) {
    return false;
  }
  // What stands before the peer (of a relayed address: before the relay) belongs to this connection.
  const auto end = std::find_if(m_parts.begin(), m_parts.end(), [](const AddrPart& p) {
    return p.code == AddrCode::P2p || p.code == AddrCode::P2pCircuit;
  });
  return std::none_of(m_parts.begin(), end, [](const AddrPart& p) {
    return p.code == AddrCode::Ws || p.code == AddrCode::Wss || p.code == AddrCode::Tls;
  });
}

uint16_t Multiaddr::port() const {
  const auto at = std::find_if(m_parts.begin(), m_parts.end(),
                               [](const AddrPart& p) { return p.code == AddrCode::Tcp || p.code == AddrCode::Udp; });
  return at == m_parts.end() ? uint16_t(0) : at->port();
}

std::optional<PeerId> Multiaddr::peer() const {
  if (empty() || m_parts.back().code != AddrCode::P2p) {
    return std::nullopt;
  }
  auto id = PeerId::fromBytes(base::asBytes(m_parts.back().value));
  return id ? std::optional(std::move(id).value()) : std::nullopt;
}

Multiaddr Multiaddr::withPeer(const PeerId& peer) const {
  Multiaddr out = withoutPeer();
  if (!peer.empty()) {
    const auto raw = peer.bytes();
    out.m_parts.push_back({AddrCode::P2p, std::string(raw.begin(), raw.end())});
  }
  return out;
}

Multiaddr Multiaddr::withoutPeer() const {
  Multiaddr out = *this;
  if (!out.empty() && out.m_parts.back().code == AddrCode::P2p) {
    out.m_parts.pop_back();
  }
  return out;
}

Multiaddr Multiaddr::withIp(std::string_view ip) const {
  auto host = ipPart(ip);
  if (!host || empty()) {
    return {};
  }
  Multiaddr out = *this;
  out.m_parts.front() = std::move(*host);
  return out;
}

std::optional<std::pair<Multiaddr, Multiaddr>> Multiaddr::splitCircuit() const {
  const auto at =
      std::find_if(m_parts.begin(), m_parts.end(), [](const AddrPart& p) { return p.code == AddrCode::P2pCircuit; });
  if (at == m_parts.end()) {
    return std::nullopt;
  }
  std::pair<Multiaddr, Multiaddr> out;
  out.first.m_parts.assign(m_parts.begin(), at);
  out.second.m_parts.assign(at + 1, m_parts.end());
  return out;
}

Multiaddr Multiaddr::joined(const Multiaddr& more) const {
  Multiaddr out = *this;
  out.m_parts.insert(out.m_parts.end(), more.m_parts.begin(), more.m_parts.end());
  const bool fits = out.m_parts.size() <= kMaxParts && (empty() || more.empty() || !has(AddrCode::Unix)) &&
                    out.bytes().size() <= kMaxBytes && out.text().size() <= kMaxBytes;
  return fits ? out : Multiaddr();
}

} // namespace univrs::p2p
