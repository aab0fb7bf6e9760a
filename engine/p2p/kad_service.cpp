#include "engine/p2p/kad_service.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;
using base::Result;

constexpr ProtocolLimits kLimits{512, 32};

base::Error nobody(const std::string& what) {
  return makeError(ErrorCode::Unavailable, what, "no peer answered",
                   "connect to a peer of the network first (--connect ADDRESS)");
}

base::Error busy(const std::string& what) {
  return makeError(ErrorCode::RateLimited, what,
                   std::to_string(KadService::kMaxLookups) + " lookups are under way already", "try again shortly");
}
} // namespace

KadService::KadService(Host& host, KadOptions options)
    : m_host(host), m_options(std::move(options)), m_mode(m_options.mode), m_table(host.id()), m_store(host.id()),
      m_link(std::make_shared<KadLink>(KadLink{this})) {
  m_timer.setSingleShot(true);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { onTimer(); });
  QObject::connect(&m_tick, &QTimer::timeout, &m_tick, [this] { tick(); });
}

KadService::~KadService() {
  m_link->owner = nullptr; // from here on no stream calls us
  if (m_started) {
    m_host.removeObserver(this);
    if (m_mode == KadMode::Server) {
      m_host.unhandle(kKadProtocol);
    }
  }
  for (auto& [id, request] : m_requests) {
    if (request.stream != nullptr) {
      request.stream->giveUp();
    }
  }
  for (auto& [id, stream] : m_inbound) {
    stream->drop();
  }
}

void KadService::start() {
  if (std::exchange(m_started, true)) {
    return;
  }
  m_host.addObserver(this);
  if (m_mode == KadMode::Server) {
    serve();
  }
  for (const Connection* connection : m_host.connections()) {
    learnServer(connection->info().peer);
  }
  m_tick.start(kTick);
  later([this] { tick(); });
}

void KadService::setMode(KadMode mode) {
  if (mode == std::exchange(m_mode, mode) || !m_started) {
    return;
  }
  if (mode == KadMode::Server) {
    serve();
    return;
  }
  m_host.unhandle(kKadProtocol);
  const auto streams = std::exchange(m_inbound, {});
  for (const auto& [id, stream] : streams) {
    stream->drop();
  }
}

void KadService::serve() {
  m_host.handle(
      kKadProtocol, kLimits, [this, link = m_link](const OpenedStream& opened) -> std::unique_ptr<StreamHandler> {
        if (link->owner == nullptr) {
          return nullptr;
        }
        const uint64_t id = m_nextId++;
        auto stream =
            std::make_unique<KadAnsweringStream>(*opened.stream, m_link, id, opened.peer, m_host.now().steady);
        m_inbound[id] = stream.get();
        return stream;
      });
}

Result<void> KadService::setValidator(const std::string& name, KadValidator validator) {
  return m_store.setValidator(name, std::move(validator));
}

void KadService::later(std::function<void()> f) {
  QTimer::singleShot(0, &m_timer, std::move(f));
}

// ---- who is in the network

void KadService::onIdentified(const PeerId& peer) {
  learnServer(peer);
}

void KadService::learnServer(const PeerId& peer) {
  const PeerFacts* facts = m_host.peerStore().facts(peer);
  if (facts == nullptr || facts->protocols.empty()) {
    return;
  }
  if (!m_host.peerStore().speaks(peer, kKadProtocol)) {
    m_table.remove(peer);
    return;
  }
  std::vector<Multiaddr> addresses;
  for (KnownAddress& known : m_host.peerStore().addresses(peer)) {
    addresses.push_back(std::move(known.address));
  }
  Multiaddr remote;
  for (const Connection* connection : m_host.connectionsTo(peer)) {
    remote = connection->info().remote;
  }
  const bool wasEmpty = m_table.size() == 0;
  const auto added = m_table.add(peer, usable(std::move(addresses), onLoopback(peer)), remote, m_host.now().steady);
  if (added.outcome == KadTable::Outcome::Waiting) {
    check(added.check);
  }
  if (wasEmpty && m_table.size() > 0 && !std::exchange(m_bootstrapPlanned, true)) {
    QTimer::singleShot(kBootstrapDelay, &m_timer, [this] {
      m_bootstrapPlanned = false;
      bootstrap([](const Result<size_t>&) {});
    });
  }
}

