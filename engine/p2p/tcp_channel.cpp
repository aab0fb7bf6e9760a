#include "engine/p2p/tcp_channel.h"

#include "engine/p2p/destroy_later.h"

#include <QPointer>
#include <QTcpSocket>

#include <algorithm>
#include <utility>

namespace univrs::p2p {

TcpChannel::TcpChannel(std::unique_ptr<QTcpSocket> socket) : m_socket(std::move(socket)) {
  m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
  m_socket->setReadBufferSize(qint64(kMaxHeld));
  QObject::connect(m_socket.get(), &QTcpSocket::readyRead, &m_context, [this] { m_busy ? later() : poll(); });
  QObject::connect(m_socket.get(), &QTcpSocket::bytesWritten, &m_context, [this] {
    if (m_wantsRoom) {
      m_busy ? later() : poll();
    }
  });
  QObject::connect(m_socket.get(), &QTcpSocket::errorOccurred, &m_context, [this](QAbstractSocket::SocketError error) {
    if (error == QAbstractSocket::RemoteHostClosedError) {
      m_news = true; // poll() sees the state of the socket
    } else if (!m_failed) {
      m_failed = true;
      m_error = base::makeError(base::ErrorCode::Unavailable, "the TCP connection broke",
                                m_socket->errorString().toStdString());
    }
    later();
  });
  if (m_socket->bytesAvailable() > 0 || m_socket->state() != QAbstractSocket::ConnectedState) {
    later(); // it came before anybody listened
  }
}

TcpChannel::~TcpChannel() {
  m_socket->disconnect(&m_context);
  if (m_finished) {
    m_socket->flush();
  }
  m_socket->abort(); // what the system has is still sent
  destroyLater(std::move(m_socket));
}

void TcpChannel::setWatcher(Watcher* watcher) {
  m_watcher = watcher;
  if (watcher != nullptr && (!received().empty() || m_ended)) {
    m_news = true;
    later();
  }
}

void TcpChannel::later() {
  if (!std::exchange(m_laterDue, true)) {
    QMetaObject::invokeMethod(
        &m_context,
        [this] {
          m_laterDue = false;
          poll();
        },
        Qt::QueuedConnection);
  }
}

// True when bytes came.
bool TcpChannel::readSome() {
  const qint64 there = m_socket->bytesAvailable();
  if (there <= 0 || received().size() >= kMaxHeld) {
    return false;
  }
  if (m_head == m_in.size()) {
    m_in.clear();
    m_head = 0;
  }
  const size_t start = m_in.size();
  m_in.resize(start + size_t(std::min<qint64>(there, qint64(kMaxHeld))));
  const qint64 got = m_socket->read(reinterpret_cast<char*>(m_in.data() + start), qint64(m_in.size() - start));
  m_in.resize(start + size_t(std::max<qint64>(got, 0)));
  return got > 0;
}

// Tells the watcher what there is to tell, from the event loop.
void TcpChannel::poll() {
  const QPointer<QObject> alive(&m_context);
  if (readSome()) {
    m_news = true;
  }
  if (!m_ended && m_socket->state() != QAbstractSocket::ConnectedState && m_socket->bytesAvailable() == 0) {
    m_ended = true;
    m_news = true;
  }
  if (m_watcher == nullptr) {
    return;
  }
  if (std::exchange(m_news, false)) {
    m_watcher->onBytes();
    if (!alive) {
      return;
    }
  }
  if (m_watcher != nullptr && m_wantsRoom && unsent() <= kMaxInSocket / 2) {
    m_wantsRoom = false;
    m_watcher->onRoom();
    if (!alive) {
      return;
    }
  }
  if (m_watcher != nullptr && m_failed) {
    m_failed = false;
    std::exchange(m_watcher, nullptr)->onOver(m_error);
    return;
  }
  if (m_socket->bytesAvailable() > 0 && received().size() < kMaxHeld) {
    later(); // more than one helping: others get their turn in between
  }
}

void TcpChannel::consume(size_t count) {
  const bool wasFull = received().size() >= kMaxHeld;
  m_head += count;
  if (m_head >= m_in.size()) {
    base::Bytes().swap(m_in); // an idle connection keeps no buffer
    m_head = 0;
  }
  if (wasFull || (m_socket->state() != QAbstractSocket::ConnectedState && !m_ended)) {
    later();
  }
}

size_t TcpChannel::write(std::span<const uint8_t> bytes) {
  if (m_finished || m_socket->state() != QAbstractSocket::ConnectedState) {
    return 0;
  }
  const bool wasBusy = std::exchange(m_busy, true);
  const size_t room = kMaxInSocket - std::min(kMaxInSocket, unsent());
  const size_t take = std::min(bytes.size(), room);
  const qint64 took = m_socket->write(reinterpret_cast<const char*>(bytes.data()), qint64(take));
  m_socket->flush();
  m_busy = wasBusy;
  const size_t wrote = size_t(std::max<qint64>(took, 0));
  if (wrote < bytes.size()) {
    m_wantsRoom = true;
    if (unsent() <= kMaxInSocket / 2) {
      later(); // the system took it all at once: no bytesWritten will come
    }
  }
  return wrote;
}

size_t TcpChannel::unsent() const {
  return size_t(std::max<qint64>(m_socket->bytesToWrite(), 0));
}

void TcpChannel::finish() {
  if (!std::exchange(m_finished, true)) {
    const bool wasBusy = std::exchange(m_busy, true);
    m_socket->flush();
    m_socket->disconnectFromHost();
    m_busy = wasBusy;
  }
}

} // namespace univrs::p2p
