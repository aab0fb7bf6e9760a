#ifdef __APPLE__
#define __APPLE_USE_RFC_3542 // in6_pktinfo
#endif
#include "engine/p2p/udp_socket.h"

#include <arpa/inet.h>
#include <netinet/ip.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <netinet/udp.h>
#endif

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr int kSocketBufferBytes = 2 << 20; // asked for; the system may give less
constexpr uint8_t kEcnMask = 3;

template <class T>
bool setOption(int descriptor, int level, int name, T value) {
  return ::setsockopt(descriptor, level, name, &value, sizeof value) == 0;
}

// Room for everything we ask the system to say about one datagram.
struct alignas(cmsghdr) ControlBuffer {
  std::array<char, CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(int)) + CMSG_SPACE(sizeof(uint16_t))> bytes;
};

void readControl(msghdr& message, UdpSocket::Received& out) {
  for (cmsghdr* c = CMSG_FIRSTHDR(&message); c != nullptr; c = CMSG_NXTHDR(&message, c)) {
    const uint8_t* data = CMSG_DATA(c);
    if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, data, sizeof info);
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_addr = info.ipi_addr;
      to.sin_port = htons(out.to.port());
      out.to = SocketAddress::from(reinterpret_cast<const sockaddr*>(&to), sizeof to);
    } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, data, sizeof info);
      sockaddr_in6 to{};
      to.sin6_family = AF_INET6;
      to.sin6_addr = info.ipi6_addr;
      to.sin6_port = htons(out.to.port());
      if (IN6_IS_ADDR_LINKLOCAL(&to.sin6_addr)) {
        to.sin6_scope_id = info.ipi6_ifindex;
      }
      out.to = SocketAddress::from(reinterpret_cast<const sockaddr*>(&to), sizeof to);
    } else if (c->cmsg_level == IPPROTO_IP && (c->cmsg_type == IP_TOS
#ifdef IP_RECVTOS
                                               || c->cmsg_type == IP_RECVTOS
#endif
                                               )) {
      out.ecn = *data & kEcnMask;
    } else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_TCLASS) {
      int trafficClass = 0;
      std::memcpy(&trafficClass, data, sizeof trafficClass);
      out.ecn = static_cast<uint8_t>(trafficClass & kEcnMask);
    }
  }
}

template <class T>
cmsghdr* putControl(msghdr& message, cmsghdr* at, int level, int type, const T& value) {
  at->cmsg_level = level;
  at->cmsg_type = type;
  at->cmsg_len = CMSG_LEN(sizeof value);
  std::memcpy(CMSG_DATA(at), &value, sizeof value);
  message.msg_controllen += CMSG_SPACE(sizeof value);
  return reinterpret_cast<cmsghdr*>(reinterpret_cast<char*>(at) + CMSG_SPACE(sizeof value));
}

bool refuseFragments(int descriptor, bool ip6) {
#ifdef __linux__
  // PROBE: set the bit, and leave the finding of the path's width to QUIC.
  return ip6 ? setOption<int>(descriptor, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_PROBE)
             : setOption<int>(descriptor, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_PROBE);
#else
#ifdef IPV6_DONTFRAG
  if (ip6) {
    return setOption<int>(descriptor, IPPROTO_IPV6, IPV6_DONTFRAG, 1);
  }
#endif
#ifdef IP_DONTFRAG
  if (!ip6) {
    return setOption<int>(descriptor, IPPROTO_IP, IP_DONTFRAG, 1);
  }
#endif
  return false;
#endif
}
} // namespace

SocketAddress::SocketAddress() {
  m_data.generic.sa_family = AF_INET;
}

SocketAddress SocketAddress::from(const sockaddr* address, socklen_t size) {
  SocketAddress out;
  out.m_data = {};
  std::memcpy(&out.m_data, address, std::min<size_t>(size, sizeof out.m_data));
  return out;
}

SocketAddress SocketAddress::any(bool ip6) {
  SocketAddress out;
  out.m_data = {};
  out.m_data.generic.sa_family = ip6 ? AF_INET6 : AF_INET;
  return out;
}

