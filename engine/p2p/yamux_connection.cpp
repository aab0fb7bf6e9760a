#include "engine/p2p/yamux_connection.h"

#include "engine/p2p/destroy_later.h"

#include <QPointer>
#include <QTimer>

#include <utility>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kMaxFlush = 1u << 20; // sealed in one go; then others get their turn

YamuxSession::Micros micros() {
  return std::chrono::duration_cast<YamuxSession::Micros>(std::chrono::steady_clock::now().time_since_epoch());
}
} // namespace

class YamuxConnection::MuxedStream final : public Stream {
public:
  MuxedStream(YamuxConnection& connection, uint32_t id, bool outbound)
      : m_connection(connection), m_id(id), m_outbound(outbound) {}

  [[nodiscard]] uint64_t id() const override { return m_id; }
  [[nodiscard]] bool isOutbound() const override { return m_outbound; }
  [[nodiscard]] Connection& connection() override { return m_connection; }
  [[nodiscard]] std::span<const uint8_t> received() const override {
    return m_gone ? std::span<const uint8_t>() : m_connection.m_session.received(m_id);
  }
  void consume(size_t count) override {
    if (!m_gone && count > 0) {
      m_connection.m_session.consume(m_id, count);
      if (m_connection.m_session.receivedEnd(m_id)) {
        m_connection.later(*this);
      } else {
        m_connection.wake();
      }
    }
  }
  [[nodiscard]] bool receivedEnd() const override { return !m_gone && m_connection.m_session.receivedEnd(m_id); }
  size_t write(std::span<const uint8_t> bytes) override {
    if (m_gone || bytes.empty()) {
      return 0;
    }
    m_connection.wake();
    return m_connection.m_session.write(m_id, bytes);
  }
  [[nodiscard]] size_t unsent() const override { return m_gone ? 0 : m_connection.m_session.unsent(m_id); }
  void closeWrite() override {
    if (!m_gone) {
      m_closedWrite = true;
      m_connection.m_session.closeWrite(m_id);
      m_connection.wake();
    }
  }
  void stopReading() override {
    if (!m_gone && !m_stopped) {
      m_stopped = true;
      m_connection.m_session.stopReading(m_id);
      m_connection.later(*this);
    }
  }
  void reset(uint64_t /*code: yamux has none*/) override {
    if (!m_gone) {
      m_gone = true;
      m_connection.m_session.release(m_id);
      m_connection.wake();
      destroyLater(m_connection.take(m_id));
    }
  }
  void attach(std::unique_ptr<StreamHandler> handler) override {
    if (m_gone) {
      destroyLater(std::move(handler));
      return;
    }
    if (m_handler != nullptr && m_depth > 0) {
      m_retired.push_back(std::move(m_handler));
    } else {
      destroyLater(std::move(m_handler));
    }
    m_handler = std::move(handler);
    m_data = true;
    m_toldEnd = false;
    m_connection.later(*this);
  }

  // Calls the handler; afterwards look at m_gone.
  template <class Call>
  void call(Call&& what) {
    ++m_depth;
    what(*m_handler);
    if (--m_depth == 0) {
      m_retired.clear();
    }
  }

  YamuxConnection& m_connection; // not touched once m_gone
  const uint32_t m_id;
  const bool m_outbound;
  std::unique_ptr<StreamHandler> m_handler;
  std::vector<std::unique_ptr<StreamHandler>> m_retired; // replaced from inside their own call
  int m_depth = 0;
  bool m_data = false; // bytes came since onData
  bool m_toldEnd = false;
  bool m_writable = false;
  bool m_stopped = false;
  bool m_closedWrite = false;
  bool m_waits = false; // in m_later
  bool m_gone = false;  // told, reset, or the connection is gone
};

YamuxConnection::YamuxConnection(std::unique_ptr<ByteChannel> channel, NoiseTransport noise, ConnectionInfo info,
                                 std::span<const uint8_t> early)
    : m_channel(std::move(channel)), m_noise(std::move(noise)),
      m_session(info.direction == Direction::Outbound ? YamuxSession::Side::Dialer : YamuxSession::Side::Listener),
      m_info(std::move(info)) {
  m_session.feed(early, micros());
  m_channel->setWatcher(this);
  auto* timer = new QTimer(&m_context);
  timer->setTimerType(Qt::VeryCoarseTimer);
  timer->callOnTimeout(&m_context, [this] { onTick(); });
  timer->start(YamuxSession::kPingInterval);
  wake();
}

