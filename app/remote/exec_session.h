// A command inside a container of a remote node, over a WebSocket with binary frames: first byte = channel.
#pragma once

#include "app/remote/socket_channel.h"
#include "engine/interfaces/exec.h"

#include <deque>

namespace univrs::remote {

class ExecLink final : public QObject {
public:
  ExecLink(Connection* connection, interfaces::ExecQuery query, interfaces::ExecSessionHandlers handlers);

  void start();
  void stop(); // silent from now on; the server ends the program
  void write(const std::string& bytes);
  void closeInput();
  void resize(int columns, int rows);
  [[nodiscard]] int64_t pendingBytes() const;

private:
  void sendOrKeep(QByteArray frame);
  void onFrame(const QByteArray& frame);
  void onControl(const QJsonObject& message);
  void exited(base::Result<int> code);

  QPointer<Connection> m_connection;
  interfaces::ExecQuery m_query;
  std::shared_ptr<const interfaces::ExecSessionHandlers> m_handlers;
  SocketChannel* m_channel = nullptr;
  std::deque<QByteArray> m_early; // frames from before the socket opened
  int64_t m_earlyBytes = 0;
  bool m_open = false;
  bool m_inputClosed = false;
  bool m_stopped = false;
};

class RemoteExecSession final : public interfaces::ExecSession {
public:
  explicit RemoteExecSession(ExecLink* link) : m_link(link) {}
  ~RemoteExecSession() override;
  RemoteExecSession(const RemoteExecSession&) = delete;
  RemoteExecSession& operator=(const RemoteExecSession&) = delete;
  void write(std::string bytes) override;
  void closeInput() override;
  void resize(int columns, int rows) override;
  [[nodiscard]] int64_t pendingBytes() const { return m_link ? m_link->pendingBytes() : 0; }

private:
  QPointer<ExecLink> m_link;
};

} // namespace univrs::remote
