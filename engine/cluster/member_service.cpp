#include "engine/cluster/member_service.h"

#include "engine/base/log.h"
#include "engine/p2p/framed_stream.h"

#include <utility>

namespace univrs::cluster {

class MemberService::Talk final : public p2p::FramedStream {
public:
  Talk(MemberService& service, const p2p::OpenedStream& opened)
      : FramedStream(*opened.stream, kMaxMemberMessage, 2 * kMaxMemberMessage), m_service(service),
        m_alive(service.m_alive), m_peer(opened.peer) {}
  Talk(const Talk&) = delete;
  Talk& operator=(const Talk&) = delete;
  ~Talk() override {
    if (*m_alive) {
      m_service.ended(m_peer, this);
    }
  }
  [[nodiscard]] const p2p::PeerId& peer() const { return m_peer; }
  void say(const MemberMessage& message) { send(encodeMemberMessage(message)); }

  MemberHello last; // what the peer said; kept for when this node joins after it was said
  size_t hellos = 0;
  size_t lists = 0;

private:
  void onMessage(std::span<const uint8_t> message) override {
    if (!*m_alive || !m_service.heard(*this, message)) {
      reset();
    }
  }
  void onFault(const base::Error&) override {}
  void onClosed(const base::Error&) override {
    if (*m_alive) {
      m_service.ended(m_peer, this);
    }
  }

