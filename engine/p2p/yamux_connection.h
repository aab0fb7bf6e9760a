// A connection over a byte channel: yamux streams inside Noise frames. Made by the Upgrader.
#pragma once

#include "engine/p2p/byte_channel.h"
#include "engine/p2p/connection.h"
#include "engine/p2p/noise.h"
#include "engine/p2p/yamux.h"

#include <QObject>

#include <memory>
#include <unordered_map>
#include <vector>

class QTimer;

namespace univrs::p2p {

class YamuxConnection final : public Connection, private ByteChannel::Watcher {
public:
  // `early`: plain bytes that came behind the negotiation.
  YamuxConnection(std::unique_ptr<ByteChannel> channel, NoiseTransport noise, ConnectionInfo info,
                  std::span<const uint8_t> early);
  YamuxConnection(const YamuxConnection&) = delete;
  YamuxConnection& operator=(const YamuxConnection&) = delete;
  ~YamuxConnection() override;

  [[nodiscard]] const ConnectionInfo& info() const override { return m_info; }
  void setHandler(ConnectionHandler* handler) override { m_handler = handler; }
  base::Result<Stream*> openStream() override;
  void close(uint64_t code, const std::string& reason) override;
  [[nodiscard]] size_t streamCount() const override { return m_streams.size(); }
  [[nodiscard]] size_t bufferedBytes() const override { return m_session.unread() + m_session.unsentInAll(); }
  [[nodiscard]] Traffic traffic() const override { return m_traffic; }
  [[nodiscard]] std::optional<std::chrono::microseconds> rtt() const override { return m_session.rtt(); }

private:
  class MuxedStream;

  void onBytes() override;
  void onRoom() override;
  void onOver(const base::Error& error) override;

  void wake(); // onWake() from the event loop, once
  void onWake();
  void onTick();
  void later(MuxedStream& stream); // tell() from the event loop
  void afterInput();
  void dispatch();
  void handle(const YamuxSession::Event& event);
  void accept(uint32_t id);
  void tell(MuxedStream& stream);
  void endStream(MuxedStream& stream, const base::Error& error);
  std::unique_ptr<MuxedStream> take(uint32_t id);
  void flush();
  void over(base::Error error);

  std::unique_ptr<ByteChannel> m_channel;
  NoiseTransport m_noise;
  YamuxSession m_session;
  ConnectionInfo m_info;
  ConnectionHandler* m_handler = nullptr;
  std::unordered_map<uint32_t, std::unique_ptr<MuxedStream>> m_streams;
  std::vector<uint32_t> m_later; // streams that wait for tell(); each once
  base::Bytes m_wire;            // sealed, not taken by the channel yet: at most one helping (kHelping)
  size_t m_wireSent = 0;
  Traffic m_traffic;
  bool m_wakeDue = false;
  bool m_blocked = false; // the channel is full: onRoom() will come
  bool m_closing = false; // close() was called; m_closeError
  bool m_forged = false;  // a frame was not authentic
  bool m_over = false;
  base::Error m_closeError;
  QObject m_context;
};

} // namespace univrs::p2p
