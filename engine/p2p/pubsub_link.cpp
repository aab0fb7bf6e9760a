#include "engine/p2p/pubsub_link.h"

#include <numeric>
#include <utility>

namespace univrs::p2p {

// The handlers may outlive the link by a moment (a stream destroys its handler from the event loop), so each knows its
// link only while the link knows it.
class PubsubLink::Out final : public FramedStream {
public:
  Out(Stream& stream, PubsubLink& link)
      : FramedStream(stream, kMaxAnswer, link.m_maxFrame + kMaxVarintBytes), m_link(&link) {}
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;
  // A connection that is destroyed takes its streams along without a word.
  ~Out() override {
    if (m_link != nullptr) {
      m_link->m_out = nullptr;
    }
  }
  void forget() { m_link = nullptr; }

private:
  static constexpr size_t kMaxAnswer = 1'024; // nobody writes on the stream of the other; what comes is not looked at

  void onMessage(std::span<const uint8_t>) override {}
  void onFault(const base::Error&) override { gone(); }
  void onFinished() override {} // its half; ours stays open
  void onQueueDrained() override {
    if (m_link != nullptr) {
      m_link->pump();
    }
  }
  void onClosed(const base::Error&) override { gone(); }
  void gone() {
    if (PubsubLink* link = std::exchange(m_link, nullptr)) {
      link->m_out = nullptr;
      link->m_owner.onOutboundGone(link->m_peer);
    }
  }
  PubsubLink* m_link;
};

class PubsubLink::In final : public FramedStream {
public:
  In(Stream& stream, PubsubLink& link) : FramedStream(stream, link.m_maxFrame, kMaxVarintBytes), m_link(&link) {}
  In(const In&) = delete;
  In& operator=(const In&) = delete;
  ~In() override {
    if (m_link != nullptr) {
      m_link->m_in = nullptr;
    }
  }
  void forget() { m_link = nullptr; }

private:
  void onMessage(std::span<const uint8_t> message) override {
    if (m_link != nullptr) {
      m_link->m_owner.onRpc(m_link->m_peer, message); // the link may be gone afterwards
    }
  }
  void onFault(const base::Error&) override { gone(); }
  void onClosed(const base::Error&) override { gone(); }
  void gone() {
    if (PubsubLink* link = std::exchange(m_link, nullptr)) {
      link->m_in = nullptr;
    }
  }
  PubsubLink* m_link;
};

PubsubLink::PubsubLink(PubsubLinkOwner& owner, PeerId peer, size_t maxFrame)
    : m_owner(owner), m_peer(std::move(peer)), m_maxFrame(maxFrame) {}

PubsubLink::~PubsubLink() {
  resetOutbound();
  if (In* in = std::exchange(m_in, nullptr)) {
    in->forget();
    in->reset();
  }
}

void PubsubLink::resetOutbound() {
  if (Out* out = std::exchange(m_out, nullptr)) {
    out->forget();
    out->reset();
  }
}

void PubsubLink::setOutbound(Stream& stream) {
  resetOutbound();
  auto out = std::make_unique<Out>(stream, *this);
  m_out = out.get();
  stream.attach(std::move(out));
  pump();
}

std::unique_ptr<StreamHandler> PubsubLink::acceptInbound(Stream& stream) {
  if (In* in = std::exchange(m_in, nullptr)) {
    in->forget();
    in->reset();
  }
  auto in = std::make_unique<In>(stream, *this);
  m_in = in.get();
  return in;
}

bool PubsubLink::send(Class cls, Shared rpc) {
  const auto c = size_t(cls);
  // One RPC always fits, however large.
  if (!m_queue[c].empty() && m_bytes[c] + rpc->size() > kMaxQueued[c]) {
    return false;
  }
  m_bytes[c] += rpc->size();
  m_queue[c].push_back(std::move(rpc));
  pump();
  return true;
}

void PubsubLink::pump() {
  // One RPC at a time into the stream, so that what comes later but matters more still goes first.
  for (size_t c = 0; c < m_queue.size() && m_out != nullptr && m_out->queued() == 0;) {
    if (m_queue[c].empty()) {
      ++c;
      continue;
    }
    const Shared rpc = std::move(m_queue[c].front());
    m_queue[c].pop_front();
    m_bytes[c] -= rpc->size();
    if (m_out->send(*rpc)) {
      m_owner.onRpcSent(rpc->size());
    }
    c = 0;
  }
}

size_t PubsubLink::queuedBytes() const {
  return std::accumulate(m_bytes.begin(), m_bytes.end(), m_out == nullptr ? size_t(0) : m_out->queued());
}

void PubsubLink::dropQueue() {
  for (auto& queue : m_queue) {
    queue.clear();
  }
  m_bytes = {};
}

} // namespace univrs::p2p
