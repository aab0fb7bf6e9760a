#include "app/remote/socket_channel.h"

#include "app/remote/json_read.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QWebSocket>

#include <algorithm>

namespace univrs::remote {

SocketChannel::SocketChannel(Connection* connection, Handlers handlers, QObject* parent)
    : QObject(parent), m_connection(connection), m_handlers(std::move(handlers)) {
  m_alarm.setSingleShot(true);
  connect(&m_alarm, &QTimer::timeout, this, [this] {
    if (m_connection) {
      close(m_connection->timedOut("The connection was not opened"));
    }
  });
}

SocketChannel::~SocketChannel() {
  stop();
}

void SocketChannel::stop() {
  m_done = true;
  m_alarm.stop();
  if (m_socket != nullptr) {
    m_socket->disconnect(this);
    if (m_open && m_socket->bytesToWrite() > 0) {
      m_socket->flush();
    }
    m_socket->abort();
    m_socket->deleteLater();
    m_socket = nullptr;
  }
}

void SocketChannel::close(base::Error error) {
  if (m_done) {
    return;
  }
  stop();
  const auto onClosed = m_handlers.onClosed; // it may destroy this
  if (onClosed) {
    onClosed(std::move(error));
  }
}

void SocketChannel::open(const QString& path, const QUrlQuery& query, const QString& probePath) {
  m_probePath = probePath;
  base::Error error;
  const auto request = m_connection ? m_connection->socketRequest(path, query, error) : std::nullopt;
  if (!request) {
    QTimer::singleShot(0, this, [this, error] { close(error); });
    return;
  }
  m_socket = new QWebSocket(QString(), QWebSocketProtocol::VersionLatest, nullptr);
  m_connection->prepare(*m_socket);
  m_socket->setMaxAllowedIncomingMessageSize(quint64(kMaxSocketMessageBytes));
  m_socket->setMaxAllowedIncomingFrameSize(quint64(kMaxSocketMessageBytes));
  if (m_connection->options().insecure) {
    m_socket->ignoreSslErrors();
  }
  connect(m_socket, &QWebSocket::connected, this, [this] {
    m_open = true;
    m_alarm.stop();
    const auto onOpen = m_handlers.onOpen;
    if (onOpen) {
      onOpen();
    }
  });
  connect(m_socket, &QWebSocket::textMessageReceived, this, [this](const QString& text) {
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8(), &fault);
    if (!document.isObject()) {
      close(badAnswer("a message that is no JSON object"));
      return;
    }
    const auto onText = m_handlers.onText;
    if (onText) {
      onText(document.object());
    }
  });
  connect(m_socket, &QWebSocket::binaryMessageReceived, this, [this](const QByteArray& frame) {
    const auto onBinary = m_handlers.onBinary;
    if (onBinary) {
      onBinary(frame);
    }
  });
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
  connect(m_socket, &QWebSocket::errorOccurred, this, [this](QAbstractSocket::SocketError code) { failed(code); });
#else
  connect(m_socket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), this,
          [this](QAbstractSocket::SocketError code) { failed(code); });
#endif
  connect(m_socket, &QWebSocket::disconnected, this, [this] { failed(QAbstractSocket::RemoteHostClosedError); });
  m_alarm.start(std::max(1, m_connection->options().connectTimeoutMs));
  m_socket->open(*request);
}

void SocketChannel::failed(QAbstractSocket::SocketError code) {
  if (m_done || m_socket == nullptr || !m_connection) {
    return;
  }
  if (m_open) {
    std::string why = m_socket->closeReason().toStdString();
    base::Error error =
        base::makeError(base::ErrorCode::Unavailable, "The connection to " + m_connection->where() + " ended",
                        why.empty() ? "the other side closed it" : std::move(why));
    close(std::move(error));
    return;
  }
  // Qt tells the status of a refused handshake in its text only.
  static const QRegularExpression kStatus(QStringLiteral("status code: ([1-5][0-9][0-9])"));
  const QString text = m_socket->errorString();
  const QRegularExpressionMatch match = kStatus.match(text);
  const int status =
      match.hasMatch() ? match.captured(1).toInt() : (text.contains(QLatin1String("uthenticat")) ? 401 : 0);
  if (status == 0) {
    close(m_connection->explain(code, text));
    return;
  }
  const base::Error byStatus = errorFromBody(status, {});
  m_socket->disconnect(this);
  m_alarm.stop();
  if (m_probePath.isEmpty()) {
    QTimer::singleShot(0, this, [this, byStatus] { close(byStatus); });
    return;
  }
  const QPointer<SocketChannel> self(this);
  m_connection->get(m_probePath, {}, [self, byStatus](const base::Result<QJsonObject>& answer) {
    if (self) {
      self->close(answer.ok() ? byStatus : answer.error());
    }
  });
}

void SocketChannel::sendText(const QJsonObject& message) {
  if (m_socket != nullptr && m_open) {
    m_socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
  }
}

void SocketChannel::sendBinary(const QByteArray& frame) {
  if (m_socket != nullptr && m_open) {
    m_socket->sendBinaryMessage(frame);
  }
}

int64_t SocketChannel::pendingBytes() const {
  return m_socket != nullptr ? m_socket->bytesToWrite() : 0;
}

} // namespace univrs::remote