  MemberService& m_service;
  std::shared_ptr<bool> m_alive;
  p2p::PeerId m_peer;
};

MemberService::MemberService(p2p::Host& host, Events events) : m_host(host), m_events(std::move(events)) {
  m_host.addObserver(this);
  m_host.handle(kMemberProtocol, {kStreams, kStreamsPerPeer},
                [this](const p2p::OpenedStream& opened) -> std::unique_ptr<p2p::StreamHandler> {
                  auto talk = std::make_unique<Talk>(*this, opened);
                  begun(opened.peer, talk.get());
                  return talk;
                });
}

MemberService::~MemberService() {
  *m_alive = false;
  m_host.removeObserver(this);
  m_host.unhandle(kMemberProtocol);
  for (const auto& protocol : m_protocols) {
    m_host.unhandle(protocol);
  }
}

void MemberService::setBook(MemberBook book) {
  m_book = std::move(book);
  tellAll(hello());
  for (const auto& [peer, talk] : std::map(m_talks)) {
    judge(*talk);
  }
  for (const p2p::Connection* c : m_host.connections()) {
    onIdentified(c->info().peer);
  }
}

base::Result<void> MemberService::renew(base::Bytes certificate) {
  if (!m_book) {
    return base::makeError(base::ErrorCode::Conflict, "there is no certificate to renew", "the node is in no cluster");
  }
  if (auto r = m_book->renew(std::move(certificate)); !r) {
    return r;
  }
  tellAll(hello());
  return {};
}

base::Result<void> MemberService::learn(const base::Bytes& revocations) {
  if (!m_book) {
    return base::makeError(base::ErrorCode::Conflict, "the list of revoked nodes was not taken",
                           "the node is in no cluster");
  }
  const auto learned = m_book->learn(revocations);
  if (!learned) {
    return learned.error();
  }
  if (learned->newer) {
    dropRevoked(*learned);
  }
  return {};
}

void MemberService::dropRevoked(const MemberBook::Revoked& revoked) {
  // Told first: those who are dropped learn why.
  tellAll(MemberRevocations{m_book->revocationsSealed()});
  m_events.revocations(m_book->revocationsSealed());
  for (const auto& peer : revoked.peers) {
    base::log::warning("cluster", "a node was removed from the cluster", {{"peer", peer.text()}});
    notMember(peer);
  }
  if (revoked.ourselves) {
    m_events.removed();
  }
}

bool MemberService::isMember(const p2p::PeerId& peer) const {
  return certificateOf(peer) != nullptr;
}

const Certificate* MemberService::certificateOf(const p2p::PeerId& peer) const {
  // Whoever was removed itself trusts nobody on the cluster's word any more.
  return m_book && !m_book->isRevoked() ? m_book->certificateOf(peer, m_host.now().wall) : nullptr;
}

void MemberService::handleForMembers(const std::string& protocol, p2p::ProtocolLimits limits,
                                     p2p::ProtocolAcceptor acceptor) {
  m_protocols.push_back(protocol);
  m_host.handle(protocol, limits,
                [this, protocol, acceptor = std::move(acceptor)](
                    const p2p::OpenedStream& opened) -> std::unique_ptr<p2p::StreamHandler> {
                  if (!isMember(opened.peer)) {
                    ++m_refused;
                    base::log::info("cluster", "a stream was refused: its peer is no member",
                                    {{"peer", opened.peer.text()}, {"protocol", protocol}});
                    return nullptr;
                  }
                  return acceptor(opened);
                });
}

void MemberService::tick() {
  std::vector<p2p::PeerId> over;
  for (const auto& peer : m_members) {
    if (!isMember(peer)) {
      over.push_back(peer);
    }
  }
  for (const auto& peer : over) {
    notMember(peer);
  }
}

// The side with the smaller id opens the talk: both identify each other, and one stream is enough.
void MemberService::onIdentified(const p2p::PeerId& peer) {
  if (m_book && !m_talks.contains(peer) && m_host.id() < peer) {
    openTo(peer);
  }
}

void MemberService::openTo(const p2p::PeerId& peer) {
  if (!m_host.peerStore().speaks(peer, kMemberProtocol)) {
    return;
  }
  p2p::OpenOptions options;
  options.dial = false;
  options.allowLimited = true;
  m_host.open(peer, {kMemberProtocol}, options, [this, alive = m_alive](const base::Result<p2p::OpenedStream>& opened) {
    if (!opened) {
      return; // it went, or speaks it no more: then it is no member
    }
    if (!*alive || m_talks.contains(opened->peer)) {
      opened->stream->reset();
      return;
    }
    auto talk = std::make_unique<Talk>(*this, *opened);
    Talk* begins = talk.get();
    opened->stream->attach(std::move(talk));
    begun(opened->peer, begins);
  });
}

// A talk that is replaced is not reset: it may be the peer's only one in a moment, and ends with its connection.
void MemberService::begun(const p2p::PeerId& peer, Talk* talk) {
  m_talks[peer] = talk;
  talk->say(hello());
}

void MemberService::ended(const p2p::PeerId& peer, const Talk* talk) {
  const auto it = m_talks.find(peer);
  if (it != m_talks.end() && it->second == talk) {
    m_talks.erase(it);
  }
}

void MemberService::onDisconnected(const p2p::ConnectionInfo& info, const base::Error&, bool last) {
  if (last) {
    if (m_book) {
      m_book->forget(info.peer);
    }
    if (m_members.erase(info.peer) != 0) {
      m_host.setValue(info.peer, kTag, 0);
      m_events.member(info.peer, false);
    }
  } else if (!m_talks.contains(info.peer)) {
    onIdentified(info.peer); // over another connection
  }
}

MemberHello MemberService::hello() const {
  return m_book ? MemberHello{m_book->ownSealed(), m_book->revocationsNumber()} : MemberHello{};
}

void MemberService::tellAll(const MemberMessage& message) {
  for (const auto& [peer, talk] : m_talks) {
    talk->say(message);
  }
}

bool MemberService::heard(Talk& talk, std::span<const uint8_t> bytes) {
  const auto message = parseMemberMessage(bytes);
  if (!message) {
    return false;
  }
  if (const auto* list = std::get_if<MemberRevocations>(&*message)) {
    if (++talk.lists > kMaxLists) {
      return false;
    }
    return !m_book || learn(list->list).ok();
  }
  if (++talk.hellos > kMaxHellos) {
    return false;
  }
  talk.last = std::get<MemberHello>(*message);
  judge(talk);
  return true;
}

// What the peer said, by the book of this node. Who is no member is not sent away: the open protocols are open to it.
void MemberService::judge(Talk& talk) {
  if (!m_book) {
    return;
  }
  if (m_book->revocationsNumber() > talk.last.revocations) {
    talk.say(MemberRevocations{m_book->revocationsSealed()});
  }
  if (talk.last.certificate.empty()) {
    return; // no member, not yet
  }
  const p2p::PeerId& peer = talk.peer();
  const auto certificate = m_book->present(peer, talk.last.certificate, m_host.now().wall);
  if (!certificate) {
    base::log::info("cluster", "a peer's certificate was not accepted",
                    {{"peer", peer.text()}, {"why", certificate.error().text()}});
    return;
  }
  if (m_members.insert(peer).second) {
    m_host.setValue(peer, kTag, kValue);
    m_events.member(peer, true);
  }
}

void MemberService::notMember(const p2p::PeerId& peer) {
  m_book->forget(peer);
  if (m_members.erase(peer) != 0) {
    m_host.setValue(peer, kTag, 0);
    m_events.member(peer, false);
  }
  m_host.disconnect(peer, "it is no member of the cluster any more");
}

} // namespace univrs::cluster
