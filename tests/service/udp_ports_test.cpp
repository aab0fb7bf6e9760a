#include "tests/service/loopback_servers.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <map>

namespace univrs::service::test {
namespace {

void sendTo(int fd, uint16_t port, const std::string& text, const char* address = "127.0.0.1") {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  ::inet_pton(AF_INET, address, &to.sin_addr);
  ASSERT_EQ(::sendto(fd, text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof(to)),
            static_cast<ssize_t>(text.size()));
}

std::string answerOf(int fd, std::string* from = nullptr) {
  std::vector<char> buffer(65536);
  sockaddr_in sender{};
  socklen_t length = sizeof(sender);
  const ssize_t count = ::recvfrom(fd, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&sender), &length);
  if (from != nullptr) {
    char text[INET_ADDRSTRLEN] = {};
    ::inet_ntop(AF_INET, &sender.sin_addr, text, sizeof(text));
    *from = text;
  }
  return count < 0 ? "nothing" : std::string(buffer.data(), static_cast<size_t>(count));
}

class UdpPorts : public ::testing::Test {
protected:
  DirectExecutor m_executor;
  ForwarderOptions m_options;
  uint16_t m_port = freePort(SOCK_DGRAM);
};

TEST_F(UdpPorts, TwoClientsKeepTheirOwnFlows) {
  UdpServer one("one");
  UdpServer two("two");
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {backend("a", one.port()), backend("b", two.port())}, model::Protocol::Udp)});
  const Socket first = udpClient();
  const Socket second = udpClient();
  sendTo(first.fd(), m_port, "x");
  const std::string name1 = answerOf(first.fd()).substr(0, 3);
  sendTo(second.fd(), m_port, "y");
  const std::string name2 = answerOf(second.fd()).substr(0, 3);
  EXPECT_NE(name1, name2);       // round robin
  for (int i = 0; i < 20; ++i) { // and each flow stays where it is
    sendTo(first.fd(), m_port, "1-" + std::to_string(i));
    sendTo(second.fd(), m_port, "2-" + std::to_string(i));
    EXPECT_EQ(answerOf(first.fd()), name1 + ":1-" + std::to_string(i));
    EXPECT_EQ(answerOf(second.fd()), name2 + ":2-" + std::to_string(i));
  }
  const PortStats stats = statsOf(*ports, m_port);
  EXPECT_EQ(stats.openConnections, 2);
  EXPECT_EQ(stats.totalConnections, 2);
  EXPECT_GT(stats.sentBytes, stats.receivedBytes);
}

TEST_F(UdpPorts, LargeAndEmptyDatagramsPass) {
  UdpServer one("one");
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {backend("a", one.port())}, model::Protocol::Udp)});
  const Socket client = udpClient();
  const std::string large(60'000, 'z');
  sendTo(client.fd(), m_port, large);
  EXPECT_EQ(answerOf(client.fd()), "one:" + large);
  sendTo(client.fd(), m_port, "");
  EXPECT_EQ(answerOf(client.fd()), "one:");
}

TEST_F(UdpPorts, TheAnswerComesFromTheAddressThatWasAsked) {
  UdpServer one("one");
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {backend("a", one.port())}, model::Protocol::Udp)});
  const Socket client = udpClient();
  sendTo(client.fd(), m_port, "hello", "127.0.0.77");
  std::string from;
  EXPECT_EQ(answerOf(client.fd(), &from), "one:hello");
  EXPECT_EQ(from, "127.0.0.77");
}

TEST_F(UdpPorts, WaitsForABackendAndLeavesOneThatIsGone) {
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {}, model::Protocol::Udp)});
  const Socket client = udpClient();
  sendTo(client.fd(), m_port, "early");
  ASSERT_TRUE(eventually([&] { return statsOf(*ports, m_port).openConnections == 1; }));
  auto one = std::make_unique<UdpServer>("one");
  ports->setPorts({published(m_port, {backend("a", one->port())}, model::Protocol::Udp)});
  EXPECT_EQ(answerOf(client.fd()), "one:early");
  UdpServer two("two");
  ports->setPorts({published(m_port, {backend("b", two.port())}, model::Protocol::Udp)});
  sendTo(client.fd(), m_port, "again");
  EXPECT_EQ(answerOf(client.fd()), "two:again");
}

TEST_F(UdpPorts, ARefusedFlowGoesOnWithAnother) {
  auto one = std::make_unique<UdpServer>("one");
  UdpServer two("two");
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {backend("a", one->port()), backend("b", two.port())}, model::Protocol::Udp)});
  const Socket client = udpClient();
  sendTo(client.fd(), m_port, "x");
  ASSERT_EQ(answerOf(client.fd()), "one:x");
  one.reset();
  const timeval limit{0, 200'000};
  ::setsockopt(client.fd(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  EXPECT_TRUE(eventually([&] {
    sendTo(client.fd(), m_port, "y");
    return answerOf(client.fd()) == "two:y";
  }));
}

TEST_F(UdpPorts, IdleFlowsEnd) {
  UdpServer one("one");
  m_options.udpIdleMs = 100;
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {backend("a", one.port())}, model::Protocol::Udp)});
  const Socket client = udpClient();
  sendTo(client.fd(), m_port, "x");
  EXPECT_EQ(answerOf(client.fd()), "one:x");
  EXPECT_TRUE(eventually([&] { return statsOf(*ports, m_port).openConnections == 0; }));
}

TEST_F(UdpPorts, APortInUseIsSaid) {
  UdpServer other("other");
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(other.port(), {}, model::Protocol::Udp)});
  ASSERT_EQ(ports->problems().size(), 1U);
  EXPECT_NE(ports->problems()[0].message.find("another program"), std::string::npos);
}

} // namespace
} // namespace univrs::service::test
