#include "tests/app/test_node.h"

#include <QDeadlineTimer>
#include <QEventLoop>
#include <QJsonDocument>
#include <QPointer>
#include <QTcpSocket>
#include <QThread>
#include <QTimer>

namespace univrs::test {

TestNode::TestNode() : m_ws(QStringLiteral("test"), QWebSocketServer::NonSecureMode) {
  connect(&m_tcp, &QTcpServer::newConnection, this, [this] {
    while (QTcpSocket* socket = m_tcp.nextPendingConnection()) {
      connect(socket, &QTcpSocket::readyRead, this, [this, socket] { serve(socket); });
      connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
    }
  });
  connect(&m_ws, &QWebSocketServer::newConnection, this, [this] {
    while (QWebSocket* socket = m_ws.nextPendingConnection()) {
      sockets.append(socket);
      connect(socket, &QWebSocket::disconnected, this, [this, socket] {
        sockets.removeAll(socket);
        socket->deleteLater();
      });
      if (onSocket) {
        onSocket(socket);
      }
    }
  });
  m_tcp.listen(QHostAddress::LocalHost, 0);
  m_port = m_tcp.serverPort();
}

TestNode::~TestNode() {
  onSocket = nullptr;
  const auto all = sockets;
  for (QWebSocket* socket : all) {
    socket->disconnect(this);
    delete socket;
  }
}

void TestNode::stop() {
  m_tcp.close();
  const auto all = sockets;
  for (QWebSocket* socket : all) {
    socket->abort();
  }
}

void TestNode::start() {
  m_tcp.listen(QHostAddress::LocalHost, m_port);
}

void TestNode::serve(QTcpSocket* socket) {
  if (!socket->isOpen()) {
    return;
  }
  const QByteArray all = socket->peek(1 << 20);
  const qsizetype end = all.indexOf("\r\n\r\n");
  if (end < 0) {
    return;
  }
  HttpAsk ask;
  const QStringList lines = QString::fromLatin1(all.left(end)).split(QStringLiteral("\r\n"));
  const QStringList first = lines.value(0).split(QLatin1Char(' '));
  ask.method = first.value(0);
  ask.target = first.value(1);
  for (const QString& line : lines.mid(1)) {
    const qsizetype colon = line.indexOf(QLatin1Char(':'));
    ask.headers.insert(line.left(colon).toLower(), line.mid(colon + 1).trimmed());
  }
  const auto refuse = [socket](int status, const QByteArray& body) {
    socket->write("HTTP/1.1 " + QByteArray::number(status) +
                  " X\r\nContent-Type: application/json\r\nContent-Length: " + QByteArray::number(body.size()) +
                  "\r\n\r\n" + body);
  };
  if (ask.headers.value(QStringLiteral("upgrade")).toLower() == QLatin1String("websocket")) {
    upgrades.push_back(ask);
    if (const int status = onUpgrade ? onUpgrade(ask) : 0; status != 0) {
      socket->read(end + 4);
      refuse(status, R"({"error":"no","code":"NOT_FOUND"})");
      socket->disconnectFromHost();
      return;
    }
    socket->disconnect(this);
    m_ws.handleConnection(socket);
    Q_EMIT socket->readyRead();
    return;
  }
  const qsizetype length = ask.headers.value(QStringLiteral("content-length")).toLongLong();
  if (all.size() < end + 4 + length) {
    return;
  }
  socket->read(end + 4);
  ask.body = socket->read(length);
  asked.push_back(ask);
  const HttpSay say = onHttp ? onHttp(ask) : HttpSay{404, R"({"error":"no such path","code":"NOT_FOUND"})"};
  if (say.drop) {
    socket->abort();
  } else if (!say.silent) {
    refuse(say.status, say.body);
  }
}

HttpSay json(const QJsonObject& object, int status) {
  return {status, QJsonDocument(object).toJson(QJsonDocument::Compact)};
}

bool waitFor(const std::function<bool()>& condition) {
  QDeadlineTimer deadline(20'000);
  while (!condition()) {
    if (deadline.hasExpired()) {
      return false;
    }
    QEventLoop loop;
    QTimer::singleShot(5, &loop, &QEventLoop::quit);
    loop.exec();
  }
  return true;
}

void settle(int ms) {
  QEventLoop loop;
  QTimer::singleShot(ms, &loop, &QEventLoop::quit);
  loop.exec();
}

} // namespace univrs::test
