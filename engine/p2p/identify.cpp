#include "engine/p2p/identify.h"

#include "engine/base/log.h"
#include "engine/p2p/framed_stream.h"
#include "engine/p2p/signed_envelope.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {

constexpr size_t kMaxQueued = 32u << 10; // of what we say; at most two messages of 4 KiB

// Resets the stream when it has not come to its end in time.
class Alarm {
public:
  explicit Alarm(FramedStream& stream) {
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [&stream] { stream.reset(); });
    m_timer.start(Identify::kStreamTime);
  }

private:
  QTimer m_timer;
};

// Addresses only this machine can use are of no use to another one.
std::vector<Multiaddr> forOthers(const std::vector<Multiaddr>& addresses) {
  auto far = addresses;
  std::erase_if(far, [](const Multiaddr& a) { return a.isLoopback(); });
  return far.empty() ? addresses : far;
}

} // namespace

// Reads what the peer says.
class Identify::Reader final : public FramedStream {
public:
  // `done` comes once, unless the reader dies before; nothing: the peer did not say anything whole.
  using Done = std::function<void(const ConnectionInfo&, std::optional<IdentifyMessage>)>;
  Reader(Stream& stream, Done done)
      : FramedStream(stream, kMaxFrame, 0), m_info(stream.connection().info()), m_done(std::move(done)),
        m_alarm(*this) {}
  ~Reader() override { finishWith(std::nullopt); } // after a reset by the alarm too

private:
  void onMessage(std::span<const uint8_t> message) override {
    if (++m_messages > kMaxMessages || !m_message.merge(message)) {
      finishWith(std::nullopt);
      reset();
    }
  }
  void onFault(const base::Error&) override { finishWith(std::nullopt); }
  void onFinished() override {
    finish();
    finishWith(m_messages > 0 ? std::optional(std::move(m_message)) : std::nullopt);
  }
  void onClosed(const base::Error&) override { finishWith(std::nullopt); }
  void finishWith(std::optional<IdentifyMessage> message) {
    if (const Done done = std::exchange(m_done, nullptr)) {
      done(m_info, std::move(message));
    }
  }
  ConnectionInfo m_info;
  IdentifyMessage m_message;
  size_t m_messages = 0;
  Done m_done;
  Alarm m_alarm;
};

// Says what we are, and ends.
class Identify::Writer final : public FramedStream {
public:
  explicit Writer(Stream& stream) : FramedStream(stream, 0, kMaxQueued), m_alarm(*this) {}
  void say(const IdentifyMessage& message) {
    for (const base::Bytes& part : message.encoded()) {
      send(part);
    }
    finish();
  }

private:
  void onMessage(std::span<const uint8_t>) override {} // only the empty frame passes the limit; it means nothing
  void onFault(const base::Error&) override {}
  void onClosed(const base::Error&) override {}
  Alarm m_alarm;
};

Identify::Identify(Host& host, std::string agent, std::string protocolVersion)
    : m_host(host), m_agent(std::move(agent)), m_protocolVersion(std::move(protocolVersion)) {
  m_pushTimer.setSingleShot(true);
  QObject::connect(&m_pushTimer, &QTimer::timeout, &m_pushTimer, [this] { push(); });
}

Identify::~Identify() = default;

void Identify::start() {
  constexpr ProtocolLimits kLimits{512, 2};
  m_host.handle(kProtocol, kLimits, [this](const OpenedStream& opened) { return accept(opened, false); });
  m_host.handle(kPushProtocol, kLimits, [this](const OpenedStream& opened) { return accept(opened, true); });
}

std::unique_ptr<StreamHandler> Identify::accept(const OpenedStream& opened, bool push) {
  if (!mayAskAgain(opened.peer)) {
    return nullptr;
  }
  if (push) {
    return std::make_unique<Reader>(*opened.stream,
                                    [this, alive = std::weak_ptr(m_alive)](const ConnectionInfo& from, auto message) {
                                      if (message && alive.lock()) {
                                        heard(from, std::move(*message));
                                      }
                                    });
  }
  auto writer = std::make_unique<Writer>(*opened.stream);
  writer->say(message(opened.stream->connection().info()));
  return writer;
}

bool Identify::mayAskAgain(const PeerId& peer) {
  const auto it = m_peers.find(peer);
  if (it == m_peers.end()) {
    return false;
  }
  Peer& known = it->second;
  const base::Monotonic now = m_host.now().steady;
  const int64_t refilled = (now - known.counted) / kRefill;
  if (refilled > 0) {
    known.used = int(std::max<int64_t>(0, known.used - refilled));
    known.counted = now;
  }
  return known.used < kBurst && ++known.used > 0;
}

void Identify::connected(const ConnectionInfo& info) {
  Peer& known = m_peers[info.peer];
  if (!std::exchange(known.asking, true)) {
    ask(info.peer);
  }
}

void Identify::disconnected(const ConnectionInfo& info, bool last) {
  if (last) {
    m_peers.erase(info.peer);
  }
}

