#include "engine/p2p/topology.h"

#include "engine/p2p/protobuf.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
constexpr uint32_t kName = 1;
constexpr uint32_t kNeighbour = 2;
constexpr uint32_t kPeer = 1;
constexpr uint32_t kRtt = 2;
constexpr uint32_t kRelayed = 3;
constexpr int64_t kMaxRttMicros = 3'600'000'000; // what is longer says nothing

base::Error malformed(std::string why) {
  return base::makeError(base::ErrorCode::BadRequest, "what a node said of its neighbours was not understood",
                         std::move(why));
}

std::vector<PeerId> peersOf(const std::vector<Topology::Neighbour>& neighbours) {
  std::vector<PeerId> out;
  out.reserve(neighbours.size());
  for (const auto& n : neighbours) {
    out.push_back(n.peer);
  }
  std::sort(out.begin(), out.end());
  return out;
}

// Two significant digits: a message is not worth a smaller difference.
int64_t rounded(int64_t micros) {
  int64_t unit = 1;
  while (micros / unit >= 100) {
    unit *= 10;
  }
  return micros / unit * unit;
}

base::Result<Topology::Neighbour> neighbourFrom(std::span<const uint8_t> message) {
  Topology::Neighbour out;
  ProtoReader reader(message);
  while (const auto field = reader.next()) {
    if (field->isBytes(kPeer)) {
      auto peer = PeerId::fromBytes(field->data);
      if (!peer) {
        return malformed(peer.error().text());
      }
      out.peer = std::move(*peer);
    } else if (field->isVarint(kRtt)) {
      out.rttMicros = field->value == 0 || field->value > uint64_t(kMaxRttMicros) ? -1 : int64_t(field->value);
    } else if (field->isVarint(kRelayed)) {
      out.relayed = field->value != 0;
    }
  }
  if (!reader.ok() || out.peer.empty()) {
    return malformed("a neighbour has no id");
  }
  return out;
}
} // namespace

base::Bytes Topology::encode(const std::string& name, std::vector<Neighbour> neighbours) {
  if (neighbours.size() > kMaxNeighbours) {
    neighbours.resize(kMaxNeighbours);
  }
  std::sort(neighbours.begin(), neighbours.end(), [](const auto& a, const auto& b) { return a.peer < b.peer; });
  ProtoWriter out;
  out.text(kName, name.size() <= kMaxName && base::isUtf8(name) ? std::string_view(name) : std::string_view());
  for (const Neighbour& n : neighbours) {
    ProtoWriter inner;
    inner.bytes(kPeer, n.peer.bytes());
    if (n.rttMicros > 0) {
      inner.varint(kRtt, uint64_t(rounded(std::min(n.rttMicros, kMaxRttMicros))));
    }
    if (n.relayed) {
      inner.varint(kRelayed, 1);
    }
    out.message(kNeighbour, inner);
  }
  return out.take();
}

base::Result<Topology::Node> Topology::decode(const PeerId& author, std::span<const uint8_t> message) {
  if (message.size() > kMaxMessage) {
    return malformed("it has " + std::to_string(message.size()) + " bytes, more than " + std::to_string(kMaxMessage));
  }
  Node node;
  ProtoReader reader(message);
  while (const auto field = reader.next()) {
    if (field->isBytes(kName)) {
      if (field->data.size() > kMaxName || !base::isUtf8(field->text())) {
        return malformed("its name is too long or no text");
      }
      node.name = std::string(field->text());
    } else if (field->isBytes(kNeighbour)) {
      if (node.neighbours.size() == kMaxNeighbours) {
        return malformed("it names more than " + std::to_string(kMaxNeighbours) + " neighbours");
      }
      auto neighbour = neighbourFrom(field->data);
      if (!neighbour) {
        return neighbour.error();
      }
      if (neighbour->peer == author) {
        return malformed("it names itself");
      }
      node.neighbours.push_back(std::move(*neighbour));
    }
  }
  if (!reader.ok()) {
    return malformed("it is cut short");
  }
  std::sort(node.neighbours.begin(), node.neighbours.end(),
            [](const auto& a, const auto& b) { return a.peer < b.peer; });
  const auto twice = std::adjacent_find(node.neighbours.begin(), node.neighbours.end(),
                                        [](const auto& a, const auto& b) { return a.peer == b.peer; });
  if (twice != node.neighbours.end()) {
    return malformed("it names a neighbour twice");
  }
  return node;
}

void Topology::setOwn(std::string name, std::vector<Neighbour> neighbours, base::Monotonic now) {
  const bool changed = peersOf(neighbours) != m_toldPeers || name != m_name;
  m_name = std::move(name);
  m_own = std::move(neighbours);
  if (!m_hasOwn) {
    m_hasOwn = true;
    m_nextDue = now + kAfterChange;
  } else if (changed) {
    m_nextDue = std::min(m_nextDue, now + kAfterChange);
  }
}

std::optional<base::Bytes> Topology::due(base::Monotonic now) {
  if (!m_hasOwn || now < m_nextDue) {
    return std::nullopt;
  }
  m_nextDue = now + kPeriod;
  m_toldPeers = peersOf(m_own);
  return encode(m_name, m_own);
}

bool Topology::heard(const PeerId& author, Node node, base::Monotonic now) {
  node.heard = now;
  const auto known = m_nodes.find(author);
  if (known == m_nodes.end()) {
    if (m_nodes.size() >= kMaxNodes) {
      return false;
    }
    m_nodes.emplace(author, std::move(node));
    return true;
  }
  const bool news = !(known->second == node);
  known->second = std::move(node);
  return news;
}

std::vector<PeerId> Topology::expire(base::Monotonic now) {
  std::vector<PeerId> gone;
  for (auto it = m_nodes.begin(); it != m_nodes.end();) {
    if (now - it->second.heard > kLife) {
      gone.push_back(it->first);
      it = m_nodes.erase(it);
    } else {
      ++it;
    }
  }
  return gone;
}

} // namespace univrs::p2p
