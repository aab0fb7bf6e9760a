#include "engine/p2p/upgrader.h"

#include "engine/p2p/multistream.h"
#include "engine/p2p/noise.h"
#include "engine/p2p/yamux_connection.h"

#include <QPointer>
#include <QTimer>

#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

const std::string kNoise = "/noise";
const std::string kYamux = "/yamux/1.0.0";

// The dialer proposes, the listener agrees to, this one protocol.
Multistream negotiation(Direction direction, const std::string& protocol) {
  return direction == Direction::Outbound
             ? Multistream::dialer({protocol})
             : Multistream::listener([protocol](const std::string& name) { return name == protocol; });
}

class UpgradeTask final : public Upgrade, private ByteChannel::Watcher {
public:
  UpgradeTask(std::unique_ptr<ByteChannel> channel, UpgradeOptions options, Upgrader::OnUpgraded done,
              const base::Clock& clock, const NoiseKeys& keys, base::Random& random)
      : m_channel(std::move(channel)), m_options(std::move(options)), m_done(std::move(done)), m_clock(clock),
        m_negotiation(negotiation(m_options.direction, kNoise)),
        m_handshake(m_options.direction == Direction::Outbound ? NoiseXX::Role::Initiator : NoiseXX::Role::Responder,
                    keys, random, {kYamux}, m_options.expected) {
    m_channel->setWatcher(this);
    m_timer.setSingleShot(true);
    m_timer.callOnTimeout(&m_context, [this] {
      fail(makeError(ErrorCode::Timeout, "the connection was not set up",
                     std::string(stageName()) + " took longer than " +
                         std::to_string(m_options.timeout.count() / 1000) + " s"));
    });
    m_timer.start(m_options.timeout);
    // Deferred, since a channel may be broken already and `done` must not be called from here.
    QMetaObject::invokeMethod(
        &m_context,
        [this] {
          send(m_negotiation.start().send);
          onBytes();
        },
        Qt::QueuedConnection);
  }

  ~UpgradeTask() override {
    if (m_channel) {
      m_channel->setWatcher(nullptr);
    }
  }

private:
  enum class Stage { Security, Handshake, Muxer, Over };

  [[nodiscard]] const char* stageName() const {
    return m_stage == Stage::Security    ? "agreeing on the security protocol"
           : m_stage == Stage::Handshake ? "the Noise handshake"
                                         : "agreeing on the muxer";
  }

  void onBytes() override {
    const QPointer<QObject> alive(&m_context);
    while (alive && m_stage != Stage::Over && step()) {
    }
    if (alive && m_stage != Stage::Over && m_channel->receivedEnd() && m_channel->received().empty()) {
      fail(makeError(ErrorCode::Unavailable, "the connection was not set up",
                     std::string("the other side closed it during ") + stageName()));
    }
  }

  void onRoom() override { send({}); }

  void onOver(const base::Error& error) override { fail(error); }

  // Handles what was received, in the present stage; true when it may go on at once.
  bool step() {
    switch (m_stage) {
    case Stage::Security: {
      auto taken = m_negotiation.feed(m_channel->received());
      m_channel->consume(taken.consumed);
      send(taken.send);
      if (taken.failed) {
        fail(m_negotiation.error());
      } else if (taken.done) {
        m_stage = Stage::Handshake;
        return shake(m_handshake.start());
      }
      return false;
    }
    case Stage::Handshake: {
      const auto taken = m_handshake.feed(m_channel->received());
      m_channel->consume(taken.consumed);
      return shake(taken);
    }
    case Stage::Muxer: {
      const auto wire = m_channel->received();
      const bool ok = m_noise.open(wire, m_plain);
      m_channel->consume(wire.size());
      if (!ok) {
        fail(makeError(ErrorCode::Unauthorized, "the connection was not set up",
                       "a frame from the peer was not authentic"));
        return false;
      }
      auto taken = m_negotiation.feed(m_plain);
      m_plain.erase(m_plain.begin(), m_plain.begin() + std::ptrdiff_t(taken.consumed));
      sendSealed(taken.send);
      if (taken.failed) {
        fail(m_negotiation.error());
      } else if (taken.done) {
        finish();
      }
      return false;
    }
    case Stage::Over:
      break;
    }
    return false;
  }