base::Result<SocketAddress> SocketAddress::fromMultiaddr(const Multiaddr& address) {
  const auto& parts = address.parts();
  const auto unusable = [&address](const char* why) {
    return makeError(ErrorCode::Unsupported, "the address cannot be used for UDP", address.text() + ": " + why);
  };
  if (parts.size() < 2 || parts[1].code != AddrCode::Udp) {
    return unusable("it is not an IP address with a UDP port");
  }
  SocketAddress out;
  if (parts[0].code == AddrCode::Ip4 && parts[0].value.size() == 4) {
    out = any(false);
    std::memcpy(&out.m_data.v4.sin_addr, parts[0].value.data(), 4);
  } else if (parts[0].code == AddrCode::Ip6 && parts[0].value.size() == 16) {
    out = any(true);
    std::memcpy(&out.m_data.v6.sin6_addr, parts[0].value.data(), 16);
  } else {
    return unusable("it is not an IP address with a UDP port");
  }
  out.setPort(parts[1].port());
  return out;
}

socklen_t SocketAddress::size() const {
  return isIp6() ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
}

bool SocketAddress::isAny() const {
  return isIp6() ? IN6_IS_ADDR_UNSPECIFIED(&m_data.v6.sin6_addr) != 0 : m_data.v4.sin_addr.s_addr == 0;
}

bool SocketAddress::isLoopback() const {
  return isIp6() ? IN6_IS_ADDR_LOOPBACK(&m_data.v6.sin6_addr) != 0 : (ntohl(m_data.v4.sin_addr.s_addr) >> 24u) == 127;
}

uint16_t SocketAddress::port() const {
  return ntohs(isIp6() ? m_data.v6.sin6_port : m_data.v4.sin_port);
}

void SocketAddress::setPort(uint16_t port) {
  (isIp6() ? m_data.v6.sin6_port : m_data.v4.sin_port) = htons(port);
}

bool SocketAddress::sameIp(const SocketAddress& other) const {
  if (m_data.generic.sa_family != other.m_data.generic.sa_family) {
    return false;
  }
  return isIp6() ? std::memcmp(&m_data.v6.sin6_addr, &other.m_data.v6.sin6_addr, 16) == 0 &&
                       m_data.v6.sin6_scope_id == other.m_data.v6.sin6_scope_id
                 : m_data.v4.sin_addr.s_addr == other.m_data.v4.sin_addr.s_addr;
}

std::string SocketAddress::ip() const {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* address = isIp6() ? static_cast<const void*>(&m_data.v6.sin6_addr) : &m_data.v4.sin_addr;
  return ::inet_ntop(m_data.generic.sa_family, address, text.data(), text.size()) != nullptr ? text.data() : "";
}

std::string SocketAddress::text() const {
  return (isIp6() ? "[" + ip() + "]" : ip()) + ":" + std::to_string(port());
}

Multiaddr SocketAddress::quicAddress() const {
  return Multiaddr::quic(ip(), port()).valueOr(Multiaddr());
}

bool SocketAddress::operator==(const SocketAddress& other) const {
  return sameIp(other) && port() == other.port();
}

struct UdpSocket::Buffers {
  std::array<std::array<uint8_t, kMaxDatagram>, kReceiveBatch> bytes;
  std::array<SocketAddress, kReceiveBatch> from;
  std::array<ControlBuffer, kReceiveBatch> control;
  std::array<iovec, kReceiveBatch> vectors;
#ifdef __linux__
  std::array<mmsghdr, kReceiveBatch> messages;
#endif

  void prepare(size_t i, msghdr& message) {
    vectors[i] = {bytes[i].data(), bytes[i].size()};
    message = {};
    message.msg_name = from[i].data();
    message.msg_namelen = sizeof(sockaddr_in6);
    message.msg_iov = &vectors[i];
    message.msg_iovlen = 1;
    message.msg_control = control[i].bytes.data();
    message.msg_controllen = control[i].bytes.size();
  }
};

UdpSocket::UdpSocket(int descriptor, const SocketAddress& local)
    : m_descriptor(descriptor), m_local(local), m_buffers(std::make_unique<Buffers>()) {}

UdpSocket::~UdpSocket() {
  ::close(m_descriptor);
}

