#include "engine/base/handed_sockets.h"

#include "engine/base/log.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <set>
#include <utility>

#ifndef _WIN32
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <net/if.h>
#include <unistd.h>

extern char** environ;
#endif

namespace univrs::base {

namespace {

// 1;PID;USE,KIND,FD,ADDRESS,PORT;…
constexpr std::string_view kVersion = "1";
constexpr size_t kMaxText = 100'000; // a system's limit for one variable is 128 KiB
constexpr size_t kMaxAddress = 64;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) {
      return parts;
    }
    text.remove_prefix(at + 1);
  }
}

std::optional<int64_t> number(std::string_view text, int64_t least, int64_t most) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    return std::nullopt;
  }
  return value;
}

std::optional<HandedSocket> parseOne(std::string_view text) {
  const auto parts = split(text, ',');
  if (parts.size() != 5 || (parts[0] != "api" && parts[0] != "port") || (parts[1] != "tcp" && parts[1] != "udp") ||
      parts[3].empty() || parts[3].size() > kMaxAddress) {
    return std::nullopt;
  }
  const auto fd = number(parts[2], 3, 1 << 20); // never standard input, output, error
  const auto port = number(parts[4], 1, 65'535);
  if (!fd || !port) {
    return std::nullopt;
  }
  return HandedSocket{parts[0] == "api" ? HandedSocket::Use::Api : HandedSocket::Use::Port, parts[1] == "tcp",
                      std::string(parts[3]), uint16_t(*port), int(*fd)};
}

} // namespace

std::string handedSocketsText(const std::vector<HandedSocket>& sockets, int64_t pid) {
  std::string text = std::string(kVersion) + ';' + std::to_string(pid);
  for (const HandedSocket& s : sockets) {
    text += std::string(";") + (s.use == HandedSocket::Use::Api ? "api," : "port,") + (s.stream ? "tcp," : "udp,") +
            std::to_string(s.fd) + ',' + s.address + ',' + std::to_string(s.port);
  }
  return text;
}

Result<std::vector<HandedSocket>> parseHandedSockets(std::string_view text, int64_t pid) {
  const auto refuse = [](std::string why) {
    return makeError(ErrorCode::Validation, "no listening socket was taken over", std::move(why));
  };
  if (text.size() > kMaxText) {
    return refuse("their description is too long");
  }
  const auto parts = split(text, ';');
  if (parts.size() < 2 || parts[0] != kVersion) {
    return refuse("their description is of another form");
  }
  if (number(parts[1], 1, INT64_MAX) != pid) {
    return refuse("they were meant for another process");
  }
  if (parts.size() - 2 > kMaxHandedSockets) {
    return refuse("there are more than " + std::to_string(kMaxHandedSockets));
  }
  std::vector<HandedSocket> sockets;
  std::set<int> seen;
  for (size_t i = 2; i < parts.size(); ++i) {
    auto socket = parseOne(parts[i]);
    if (!socket || !seen.insert(socket->fd).second) {
      return refuse("entry " + std::to_string(i - 1) + " of their description is not valid");
    }
    sockets.push_back(std::move(*socket));
  }
  return sockets;
}

std::optional<int> HandedSockets::take(HandedSocket::Use use, bool stream, const std::string& address, uint16_t port) {
  const std::lock_guard lock(m_mutex);
  const auto found = std::find_if(m_sockets.begin(), m_sockets.end(), [&](const HandedSocket& s) {
    return s.use == use && s.stream == stream && s.address == address && (port == 0 || s.port == port);
  });
  if (found == m_sockets.end()) {
    return std::nullopt;
  }
  const int fd = found->fd;
  m_sockets.erase(found);
  return fd;
}

size_t HandedSockets::size() const {
  const std::lock_guard lock(m_mutex);
  return m_sockets.size();
}

HandedSockets::~HandedSockets() {
  closeAll();
}

void HandedSockets::closeAll() {
  closeAll(HandedSocket::Use::Api);
  closeAll(HandedSocket::Use::Port);
}

#ifndef _WIN32

namespace {

constexpr const char* kVariable = "UNIVRS_HANDED_SOCKETS";

sigset_t steeringSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int s : {SIGTERM, SIGINT, SIGHUP, SIGUSR2}) {
    sigaddset(&set, s);
  }
  return set;
}

bool setCloseOnExec(int fd, bool on) {
  const int flags = ::fcntl(fd, F_GETFD);
  return flags >= 0 && ::fcntl(fd, F_SETFD, on ? flags | FD_CLOEXEC : flags & ~FD_CLOEXEC) == 0;
}