  bool shake(const NoiseHandshake::Step& taken) {
    send(taken.send);
    if (taken.failed) {
      fail(m_handshake.error());
      return false;
    }
    if (!taken.done) {
      return !m_channel->received().empty() && taken.consumed == 0; // right after start()
    }
    m_noise = m_handshake.takeTransport();
    if (m_handshake.muxer() == kYamux) {
      finish();
      return false;
    }
    m_stage = Stage::Muxer;
    m_negotiation = negotiation(m_options.direction, kYamux);
    sendSealed(m_negotiation.start().send);
    return true;
  }

  void sendSealed(const base::Bytes& plain) {
    base::Bytes wire;
    if (m_noise.seal(plain, wire)) {
      send(wire);
    }
  }

  // A whole handshake is a few hundred bytes: what the channel does not take is kept here.
  void send(const base::Bytes& bytes) {
    m_unsent.insert(m_unsent.end(), bytes.begin(), bytes.end());
    if (!m_unsent.empty() && m_stage != Stage::Over) {
      const size_t took = m_channel->write(m_unsent);
      m_unsent.erase(m_unsent.begin(), m_unsent.begin() + std::ptrdiff_t(took));
    }
  }

  void finish() {
    if (!m_unsent.empty()) {
      fail(makeError(ErrorCode::Unavailable, "the connection was not set up",
                     "the other side does not take what it is sent"));
      return;
    }
    ConnectionInfo info;
    info.id = nextConnectionId();
    info.peer = m_handshake.remote();
    info.key = m_handshake.remoteKey();
    info.local = std::move(m_options.local);
    info.remote = std::move(m_options.remote);
    info.direction = m_options.direction;
    info.transport = std::move(m_options.transport);
    info.security = "noise";
    info.muxer = "yamux";
    info.opened = m_clock.now();
    info.limited = m_options.limited;
    // What came behind the handshake in the channel is still there; the connection reads it.
    end(std::unique_ptr<Connection>(
        std::make_unique<YamuxConnection>(std::move(m_channel), std::move(m_noise), std::move(info), m_plain)));
  }

  void fail(base::Error error) {
    if (m_stage != Stage::Over) {
      m_channel->setWatcher(nullptr);
      m_channel->finish();
      end(std::move(error));
    }
  }

  void end(base::Result<std::unique_ptr<Connection>> result) {
    m_stage = Stage::Over;
    m_timer.stop();
    const auto done = std::exchange(m_done, nullptr); // this may be destroyed inside
    done(std::move(result));
  }

  std::unique_ptr<ByteChannel> m_channel;
  UpgradeOptions m_options;
  Upgrader::OnUpgraded m_done;
  const base::Clock& m_clock;
  Stage m_stage = Stage::Security;
  Multistream m_negotiation;
  NoiseHandshake m_handshake;
  NoiseTransport m_noise;
  base::Bytes m_plain;  // opened and not consumed
  base::Bytes m_unsent; // not taken by the channel
  QTimer m_timer;
  QObject m_context;
};
} // namespace

Upgrader::Upgrader(const Identity& identity, const base::Clock& clock, base::Random& random)
    : m_clock(clock), m_random(random), m_keys(std::make_unique<NoiseKeys>(identity, random)) {}

Upgrader::~Upgrader() = default;

std::unique_ptr<Upgrade> Upgrader::upgrade(std::unique_ptr<ByteChannel> channel, UpgradeOptions options,
                                           OnUpgraded done) {
  return std::make_unique<UpgradeTask>(std::move(channel), std::move(options), std::move(done), m_clock, *m_keys,
                                       m_random);
}

} // namespace univrs::p2p
