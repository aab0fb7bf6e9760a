// A connected TCP socket as a ByteChannel.
#pragma once

#include "engine/p2p/byte_channel.h"

#include <QObject>

#include <memory>

class QTcpSocket;

namespace univrs::p2p {

class TcpChannel final : public ByteChannel {
public:
  static constexpr size_t kMaxHeld = 128u
                                     << 10; // read from the socket and not consumed; the socket holds as much again
  static constexpr size_t kMaxInSocket = 256u << 10; // given to the socket and not yet taken by the system

  // `socket` is connected and has no parent. Nagle's delay is switched off.
  explicit TcpChannel(std::unique_ptr<QTcpSocket> socket);
  TcpChannel(const TcpChannel&) = delete;
  TcpChannel& operator=(const TcpChannel&) = delete;
  ~TcpChannel() override;

  void setWatcher(Watcher* watcher) override;
  [[nodiscard]] std::span<const uint8_t> received() const override { return std::span(m_in).subspan(m_head); }
  void consume(size_t count) override;
  [[nodiscard]] bool receivedEnd() const override { return m_ended; }
  size_t write(std::span<const uint8_t> bytes) override;
  [[nodiscard]] size_t unsent() const override;
  void finish() override;

private:
  void later();
  void poll();
  bool readSome();

  std::unique_ptr<QTcpSocket> m_socket;
  Watcher* m_watcher = nullptr;
  base::Bytes m_in;
  size_t m_head = 0;
  bool m_busy = false; // inside a call to us: what the socket says now is told later
  bool m_laterDue = false;
  bool m_news = false;      // the watcher does not know of all there is in m_in, or of the end
  bool m_wantsRoom = false; // write() took less than it was given
  bool m_ended = false;
  bool m_failed = false; // m_error, not told yet
  bool m_finished = false;
  base::Error m_error;
  QObject m_context;
};

} // namespace univrs::p2p
