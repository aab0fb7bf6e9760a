// Output of instances from a remote node: one HTTP answer, or a WebSocket when following.
#pragma once

#include "app/remote/socket_channel.h"
#include "engine/interfaces/logs.h"

namespace univrs::remote {

class LogStream final : public QObject {
public:
  LogStream(Connection* connection, interfaces::LogQuery query, interfaces::LogHandlers handlers);

  void start();
  void stop(); // silent from now on

private:
  void readOnce();
  void follow();
  void onMessage(const QJsonObject& message);
  bool deliver(const QJsonArray& entries);
  void end(base::Result<void> result);

  QPointer<Connection> m_connection;
  interfaces::LogQuery m_query;
  std::shared_ptr<const interfaces::LogHandlers> m_handlers;
  SocketChannel* m_channel = nullptr;
  bool m_stopped = false;
};

} // namespace univrs::remote
