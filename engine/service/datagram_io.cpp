#include "engine/service/datagram_io.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>

#if defined(__linux__)
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#endif

namespace univrs::service {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

#if defined(__linux__)

void wantLocalAddress(udp::socket& socket) {
  const int on = 1;
  error_code error;
  if (socket.local_endpoint(error).address().is_v6()) {
    ::setsockopt(socket.native_handle(), IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on));
  } else {
    ::setsockopt(socket.native_handle(), IPPROTO_IP, IP_PKTINFO, &on, sizeof(on));
  }
}

std::optional<size_t> receiveDatagram(udp::socket& socket, std::span<char> into, udp::endpoint& sender,
                                      LocalAddress& local, error_code& error) {
  error.clear();
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(in_pktinfo))];
  iovec part{into.data(), into.size()};
  msghdr message{};
  message.msg_name = sender.data();
  message.msg_namelen = static_cast<socklen_t>(sender.capacity());
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  const ssize_t count = ::recvmsg(socket.native_handle(), &message, MSG_DONTWAIT);
  if (count < 0) {
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) {
      error.assign(errno, boost::system::system_category());
    }
    return std::nullopt;
  }
  sender.resize(message.msg_namelen);
  local = {};
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level == IPPROTO_IP && header->cmsg_type == IP_PKTINFO) {
      in_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(header), sizeof(info));
      local.address = asio::ip::address_v4(ntohl(info.ipi_spec_dst.s_addr));
    } else if (header->cmsg_level == IPPROTO_IPV6 && header->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info{};
      std::memcpy(&info, CMSG_DATA(header), sizeof(info));
      asio::ip::address_v6::bytes_type bytes;
      std::memcpy(bytes.data(), &info.ipi6_addr, bytes.size());
      local.address = asio::ip::address_v6(bytes);
      local.interfaceIndex = info.ipi6_ifindex;
    }
  }
  return static_cast<size_t>(count);
}

void sendDatagram(udp::socket& socket, std::span<const char> bytes, const udp::endpoint& receiver,
                  const LocalAddress& local) {
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in6_pktinfo))] = {};
  iovec part{const_cast<char*>(bytes.data()), bytes.size()}; // sendmsg only reads it
  msghdr message{};
  udp::endpoint to = receiver;
  message.msg_name = to.data();
  message.msg_namelen = static_cast<socklen_t>(to.size());
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!local.address.is_unspecified() && local.address.is_v4() == receiver.address().is_v4()) {
    message.msg_control = control;
    if (local.address.is_v4()) {
      in_pktinfo info{};
      info.ipi_spec_dst.s_addr = htonl(local.address.to_v4().to_uint());
      message.msg_controllen = CMSG_SPACE(sizeof(info));
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = IPPROTO_IP;
      header->cmsg_type = IP_PKTINFO;
      header->cmsg_len = CMSG_LEN(sizeof(info));
      std::memcpy(CMSG_DATA(header), &info, sizeof(info));
    } else {
      in6_pktinfo info{};
      const auto raw = local.address.to_v6().to_bytes();
      std::memcpy(&info.ipi6_addr, raw.data(), raw.size());
      info.ipi6_ifindex = static_cast<unsigned>(local.interfaceIndex);
      message.msg_controllen = CMSG_SPACE(sizeof(info));
      cmsghdr* header = CMSG_FIRSTHDR(&message);
      header->cmsg_level = IPPROTO_IPV6;
      header->cmsg_type = IPV6_PKTINFO;
      header->cmsg_len = CMSG_LEN(sizeof(info));
      std::memcpy(CMSG_DATA(header), &info, sizeof(info));
    }
  }
  ::sendmsg(socket.native_handle(), &message, MSG_DONTWAIT | MSG_NOSIGNAL);
}

#else

void wantLocalAddress(udp::socket&) {}

std::optional<size_t> receiveDatagram(udp::socket& socket, std::span<char> into, udp::endpoint& sender,
                                      LocalAddress& local, error_code& error) {
  local = {};
  const size_t count = socket.receive_from(asio::buffer(into.data(), into.size()), sender, 0, error);
  if (error) {
    if (error == asio::error::would_block || error == asio::error::try_again) {
      error.clear();
    }
    return std::nullopt;
  }
  return count;
}

void sendDatagram(udp::socket& socket, std::span<const char> bytes, const udp::endpoint& receiver,
                  const LocalAddress&) {
  error_code ignored;
  socket.send_to(asio::buffer(bytes.data(), bytes.size()), receiver, 0, ignored);
}

#endif

} // namespace univrs::service
