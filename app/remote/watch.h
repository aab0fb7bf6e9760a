// One watch over a WebSocket: connects, subscribes, hands deltas on, and after a break connects again and resumes after
// the last revision it is sure of.
#pragma once

#include "app/remote/socket_channel.h"
#include "engine/interfaces/events.h"

#include <set>

namespace univrs::remote {

class Watch final : public QObject {
public:
  Watch(Connection* connection, interfaces::WatchRequest request, interfaces::WatchHandlers handlers);

  void start(); // connects later, not inside the call
  void stop();  // silent from now on

private:
  void connectNow();
  void onMessage(const QJsonObject& message);
  void onConnected(const QJsonObject& message);
  void onDeltas(const QJsonObject& message);
  void note(const interfaces::Delta& delta);
  void lost(const base::Error& why);
  void subscribe();

  QPointer<Connection> m_connection;
  interfaces::WatchRequest m_request;
  std::shared_ptr<const interfaces::WatchHandlers> m_handlers; // shared: it outlives a call that destroys this
  SocketChannel* m_channel = nullptr;
  QTimer m_retry;
  QTimer m_silence;
  int m_backoffMs = 0;
  int64_t m_resume = 0;                     // everything up to here was handed on
  std::set<interfaces::Topic> m_incomplete; // topics whose snapshot is not here yet
  std::string m_nodeId;
  std::string m_lastWhy;
  bool m_up = false;
  bool m_stopped = false;
};

} // namespace univrs::remote
