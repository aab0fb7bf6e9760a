// Published ports that go over to another forwarder, as at a node's restart in place.
#include "tests/service/loopback_servers.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <unistd.h>

namespace univrs::service::test {
namespace {

class HandOver : public ::testing::Test {
protected:
  std::unique_ptr<PublishedPorts> make(const std::vector<PublishedPort>& list) {
    auto ports = makePublishedPorts(m_options, m_executor, {});
    ports->setPorts(list);
    EXPECT_TRUE(ports->problems().empty());
    return ports;
  }
  void handOver(PublishedPorts& ports, int64_t graceMs) {
    m_done = false;
    ports.handOver(m_sockets, graceMs, [this] { m_done = true; });
  }

  DirectExecutor m_executor;
  ForwarderOptions m_options;
  std::shared_ptr<base::HandedSockets> m_sockets = std::make_shared<base::HandedSockets>();
  std::atomic<bool> m_done{false};
  uint16_t m_port = freePort(SOCK_STREAM);
};

TEST_F(HandOver, NewConnectionsWaitForTheNextForwarderAndOldOnesEndWell) {
  TcpServer server(answerLine("one"));
  const std::vector<PublishedPort> list{published(m_port, {backend("a", server.port())})};
  auto first = make(list);
  Socket underWay = connectTo(m_port);
  ASSERT_TRUE(eventually([&] { return statsOf(*first, m_port).openConnections == 1; }));
  handOver(*first, 600'000);
  EXPECT_FALSE(m_done) << "a connection is under way";
  const Socket waiting = connectTo(m_port);
  ASSERT_TRUE(waiting.valid()) << "refused";
  sendAll(waiting.fd(), "later\n");
  first->setPorts({}); // changes of the list open and close nothing any more
  sendAll(underWay.fd(), "now\n");
  EXPECT_EQ(receiveAll(underWay.fd()), "one now\n");
  underWay.close();
  EXPECT_TRUE(eventually([&] { return m_done.load(); }));
  EXPECT_EQ(server.accepted(), 1) << "the waiting one is not the first forwarder's";
  first.reset();
  EXPECT_GE(m_sockets->size(), 1U);

  m_options.handed = m_sockets;
  const auto second = make(list);
  EXPECT_EQ(m_sockets->size(), 0U);
  EXPECT_EQ(receiveAll(waiting.fd()), "one later\n");
  const Socket fresh = connectTo(m_port);
  sendAll(fresh.fd(), "x\n");
  EXPECT_EQ(receiveAll(fresh.fd()), "one x\n");
}

TEST_F(HandOver, TheGraceEndsWhatDoesNotEndItself) {
  TcpServer server(echo());
  auto first = make({published(m_port, {backend("a", server.port())})});
  const Socket stubborn = connectTo(m_port);
  sendAll(stubborn.fd(), "x");
  ASSERT_TRUE(eventually([&] { return statsOf(*first, m_port).receivedBytes == 1; }));
  handOver(*first, 50);
  EXPECT_TRUE(eventually([&] { return m_done.load(); }));
  first.reset();
  int error = 0;
  receiveAll(stubborn.fd(), 100, &error);
  const Socket waiting = connectTo(m_port);
  EXPECT_TRUE(waiting.valid()) << "the port stays open all the while";
}

TEST_F(HandOver, ManyClientsAcrossManyForwardersMeetNoRefusal) {
  TcpServer server(answerLine("one"));
  const std::vector<PublishedPort> list{published(m_port, {backend("a", server.port())})};
  std::atomic<bool> stop{false};
  std::atomic<int> served{0};
  std::atomic<int> failed{0};
  std::vector<std::thread> clients;
  auto forwarder = make(list);
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([&] {
      while (!stop) {
        const Socket client = connectTo(m_port);
        sendAll(client.fd(), "hi\n");
        (client.valid() && receiveAll(client.fd()) == "one hi\n" ? served : failed)++;
      }
    });
  }
  for (int round = 0; round < 20; ++round) {
    const int before = served;
    ASSERT_TRUE(eventually([&] { return served >= before + 20; }));
    handOver(*forwarder, 600'000);
    ASSERT_TRUE(eventually([&] { return m_done.load(); }));
    forwarder.reset();
    m_options.handed = m_sockets;
    forwarder = make(list);
    m_sockets = std::make_shared<base::HandedSockets>();
  }
  const int before = served;
  EXPECT_TRUE(eventually([&] { return served >= before + 20; }));
  stop = true;
  for (auto& client : clients) {
    client.join();
  }
  EXPECT_EQ(failed, 0);
}

TEST_F(HandOver, DatagramsWaitToo) {
  UdpServer server("one");
  const std::vector<PublishedPort> list{published(m_port, {backend("a", server.port())}, model::Protocol::Udp)};
  const auto say = [this](int fd, const std::string& text) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(m_port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::sendto(fd, text.data(), text.size(), 0, reinterpret_cast<sockaddr*>(&to), sizeof to),
              ssize_t(text.size()));
  };
  const auto heard = [](int fd) {
    char buffer[100];
    const ssize_t count = ::recv(fd, buffer, sizeof buffer, 0);
    return count < 0 ? "nothing" : std::string(buffer, size_t(count));
  };
  auto first = make(list);
  const Socket client = udpClient();
  say(client.fd(), "a");
  EXPECT_EQ(heard(client.fd()), "one:a");
  handOver(*first, 0);
  EXPECT_TRUE(eventually([&] { return m_done.load(); }));
  first.reset();
  say(client.fd(), "b");
  m_options.handed = m_sockets;
  const auto second = make(list);
  EXPECT_EQ(heard(client.fd()), "one:b");
}

} // namespace
} // namespace univrs::service::test
