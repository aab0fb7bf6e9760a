#include "engine/p2p/ping.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;
constexpr std::chrono::seconds kCloseTime{5}; // for a peer to close a finished ping's stream
} // namespace

struct Ping::State {
  explicit State(Host& h) : host(h) {}
  Host& host;
  std::unordered_map<PeerId, std::vector<Done>> waiting;
  QObject context;

  void finish(const PeerId& peer, const base::Result<std::chrono::microseconds>& result) {
    const auto it = waiting.find(peer);
    if (it == waiting.end()) {
      return;
    }
    const std::vector<Done> done = std::move(it->second);
    waiting.erase(it);
    for (const Done& d : done) {
      d(result);
    }
  }
};

// Sends back what comes.
class Ping::Server final : public StreamHandler {
public:
  explicit Server(Stream& stream) : m_stream(stream) {
    m_idle.setSingleShot(true);
    QObject::connect(&m_idle, &QTimer::timeout, &m_idle, [this] { m_stream.reset(); });
    m_idle.start(kIdle);
  }

private:
  void onData() override {
    m_idle.start(kIdle);
    // Only what was taken for sending is consumed: a peer that does not read is held back.
    while (!m_stream.received().empty()) {
      const size_t taken = m_stream.write(m_stream.received());
      if (taken == 0) {
        return;
      }
      m_stream.consume(taken);
    }
  }
  void onWritable() override { onData(); }
  void onEnd() override { m_stream.closeWrite(); }
  void onClosed(const base::Error&) override {}
  Stream& m_stream;
  QTimer m_idle;
};

// One ping.
class Ping::Client final : public StreamHandler {
public:
  Client(Stream& stream, PeerId peer, const std::shared_ptr<State>& state, std::chrono::milliseconds timeout)
      : m_stream(stream), m_peer(std::move(peer)), m_state(state) {
    state->host.random().fill(m_sent);
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { timeUp(); });
    m_timer.start(timeout);
  }
  void begin() {
    m_clock.start();
    m_stream.write(m_sent);
  }

private:
  void onData() override {
    const auto in = m_stream.received();
    const size_t take = std::min(in.size(), kSize - m_have);
    const bool same = std::equal(in.begin(), in.begin() + ptrdiff_t(take), m_sent.begin() + ptrdiff_t(m_have));
    m_stream.consume(in.size());
    m_have += take;
    if (m_over) {
      return;
    }
    if (!same) {
      m_stream.reset();
      finish(makeError(ErrorCode::BadRequest, m_peer.text() + " answered a ping wrongly", "other bytes came back"));
    } else if (m_have == kSize) {
      const std::chrono::microseconds rtt(std::max<qint64>(1, m_clock.nsecsElapsed() / 1'000));
      m_stream.closeWrite();
      m_timer.start(kCloseTime);
      finish(rtt);
    }
  }
  void onEnd() override {
    if (!m_over) {
      m_stream.reset();
      finish(makeError(ErrorCode::Unavailable, m_peer.text() + " did not answer a ping", "it closed the stream"));
    }
  }
  void onClosed(const base::Error& error) override {
    if (!m_over) {
      finish(makeError(ErrorCode::Unavailable, m_peer.text() + " did not answer a ping", error.text()));
    }
  }
  void timeUp() {
    m_stream.reset();
    if (!m_over) {
      finish(makeError(ErrorCode::Timeout, m_peer.text() + " did not answer a ping", "the time is up"));
    }
  }
  void finish(const base::Result<std::chrono::microseconds>& result) {
    m_over = true;
    if (const auto state = m_state.lock()) {
      state->finish(m_peer, result);
    }
  }
  Stream& m_stream;
  PeerId m_peer;
  std::weak_ptr<State> m_state;
  std::array<uint8_t, kSize> m_sent{};
  size_t m_have = 0;
  bool m_over = false;
  QElapsedTimer m_clock;
  QTimer m_timer;
};

Ping::Ping(Host& host) : m_state(std::make_shared<State>(host)) {
  host.handle(kProtocol, {1'024, kServedPerPeer},
              [](const OpenedStream& opened) { return std::make_unique<Server>(*opened.stream); });
}

Ping::~Ping() {
  m_state->host.unhandle(kProtocol);
}

void Ping::ping(const PeerId& peer, OpenOptions options, Done done) {
  auto& waiting = m_state->waiting[peer];
  if (waiting.size() >= kMaxWaiters) {
    QMetaObject::invokeMethod(
        &m_state->context,
        [done = std::move(done), peer] {
          done(makeError(ErrorCode::RateLimited, peer.text() + " was not pinged", "too many wait for an answer"));
        },
        Qt::QueuedConnection);
    return;
  }
  waiting.push_back(std::move(done));
  if (waiting.size() > 1) {
    return;
  }
  const std::weak_ptr<State> weak = m_state;
  m_state->host.open(peer, {kProtocol}, options, [weak, peer, options](base::Result<OpenedStream> opened) {
    const auto state = weak.lock();
    if (!opened) {
      if (state) {
        state->finish(peer, opened.error());
      }
      return;
    }
    if (!state) {
      opened->stream->reset();
      return;
    }
    auto client = std::make_unique<Client>(*opened->stream, peer, state, options.timeout);
    Client* begins = client.get();
    opened->stream->attach(std::move(client));
    begins->begin();
  });
}

} // namespace univrs::p2p
