// Kademlia's streams: one we ask on, one we are asked on. Each knows its owner only through a link that the owner cuts
// when it goes, since streams may outlive it.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/framed_stream.h"
#include "engine/p2p/kad_wire.h"

#include <memory>

namespace univrs::p2p {

class KadAnsweringStream;

class KadStreamOwner {
public:
  virtual ~KadStreamOwner() = default;
  // The end of one request: its reply, or why there is none. An empty message for requests without a reply.
  virtual void onReply(uint64_t request, base::Result<KadMessage> reply) = 0;
  virtual void onAskingGone(uint64_t request) = 0; // its stream is over; comes after onReply
  // A peer asks; an error resets the stream. Nothing to send for ADD_PROVIDER.
  virtual base::Result<std::optional<KadMessage>> onRequest(KadAnsweringStream& stream, const KadMessage& request) = 0;
  virtual void onInboundGone(uint64_t stream) = 0;
};

struct KadLink {
  KadStreamOwner* owner = nullptr;
};

// One request, one reply, then both close. A peer that replies and does not close is the owner's to give up.
class KadAskingStream final : public FramedStream {
public:
  KadAskingStream(Stream& stream, std::shared_ptr<KadLink> owner, uint64_t request, bool expectsReply);
  // Sends the request; our half is closed after the reply, or at once where none is expected.
  void ask(const KadMessage& message);
  void giveUp() { reset(); } // no call to the owner follows

private:
  void onMessage(std::span<const uint8_t> message) override;
  void onFault(const base::Error& error) override;
  void onFinished() override;
  void onClosed(const base::Error& error) override;
  void settle(base::Result<KadMessage> reply);
  std::shared_ptr<KadLink> m_owner;
  uint64_t m_request;
  bool m_expectsReply;
  bool m_settled = false;
};

// Requests one after another until the peer closes or the owner finds it idle.
class KadAnsweringStream final : public FramedStream {
public:
  static constexpr size_t kMaxQueued = 256 * 1024; // replies a peer has asked for and does not read

  KadAnsweringStream(Stream& stream, std::shared_ptr<KadLink> owner, uint64_t id, PeerId peer, base::Monotonic now);
  ~KadAnsweringStream() override;
  void touch(base::Monotonic now) { m_lastRequest = now; }
  [[nodiscard]] base::Monotonic lastRequest() const { return m_lastRequest; }
  [[nodiscard]] uint64_t id() const { return m_id; }
  [[nodiscard]] const PeerId& peer() const { return m_peer; }
  void drop() { reset(); }

private:
  void onMessage(std::span<const uint8_t> message) override;
  void onFault(const base::Error& error) override;
  void onClosed(const base::Error& error) override;
  std::shared_ptr<KadLink> m_owner;
  uint64_t m_id;
  PeerId m_peer;
  base::Monotonic m_lastRequest;
};

} // namespace univrs::p2p