YamuxConnection::~YamuxConnection() {
  m_channel->setWatcher(nullptr);
  for (auto& [id, stream] : m_streams) { // one of their handlers may be on the call stack
    stream->m_gone = true;
    destroyLater(std::move(stream));
  }
}

base::Result<Stream*> YamuxConnection::openStream() {
  if (m_over || m_closing) {
    return makeError(ErrorCode::Unavailable, "no stream could be opened", "the connection is closed");
  }
  const auto id = m_session.open();
  if (!id) {
    return id.error();
  }
  auto stream = std::make_unique<MuxedStream>(*this, *id, true);
  Stream* out = stream.get();
  m_streams.emplace(*id, std::move(stream));
  wake();
  return out;
}

void YamuxConnection::close(uint64_t code, const std::string& reason) {
  if (m_over || m_closing) {
    return;
  }
  m_closing = true;
  m_closeError = makeError(ErrorCode::Cancelled, "the connection was closed", reason);
  m_session.goAway(code == 0 ? 0 : 2);
  flush();
  m_channel->finish();
  wake();
}

std::unique_ptr<YamuxConnection::MuxedStream> YamuxConnection::take(uint32_t id) {
  const auto it = m_streams.find(id);
  if (it == m_streams.end()) {
    return nullptr;
  }
  auto out = std::move(it->second);
  m_streams.erase(it);
  return out;
}

// --- from the event loop

void YamuxConnection::wake() {
  if (!m_over && !std::exchange(m_wakeDue, true)) {
    QMetaObject::invokeMethod(
        &m_context, [this] { onWake(); }, Qt::QueuedConnection);
  }
}

void YamuxConnection::later(MuxedStream& stream) {
  if (!std::exchange(stream.m_waits, true)) {
    m_later.push_back(stream.m_id);
  }
  wake();
}

void YamuxConnection::onWake() {
  m_wakeDue = false;
  if (m_over) {
    return;
  }
  if (m_closing) {
    over(std::move(m_closeError));
    return;
  }
  const QPointer<QObject> alive(&m_context);
  const auto waiting = std::exchange(m_later, {});
  for (const uint32_t id : waiting) {
    const auto it = m_streams.find(id);
    if (it == m_streams.end()) {
      continue;
    }
    it->second->m_waits = false;
    tell(*it->second);
    if (!alive) {
      return;
    }
  }
  afterInput();
}

void YamuxConnection::onTick() {
  m_session.tick(micros());
  afterInput();
}

void YamuxConnection::onBytes() {
  if (m_over) {
    return;
  }
  static thread_local base::Bytes plain; // room for one helping, kept for all connections of the thread
  plain.clear();
  const auto bytes = m_channel->received();
  m_traffic.received += bytes.size();
  m_forged = !m_noise.open(bytes, plain) || m_forged;
  m_channel->consume(bytes.size());
  m_session.feed(plain, micros());
  afterInput();
}

void YamuxConnection::onRoom() {
  m_blocked = false;
  if (!m_over) {
    afterInput();
  }
}

void YamuxConnection::onOver(const base::Error& error) {
  over(error);
}

// Tells what the session has to tell, sends what there is to send, ends what is over.
void YamuxConnection::afterInput() {
  const QPointer<QObject> alive(&m_context);
  dispatch();
  if (!alive || m_over) {
    return;
  }
  flush();
  if (m_closing) {
    return; // onWake() will come
  }
  if (m_forged) {
    over(makeError(ErrorCode::Unauthorized, "the connection broke", "a frame from the peer was not authentic"));
  } else if (m_session.fault()) {
    over(*m_session.fault());
  } else if (m_channel->receivedEnd() && m_channel->received().empty()) {
    over(makeError(ErrorCode::Unavailable, "the peer closed the connection"));
  } else if (m_session.remoteGoAway() && m_streams.empty()) {
    const uint32_t code = *m_session.remoteGoAway();
    over(makeError(ErrorCode::Unavailable, "the peer closed the connection",
                   code == 0   ? ""
                   : code == 1 ? "it says that we broke the yamux protocol"
                               : "it met a fault of its own (" + std::to_string(code) + ")"));
  }
}

void YamuxConnection::dispatch() {
  const QPointer<QObject> alive(&m_context);
  while (!m_over) {
    const auto event = m_session.nextEvent();
    if (!event) {
      return;
    }
    handle(*event);
    if (!alive) {
      return;
    }
  }
}

