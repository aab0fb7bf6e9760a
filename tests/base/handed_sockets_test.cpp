// Listening sockets handed from program to program: the description in both directions, and forged ones.
#include "engine/base/handed_sockets.h"
#include "engine/base/log.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>

namespace univrs::base {
namespace {

using Use = HandedSocket::Use;

// A bound socket of 127.0.0.1 (listening when TCP) and its port.
std::pair<int, uint16_t> bound(int type, bool listening = true) {
  const int fd = ::socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  if (type == SOCK_STREAM && listening) {
    EXPECT_EQ(::listen(fd, 4), 0);
  }
  socklen_t size = sizeof address;
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  return {fd, ntohs(address.sin_port)};
}

bool isOpen(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

std::string textOf(std::vector<HandedSocket> sockets) {
  return handedSocketsText(sockets, ::getpid());
}

class HandedSocketsTest : public ::testing::Test {
protected:
  HandedSocketsTest() { log::setLevel(log::Level::Error); }
  ~HandedSocketsTest() override { log::setLevel(log::Level::Info); }
};

TEST_F(HandedSocketsTest, TheDescriptionReadsBack) {
  const std::vector<HandedSocket> all{{Use::Api, true, "127.0.0.1", 8080, 7},
                                      {Use::Port, true, "::", 80, 8},
                                      {Use::Port, false, "fe80::1%eth0", 53, 1'048'576}};
  const auto read = parseHandedSockets(handedSocketsText(all, 42), 42);
  ASSERT_TRUE(read.ok()) << read.error().text();
  EXPECT_EQ(*read, all);
  EXPECT_TRUE(parseHandedSockets(handedSocketsText({}, 42), 42)->empty());
}

TEST_F(HandedSocketsTest, ForgedDescriptionsAreRefusedAsAWhole) {
  const std::string good = "port,tcp,7,0.0.0.0,80";
  EXPECT_TRUE(parseHandedSockets("1;42;" + good, 42).ok());
  for (const std::string bad : {"",
                                "1",
                                ";",
                                "1;;",
                                "2;42;port,tcp,7,0.0.0.0,80",
                                "1;43;port,tcp,7,0.0.0.0,80",
                                "1;-42;port,tcp,7,0.0.0.0,80",
                                "1;42x;port,tcp,7,0.0.0.0,80",
                                "1;42;",
                                "1;42;port",
                                "1;42;port,tcp,7,0.0.0.0",
                                "1;42;port,tcp,7,0.0.0.0,80,",
                                "1;42;door,tcp,7,0.0.0.0,80",
                                "1;42;port,sctp,7,0.0.0.0,80",
                                "1;42;port,tcp,2,0.0.0.0,80",
                                "1;42;port,tcp,-7,0.0.0.0,80",
                                "1;42;port,tcp,0x7,0.0.0.0,80",
                                "1;42;port,tcp,99999999999999999999,0.0.0.0,80",
                                "1;42;port,tcp,7,,80",
                                "1;42;port,tcp,7,0.0.0.0,0",
                                "1;42;port,tcp,7,0.0.0.0,65536",
                                "1;42;port,tcp,7,0.0.0.0,80;port,tcp,7,0.0.0.0,81"}) {
    EXPECT_FALSE(parseHandedSockets(bad, 42).ok()) << bad;
  }
  EXPECT_FALSE(parseHandedSockets("1;42;port,tcp,7," + std::string(65, '1') + ",80", 42).ok());
  std::vector<HandedSocket> many(kMaxHandedSockets + 1, HandedSocket{Use::Port, true, "0.0.0.0", 80, 3});
  for (size_t i = 0; i < many.size(); ++i) {
    many[i].fd = int(i + 3);
  }
  EXPECT_FALSE(parseHandedSockets(handedSocketsText(many, 42), 42).ok());
  many.pop_back();
  EXPECT_TRUE(parseHandedSockets(handedSocketsText(many, 42), 42).ok());
  EXPECT_FALSE(parseHandedSockets("1;42;" + std::string(200'000, ';'), 42).ok());
}

TEST_F(HandedSocketsTest, OnlyWhatIsAsDescribedIsTaken) {
  const auto [tcp, tcpPort] = bound(SOCK_STREAM);
  const auto [udp, udpPort] = bound(SOCK_DGRAM);
  const auto [silent, silentPort] = bound(SOCK_STREAM, false);
  int ends[2];
  ASSERT_EQ(::pipe2(ends, O_CLOEXEC), 0);
  const uint16_t other = tcpPort == 9 ? 10 : 9;
  HandedSockets sockets;
  sockets.adopt(textOf({{Use::Port, true, "127.0.0.1", tcpPort, tcp},
                        {Use::Port, false, "127.0.0.1", other, udp},        // another port
                        {Use::Port, true, "127.0.0.1", silentPort, silent}, // does not listen
                        {Use::Port, true, "127.0.0.1", 80, ends[0]},        // no socket
                        {Use::Port, true, "127.0.0.1", 80, 1'000'000}}));   // not open
  EXPECT_EQ(sockets.size(), 1U);
  sockets.closeAll();
  EXPECT_FALSE(isOpen(tcp));
  for (const int fd : {udp, silent, ends[0], ends[1]}) {
    EXPECT_TRUE(isOpen(fd)) << "what is not ours stays as it is";
  }
  for (const HandedSocket& wrong : {HandedSocket{Use::Port, true, "127.0.0.1", udpPort, udp},
                                    HandedSocket{Use::Port, false, "127.0.0.2", udpPort, udp},
                                    HandedSocket{Use::Port, false, "::1", udpPort, udp}}) {
    sockets.adopt(textOf({wrong}));
    EXPECT_EQ(sockets.size(), 0U);
  }
  sockets.adopt(handedSocketsText({{Use::Port, false, "127.0.0.1", udpPort, udp}}, ::getpid() + 1));
  EXPECT_EQ(sockets.size(), 0U) << "another process's";
  sockets.adopt(textOf({{Use::Port, false, "127.0.0.1", udpPort, udp}}));
  EXPECT_EQ(sockets.take(Use::Port, false, "127.0.0.1", udpPort), std::optional(udp));
  for (const int fd : {udp, silent, ends[0], ends[1]}) {
    ::close(fd);
  }
}

TEST_F(HandedSocketsTest, TakenForExactlyTheirUse) {
  const auto [tcp, port] = bound(SOCK_STREAM);
  HandedSockets sockets;
  sockets.give(Use::Api, tcp);
  EXPECT_FALSE(sockets.take(Use::Port, true, "127.0.0.1", port));
  EXPECT_FALSE(sockets.take(Use::Api, false, "127.0.0.1", port));
  EXPECT_FALSE(sockets.take(Use::Api, true, "0.0.0.0", port));
  EXPECT_FALSE(sockets.take(Use::Api, true, "127.0.0.1", uint16_t(port == 1 ? 2 : 1)));
  EXPECT_EQ(sockets.take(Use::Api, true, "127.0.0.1", 0), std::optional(tcp)) << "0 is any";
  EXPECT_FALSE(sockets.take(Use::Api, true, "127.0.0.1", 0));
  ::close(tcp);
}

TEST_F(HandedSocketsTest, TheEnvironmentIsReadOnceAndCleared) {
  const auto [tcp, port] = bound(SOCK_STREAM);
  ::setenv("UNIVRS_HANDED_SOCKETS", textOf({{Use::Port, true, "127.0.0.1", port, tcp}}).c_str(), 1);
  EXPECT_EQ(HandedSockets::fromEnvironment()->size(), 1U); // and closed again: nobody took it
  EXPECT_EQ(::getenv("UNIVRS_HANDED_SOCKETS"), nullptr);
  EXPECT_FALSE(isOpen(tcp));
  EXPECT_EQ(HandedSockets::fromEnvironment()->size(), 0U);
}

TEST_F(HandedSocketsTest, AProgramThatCannotBeStartedLeavesEverythingAsItWas) {
  const auto [tcp, port] = bound(SOCK_STREAM);
  HandedSockets sockets;
  sockets.give(Use::Port, tcp);
  const Error error = sockets.runInThisProcess("/nonexistent/univrs", {"univrs"});
  EXPECT_EQ(error.code, ErrorCode::Unavailable);
  EXPECT_NE(error.why.find("No such file"), std::string::npos);
  EXPECT_EQ(::fcntl(tcp, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  EXPECT_EQ(sockets.take(Use::Port, true, "127.0.0.1", port), std::optional(tcp));
  ::close(tcp);
}

} // namespace
} // namespace univrs::base