// What a descriptor says of itself: a bound IP socket, listening when it is a TCP one. Nothing when it is none.
std::optional<HandedSocket> ask(int fd) {
  const auto option = [fd](int name) {
    int value = -1;
    socklen_t size = sizeof value;
    return ::getsockopt(fd, SOL_SOCKET, name, &value, &size) == 0 ? value : -1;
  };
  const int type = option(SO_TYPE);
  if ((type != SOCK_STREAM && type != SOCK_DGRAM) || (type == SOCK_STREAM && option(SO_ACCEPTCONN) != 1)) {
    return std::nullopt;
  }
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) {
    return std::nullopt;
  }
  HandedSocket socket;
  socket.stream = type == SOCK_STREAM;
  socket.fd = fd;
  char text[INET6_ADDRSTRLEN + IF_NAMESIZE + 1] = {};
  if (storage.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &storage, sizeof v4);
    socket.port = ntohs(v4.sin_port);
    ::inet_ntop(AF_INET, &v4.sin_addr, text, sizeof text);
    socket.address = text;
  } else if (storage.ss_family == AF_INET6) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);
    socket.port = ntohs(v6.sin6_port);
    ::inet_ntop(AF_INET6, &v6.sin6_addr, text, sizeof text);
    socket.address = text;
    char name[IF_NAMESIZE] = {};
    if (v6.sin6_scope_id != 0 && ::if_indextoname(v6.sin6_scope_id, name) != nullptr) {
      socket.address += std::string("%") + name;
    }
  }
  return socket.port != 0 && !socket.address.empty() ? std::optional(std::move(socket)) : std::nullopt;
}

} // namespace

bool HandedSockets::supported() {
  return true;
}

std::shared_ptr<HandedSockets> HandedSockets::fromEnvironment() {
  auto sockets = std::make_shared<HandedSockets>();
  if (const char* text = std::getenv(kVariable)) {
    const std::string copy(text);
    ::unsetenv(kVariable);
    sockets->adopt(copy);
  }
  return sockets;
}

void HandedSockets::adopt(std::string_view text) {
  auto described = parseHandedSockets(text, ::getpid());
  if (!described) {
    log::warning("restart", "listening sockets are opened anew", {{"why", described.error().text()}});
    return;
  }
  const std::lock_guard lock(m_mutex);
  for (HandedSocket& socket : *described) {
    auto real = ask(socket.fd);
    if (real) {
      real->use = socket.use;
    }
    if (!real || *real != socket || !setCloseOnExec(socket.fd, true)) {
      log::warning("restart", "a descriptor is not the listening socket it should be and is left alone",
                   {{"fd", std::to_string(socket.fd)}});
      continue;
    }
    m_sockets.push_back(std::move(socket));
  }
}

void HandedSockets::give(HandedSocket::Use use, int fd) {
  auto socket = ask(fd);
  const std::lock_guard lock(m_mutex);
  if (!socket || m_sockets.size() >= kMaxHandedSockets || !setCloseOnExec(fd, true)) {
    log::warning("restart", "a listening socket cannot be handed over: new connections to it are refused for a moment",
                 {{"why", socket ? "there are too many" : "it is not one"}});
    ::close(fd);
    return;
  }
  socket->use = use;
  m_sockets.push_back(std::move(*socket));
}

void HandedSockets::closeAll(HandedSocket::Use use) {
  const std::lock_guard lock(m_mutex);
  for (auto it = m_sockets.begin(); it != m_sockets.end();) {
    if (it->use == use) {
      ::close(it->fd);
      it = m_sockets.erase(it);
    } else {
      ++it;
    }
  }
}

Error HandedSockets::runInThisProcess(const std::string& program, const std::vector<std::string>& words) {
  const std::lock_guard lock(m_mutex);
  const std::string variable = std::string(kVariable) + '=' + handedSocketsText(m_sockets, ::getpid());
  std::vector<char*> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    environment.push_back(*entry);
  }
  environment.push_back(const_cast<char*>(variable.c_str())); // exec does not write to them
  environment.push_back(nullptr);
  std::vector<char*> arguments;
  arguments.reserve(words.size() + 1);
  for (const std::string& word : words) {
    arguments.push_back(const_cast<char*>(word.c_str()));
  }
  arguments.push_back(nullptr);
  const sigset_t steering = steeringSignals();
  ::pthread_sigmask(SIG_BLOCK, &steering, nullptr);
  for (const HandedSocket& socket : m_sockets) {
    setCloseOnExec(socket.fd, false);
  }
  ::execve(program.c_str(), arguments.data(), environment.data());
  const std::string why = std::strerror(errno);
  for (const HandedSocket& socket : m_sockets) {
    setCloseOnExec(socket.fd, true);
  }
  ::pthread_sigmask(SIG_UNBLOCK, &steering, nullptr);
  return makeError(ErrorCode::Unavailable, program + " was not started in place of this program", why,
                   "put a program that runs there");
}

void HandedSockets::unblockSignals() {
  const sigset_t steering = steeringSignals();
  ::pthread_sigmask(SIG_UNBLOCK, &steering, nullptr);
}

#else

bool HandedSockets::supported() {
  return false;
}
std::shared_ptr<HandedSockets> HandedSockets::fromEnvironment() {
  return std::make_shared<HandedSockets>();
}
void HandedSockets::adopt(std::string_view) {}
void HandedSockets::give(HandedSocket::Use, int) {}
void HandedSockets::closeAll(HandedSocket::Use) {}
Error HandedSockets::runInThisProcess(const std::string& program, const std::vector<std::string>&) {
  return makeError(ErrorCode::Unsupported, program + " was not started in place of this program",
                   "this system cannot do it", "stop the node and start it again");
}
void HandedSockets::unblockSignals() {}

#endif

} // namespace univrs::base