void YamuxConnection::handle(const YamuxSession::Event& event) {
  using Kind = YamuxSession::Event::Kind;
  if (event.kind == Kind::Opened) {
    accept(event.stream);
    return;
  }
  const auto it = m_streams.find(event.stream);
  if (it == m_streams.end()) {
    return;
  }
  MuxedStream& stream = *it->second;
  switch (event.kind) {
  case Kind::Readable:
    stream.m_data = true;
    break;
  case Kind::Writable:
    stream.m_writable = true;
    break;
  case Kind::Reset:
    // We were through with it: then it does not matter how the peer ends it.
    endStream(stream, stream.m_stopped && stream.m_closedWrite
                          ? base::Error{}
                          : makeError(ErrorCode::Unavailable, "the stream was reset by the peer"));
    return;
  default:
    break;
  }
  tell(stream);
}

void YamuxConnection::accept(uint32_t id) {
  if (m_handler == nullptr || m_closing || m_session.isReset(id)) {
    m_session.release(id);
    return;
  }
  const QPointer<QObject> alive(&m_context);
  auto owned = std::make_unique<MuxedStream>(*this, id, false);
  MuxedStream& stream = *owned;
  m_streams.emplace(id, std::move(owned));
  m_handler->onStream(stream);
  if (alive && !stream.m_gone && stream.m_handler == nullptr) {
    stream.reset(0);
  }
}

// Tells the stream's handler all there is to tell now. The stream stays allocated until the return to the event loop,
// whatever the handler does.
void YamuxConnection::tell(MuxedStream& stream) {
  const auto active = [&stream] { return !stream.m_gone && stream.m_handler != nullptr; };
  if (active() && std::exchange(stream.m_data, false) && !stream.received().empty()) {
    stream.call([](StreamHandler& handler) { handler.onData(); });
  }
  if (active() && !stream.m_stopped && !stream.m_toldEnd && stream.receivedEnd() && stream.received().empty()) {
    stream.m_toldEnd = true;
    stream.call([](StreamHandler& handler) { handler.onEnd(); });
  }
  if (active() && std::exchange(stream.m_writable, false)) {
    stream.call([](StreamHandler& handler) { handler.onWritable(); });
  }
  if (active() && (stream.m_toldEnd || stream.m_stopped) && m_session.finished(stream.m_id)) {
    endStream(stream, {});
  }
}

void YamuxConnection::endStream(MuxedStream& stream, const base::Error& error) {
  stream.m_gone = true;
  m_session.release(stream.m_id);
  auto owned = take(stream.m_id);
  if (stream.m_handler != nullptr) {
    stream.call([&error](StreamHandler& handler) { handler.onClosed(error); });
  }
  destroyLater(std::move(owned));
}

void YamuxConnection::flush() {
  size_t sealed = 0;
  static thread_local base::Bytes plain;
  while (!m_blocked && !m_over) {
    if (m_wireSent < m_wire.size()) {
      const size_t took = m_channel->write(std::span<const uint8_t>(m_wire).subspan(m_wireSent));
      m_traffic.sent += took;
      m_wireSent += took;
      if (m_wireSent < m_wire.size()) {
        m_blocked = true;
        break;
      }
    }
    m_wire.clear();
    m_wireSent = 0;
    if (sealed >= kMaxFlush) {
      wake();
      break;
    }
    plain.clear();
    m_session.output(plain, NoiseTransport::kMaxPlain, micros());
    if (plain.empty()) {
      break;
    }
    sealed += plain.size();
    if (!m_noise.seal(plain, m_wire)) {
      m_forged = true; // the counters are used up, after 2^64 frames: the connection cannot go on either
      break;
    }
  }
  if (m_wire.empty()) {
    base::Bytes().swap(m_wire); // an idle connection keeps no buffer
  }
  if (m_session.hasEvents()) {
    wake();
  }
}

void YamuxConnection::over(base::Error error) {
  if (std::exchange(m_over, true)) {
    return;
  }
  m_channel->setWatcher(nullptr);
  m_channel->finish();
  const QPointer<QObject> alive(&m_context);
  auto streams = std::exchange(m_streams, {});
  for (auto& [id, stream] : streams) {
    stream->m_gone = true;
  }
  for (auto& [id, stream] : streams) {
    if (alive && stream->m_handler != nullptr) {
      stream->call([&error](StreamHandler& handler) { handler.onClosed(error); });
    }
    destroyLater(std::move(stream));
  }
  if (alive && m_handler != nullptr) {
    std::exchange(m_handler, nullptr)->onClosed(error);
  }
}

} // namespace univrs::p2p
