#include "engine/p2p/mdns_wire.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
using base::Bytes;
using base::ErrorCode;

constexpr uint16_t kPtr = 12;
constexpr uint16_t kTxt = 16;
constexpr uint16_t kAny = 255;
constexpr uint16_t kIn = 1;
constexpr uint16_t kClassMask = 0x7fff; // the top bit: unicast answer wanted, cache flush
constexpr size_t kHeader = 12;
constexpr size_t kMaxName = 253;    // as text: 255 bytes with the lengths (RFC 1035)
constexpr size_t kMaxPointers = 16; // of one name
constexpr std::string_view kServices = "_services._dns-sd._udp.local";
constexpr std::string_view kAddressKey = "dnsaddr=";

base::Error malformed(const char* why) {
  return base::makeError(ErrorCode::BadRequest, "an mDNS packet was not understood", why);
}

struct Record {
  std::string owner;
  uint16_t type = 0;
  uint32_t ttl = 0;
  size_t begin = 0; // of its data in the packet
  size_t size = 0;
};

class Reader {
public:
  explicit Reader(std::span<const uint8_t> packet) : m_packet(packet) {}
  [[nodiscard]] bool has(size_t count) const { return m_packet.size() - m_at >= count; }
  [[nodiscard]] size_t at() const { return m_at; }
  void skip(size_t count) { m_at += count; } // count was asked for with has()
  uint16_t u16() {
    const auto value = uint16_t(m_packet[m_at] << 8 | m_packet[m_at + 1]);
    m_at += 2;
    return value;
  }
  uint32_t u32() {
    const uint32_t high = u16();
    return high << 16 | u16();
  }

  // The name here in lower case, labels joined by dots. Nothing when it is malformed: cut, too long, or with a pointer
  // that does not lead strictly backwards (so no loop is possible).
  std::optional<std::string> name() {
    std::string out;
    size_t at = m_at;
    size_t lowest = m_at; // pointers must lead before it
    size_t pointers = 0;
    bool moved = false; // m_at stands behind the name already
    while (at < m_packet.size()) {
      const uint8_t length = m_packet[at];
      if ((length & 0xc0) == 0xc0) {
        if (at + 1 >= m_packet.size() || ++pointers > kMaxPointers) {
          return std::nullopt;
        }
        const size_t target = size_t(length & 0x3f) << 8 | m_packet[at + 1];
        if (target >= lowest) {
          return std::nullopt;
        }
        if (!std::exchange(moved, true)) {
          m_at = at + 2;
        }
        at = lowest = target;
        continue;
      }
      if ((length & 0xc0) != 0) {
        return std::nullopt;
      }
      if (length == 0) {
        if (!moved) {
          m_at = at + 1;
        }
        return out;
      }
      if (m_packet.size() - at - 1 < length || out.size() + length + 1 > kMaxName) {
        return std::nullopt;
      }
      if (!out.empty()) {
        out += '.';
      }
      for (size_t i = at + 1; i <= at + length; ++i) {
        const auto c = char(m_packet[i]);
        out += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
      }
      at += size_t(length) + 1;
    }
    return std::nullopt;
  }

private:
  std::span<const uint8_t> m_packet;
  size_t m_at = 0;
};

std::optional<std::pair<PeerId, Multiaddr>> readAddress(std::string_view text) {
  if (!text.starts_with(kAddressKey)) {
    return std::nullopt;
  }
  auto address = Multiaddr::fromText(text.substr(kAddressKey.size()));
  if (!address) {
    return std::nullopt;
  }
  const auto peer = address->peer();
  const Multiaddr where = address->withoutPeer();
  if (!peer || where.empty() || where.isRelayed()) {
    return std::nullopt;
  }
  return std::pair(*peer, where);
}

void readTxt(std::span<const uint8_t> data, uint32_t ttl, std::vector<MdnsPeer>& peers) {
  for (size_t strings = 0; !data.empty() && strings < kMdnsMaxStrings; ++strings) {
    const size_t length = data[0];
    if (data.size() - 1 < length) {
      return;
    }
    const std::string_view text(reinterpret_cast<const char*>(data.data()) + 1, length);
    data = data.subspan(1 + length);
    const auto found = readAddress(text);
    if (!found) {
      continue;
    }
    auto peer = std::find_if(peers.begin(), peers.end(), [&found](const MdnsPeer& p) { return p.id == found->first; });
    if (peer == peers.end()) {
      if (peers.size() >= kMdnsMaxPeers) {
        continue;
      }
      peer = peers.insert(peers.end(), {found->first, {}, ttl});
    }
    auto& known = peer->addresses;
    if (known.size() < kMdnsMaxPeerAddresses && std::find(known.begin(), known.end(), found->second) == known.end()) {
      known.push_back(found->second);
    }
  }
}

void put16(Bytes& out, size_t value) {
  out.push_back(uint8_t(value >> 8));
  out.push_back(uint8_t(value));
}

void putName(Bytes& out, std::string_view name) {
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    out.push_back(uint8_t(label.size()));
    out.insert(out.end(), label.begin(), label.end());
    name.remove_prefix(std::min(name.size(), label.size() + 1));
  }
  out.push_back(0);
}

