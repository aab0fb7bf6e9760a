// Networks for pictures, tests and measurements of the Peer Graph and the Gossip Log, told by a scripted engine.
#pragma once

#include "tests/gui/scripted_engine.h"

#include <QString>

namespace univrs::gui::test {

// The PeerId of this node in these networks, and of peer `number`.
std::string ownPeerId();
std::string peerId(int number);
// As a node tells of one it is directly connected to by QUIC.
model::Peer peer(int number, const std::string& name = {});
model::PeerConnection connectionTo(int number, bool relayed = false, const std::string& transport = "quic-v1");
// As many peers, who have about `links` connections together; always the same ones for the same numbers. The first
// twelve at most are connected to this node.
std::vector<model::Peer> network(int peers, int links);
model::GossipMessage message(int number);

// Scenes: net0, net3, net30, net300, net5000 have as many peers, netlong has long and odd names; others have no
// network.
void fillNetwork(ScriptedEngine& engine, const QString& scene);
// A message passes; traffic of a peer changes. `number` counts the calls.
void passMessage(ScriptedEngine& engine, int number);
void stirNetwork(ScriptedEngine& engine, int number);

} // namespace univrs::gui::test
