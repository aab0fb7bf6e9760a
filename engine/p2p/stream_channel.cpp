#include "engine/p2p/stream_channel.h"

#include <QMetaObject>
#include <QObject>

#include <utility>

namespace univrs::p2p {

namespace {
class StreamChannel;

// Belongs to the stream; the channel may be gone before it.
class Relay final : public StreamHandler {
public:
  explicit Relay(StreamChannel* channel) : m_channel(channel) {}
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;
  ~Relay() override; // also without onClosed: a connection that is destroyed calls nobody
  void detach() { m_channel = nullptr; }

private:
  void onData() override;
  void onEnd() override;
  void onWritable() override;
  void onClosed(const base::Error& error) override;
  StreamChannel* m_channel;
};

class StreamChannel final : public ByteChannel {
public:
  explicit StreamChannel(Stream& stream) : m_stream(&stream) {
    auto relay = std::make_unique<Relay>(this);
    m_relay = relay.get();
    stream.attach(std::move(relay));
  }

  StreamChannel(const StreamChannel&) = delete;
  StreamChannel& operator=(const StreamChannel&) = delete;

  ~StreamChannel() override {
    if (m_relay == nullptr) {
      return;
    }
    m_relay->detach();
    if (!m_finished) {
      m_stream->reset();
    } else {
      m_stream->stopReading();
    }
  }

  void setWatcher(Watcher* watcher) override {
    m_watcher = watcher;
    if (watcher != nullptr && (!received().empty() || m_ended)) {
      QMetaObject::invokeMethod(
          &m_context, [this] { bytes(); }, Qt::QueuedConnection);
    }
  }
  [[nodiscard]] std::span<const uint8_t> received() const override {
    return m_relay == nullptr ? std::span<const uint8_t>() : m_stream->received();
  }
  void consume(size_t count) override {
    if (m_relay != nullptr) {
      m_stream->consume(count);
    }
  }
  [[nodiscard]] bool receivedEnd() const override { return m_ended || (m_relay != nullptr && m_stream->receivedEnd()); }
  size_t write(std::span<const uint8_t> bytes) override {
    return m_relay == nullptr || m_finished ? 0 : m_stream->write(bytes);
  }
  [[nodiscard]] size_t unsent() const override { return m_relay == nullptr ? 0 : m_stream->unsent(); }
  void finish() override {
    if (m_relay != nullptr && !m_finished) {
      m_stream->closeWrite();
    }
    m_finished = true;
  }

  void bytes() {
    if (m_watcher != nullptr) {
      m_watcher->onBytes();
    }
  }
  void end() {
    m_ended = true;
    bytes();
  }
  void room() {
    if (m_watcher != nullptr) {
      m_watcher->onRoom();
    }
  }
  void lost() { m_relay = nullptr; }
  void closed(const base::Error& error) {
    m_relay = nullptr;
    const bool told = std::exchange(m_ended, true);
    if (m_watcher == nullptr) {
      return;
    }
    if (!error.what.empty()) {
      m_watcher->onOver(error);
    } else if (!told) {
      m_watcher->onBytes();
    }
  }

private:
  Stream* m_stream;
  Relay* m_relay = nullptr; // null once the stream is gone
  Watcher* m_watcher = nullptr;
  bool m_ended = false;
  bool m_finished = false;
  QObject m_context;
};

Relay::~Relay() {
  if (m_channel != nullptr) {
    m_channel->lost();
  }
}

void Relay::onData() {
  if (m_channel != nullptr) {
    m_channel->bytes();
  }
}

void Relay::onEnd() {
  if (m_channel != nullptr) {
    m_channel->end();
  }
}

void Relay::onWritable() {
  if (m_channel != nullptr) {
    m_channel->room();
  }
}

void Relay::onClosed(const base::Error& error) {
  if (m_channel != nullptr) {
    std::exchange(m_channel, nullptr)->closed(error);
  }
}
} // namespace

std::unique_ptr<ByteChannel> makeStreamChannel(Stream& stream) {
  return std::make_unique<StreamChannel>(stream);
}

} // namespace univrs::p2p
