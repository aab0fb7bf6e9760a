// Real servers and clients on loopback for the forwarder's tests: plain sockets, a thread per connection.
#pragma once

#include "engine/base/executor.h"
#include "engine/service/published_ports.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace univrs::service::test {

// Waits for a condition, generously; never for a fixed time.
bool eventually(const std::function<bool()>& condition, int seconds = 30);

// Runs tasks where they are posted.
class DirectExecutor final : public base::Executor {
public:
  void post(std::function<void()> task) override { task(); }
};

// Owns a descriptor.
class Socket {
public:
  explicit Socket(int fd = -1) : m_fd(fd) {}
  Socket(Socket&& other) noexcept : m_fd(other.m_fd) { other.m_fd = -1; }
  Socket& operator=(Socket&& other) noexcept;
  ~Socket() { close(); }
  [[nodiscard]] int fd() const { return m_fd; }
  [[nodiscard]] bool valid() const { return m_fd >= 0; }
  void close();

private:
  int m_fd;
};

// A port of 127.0.0.1 that is free now for this kind of socket.
uint16_t freePort(int type);
Socket connectTo(uint16_t port, const std::string& address = "127.0.0.1"); // blocking, 30 s receive timeout
Socket udpClient();
bool sendAll(int fd, const std::string& bytes);
// Until the peer ends it or `limit` bytes; an error gives what came plus `error`.
std::string receiveAll(int fd, size_t limit = SIZE_MAX, int* error = nullptr);

// Accepts on 127.0.0.1 and gives each connection to `serve` on a thread of its own.
class TcpServer {
public:
  using Serve = std::function<void(int fd)>;
  explicit TcpServer(Serve serve, uint16_t port = 0);
  ~TcpServer();
  [[nodiscard]] uint16_t port() const { return m_port; }
  [[nodiscard]] int accepted() const { return m_accepted.load(); }

private:
  Socket m_listener;
  uint16_t m_port = 0;
  Serve m_serve;
  std::atomic<int> m_accepted{0};
  std::atomic<bool> m_stop{false};
  std::mutex m_mutex;
  std::condition_variable m_changed;
  std::set<int> m_open;
  int m_running = 0;
  std::thread m_thread;
};

// Answers each datagram with `name` + ':' + what it said.
class UdpServer {
public:
  explicit UdpServer(std::string name, uint16_t port = 0);
  ~UdpServer();
  [[nodiscard]] uint16_t port() const { return m_port; }

private:
  Socket m_socket;
  uint16_t m_port = 0;
  std::string m_name;
  std::atomic<bool> m_stop{false};
  std::thread m_thread;
};

TcpServer::Serve echo();
// Reads one line, answers with it and `name`, ends.
TcpServer::Serve answerLine(const std::string& name);

Backend backend(const std::string& id, uint16_t port, bool draining = false);
PublishedPort published(uint16_t port, std::vector<Backend> backends, model::Protocol protocol = model::Protocol::Tcp);
PortStats statsOf(const PublishedPorts& ports, uint16_t port);

} // namespace univrs::service::test