void KadService::check(const PeerId& peer) {
  if (m_checks.size() >= kMaxChecks || !m_checks.insert(peer).second) {
    return;
  }
  KadMessage question;
  question.type = KadType::FindNode;
  question.key.assign(m_host.id().bytes().begin(), m_host.id().bytes().end());
  ask(peer, question, [this, peer](const Result<KadMessage>&) { m_checks.erase(peer); }); // ask() tells the table
}

bool KadService::onLoopback(const PeerId& peer) const {
  const auto connections = m_host.connectionsTo(peer);
  return std::any_of(connections.begin(), connections.end(),
                     [](const Connection* c) { return c->info().remote.isLoopback(); });
}

std::vector<Multiaddr> KadService::usable(std::vector<Multiaddr> addresses, bool fromLoopback) const {
  std::erase_if(addresses, [fromLoopback](const Multiaddr& address) {
    if (address.empty() || address.isUnspecified() || (address.isLoopback() && !fromLoopback)) {
      return true;
    }
    const AddrCode first = address.parts().front().code; // names would have us ask a stranger's name server
    return first != AddrCode::Ip4 && first != AddrCode::Ip6;
  });
  return addresses;
}

void KadService::sift(KadMessage& message, const PeerId& from) const {
  const bool loopback = onLoopback(from);
  for (auto* list : {&message.closer, &message.providers}) {
    for (KadPeer& peer : *list) {
      peer.addresses = usable(std::move(peer.addresses), loopback);
    }
  }
}

void KadService::remember(const KadPeer& peer) {
  if (!peer.addresses.empty() && peer.id != m_host.id()) {
    m_host.peerStore().addAddresses(peer.id, peer.addresses, AddrSource::Kad, m_host.now().wall);
  }
}

KadPeer KadService::self() const {
  return {m_host.id(), m_host.addresses(), KadConnection::Connected};
}

AddrInfo KadService::infoOf(const KadPeer& peer) const {
  AddrInfo info{peer.id, peer.addresses};
  for (const KnownAddress& known : m_host.peerStore().addresses(peer.id)) {
    if (std::find(info.addresses.begin(), info.addresses.end(), known.address) == info.addresses.end()) {
      info.addresses.push_back(known.address);
    }
  }
  return info;
}

// ---- answering

Result<std::optional<KadMessage>> KadService::onRequest(KadAnsweringStream& stream, const KadMessage& request) {
  const PeerId& peer = stream.peer();
  stream.touch(m_host.now().steady);
  ++m_counters.requestsReceived;
  KadMessage sifted = request;
  sift(sifted, peer);
  auto answer = answerKad(sifted, peer, self(), m_table, m_store, m_host.now());
  if (!answer) {
    ++m_counters.requestsRefused;
    return answer.error();
  }
  // A stranger gets no loopback address of ours or of our neighbours.
  if (answer->reply) {
    sift(*answer->reply, peer);
    for (KadPeer& other : answer->reply->closer) {
      if (m_host.isConnected(other.id)) {
        other.connection = KadConnection::Connected;
      }
    }
  }
  m_table.seen(peer, m_host.now().steady);
  return std::move(answer->reply);
}

void KadService::onInboundGone(uint64_t stream) {
  m_inbound.erase(stream);
}

// ---- asking

