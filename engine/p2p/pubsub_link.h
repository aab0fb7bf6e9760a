// The two streams of one gossipsub peer, and what waits to be written to it: control before our own messages before
// others' messages, each bounded, encoded once for all peers.
#pragma once

#include "engine/p2p/framed_stream.h"
#include "engine/p2p/peer_id.h"
#include "engine/p2p/pubsub_wire.h"

#include <array>
#include <deque>
#include <memory>

namespace univrs::p2p {

class PubsubLinkOwner {
public:
  virtual ~PubsubLinkOwner() = default;
  virtual void onRpc(const PeerId& from, std::span<const uint8_t> bytes) = 0;
  virtual void onOutboundGone(const PeerId& peer) = 0;
  virtual void onRpcSent(size_t bytes) = 0;
};

class PubsubLink {
public:
  using Shared = std::shared_ptr<const base::Bytes>;
  enum class Class { Urgent, Gossip, Own, Forward }; // best first
  // Bytes that wait per class. A peer that does not even take so much urgent control does not read at all.
  static constexpr std::array<size_t, 4> kMaxQueued{1u << 20, 256u << 10, 8u << 20, 4u << 20};

  // The owner outlives the link.
  PubsubLink(PubsubLinkOwner& owner, PeerId peer, size_t maxFrame);
  ~PubsubLink(); // resets both streams
  PubsubLink(const PubsubLink&) = delete;
  PubsubLink& operator=(const PubsubLink&) = delete;

  void setOutbound(Stream& stream); // ours to write; what waits goes out
  // The peer's, replacing the one it had before. Gives the handler for the stream.
  std::unique_ptr<StreamHandler> acceptInbound(Stream& stream);
  [[nodiscard]] bool hasOutbound() const { return m_out != nullptr; }

  // False when the queue of its class is full: the RPC was dropped.
  bool send(Class cls, Shared rpc);
  [[nodiscard]] size_t queuedBytes() const;
  void dropQueue();     // everything that waits
  void resetOutbound(); // onOutboundGone is not called

private:
  class Out;
  class In;
  void pump();
  PubsubLinkOwner& m_owner;
  PeerId m_peer;
  size_t m_maxFrame;
  Out* m_out = nullptr; // both belong to their streams
  In* m_in = nullptr;
  std::array<std::deque<Shared>, 4> m_queue;
  std::array<size_t, 4> m_bytes{};
};

} // namespace univrs::p2p
