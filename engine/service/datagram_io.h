// Datagrams with the local address they came to, so that an answer leaves from the address its client wrote to, also on
// a machine with several. Where the platform does not tell it, the address stays unset and the system chooses.
#pragma once

#include <boost/asio/ip/udp.hpp>

#include <optional>
#include <span>
#include <utility>

namespace univrs::service {

// The local side of a datagram. Comparable byte by byte is not needed: it is only handed back.
struct LocalAddress {
  boost::asio::ip::address address; // unspecified = not known
  unsigned long interfaceIndex = 0;
};

// Asks the system to tell local addresses on this socket. Failing is no fault.
void wantLocalAddress(boost::asio::ip::udp::socket& socket);

// One datagram without waiting. Nothing when there is none now; `error` says whether that is a failure.
std::optional<size_t> receiveDatagram(boost::asio::ip::udp::socket& socket, std::span<char> into,
                                      boost::asio::ip::udp::endpoint& sender, LocalAddress& local,
                                      boost::system::error_code& error);

// One datagram without waiting; one that does not fit the socket's buffer is lost, as UDP may.
void sendDatagram(boost::asio::ip::udp::socket& socket, std::span<const char> bytes,
                  const boost::asio::ip::udp::endpoint& receiver, const LocalAddress& local);

} // namespace univrs::service
