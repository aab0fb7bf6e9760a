// A network of real gossipsub routers in one process, without sockets or clocks: latency, loss, churn, and a part of
// the nodes hostile. Same options, same run, to the last message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace univrs::sim {

struct GossipsubOptions {
  uint64_t seed = 1;
  size_t nodes = 200;
  double malicious = 1.0 / 3; // of the nodes: in equal parts censors, spammers, eclipsers
  double loss = 0;            // of the RPCs, lost for good (a stream repeats; this is harsher); subscriptions are kept
  double churn = 0.005;       // of the honest nodes, leaving each second, back as new after 10 s
  int warmUpSeconds = 15;
  int publishSeconds = 30;
  int drainSeconds = 15;
  int messagesPerSecond = 4; // of honest nodes, each by another one
};

struct GossipsubReport {
  size_t published = 0;
  uint64_t expected = 0;  // message and honest node that was there from 3 s before it until 10 s after it
  uint64_t delivered = 0; // of those
  uint64_t twice = 0;     // deliveries of one message to one incarnation after the first
  uint64_t invalid = 0;   // forged messages delivered anywhere
  uint64_t copies = 0;    // messages that honest nodes sent
  uint64_t leavings = 0;
  double ratio = 0;        // delivered / expected
  double worstMessage = 0; // the smallest share of nodes that one message reached
  double hostileMesh = 0;  // part of the honest nodes' mesh places that hostile ones hold at the end
  double graylisted = 0;   // part of the honest nodes' hostile connections below the graylist threshold at the end
  int64_t p50 = 0, p90 = 0, p99 = 0, longest = 0; // ms from publishing to delivery

  [[nodiscard]] std::string text() const; // one line
};

GossipsubReport simulateGossipsub(const GossipsubOptions& options);

} // namespace univrs::sim