base::Result<std::unique_ptr<UdpSocket>> UdpSocket::open(const SocketAddress& address) {
  const auto failed = [&address](int error) {
    const ErrorCode code = error == EADDRINUSE                 ? ErrorCode::Conflict
                           : error == EACCES || error == EPERM ? ErrorCode::Forbidden
                           : error == EAFNOSUPPORT             ? ErrorCode::Unsupported
                                                               : ErrorCode::Unavailable;
    return makeError(code, "the UDP port could not be opened", address.text() + ": " + std::strerror(error),
                     error == EADDRINUSE ? "another program uses it: choose another port or stop that program" : "");
  };
#ifdef SOCK_CLOEXEC
  const int descriptor = ::socket(address.data()->sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
#else
  const int descriptor = ::socket(address.data()->sa_family, SOCK_DGRAM, 0);
#endif
  if (descriptor < 0) {
    return failed(errno);
  }
  std::unique_ptr<UdpSocket> socket(new UdpSocket(descriptor, address)); // closes the descriptor from here on
#ifndef SOCK_CLOEXEC
  ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  ::fcntl(descriptor, F_SETFL, O_NONBLOCK);
#endif
  const bool ip6 = address.isIp6();
  if (ip6) {
    setOption<int>(descriptor, IPPROTO_IPV6, IPV6_V6ONLY, 1); // IPv4 has a socket of its own
    setOption<int>(descriptor, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
    setOption<int>(descriptor, IPPROTO_IPV6, IPV6_RECVTCLASS, 1);
  } else {
    setOption<int>(descriptor, IPPROTO_IP, IP_PKTINFO, 1);
#ifdef IP_RECVTOS
    setOption<int>(descriptor, IPPROTO_IP, IP_RECVTOS, 1);
#endif
  }
  setOption<int>(descriptor, SOL_SOCKET, SO_RCVBUF, kSocketBufferBytes);
  setOption<int>(descriptor, SOL_SOCKET, SO_SNDBUF, kSocketBufferBytes);
  socket->m_neverFragments = refuseFragments(descriptor, ip6);
#ifdef UDP_SEGMENT
  socket->m_segments = setOption<int>(descriptor, IPPROTO_UDP, UDP_SEGMENT, 0);
#endif
  if (::bind(descriptor, address.data(), address.size()) != 0) {
    return failed(errno);
  }
  sockaddr_in6 bound{};
  socklen_t size = sizeof bound;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &size) != 0) {
    return failed(errno);
  }
  socket->m_local = SocketAddress::from(reinterpret_cast<const sockaddr*>(&bound), size);
  return socket;
}

size_t UdpSocket::receive(size_t max, const std::function<void(const Received&)>& take) {
  Buffers& b = *m_buffers;
  const auto give = [&](size_t i, msghdr& message, size_t size) {
    Received received;
    received.bytes = std::span<const uint8_t>(b.bytes[i]).first(size);
    received.from = b.from[i];
    received.to = m_local;
    received.cut = (message.msg_flags & MSG_TRUNC) != 0;
    readControl(message, received);
    take(received);
  };
  size_t taken = 0;
  while (taken < max) {
#ifdef __linux__
    const size_t wanted = std::min(max - taken, kReceiveBatch);
    for (size_t i = 0; i < wanted; ++i) {
      b.prepare(i, b.messages[i].msg_hdr);
    }
    const int got = ::recvmmsg(m_descriptor, b.messages.data(), static_cast<unsigned>(wanted), 0, nullptr);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      break; // nothing there, or an ICMP error of an earlier datagram, which QUIC's timers deal with
    }
    for (size_t i = 0; i < static_cast<size_t>(got); ++i) {
      give(i, b.messages[i].msg_hdr, b.messages[i].msg_len);
    }
    taken += static_cast<size_t>(got);
    if (static_cast<size_t>(got) < wanted) {
      break;
    }
#else
    msghdr message{};
    b.prepare(0, message);
    const ssize_t got = ::recvmsg(m_descriptor, &message, 0);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      break;
    }
    give(0, message, static_cast<size_t>(got));
    ++taken;
#endif
  }
  return taken;
}

