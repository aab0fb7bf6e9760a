#include "tests/service/loopback_servers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <poll.h>
#include <stdexcept>
#include <unistd.h>

namespace univrs::service::test {

bool eventually(const std::function<bool()>& condition, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this != &other) {
    close();
    m_fd = other.m_fd;
    other.m_fd = -1;
  }
  return *this;
}

void Socket::close() {
  if (m_fd >= 0) {
    ::close(m_fd);
    m_fd = -1;
  }
}

namespace {
sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

uint16_t bindLoopback(int fd, uint16_t port) {
  sockaddr_in address = loopback(port);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0) {
    throw std::runtime_error(std::string("bind: ") + std::strerror(errno));
  }
  socklen_t length = sizeof(address);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  return ntohs(address.sin_port);
}

void setTimeout(int fd) {
  const timeval limit{30, 0};
  ::setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}
} // namespace

uint16_t freePort(int type) {
  const Socket socket(::socket(AF_INET, type | SOCK_CLOEXEC, 0));
  return bindLoopback(socket.fd(), 0);
}

Socket connectTo(uint16_t port, const std::string& address) {
  const bool v6 = address.find(':') != std::string::npos;
  Socket socket(::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  setTimeout(socket.fd());
  int result = -1;
  if (v6) {
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    ::inet_pton(AF_INET6, address.c_str(), &to.sin6_addr);
    result = ::connect(socket.fd(), reinterpret_cast<sockaddr*>(&to), sizeof(to));
  } else {
    sockaddr_in to = loopback(port);
    result = ::connect(socket.fd(), reinterpret_cast<sockaddr*>(&to), sizeof(to));
  }
  return result == 0 ? std::move(socket) : Socket();
}

Socket udpClient() {
  Socket socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  setTimeout(socket.fd());
  return socket;
}

bool sendAll(int fd, const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count = ::send(fd, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count <= 0) {
      return false;
    }
    sent += static_cast<size_t>(count);
  }
  return true;
}

std::string receiveAll(int fd, size_t limit, int* error) {
  std::string all;
  char buffer[16384];
  while (all.size() < limit) {
    const ssize_t count = ::recv(fd, buffer, std::min(sizeof(buffer), limit - all.size()), 0);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0 && error != nullptr) {
      *error = errno;
    }
    if (count <= 0) {
      break;
    }
    all.append(buffer, static_cast<size_t>(count));
  }
  return all;
}

TcpServer::TcpServer(Serve serve, uint16_t port)
    : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)), m_serve(std::move(serve)) {
  const int on = 1;
  ::setsockopt(m_listener.fd(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  m_port = bindLoopback(m_listener.fd(), port);
  ::listen(m_listener.fd(), 4096);
  m_thread = std::thread([this] {
    while (!m_stop) {
      pollfd wait{m_listener.fd(), POLLIN, 0};
      if (::poll(&wait, 1, 20) <= 0) {
        continue;
      }
      const int fd = ::accept4(m_listener.fd(), nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) {
        continue;
      }
      setTimeout(fd);
      ++m_accepted;
      const std::lock_guard lock(m_mutex);
      m_open.insert(fd);
      ++m_running;
      std::thread([this, fd] {
        m_serve(fd);
        const std::lock_guard lock2(m_mutex);
        m_open.erase(fd);
        ::close(fd);
        --m_running;
        m_changed.notify_all();
      }).detach();
    }
  });
}

TcpServer::~TcpServer() {
  m_stop = true;
  m_thread.join();
  m_listener.close();
  std::unique_lock lock(m_mutex);
  for (const int fd : m_open) {
    ::shutdown(fd, SHUT_RDWR);
  }
  m_changed.wait(lock, [this] { return m_running == 0; });
}

UdpServer::UdpServer(std::string name, uint16_t port)
    : m_socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), m_name(std::move(name)) {
  m_port = bindLoopback(m_socket.fd(), port);
  m_thread = std::thread([this] {
    std::vector<char> buffer(65536);
    while (!m_stop) {
      pollfd wait{m_socket.fd(), POLLIN, 0};
      if (::poll(&wait, 1, 20) <= 0) {
        continue;
      }
      sockaddr_in from{};
      socklen_t length = sizeof(from);
      const ssize_t count =
          ::recvfrom(m_socket.fd(), buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&from), &length);
      if (count >= 0) {
        const std::string answer = m_name + ":" + std::string(buffer.data(), static_cast<size_t>(count));
        ::sendto(m_socket.fd(), answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), length);
      }
    }
  });
}

UdpServer::~UdpServer() {
  m_stop = true;
  m_thread.join();
}

TcpServer::Serve echo() {
  return [](int fd) {
    char buffer[65536];
    for (;;) {
      const ssize_t count = ::recv(fd, buffer, sizeof(buffer), 0);
      if (count <= 0 || !sendAll(fd, std::string(buffer, static_cast<size_t>(count)))) {
        return;
      }
    }
  };
}

TcpServer::Serve answerLine(const std::string& name) {
  return [name](int fd) {
    std::string line;
    char c = 0;
    while (::recv(fd, &c, 1, 0) == 1) {
      line += c;
      if (c == '\n') {
        sendAll(fd, name + " " + line);
        return;
      }
    }
  };
}

Backend backend(const std::string& id, uint16_t port, bool draining) {
  return {model::InstanceId(id), "127.0.0.1", port, draining};
}

PublishedPort published(uint16_t port, std::vector<Backend> backends, model::Protocol protocol) {
  PublishedPort result;
  result.workloadId = model::WorkloadId("w-" + std::to_string(port));
  result.workloadName = "web";
  result.port = port;
  result.protocol = protocol;
  result.backends = std::move(backends);
  return result;
}

PortStats statsOf(const PublishedPorts& ports, uint16_t port) {
  for (const PortStats& stats : ports.stats()) {
    if (stats.port == port) {
      return stats;
    }
  }
  return {};
}

} // namespace univrs::service::test
