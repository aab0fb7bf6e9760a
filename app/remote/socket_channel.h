// One WebSocket to the node, from opening to its end, with every way to end told once as an Error.
#pragma once

#include "app/remote/connection.h"

#include <QPointer>
#include <QTimer>

#include <functional>

class QWebSocket;

namespace univrs::remote {

inline constexpr int64_t kMaxSocketMessageBytes = int64_t(32) << 20; // one message from the server

// Destroy it (deleteLater inside its handlers) to end silently. Handlers never run after stop().
class SocketChannel final : public QObject {
public:
  struct Handlers {
    std::function<void()> onOpen;
    std::function<void(const QJsonObject&)> onText;
    std::function<void(const QByteArray&)> onBinary;
    std::function<void(base::Error)> onClosed; // last call; never inside open()
  };

  SocketChannel(Connection* connection, Handlers handlers, QObject* parent);
  ~SocketChannel() override;

  //! `path` from the root, as "/ws/orchestrator". When the server refuses the handshake, a GET of /api<probePath> may
  //! say why better.
  void open(const QString& path, const QUrlQuery& query, const QString& probePath = {});
  void sendText(const QJsonObject& message);
  void sendBinary(const QByteArray& frame);
  [[nodiscard]] int64_t pendingBytes() const; // given to send…, not yet to the system
  void stop();                                // silent from now on

private:
  void failed(QAbstractSocket::SocketError code);
  void close(base::Error error);

  QPointer<Connection> m_connection;
  Handlers m_handlers;
  QWebSocket* m_socket = nullptr;
  QTimer m_alarm;
  QString m_probePath;
  bool m_open = false;
  bool m_done = false;
};

} // namespace univrs::remote