void KadService::ask(const PeerId& peer, const KadMessage& message, std::function<void(Result<KadMessage>)> done) {
  if (m_requests.size() >= kMaxRequests) {
    later([done = std::move(done)] {
      done(makeError(ErrorCode::RateLimited, "a Kademlia request was not sent", "too many are under way"));
    });
    return;
  }
  const uint64_t id = m_nextId++;
  Request& request = m_requests[id];
  request.peer = peer;
  request.deadline = m_host.now().steady + kRequestTimeout;
  request.done = std::move(done);
  ++m_counters.requestsSent;
  OpenOptions options;
  options.allowLimited = true; // requests are short
  options.timeout = kRequestTimeout;
  m_host.open(peer, {kKadProtocol}, options, [this, link = m_link, id, message](const Result<OpenedStream>& opened) {
    if (link->owner == nullptr || !m_requests.contains(id)) {
      if (opened) {
        opened->stream->reset();
      }
      return;
    }
    if (!opened) {
      onReply(id, opened.error());
      onAskingGone(id);
      return;
    }
    auto stream = std::make_unique<KadAskingStream>(*opened->stream, m_link, id, message.type != KadType::AddProvider);
    KadAskingStream* raw = stream.get();
    m_requests.at(id).stream = raw;
    opened->stream->attach(std::move(stream));
    raw->ask(message);
  });
  schedule();
}

void KadService::onReply(uint64_t id, Result<KadMessage> reply) {
  const auto at = m_requests.find(id);
  if (at == m_requests.end()) {
    return;
  }
  const auto done = std::exchange(at->second.done, nullptr);
  if (!done) {
    return;
  }
  const PeerId peer = at->second.peer;
  if (reply) {
    m_table.seen(peer, m_host.now().steady);
    sift(*reply, peer);
  } else {
    ++m_counters.requestsFailed;
    m_table.failed(peer, m_host.now().steady);
  }
  done(std::move(reply));
}

void KadService::onAskingGone(uint64_t id) {
  m_requests.erase(id);
  schedule();
}

void KadService::tell(const std::vector<KadPeer>& peers, const KadMessage& message, std::function<void(size_t)> done) {
  struct Tally {
    size_t open = 0;
    size_t good = 0;
    std::function<void(size_t)> done;
  };
  if (peers.empty()) {
    later([done = std::move(done)] { done(0); });
    return;
  }
  const auto tally = std::make_shared<Tally>(Tally{peers.size(), 0, std::move(done)});
  for (const KadPeer& peer : peers) {
    ask(peer.id, message, [tally](const Result<KadMessage>& reply) {
      tally->good += reply ? 1 : 0;
      if (--tally->open == 0) {
        tally->done(tally->good);
      }
    });
  }
}

// ---- lookups

bool KadService::lookUp(KadMessage request, std::function<void(Lookup&, const PeerId&, KadMessage&)> onAnswer,
                        std::function<void(Lookup&)> onEnd) {
  if (m_lookups.size() >= kMaxLookups) {
    return false;
  }
  const auto now = m_host.now().steady;
  const KadPoint target = kadPoint(request.key);
  m_table.lookedUp(target, now);
  ++m_counters.lookups;
  const uint64_t id = m_nextId++;
  KadQuery query(target, m_host.id(), m_table.closest(target, kKadK), m_options.query, now);
  m_lookups[id] =
      std::make_unique<Lookup>(Lookup{std::move(request), std::move(query), std::move(onAnswer), std::move(onEnd)});
  later([this, id] { advance(id); });
  return true;
}

void KadService::advance(uint64_t id) {
  const auto found = m_lookups.find(id);
  if (found == m_lookups.end()) {
    return;
  }
  Lookup& lookup = *found->second;
  const KadQuery::Step step = lookup.query.next(m_host.now().steady);
  for (const KadPeer& peer : step.ask) {
    remember(peer);
    ask(peer.id, lookup.request, [this, id, peer = peer.id](Result<KadMessage> reply) {
      const auto at = m_lookups.find(id);
      if (at == m_lookups.end()) {
        return;
      }
      Lookup& mine = *at->second;
      if (!reply) {
        mine.query.failed(peer);
      } else if (mine.query.answered(peer, reply->closer)) {
        mine.onAnswer(mine, peer, *reply);
      }
      advance(id);
    });
  }
  if (lookup.query.finished()) {
    const auto ended = std::move(found->second);
    m_lookups.erase(found);
    ended->onEnd(*ended);
  }
  schedule();
}

void KadService::schedule() {
  std::optional<base::Monotonic> first;
  const auto sooner = [&first](base::Monotonic t) { first = first ? std::min(*first, t) : t; };
  for (const auto& [id, lookup] : m_lookups) {
    sooner(lookup->query.deadline());
  }
  for (const auto& [id, request] : m_requests) {
    sooner(request.deadline);
  }
  if (!first) {
    m_timer.stop();
    return;
  }
  m_timer.start(std::max(base::Millis(1), *first - m_host.now().steady));
}

