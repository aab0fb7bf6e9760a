// The node among its peers: who it is on the network, whom it knows, and whether they answer. Changes come as deltas of
// the topics "peers" and "gossip" (events.h).
#pragma once

#include "engine/interfaces/reply.h"
#include "engine/model/peer.h"

#include <QJsonObject>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace univrs::interfaces {

struct NetworkInfo {
  std::string peerId;
  std::string did;
  std::string agent;
  std::vector<std::string> listening; // multiaddrs our listeners got, without /p2p/
  std::vector<std::string> addresses; // where others may reach us, each with /p2p/ID at its end
  std::vector<std::string> protocols;
  std::vector<std::string> topics; // gossip topics this node subscribes to
  base::Timestamp startedAt;
  int64_t knownPeers = 0;
  int64_t connectedPeers = 0;
  int64_t connectionsIn = 0;
  int64_t connectionsOut = 0;
  int64_t streams = 0;
  int64_t receivedBytes = 0; // over the connections that are open
  int64_t sentBytes = 0;
  int64_t messagesReceived = 0; // gossip messages that were new and accepted
  int64_t messagesPublished = 0;
  std::map<std::string, int64_t> refused; // what limits refused, by reason
};
QJsonObject toJson(const NetworkInfo& info);
base::Result<NetworkInfo> networkInfoFromJson(const QJsonObject& json);

struct PingResult {
  std::string peerId;
  std::string address; // multiaddr it answered from
  int64_t rttMicros = 0;
};
QJsonObject toJson(const PingResult& result);
base::Result<PingResult> pingResultFromJson(const QJsonObject& json);

class Network {
public:
  virtual ~Network() = default;
  //! Who this node is on the network, and its sums.
  virtual void networkInfo(Reply<NetworkInfo> reply) = 0;
  //! Connected peers first, then others it knows; at most 1,000.
  virtual void listPeers(Reply<std::vector<model::Peer>> reply) = 0;
  //! One ping. `peer` is a PeerId, the beginning of a connected one's, or a multiaddr; it is connected to first when it
  //! is not.
  virtual void pingPeer(std::string peer, Reply<PingResult> reply) = 0;
};

} // namespace univrs::interfaces
