// Gossip of this node: the topics it takes part in, the topology it gathers from them, and the messages that pass, for
// whoever watches. Belongs to NetworkPart.
#pragma once

#include "engine/commands/watch_hub.h"
#include "engine/p2p/pubsub_service.h"
#include "engine/p2p/topology.h"

#include <QTimer>

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace univrs::node {

class NetworkGossip final : private p2p::PubsubObserver {
public:
  // What was heard of a node's neighbours changed, or it fell silent.
  using OnNode = std::function<void(const p2p::PeerId&)>;

  NetworkGossip(p2p::Host& host, std::string nodeName, commands::WatchHub& hub, OnNode onNode);
  ~NetworkGossip() override;
  NetworkGossip(const NetworkGossip&) = delete;
  NetworkGossip& operator=(const NetworkGossip&) = delete;

  base::Result<void> start();
  void connectionsChanged(); // our neighbours are not what they were
  [[nodiscard]] const p2p::Topology& topology() const { return m_topology; }
  [[nodiscard]] std::vector<std::string> topics() const;
  [[nodiscard]] std::vector<std::string> topicsOf(const p2p::PeerId& peer) const; // of ours, those it subscribes to
  [[nodiscard]] p2p::PubsubStats stats() const { return m_pubsub.stats(); }

private:
  void onNote(const pubsub::Note& note) override;
  void tellNeighbours();
  void scheduleNext();

  p2p::Host& m_host;
  std::string m_nodeName;
  commands::WatchHub& m_hub;
  OnNode m_onNode;
  p2p::PubsubService m_pubsub;
  p2p::Topology m_topology;
  QTimer m_timer;
};

} // namespace univrs::node