void Identify::ask(const PeerId& peer) {
  const auto over = [this, alive = std::weak_ptr(m_alive), peer] {
    if (!alive.lock()) {
      return false;
    }
    if (const auto it = m_peers.find(peer); it != m_peers.end()) {
      it->second.asking = false;
    }
    return true;
  };
  m_host.open(peer, {kProtocol}, {.dial = false, .allowLimited = true},
              [this, over](base::Result<OpenedStream> opened) {
                if (!opened) {
                  over(); // a peer that does not speak it is a peer all the same
                  return;
                }
                opened->stream->attach(
                    std::make_unique<Reader>(*opened->stream, [this, over](const ConnectionInfo& from, auto message) {
                      if (over() && message) {
                        heard(from, std::move(*message));
                      }
                    }));
              });
}

void Identify::ownFactsChanged() {
  if (!m_pushTimer.isActive()) {
    m_pushTimer.start(kPushDelay);
  }
}

void Identify::push() {
  std::vector<PeerId> peers;
  for (const auto& [peer, known] : m_peers) {
    if (m_host.peerStore().speaks(peer, kPushProtocol)) {
      peers.push_back(peer);
    }
  }
  for (const PeerId& peer : peers) {
    m_host.open(peer, {kPushProtocol}, {.dial = false, .allowLimited = true},
                [this](base::Result<OpenedStream> opened) {
                  if (!opened) {
                    return; // it asks when it connects the next time
                  }
                  auto writer = std::make_unique<Writer>(*opened->stream);
                  Writer* says = writer.get();
                  opened->stream->attach(std::move(writer));
                  says->say(message(opened->stream->connection().info()));
                });
  }
}

void Identify::heard(const ConnectionInfo& from, IdentifyMessage message) {
  if (!message.publicKey.empty()) {
    const auto key = PeerKey::parse(message.publicKey);
    if (!key || key->peerId() != from.peer) {
      base::log::debug("p2p", "identify refused: it has another key than the connection", {{"peer", from.peer.text()}});
      return;
    }
  }
  // What is not said stays as it was (push), so also for the first answer, which starts from nothing.
  PeerFacts facts;
  if (const PeerFacts* known = m_host.peerStore().facts(from.peer)) {
    facts = *known;
  }
  if (!message.protocols.empty()) {
    facts.protocols = std::move(message.protocols);
  }
  facts.agent = message.agent.value_or(facts.agent);
  facts.protocolVersion = message.protocolVersion.value_or(facts.protocolVersion);
  facts.observed = message.observed.value_or(facts.observed);
  facts.seen = m_host.now().wall;
  takeAddresses(from, message, facts);
  m_host.peerStore().setFacts(from.peer, std::move(facts));
  if (m_onFacts) {
    m_onFacts({from, message.observed.value_or(Multiaddr())});
  }
}

void Identify::takeAddresses(const ConnectionInfo& from, const IdentifyMessage& message, PeerFacts& facts) {
  const base::Timestamp now = m_host.now().wall;
  const auto usable = [&](std::vector<Multiaddr> addresses) {
    std::erase_if(addresses, [&](const Multiaddr& a) {
      return a.isUnspecified() || (a.isLoopback() && !from.remote.isLoopback());
    });
    return addresses;
  };
  m_host.peerStore().addAddresses(from.peer, usable(message.listen), AddrSource::Identify, now);
  if (message.signedRecord.empty()) {
    return;
  }
  auto record = openPeerRecord(message.signedRecord);
  if (!record || record->peer != from.peer) {
    return;
  }
  // An old record that is sent again must not take the place of a newer one.
  const auto known = facts.signedRecord.empty() ? openPeerRecord({}) : openPeerRecord(facts.signedRecord);
  if (known && known->seq > record->seq) {
    return;
  }
  facts.signedRecord = message.signedRecord;
  m_host.peerStore().addAddresses(from.peer, usable(std::move(record->addresses)), AddrSource::SignedRecord, now);
}

void Identify::makeRecord() {
  auto addresses = forOthers(m_host.addresses());
  if (!m_record.empty() && addresses == m_recordAddresses) {
    return;
  }
  m_recordAddresses = std::move(addresses);
  // The clock keeps it growing over restarts.
  m_seq = std::max(m_seq + 1, uint64_t(std::max<int64_t>(m_host.now().wall.ms, 0)));
  m_record = sealPeerRecord(m_host.identity(), m_seq, m_recordAddresses);
}

IdentifyMessage Identify::message(const ConnectionInfo& to) {
  makeRecord();
  IdentifyMessage out;
  out.publicKey = PeerKey::fromEd25519(m_host.identity().publicKey()).encoded();
  out.listen = to.remote.isLoopback() ? m_host.addresses() : m_recordAddresses;
  out.protocols = m_host.protocols();
  out.observed = to.remote;
  out.protocolVersion = m_protocolVersion;
  out.agent = m_agent;
  out.signedRecord = m_record;
  return out;
}

} // namespace univrs::p2p
