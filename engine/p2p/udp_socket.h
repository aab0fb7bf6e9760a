// A UDP socket as QUIC wants it: it says to which of our addresses a datagram came (so that the answer leaves from
// there, also on a wildcard socket), carries ECN marks, never lets a datagram be fragmented where the system can
// promise that, and moves several datagrams per system call where the system can. POSIX; the one file with its calls.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/result.h"
#include "engine/p2p/multiaddr.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <functional>
#include <memory>

namespace univrs::p2p {

// An IP address with a port, as the system's calls take it.
class SocketAddress {
public:
  SocketAddress();
  // Of "/ip4|ip6/…/udp/PORT…"; an IPv6 zone is not understood (error Unsupported).
  static base::Result<SocketAddress> fromMultiaddr(const Multiaddr& address);
  static SocketAddress from(const sockaddr* address, socklen_t size);
  static SocketAddress any(bool ip6); // wildcard, port 0

  [[nodiscard]] const sockaddr* data() const { return &m_data.generic; }
  [[nodiscard]] sockaddr* data() { return &m_data.generic; }
  [[nodiscard]] socklen_t size() const;
  [[nodiscard]] bool isIp6() const { return m_data.generic.sa_family == AF_INET6; }
  [[nodiscard]] bool isAny() const;
  [[nodiscard]] bool isLoopback() const;
  [[nodiscard]] uint16_t port() const;
  void setPort(uint16_t port);
  [[nodiscard]] bool sameIp(const SocketAddress& other) const;
  [[nodiscard]] std::string ip() const;        // "127.0.0.1", "::1"
  [[nodiscard]] std::string text() const;      // "127.0.0.1:9000", "[::1]:9000"
  [[nodiscard]] Multiaddr quicAddress() const; // "/ip4/…/udp/…/quic-v1"
  bool operator==(const SocketAddress& other) const;

private:
  friend class UdpSocket;
  union Data {
    sockaddr generic;
    sockaddr_in v4;
    sockaddr_in6 v6;
  };
  Data m_data{};
};

// Not thread safe; used by one thread.
class UdpSocket {
public:
  static constexpr size_t kMaxDatagram = 1'500; // longer ones cannot be QUIC's, whose path MTU discovery ends below
  static constexpr size_t kReceiveBatch = 32;   // datagrams per system call
  static constexpr size_t kSendBatchBytes = 48u << 10; // of one send(); below what one system call takes

  struct Received {
    std::span<const uint8_t> bytes;
    SocketAddress from;
    SocketAddress to; // with our port; the address is the wildcard when the system did not say
    uint8_t ecn = 0;
    bool cut = false; // it was longer than kMaxDatagram
  };
  enum class Sent { Done, WouldBlock, TooLarge, Failed };

  // Binds at once. Errors name the address and the system's reason; a busy port is Conflict.
  static base::Result<std::unique_ptr<UdpSocket>> open(const SocketAddress& address);
  ~UdpSocket();
  UdpSocket(const UdpSocket&) = delete;
  UdpSocket& operator=(const UdpSocket&) = delete;

  [[nodiscard]] int descriptor() const { return m_descriptor; }
  [[nodiscard]] const SocketAddress& local() const { return m_local; } // with the port it got
  // Datagrams leave whole or not at all: path MTU discovery may probe.
  [[nodiscard]] bool neverFragments() const { return m_neverFragments; }

  // Gives what has arrived to `take`, at most `max` datagrams; the bytes live during the call. Says how many.
  size_t receive(size_t max, const std::function<void(const Received&)>& take);
  // Sends `bytes` in datagrams of `segment` bytes, the last one perhaps shorter; at most kSendBatchBytes in all. `from`
  // fixes the address it leaves from, when it is not the wildcard and the socket is.
  // WouldBlock: nothing of it was sent. TooLarge: the system knows the path is narrower.
  Sent send(const SocketAddress& from, const SocketAddress& to, uint8_t ecn, std::span<const uint8_t> bytes,
            size_t segment);

  // The address of ours that a datagram to `remote` would leave from; nothing when there is no route.
  static base::Result<SocketAddress> routeTo(const SocketAddress& remote);

private:
  struct Buffers;
  UdpSocket(int descriptor, const SocketAddress& local);
  Sent sendOne(const SocketAddress& from, const SocketAddress& to, uint8_t ecn, std::span<const uint8_t> bytes,
               size_t segment);

  int m_descriptor;
  SocketAddress m_local;
  bool m_neverFragments = false;
  bool m_segments = false; // the system cuts one large buffer into datagrams (UDP_SEGMENT)
  std::unique_ptr<Buffers> m_buffers;
};

} // namespace univrs::p2p
