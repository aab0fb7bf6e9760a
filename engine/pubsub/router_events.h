// What goes into a gossipsub router and what comes out of it.
#pragma once

#include "engine/pubsub/message.h"

#include <string>
#include <variant>
#include <vector>

namespace univrs::pubsub {

// ---- in

// A stream to the peer is open. Said once until it is disconnected.
struct PeerConnected {
  Peer peer;
  bool outbound = false;            // we dialled
  std::string ip;                   // groups peers for scoring (an IPv4 address, an IPv6 /56); empty: not grouped
  bool understandsBackoff = true;   // speaks 1.1 or later: backoff and peer exchange in PRUNE
  bool understandsIdontwant = true; // speaks 1.2
};
struct PeerDisconnected {
  Peer peer;
};
struct RpcReceived {
  Peer from;
  Rpc rpc;
};
struct Join {
  Topic topic;
};
struct Leave {
  Topic topic;
};
// A message of ours, complete and signed; its topic need not be joined.
struct Publish {
  MessagePtr message;
};
enum class Verdict { Accept, Reject, Ignore }; // Reject blames who sent it, Ignore nobody
struct Validated {                             // the answer to a Validate effect; may come later
  MessageId id;
  Verdict verdict = Verdict::Ignore;
};
struct Heartbeat {};

// ---- out

struct SendControl {
  Peer to;
  Control control;     // at most kMaxControlBytes on the wire
  bool urgent = false; // subscriptions, GRAFT, PRUNE: must not be lost. Gossip may be, when queues are full.
};
struct SendMessage {
  enum class Why { Own, Forward, Asked };
  MessageId id;
  MessagePtr message;
  std::vector<Peer> to;
  Why why = Why::Forward;
};
// For us: somebody else's message on a topic we joined, once.
struct Deliver {
  MessageId id;
  MessagePtr message;
  Peer via;
};
struct Validate {
  MessageId id;
  MessagePtr message;
  Peer via;
};
// Worth connecting to. A recommended peer comes with its signed record (to be checked before it is dialled), a direct
// one without.
struct Connect {
  Peer peer;
  base::Bytes signedRecord;
};
// For whoever watches.
struct Note {
  enum class Kind { Published, Received, Duplicate, Rejected, Ignored, Subscribed, Unsubscribed, Grafted, Pruned };
  Kind kind = Kind::Received;
  Topic topic;
  Peer peer; // who brought, joined, was grafted; empty when it was us
  MessageId id;
  MessagePtr message;
  std::string why; // of Rejected, Ignored, Pruned
};

using Effect = std::variant<SendControl, SendMessage, Deliver, Validate, Connect, Note>;
using Effects = std::vector<Effect>;

} // namespace univrs::pubsub
