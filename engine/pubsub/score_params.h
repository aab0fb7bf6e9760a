// Weights and thresholds of peer scoring (gossipsub 1.1). Names follow the spec's P1…P7.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <cstddef>

namespace univrs::pubsub {

// Of one topic. The plain defaults are ours: a peer earns by being the first with messages, and a handful of invalid
// ones puts it out. P3 and P3b are off: they punish silence, and our topics may be silent for hours.
struct TopicScoreParams {
  double topicWeight = 0.5;
  // P1: time in the mesh.
  double timeInMeshWeight = 0.01;
  base::Millis timeInMeshQuantum{1'000};
  double timeInMeshCap = 300;
  // P2: first deliveries.
  double firstDeliveriesWeight = 1;
  double firstDeliveriesDecay = 0.99;
  double firstDeliveriesCap = 50;
  // P3: too few deliveries in the mesh.
  double meshDeliveriesWeight = 0;
  double meshDeliveriesDecay = 0.5;
  double meshDeliveriesCap = 100;
  double meshDeliveriesThreshold = 20;
  base::Millis meshDeliveriesWindow{10};
  base::Millis meshDeliveriesActivation{5'000};
  // P3b: the same deficit, kept after a prune.
  double meshFailureWeight = 0;
  double meshFailureDecay = 0.5;
  // P4: invalid messages, squared.
  double invalidWeight = -10;
  double invalidDecay = 0.99;

  // rust-libp2p 0.54's defaults: P1 outweighs everything within four seconds, and P3 is on.
  static TopicScoreParams rust();
};

struct ScoreThresholds {
  double gossip = -10;            // below: no gossip to or from the peer
  double publish = -50;           // below: own messages are not sent to it
  double graylist = -80;          // below: whatever it says is ignored
  double acceptPeerExchange = 10; // from here on: its PX is taken
  double opportunisticGraft = 20; // the mesh's median is below: graft better ones
};

struct ScoreParams {
  ScoreThresholds thresholds;
  double topicScoreCap = 3'600;   // of all topics together; 0: none
  double applicationWeight = 10;  // P5
  double ipColocationWeight = -5; // P6
  double ipColocationThreshold = 10;
  double behaviourWeight = -10; // P7
  double behaviourThreshold = 0;
  double behaviourDecay = 0.2;
  base::Millis decayInterval{1'000};
  double decayToZero = 0.1;
  base::Millis retain{3'600'000}; // how long a bad score is remembered after the peer left
};

// Refuses what is not finite, has the wrong sign, or decays by a factor outside 0…1.
base::Result<void> validate(const TopicScoreParams& params);
base::Result<void> validate(const ScoreParams& params);

} // namespace univrs::pubsub
