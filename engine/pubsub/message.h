// What gossipsub nodes say to each other, as values: messages, subscriptions and control. How they stand on the wire
// (and how messages are signed) is p2p's matter: engine/p2p/pubsub_wire.h; this folder knows no peer id format and no
// key, so that it can be tested with a thousand nodes in one process.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/strong.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace univrs::pubsub {

struct PeerTag;
struct MessageIdTag;
// The bytes of a peer's id as they stand on the wire.
using Peer = base::Id<PeerTag>;
// Names a message on a topic; both ends of a network compute the same one (TopicOptions::messageId). Raw bytes.
using MessageId = base::Id<MessageIdTag>;
using Topic = std::string;

struct Message {
  Peer from; // the author
  base::Bytes data;
  uint64_t seqno = 0;
  Topic topic;
  base::Bytes signature;
  base::Bytes key; // only when the author's id does not hold it
};
// Messages are shared, never changed: the cache, the queues of all peers and the handlers hold the same one.
using MessagePtr = std::shared_ptr<const Message>;

struct Subscription {
  Topic topic;
  bool subscribe = true;
  bool operator==(const Subscription&) const = default;
};

struct IHave {
  Topic topic;
  std::vector<MessageId> ids;
  bool operator==(const IHave&) const = default;
};

// A peer that another one recommends.
struct ExchangedPeer {
  Peer peer;
  base::Bytes signedRecord;
  bool operator==(const ExchangedPeer&) const = default;
};

struct Prune {
  Topic topic;
  std::vector<ExchangedPeer> peers;
  uint64_t backoffSeconds = 0; // 0: not said
  bool operator==(const Prune&) const = default;
};

// Everything but messages.
struct Control {
  std::vector<Subscription> subscriptions;
  std::vector<Topic> graft;
  std::vector<Prune> prune;
  std::vector<IHave> ihave;
  std::vector<MessageId> iwant;
  std::vector<MessageId> idontwant;
  bool operator==(const Control&) const = default;

  [[nodiscard]] bool empty() const {
    return subscriptions.empty() && graft.empty() && prune.empty() && ihave.empty() && iwant.empty() &&
           idontwant.empty();
  }
};

struct Rpc {
  std::vector<MessagePtr> messages;
  Control control;
};

// Largest of each that means anything to us; decoders leave out what is longer.
inline constexpr size_t kMaxTopicBytes = 512;
inline constexpr size_t kMaxMessageIdBytes = 256;

// author, then the number as 8 bytes big-endian: the default of the spec and of go and js.
MessageId idFromAuthorAndNumber(const Message& message);
// SHA-256 of the data: what networks of the original nodes use. Equal payloads are one message.
MessageId idFromData(const Message& message);

} // namespace univrs::pubsub
