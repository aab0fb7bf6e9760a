#include "plugins/runtime-docker/unix_stream.h"

#include <boost/asio/error.hpp>
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace univrs::docker {

namespace {
boost::system::error_code systemError(int number) {
  return {number, boost::system::system_category()};
}
} // namespace

UnixStream::~UnixStream() {
  close();
}

base::Result<void> UnixStream::connect(const std::string& path) {
  close();
  const auto refuse = [&](const std::string& why) {
    close();
    return base::makeError(base::ErrorCode::Unavailable, "The container engine does not answer", path + ": " + why,
                           "Start Docker or Podman, or name its socket in DOCKER_HOST.");
  };
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path) {
    return refuse("the path of a socket must have 1…107 bytes");
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  m_fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  if (m_fd < 0) {
    return refuse(std::strerror(errno));
  }
  ::fcntl(m_fd, F_SETFD, FD_CLOEXEC);
  ::fcntl(m_fd, F_SETFL, ::fcntl(m_fd, F_GETFL) | O_NONBLOCK);
  // A unix socket connects at once; EAGAIN means that the engine's queue is full.
  for (int tries = 0; ::connect(m_fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0; ++tries) {
    if (errno != EAGAIN || tries == 50) {
      return refuse(std::strerror(errno));
    }
    ::poll(nullptr, 0, 20);
  }
  return {};
}

int UnixStream::peerPid() const {
#ifdef SO_PEERCRED
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (m_fd >= 0 && ::getsockopt(m_fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0) {
    return credentials.pid;
  }
#endif
  return 0;
}

bool UnixStream::isQuiet() const {
  if (m_fd < 0) {
    return false;
  }
  char byte = 0;
  const ssize_t n = ::recv(m_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

void UnixStream::interrupt() {
  if (m_fd >= 0) {
    ::shutdown(m_fd, SHUT_RDWR);
  }
}

void UnixStream::shutdownWrite() {
  if (m_fd >= 0) {
    ::shutdown(m_fd, SHUT_WR);
  }
}

void UnixStream::close() {
  if (m_fd >= 0) {
    ::close(m_fd);
    m_fd = -1;
  }
}

bool UnixStream::wait(short events, std::optional<base::Monotonic> deadline, boost::system::error_code& ec) const {
  for (;;) {
    int timeout = -1;
    if (deadline) {
      const auto left = *deadline - base::SystemClock().now().steady;
      if (left.count() <= 0) {
        ec = boost::asio::error::timed_out;
        return false;
      }
      timeout = int(std::min<int64_t>(left.count(), 60'000));
    }
    pollfd p{m_fd, events, 0};
    const int n = ::poll(&p, 1, timeout);
    if (n > 0) {
      return true;
    }
    if (n < 0 && errno != EINTR) {
      ec = systemError(errno);
      return false;
    }
  }
}

size_t UnixStream::readBytes(void* to, size_t size, boost::system::error_code& ec) {
  ec = {};
  for (;;) {
    const ssize_t n = ::recv(m_fd, to, size, MSG_DONTWAIT);
    if (n > 0) {
      return size_t(n);
    }
    if (n == 0) {
      ec = boost::asio::error::eof;
      return 0;
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      ec = systemError(errno);
      return 0;
    }
    if (!wait(POLLIN, m_deadline, ec)) {
      return 0;
    }
  }
}

size_t UnixStream::writeBytes(const void* from, size_t size, boost::system::error_code& ec,
                              std::optional<base::Monotonic> deadline) {
  ec = {};
  for (;;) {
    const ssize_t n = ::send(m_fd, from, size, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) {
      return size_t(n);
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      ec = systemError(errno);
      return 0;
    }
    if (!wait(POLLOUT, deadline, ec)) {
      return 0;
    }
  }
}

} // namespace univrs::docker
