// A real HTTP and WebSocket server on loopback that says what a test tells it to: the other side of app/remote's
// sockets.
#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTcpServer>
#include <QWebSocket>
#include <QWebSocketServer>

#include <functional>
#include <map>
#include <vector>

namespace univrs::test {

struct HttpAsk {
  QString method;
  QString target;                 // path with query
  QMap<QString, QString> headers; // lower-case names
  QByteArray body;
};

struct HttpSay {
  int status = 200;
  QByteArray body;
  bool silent = false; // never answer
  bool drop = false;   // close without an answer
};

class TestNode : public QObject {
public:
  TestNode();
  ~TestNode() override;
  [[nodiscard]] quint16 port() const { return m_port; }
  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port); }
  void stop();  // refuses connections, ends those there are
  void start(); // on the same port again

  std::function<HttpSay(const HttpAsk&)> onHttp;
  // Status to refuse a WebSocket handshake with; 0 = take it.
  std::function<int(const HttpAsk&)> onUpgrade;
  std::function<void(QWebSocket*)> onSocket;

  std::vector<HttpAsk> asked;
  std::vector<HttpAsk> upgrades;
  QList<QWebSocket*> sockets;

private:
  void serve(QTcpSocket* socket);

  QTcpServer m_tcp;
  QWebSocketServer m_ws;
  quint16 m_port = 0;
};

HttpSay json(const QJsonObject& object, int status = 200);

//! Runs the event loop until `condition`, at most 20 s; whether it came.
bool waitFor(const std::function<bool()>& condition);
//! Runs the event loop for what is queued now and a little longer.
void settle(int ms = 60);

} // namespace univrs::test