Bytes header(bool response, size_t questions, size_t answers, size_t additional) {
  Bytes out;
  put16(out, 0); // id: 0 in multicast DNS
  put16(out, response ? 0x8400 : 0);
  put16(out, questions);
  put16(out, answers);
  put16(out, 0);
  put16(out, additional);
  return out;
}

void putRecord(Bytes& out, std::string_view owner, uint16_t type, uint32_t ttl, const Bytes& data) {
  putName(out, owner);
  put16(out, type);
  put16(out, kIn);
  put16(out, ttl >> 16);
  put16(out, ttl & 0xffff);
  put16(out, data.size());
  out.insert(out.end(), data.begin(), data.end());
}
} // namespace

std::optional<std::string> mdnsServiceName(std::string_view fingerprint) {
  if (fingerprint.empty()) {
    return "_p2p._udp.local";
  }
  const bool good = fingerprint.size() <= 58 && std::all_of(fingerprint.begin(), fingerprint.end(), [](char c) {
                      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                    });
  return good ? std::optional("_p2p-" + std::string(fingerprint) + "._udp.local") : std::nullopt;
}

base::Result<MdnsPacket> parseMdns(std::span<const uint8_t> packet, std::string_view service) {
  if (packet.size() < kHeader || packet.size() > kMdnsMaxPacket) {
    return malformed("its size is out of range");
  }
  Reader reader(packet);
  reader.skip(2); // the id says nothing
  const uint16_t flags = reader.u16();
  const size_t questions = reader.u16();
  size_t records = reader.u16();
  records += reader.u16();
  records += reader.u16();
  MdnsPacket out;
  out.isResponse = (flags & 0x8000) != 0;
  if ((flags & 0x7800) != 0 || (flags & 0x000f) != 0) {
    return malformed("its operation or response code is not 0");
  }
  if (questions + records > kMdnsMaxRecords) {
    return malformed("it holds too many records");
  }
  for (size_t i = 0; i < questions; ++i) {
    const auto name = reader.name();
    if (!name || !reader.has(4)) {
      return malformed("a question is cut or malformed");
    }
    const uint16_t type = reader.u16();
    const bool internet = (reader.u16() & kClassMask) == kIn;
    if (internet && (type == kPtr || type == kAny) && !out.isResponse) {
      out.asksForPeers = out.asksForPeers || *name == service;
      out.asksForServices = out.asksForServices || *name == kServices;
    }
  }
  if (!out.isResponse) {
    return out; // what follows in a query are answers the asker knows
  }
  std::vector<std::string> instances; // what PTR records of our service point to
  std::vector<Record> texts;
  for (size_t i = 0; i < records; ++i) {
    Record record;
    const auto owner = reader.name();
    if (!owner || !reader.has(10)) {
      return malformed("a record is cut or malformed");
    }
    record.owner = *owner;
    record.type = reader.u16();
    const bool internet = (reader.u16() & kClassMask) == kIn;
    record.ttl = reader.u32();
    record.size = reader.u16();
    record.begin = reader.at();
    if (!reader.has(record.size)) {
      return malformed("a record's data is cut");
    }
    if (internet && record.type == kPtr && record.owner == service) {
      const auto target = reader.name();
      if (!target || reader.at() != record.begin + record.size) {
        return malformed("a PTR record is malformed");
      }
      instances.push_back(*target);
      continue;
    }
    reader.skip(record.size);
    if (internet && record.type == kTxt) {
      texts.push_back(std::move(record));
    }
  }
  for (const Record& text : texts) {
    if (std::find(instances.begin(), instances.end(), text.owner) != instances.end()) {
      readTxt(packet.subspan(text.begin, text.size), text.ttl, out.peers);
    }
  }
  return out;
}

Bytes mdnsQuery(std::string_view service) {
  Bytes out = header(false, 1, 0, 0);
  putName(out, service);
  put16(out, kPtr);
  put16(out, kIn);
  return out;
}

std::vector<Bytes> mdnsResponses(std::string_view service, std::string_view peerName, const PeerId& id,
                                 const std::vector<Multiaddr>& addresses, uint32_t ttlSeconds) {
  const std::string instance = std::string(peerName) + "." + std::string(service);
  Bytes target;
  putName(target, instance);
  const auto packet = [&](const Bytes& strings) {
    Bytes out = header(true, 0, 1, 1);
    putRecord(out, service, kPtr, ttlSeconds, target);
    putRecord(out, instance, kTxt, ttlSeconds, strings);
    return out;
  };
  const size_t overhead = packet({}).size();
  std::vector<Bytes> out;
  Bytes strings;
  for (const Multiaddr& address : addresses) {
    const std::string text = std::string(kAddressKey) + address.withPeer(id).text();
    if (text.size() > 255) {
      continue;
    }
    if (!strings.empty() && overhead + strings.size() + 1 + text.size() > kMdnsSoftPacket) {
      out.push_back(packet(std::exchange(strings, {})));
    }
    strings.push_back(uint8_t(text.size()));
    strings.insert(strings.end(), text.begin(), text.end());
  }
  if (!strings.empty()) {
    out.push_back(packet(strings));
  }
  return out;
}

Bytes mdnsServicesResponse(std::string_view service) {
  Bytes out = header(true, 0, 1, 0);
  Bytes target;
  putName(target, service);
  putRecord(out, kServices, kPtr, kMdnsTtlSeconds, target);
  return out;
}

} // namespace univrs::p2p