void KadService::onTimer() {
  const auto now = m_host.now().steady;
  std::vector<uint64_t> due;
  for (const auto& [id, request] : m_requests) {
    if (request.deadline <= now) {
      due.push_back(id);
    }
  }
  for (const uint64_t id : due) {
    onReply(id, makeError(ErrorCode::Timeout, "a peer did not answer a Kademlia request",
                          "no reply within " + base::humanDuration(kRequestTimeout)));
    if (const auto at = m_requests.find(id); at != m_requests.end()) {
      if (at->second.stream != nullptr) {
        at->second.stream->giveUp();
      }
      m_requests.erase(at);
    }
  }
  due.clear();
  for (const auto& [id, lookup] : m_lookups) {
    if (lookup->query.deadline() <= now) {
      due.push_back(id);
    }
  }
  for (const uint64_t id : due) {
    advance(id);
  }
  schedule();
}

// ---- upkeep

void KadService::tick() {
  const auto now = m_host.now().steady;
  m_store.expire(now);
  std::vector<KadAnsweringStream*> idle;
  for (const auto& [id, stream] : m_inbound) {
    if (now - stream->lastRequest() >= kInboundIdle) {
      idle.push_back(stream);
    }
  }
  for (KadAnsweringStream* stream : idle) {
    m_inbound.erase(stream->id());
    stream->drop();
  }
  if (m_table.size() == 0) {
    for (const AddrInfo& peer : m_options.bootstrap) {
      m_host.connect(peer, [](const Result<ConnectionInfo>&) {});
    }
    return;
  }
  if (m_refreshed && now - *m_refreshed >= KadTable::kRefresh) {
    bootstrap([](const Result<size_t>&) {});
  }
  const auto due = m_store.due(now, kPublishAtOnce);
  for (const KadRecord& record : due.records) {
    sendRecord(record, [](const Result<size_t>&) {});
  }
  for (const base::Bytes& key : due.provided) {
    sendProvided(key, [](const Result<size_t>&) {});
  }
}

void KadService::bootstrap(Done<size_t> done) {
  if (m_table.size() == 0) {
    later([done = std::move(done)] { done(nobody("the Kademlia table was not filled")); });
    return;
  }
  m_refreshed = m_host.now().steady;
  KadMessage request;
  request.type = KadType::FindNode;
  request.key.assign(m_host.id().bytes().begin(), m_host.id().bytes().end());
  const auto shared = std::make_shared<Done<size_t>>(std::move(done));
  const bool begun = lookUp(
      request, [](Lookup&, const PeerId&, KadMessage&) {},
      [this, shared](Lookup&) {
        if (std::exchange(m_refreshing, true)) { // another one is at the buckets already
          (*shared)(m_table.size());
          return;
        }
        auto targets = std::make_shared<std::vector<PeerId>>();
        for (const size_t bucket : m_table.stale(m_host.now().steady)) {
          if (auto target = m_table.inBucket(bucket, m_host.random())) {
            targets->push_back(std::move(*target));
          }
        }
        refreshNext(targets, [this, shared] {
          m_refreshing = false;
          (*shared)(m_table.size());
        });
      });
  if (!begun) {
    later([shared] { (*shared)(busy("the Kademlia table was not refreshed")); });
  }
}

// One bucket after another: a refresh is never urgent.
void KadService::refreshNext(const std::shared_ptr<std::vector<PeerId>>& targets, const std::function<void()>& done) {
  if (targets->empty()) {
    done();
    return;
  }
  KadMessage request;
  request.type = KadType::FindNode;
  const auto& target = targets->back().bytes();
  request.key.assign(target.begin(), target.end());
  targets->pop_back();
  if (!lookUp(
          request, [](Lookup&, const PeerId&, KadMessage&) {},
          [this, targets, done](Lookup&) { refreshNext(targets, done); })) {
    done();
  }
}

} // namespace univrs::p2p
