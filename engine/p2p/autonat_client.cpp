#include "engine/p2p/autonat_client.h"

#include "engine/base/log.h"
#include "engine/p2p/framed_stream.h"

#include <QTimer>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
// One question and its answer; nothing when none came.
class Question final : public FramedStream {
public:
  using Done = std::function<void(std::optional<AutonatMessage>)>;
  Question(Stream& stream, Done done)
      : FramedStream(stream, kMaxAutonatMessage, kMaxAutonatMessage), m_done(std::move(done)) {
    m_timer.setSingleShot(true);
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] {
      tell(std::nullopt);
      reset();
    });
    m_timer.start(std::chrono::duration_cast<std::chrono::milliseconds>(AutonatClient::kAnswerTime));
  }
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  ~Question() override { tell(std::nullopt); }

private:
  void tell(std::optional<AutonatMessage> answer) {
    m_timer.stop();
    if (const auto done = std::exchange(m_done, nullptr)) {
      done(std::move(answer));
    }
  }
  void onMessage(std::span<const uint8_t> bytes) override {
    auto answer = parseAutonat(bytes);
    const bool good = answer && answer->type == AutonatMessage::Type::Response;
    tell(good ? std::optional(std::move(*answer)) : std::nullopt);
    finish();
  }
  void onFault(const base::Error&) override { tell(std::nullopt); }
  void onClosed(const base::Error&) override { tell(std::nullopt); }
  Done m_done;
  QTimer m_timer;
};
} // namespace

class AutonatClient::Core final : public std::enable_shared_from_this<AutonatClient::Core> {
public:
  Core(Host& host, std::function<void()> changed, bool nearToo)
      : m_host(host), m_changed(std::move(changed)), m_nearToo(nearToo) {
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
    m_timer.start(std::chrono::duration_cast<std::chrono::milliseconds>(kTick));
  }
  void end() {
    m_timer.stop();
    m_changed = nullptr;
  }
  [[nodiscard]] const Reachability& reach() const { return m_reach; }

  void tick() {
    const auto addresses = own();
    if (m_asking || addresses.empty()) {
      return;
    }
    const auto server = m_reach.ask(servers(), m_host.now().steady);
    if (!server) {
      return;
    }
    m_asking = true;
    OpenOptions options;
    options.dial = false;
    m_host.open(*server, {kAutonat}, options,
                [weak = weak_from_this(), addresses](const base::Result<OpenedStream>& opened) {
                  const auto alive = weak.lock();
                  if (alive && opened) {
                    alive->ask(*opened->stream, addresses);
                  } else if (alive) {
                    alive->m_asking = false;
                  } else if (opened) {
                    opened->stream->reset();
                  }
                });
  }

private:
  // Where strangers might reach us: seen by others first.
  [[nodiscard]] std::vector<Multiaddr> own() const {
    std::vector<Multiaddr> out = m_host.observedAddresses();
    for (Multiaddr& a : m_host.addresses()) {
      if (std::find(out.begin(), out.end(), a) == out.end()) {
        out.push_back(std::move(a));
      }
    }
    std::erase_if(out, [this](const Multiaddr& a) {
      return a.isRelayed() || a.ip().empty() || (!m_nearToo && (a.isPrivate() || a.isLoopback()));
    });
    out.resize(std::min(out.size(), kMaxAutonatAddresses));
    return out;
  }
  // Whoever is connected directly and serves. Those in our own network see us where strangers do not.
  [[nodiscard]] std::vector<PeerId> servers() const {
    std::vector<PeerId> out;
    for (const Connection* c : m_host.connections()) {
      const auto& remote = c->info().remote;
      const bool far = !remote.isRelayed() && (m_nearToo || (!remote.isPrivate() && !remote.isLoopback()));
      if (far && m_host.peerStore().speaks(c->info().peer, kAutonat)) {
        out.push_back(c->info().peer);
      }
    }
    return out;
  }
  void ask(Stream& stream, const std::vector<Multiaddr>& addresses) {
    auto question =
        std::make_unique<Question>(stream, [weak = weak_from_this()](const std::optional<AutonatMessage>& answer) {
          if (const auto alive = weak.lock()) {
            alive->answered(answer);
          }
        });
    AutonatMessage message;
    message.peer = m_host.id();
    message.addresses = addresses;
    Question* asks = question.get();
    stream.attach(std::move(question));
    asks->send(encodeAutonat(message));
  }
  void answered(const std::optional<AutonatMessage>& answer) {
    m_asking = false;
    const auto before = m_reach.verdict();
    if (answer) {
      m_reach.answered(answer->status);
    }
    if (m_reach.verdict() != before && m_changed) {
      base::log::info("network", m_reach.verdict() == Reachability::Verdict::Public
                                     ? "other nodes can reach this one directly"
                                     : "other nodes cannot reach this one directly");
      m_changed();
    }
  }

  Host& m_host;
  std::function<void()> m_changed;
  bool m_nearToo;
  Reachability m_reach;
  bool m_asking = false;
  QTimer m_timer;
};

AutonatClient::AutonatClient(Host& host, std::function<void()> changed, bool nearToo)
    : m_core(std::make_shared<Core>(host, std::move(changed), nearToo)) {}

AutonatClient::~AutonatClient() {
  m_core->end();
}

Reachability::Verdict AutonatClient::verdict() const {
  return m_core->reach().verdict();
}

int AutonatClient::confidence() const {
  return m_core->reach().confidence();
}

void AutonatClient::tick() {
  m_core->tick();
}

} // namespace univrs::p2p
