#include "engine/p2p/kad_streams.h"

#include <utility>

namespace univrs::p2p {

namespace {
base::Error noReply(std::string why) {
  return base::makeError(base::ErrorCode::Unavailable, "a peer did not answer a Kademlia request", std::move(why));
}
} // namespace

KadAskingStream::KadAskingStream(Stream& stream, std::shared_ptr<KadLink> owner, uint64_t request, bool expectsReply)
    : FramedStream(stream, kKadMaxFrameIn, kKadMaxFrameIn), m_owner(std::move(owner)), m_request(request),
      m_expectsReply(expectsReply) {}

void KadAskingStream::ask(const KadMessage& message) {
  send(encodeKad(message));
  // js-libp2p resets a stream whose end it has read, and a reply that is not yet sent is lost with it.
  if (!m_expectsReply) {
    finish();
  }
}

void KadAskingStream::settle(base::Result<KadMessage> reply) {
  if (!std::exchange(m_settled, true) && m_owner->owner != nullptr) {
    m_owner->owner->onReply(m_request, std::move(reply));
  }
}

void KadAskingStream::onMessage(std::span<const uint8_t> message) {
  if (m_settled) {
    return; // a second reply; nobody asked for it
  }
  finish();
  settle(decodeKad(message));
}

void KadAskingStream::onFault(const base::Error& error) {
  settle(error);
}

void KadAskingStream::onFinished() {
  finish();
  settle(m_expectsReply ? base::Result<KadMessage>(noReply("it closed the stream"))
                        : base::Result<KadMessage>(KadMessage()));
}

void KadAskingStream::onClosed(const base::Error& error) {
  // js-libp2p resets the stream once it has taken a request to which there is no reply.
  settle(m_expectsReply || queued() > 0 ? base::Result<KadMessage>(noReply(error.text()))
                                        : base::Result<KadMessage>(KadMessage()));
  if (m_owner->owner != nullptr) {
    m_owner->owner->onAskingGone(m_request);
  }
}

KadAnsweringStream::KadAnsweringStream(Stream& stream, std::shared_ptr<KadLink> owner, uint64_t id, PeerId peer,
                                       base::Monotonic now)
    : FramedStream(stream, kKadMaxFrameIn, kMaxQueued), m_owner(std::move(owner)), m_id(id), m_peer(std::move(peer)),
      m_lastRequest(now) {}

KadAnsweringStream::~KadAnsweringStream() {
  if (m_owner->owner != nullptr) {
    m_owner->owner->onInboundGone(m_id);
  }
}

void KadAnsweringStream::onMessage(std::span<const uint8_t> message) {
  if (m_owner->owner == nullptr) {
    reset();
    return;
  }
  const auto request = decodeKad(message);
  if (!request) {
    reset();
    return;
  }
  const auto reply = m_owner->owner->onRequest(*this, *request);
  // A peer that asks on and on without reading is not served any longer.
  if (!reply || (*reply && !send(encodeKad(**reply)))) {
    reset();
  }
}

void KadAnsweringStream::onFault(const base::Error&) {}

void KadAnsweringStream::onClosed(const base::Error&) {}

} // namespace univrs::p2p