UdpSocket::Sent UdpSocket::send(const SocketAddress& from, const SocketAddress& to, uint8_t ecn,
                                std::span<const uint8_t> bytes, size_t segment) {
  if (bytes.size() <= segment) {
    return sendOne(from, to, ecn, bytes, 0);
  }
  if (m_segments) {
    const Sent sent = sendOne(from, to, ecn, bytes, segment);
    if (sent != Sent::Failed || m_segments) {
      return sent;
    }
  }
  for (size_t at = 0; at < bytes.size(); at += segment) {
    const Sent sent = sendOne(from, to, ecn, bytes.subspan(at, std::min(segment, bytes.size() - at)), 0);
    if (sent != Sent::Done) {
      // What did leave cannot be taken back: the rest counts as lost on the way, which QUIC repairs.
      return at == 0 ? sent : Sent::Done;
    }
  }
  return Sent::Done;
}

UdpSocket::Sent UdpSocket::sendOne(const SocketAddress& from, const SocketAddress& to, uint8_t ecn,
                                   std::span<const uint8_t> bytes, size_t segment) {
  ControlBuffer control{};
  SocketAddress destination = to;
  iovec vector{const_cast<uint8_t*>(bytes.data()), bytes.size()}; // sendmsg only reads it
  msghdr message{};
  message.msg_name = destination.data();
  message.msg_namelen = destination.size();
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes.data();
  auto* at = reinterpret_cast<cmsghdr*>(control.bytes.data());
  if (m_local.isAny() && !from.isAny() && from.isIp6() == to.isIp6()) {
    if (from.isIp6()) {
      in6_pktinfo info{};
      info.ipi6_addr = from.m_data.v6.sin6_addr;
      info.ipi6_ifindex = from.m_data.v6.sin6_scope_id;
      at = putControl(message, at, IPPROTO_IPV6, IPV6_PKTINFO, info);
    } else {
      in_pktinfo info{};
      info.ipi_spec_dst = from.m_data.v4.sin_addr;
      at = putControl(message, at, IPPROTO_IP, IP_PKTINFO, info);
    }
  }
  if (ecn != 0) {
    at = to.isIp6() ? putControl(message, at, IPPROTO_IPV6, IPV6_TCLASS, static_cast<int>(ecn))
                    : putControl(message, at, IPPROTO_IP, IP_TOS, static_cast<int>(ecn));
  }
#ifdef UDP_SEGMENT
  if (segment != 0) {
    putControl(message, at, IPPROTO_UDP, UDP_SEGMENT, static_cast<uint16_t>(segment));
  }
#else
  (void)segment;
#endif
  if (message.msg_controllen == 0) {
    message.msg_control = nullptr;
  }
  for (;;) {
    if (::sendmsg(m_descriptor, &message, 0) >= 0) {
      return Sent::Done;
    }
    switch (errno) {
    case EINTR:
    case ECONNREFUSED: // an ICMP error of an earlier datagram, told now; reading it cleared it
      continue;
    case EAGAIN:
    case ENOBUFS:
      return Sent::WouldBlock;
    case EMSGSIZE:
      return Sent::TooLarge;
    default:
      if (segment != 0 && (errno == EIO || errno == EINVAL || errno == EOPNOTSUPP)) {
        m_segments = false; // the network device cannot; from now on one by one
      }
      return Sent::Failed;
    }
  }
}

base::Result<SocketAddress> UdpSocket::routeTo(const SocketAddress& remote) {
  const int descriptor = ::socket(remote.data()->sa_family, SOCK_DGRAM, 0);
  sockaddr_in6 local{};
  socklen_t size = sizeof local;
  // Connecting a datagram socket sends nothing; it only asks the routing table.
  const bool known = descriptor >= 0 && ::connect(descriptor, remote.data(), remote.size()) == 0 &&
                     ::getsockname(descriptor, reinterpret_cast<sockaddr*>(&local), &size) == 0;
  const int error = errno;
  if (descriptor >= 0) {
    ::close(descriptor);
  }
  if (!known) {
    return makeError(ErrorCode::Unavailable, "there is no way to the address",
                     remote.text() + ": " + std::strerror(error));
  }
  SocketAddress out = SocketAddress::from(reinterpret_cast<const sockaddr*>(&local), size);
  out.setPort(0);
  return out;
}

} // namespace univrs::p2p
