// Other libp2p nodes as this one sees them: who is connected, over what, and the gossip messages that pass. Values for
// people and programs outside; engine/p2p has its own types.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <QJsonObject>

#include <cstdint>
#include <string>
#include <vector>

namespace univrs::model {

struct PeerConnection {
  std::string id; // unique on this node while it runs
  bool inbound = false;
  std::string local;  // multiaddr
  std::string remote; // multiaddr
  std::string transport;
  std::string security;
  std::string muxer;
  bool relayed = false;
  base::Timestamp openedAt;
  int64_t receivedBytes = 0;
  int64_t sentBytes = 0;
  int64_t rttMicros = -1; // smoothed; -1 = not known yet
  int streams = 0;
  bool operator==(const PeerConnection&) const = default;
};

// A connection some other node says it has.
struct PeerLink {
  std::string id; // PeerId of the other end
  int64_t rttMicros = -1;
  bool relayed = false;
  bool operator==(const PeerLink&) const = default;
};

struct Peer {
  std::string id;   // PeerId, base58
  std::string name; // of a Univrs node that told it; else empty
  bool connected = false;
  std::string agent;           // as it calls its program
  std::string protocolVersion; // as it calls its family of protocols
  std::vector<std::string> protocols;
  std::vector<std::string> addresses;      // where it may be reached
  std::vector<std::string> topics;         // gossip topics it subscribes to, of those we know
  std::vector<PeerConnection> connections; // ours to it
  std::vector<PeerLink> neighbours;        // whom it says it is connected to
  base::Timestamp seenAt;                  // last heard of
  bool operator==(const Peer&) const = default;
};

// One gossip message as it passed this node.
struct GossipMessage {
  static constexpr int64_t kShownBytes = 16 * 1024; // of the data kept here
  std::string id;                                   // message id, hex
  std::string topic;
  std::string author;       // PeerId that signed it
  std::string receivedFrom; // PeerId of the neighbour; empty: published here
  std::string verdict;      // "published", "accepted", "rejected", "ignored"
  std::string reason;       // of a rejected or ignored one
  base::Timestamp time;
  uint64_t seqno = 0;
  int64_t bytes = 0; // of the data
  std::string data;  // its first kShownBytes
  bool operator==(const GossipMessage&) const = default;
};

QJsonObject toJson(const Peer& peer);
base::Result<Peer> peerFromJson(const QJsonObject& json);
QJsonObject toJson(const GossipMessage& message); // data as base64
base::Result<GossipMessage> gossipMessageFromJson(const QJsonObject& json);

} // namespace univrs::model
