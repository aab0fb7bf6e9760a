// Who is connected to whom, as nodes themselves say it: each tells its neighbours on a gossip topic, now and then and
// soon after a change, and everybody keeps what it heard for a while. A node speaks for its own end of a connection
// only. Sans-IO.
//
// The message is protobuf: 1 name of the node (text), 2 neighbours* {1 peer id, 2 round trip in µs (0 = not known), 3
// relayed}.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/peer_id.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace univrs::p2p {

class Topology {
public:
  static constexpr const char* kTopic = "/univrs/1.0.0/topology";
  static constexpr size_t kMaxNodes = 5'000;     // remembered; further ones are not
  static constexpr size_t kMaxNeighbours = 256;  // of one node; more make its message invalid
  static constexpr size_t kMaxMessage = 16'384;  // bytes
  static constexpr size_t kMaxName = 253;        // bytes; longer ones, and what is no UTF-8, make the message invalid
  static constexpr base::Millis kPeriod{60'000}; // between two messages of a node whose neighbours stay
  static constexpr base::Millis kAfterChange{2'000};
  static constexpr base::Millis kLife{190'000}; // three periods and a bit: then a silent node is forgotten

  struct Neighbour {
    PeerId peer;
    int64_t rttMicros = -1;
    bool relayed = false;
    bool operator==(const Neighbour&) const = default;
  };
  struct Node {
    std::string name;
    std::vector<Neighbour> neighbours; // by peer
    base::Monotonic heard;
    bool operator==(const Node& o) const { return name == o.name && neighbours == o.neighbours; }
  };

  // What a node says. Neighbours beyond kMaxNeighbours are left out, later ones first; the round trips are rounded, so
  // that small changes are none.
  static base::Bytes encode(const std::string& name, std::vector<Neighbour> neighbours);
  // Errors: malformed, too long, a neighbour twice, itself as a neighbour.
  static base::Result<Node> decode(const PeerId& author, std::span<const uint8_t> message);

  // Our own neighbours; says when to send next (due()).
  void setOwn(std::string name, std::vector<Neighbour> neighbours, base::Monotonic now);
  // The message that is due, nothing when none is yet.
  std::optional<base::Bytes> due(base::Monotonic now);
  // When due() has something next.
  [[nodiscard]] base::Monotonic nextDue() const { return m_nextDue; }

  // What `author` said. True when that is news.
  bool heard(const PeerId& author, Node node, base::Monotonic now);
  // Forgets who fell silent; answers who that was.
  std::vector<PeerId> expire(base::Monotonic now);
  [[nodiscard]] const std::map<PeerId, Node>& nodes() const { return m_nodes; }

private:
  std::map<PeerId, Node> m_nodes; // others
  std::string m_name;
  std::vector<Neighbour> m_own;
  std::vector<PeerId> m_toldPeers; // whom the last message named
  base::Monotonic m_nextDue;
  bool m_hasOwn = false;
};

} // namespace univrs::p2p
