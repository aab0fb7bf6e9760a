// How a gossipsub router behaves: sizes, times, caps. The defaults are those of the spec and of rust-libp2p 0.54
// (specs of gossipsub 1.0, 1.1, 1.2); what a network has settled otherwise is set per topic.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/pubsub/message.h"
#include "engine/pubsub/score_params.h"

#include <functional>

namespace univrs::pubsub {

using base::Millis;

// How many peers a topic's mesh has.
struct MeshSizes {
  size_t wanted = 6;
  size_t low = 5;      // fewer: graft up to `wanted`
  size_t high = 12;    // more: prune down to `wanted`
  size_t best = 4;     // of those that stay when pruning, this many are the best by score, the others random
  size_t outbound = 2; // at least this many that we dialled (below `low`, at most half of `wanted`)
  size_t lazy = 6;     // gossip goes to at least this many others

  // What the original nodes use on their networks.
  static MeshSizes originals() { return {.wanted = 2, .low = 1, .high = 4, .best = 4, .outbound = 0, .lazy = 2}; }
};

struct TopicOptions {
  std::function<MessageId(const Message&)> messageId = idFromAuthorAndNumber;
  MeshSizes mesh;
  TopicScoreParams score;
  bool validate = false; // ask (Validate effect) before delivering and forwarding; else every signed message is good
};

struct RouterParams {
  Millis heartbeat{1'000};   // how often the owner sends Heartbeat; only used to scale what is counted in heartbeats
  size_t historyWindows = 5; // heartbeats a message stays in the cache …
  size_t gossipWindows = 3;  // … and is told of in IHAVE
  double gossipFactor = 0.25;
  Millis seenTtl{120'000};
  Millis fanoutTtl{60'000};
  Millis pruneBackoff{60'000};
  Millis unsubscribeBackoff{10'000};
  Millis backoffSlack{1'000};         // after a backoff ends we wait this much longer before we graft ourselves
  Millis graftFloodThreshold{10'000}; // a GRAFT this soon after our PRUNE is punished twice
  bool floodPublish = true;           // own messages go to every subscribed peer, not only to the mesh
  size_t prunePeers = 16;             // peers told in a PRUNE; 0: no peer exchange given
  size_t maxIhaveIds = 5'000;         // taken from, and told to, one peer in one heartbeat
  size_t maxIhaveMessages = 10;       // IHAVE messages taken from one peer in one heartbeat
  Millis iwantFollowup{3'000};
  uint32_t retransmissions = 3; // a message is given to one peer on IWANT at most this often
  uint32_t opportunisticGraftTicks = 60;
  size_t opportunisticGraftPeers = 2;
  uint32_t directConnectTicks = 300;
  size_t idontwantBytes = 1'024;     // messages from this size on are announced with IDONTWANT; 0: never
  size_t maxIdontwantIds = 1'000;    // taken from one peer in one heartbeat
  uint32_t idontwantTicks = 3;       // how many heartbeats we heed one
  size_t maxMessageBytes = 1u << 20; // data of one message
};

// Refuses parameters that contradict each other; says which.
base::Result<void> validate(const MeshSizes& mesh);
base::Result<void> validate(const RouterParams& params);

} // namespace univrs::pubsub
