#include "tests/service/loopback_servers.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>

namespace univrs::service::test {
namespace {

class PublishedPortsTest : public ::testing::Test {
protected:
  std::unique_ptr<PublishedPorts> make(std::function<void()> onProblem = {}) {
    return makePublishedPorts(m_options, m_executor, std::move(onProblem));
  }
  std::string ask(const std::string& text = "hi", const std::string& address = "127.0.0.1") {
    const Socket client = connectTo(m_port, address);
    if (!client.valid()) {
      return "refused";
    }
    sendAll(client.fd(), text + "\n");
    return receiveAll(client.fd());
  }
  DirectExecutor m_executor;
  ForwarderOptions m_options;
  uint16_t m_port = freePort(SOCK_STREAM);
};

TEST_F(PublishedPortsTest, RoundRobinOverInstancesAndStats) {
  TcpServer one(answerLine("one"));
  TcpServer two(answerLine("two"));
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("a", one.port()), backend("b", two.port())})});
  EXPECT_TRUE(ports->problems().empty());
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(ask(), i % 2 == 0 ? "one hi\n" : "two hi\n");
  }
  EXPECT_EQ(one.accepted(), 5);
  EXPECT_EQ(two.accepted(), 5);
  EXPECT_TRUE(eventually([&] { return statsOf(*ports, m_port).openConnections == 0; }));
  const PortStats stats = statsOf(*ports, m_port);
  EXPECT_EQ(stats.totalConnections, 10);
  EXPECT_EQ(stats.failedConnections, 0);
  EXPECT_EQ(stats.receivedBytes, 30);
  EXPECT_EQ(stats.sentBytes, 70);
}

TEST_F(PublishedPortsTest, IPv6AndAGivenAddress) {
  TcpServer one(answerLine("one"));
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("a", one.port())})});
  const Socket probe(::socket(AF_INET6, SOCK_STREAM, 0));
  if (probe.valid()) {
    EXPECT_EQ(ask("six", "::1"), "one six\n");
  }
  PublishedPort only = published(m_port, {backend("a", one.port())});
  only.address = "127.0.0.1";
  ports->setPorts({only});
  EXPECT_EQ(ask(), "one hi\n");
  EXPECT_EQ(ask("six", "::1"), "refused");
  only.address = "not an address";
  ports->setPorts({only});
  ASSERT_EQ(ports->problems().size(), 1U);
  EXPECT_EQ(ask(), "refused");
}

TEST_F(PublishedPortsTest, ARefusingBackendIsSkipped) {
  const uint16_t closed = freePort(SOCK_STREAM);
  TcpServer one(answerLine("one"));
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("dead", closed), backend("a", one.port())})});
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(ask(), "one hi\n");
  }
  EXPECT_EQ(statsOf(*ports, m_port).failedConnections, 0);
}

TEST_F(PublishedPortsTest, ABackendThatDoesNotAnswerIsLeftAfterTheTimeout) {
  // A full queue: the kernel drops what comes on top, so a connect hangs.
  const Socket full(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::listen(full.fd(), 0), 0); // binds to a free port
  sockaddr_in bound{};
  socklen_t length = sizeof(bound);
  ::getsockname(full.fd(), reinterpret_cast<sockaddr*>(&bound), &length);
  bound.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::vector<Socket> fillers;
  for (int i = 0; i < 8; ++i) {
    fillers.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    ::connect(fillers.back().fd(), reinterpret_cast<sockaddr*>(&bound), sizeof(bound));
  }
  TcpServer one(answerLine("one"));
  m_options.connectTimeoutMs = 200;
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("hole", ntohs(bound.sin_port)), backend("a", one.port())})});
  EXPECT_EQ(ask(), "one hi\n");
}

TEST_F(PublishedPortsTest, WaitsForABackendToComeBack) {
  const uint16_t later = freePort(SOCK_STREAM);
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("a", later)})}); // all refuse
  std::thread client([this] { EXPECT_EQ(ask(), "back hi\n"); });
  EXPECT_TRUE(eventually([&] { return statsOf(*ports, m_port).openConnections == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  TcpServer back(answerLine("back"), later);
  client.join();
  ports->setPorts({published(m_port, {})}); // none at all
  std::thread second([this] { EXPECT_EQ(ask(), "back hi\n"); });
  EXPECT_TRUE(eventually([&] { return statsOf(*ports, m_port).openConnections == 1; }));
  ports->setPorts({published(m_port, {backend("a", later)})});
  second.join();
  EXPECT_EQ(statsOf(*ports, m_port).failedConnections, 0);
}

TEST_F(PublishedPortsTest, WithoutABackendTheConnectionEndsAfterTheWait) {
  m_options.waitMs = 150;
  const auto ports = make();
  ports->setPorts({published(m_port, {})});
  EXPECT_EQ(ask(), "");
  EXPECT_TRUE(eventually([&] { return statsOf(*ports, m_port).openConnections == 0; }));
  EXPECT_EQ(statsOf(*ports, m_port).failedConnections, 1);
}

TEST_F(PublishedPortsTest, HalfCloseGoesBothWays) {
  // Answers only after the client has ended its side; ends its own side first in the second half.
  TcpServer counts([](int fd) {
    const std::string all = receiveAll(fd);
    sendAll(fd, std::to_string(all.size()));
  });
  TcpServer speaksFirst([](int fd) {
    sendAll(fd, "bye");
    ::shutdown(fd, SHUT_WR);
    const std::string rest = receiveAll(fd);
    if (rest != "still here") {
      ADD_FAILURE() << rest;
    }
  });
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("a", counts.port())})});
  const Socket client = connectTo(m_port);
  sendAll(client.fd(), std::string(100'000, 'x'));
  ::shutdown(client.fd(), SHUT_WR);
  EXPECT_EQ(receiveAll(client.fd()), "100000");

  ports->setPorts({published(m_port, {backend("b", speaksFirst.port())})});
  const Socket other = connectTo(m_port);
  EXPECT_EQ(receiveAll(other.fd()), "bye");
  EXPECT_EQ(ports->connectionsTo(model::InstanceId("b")), 1);
  sendAll(other.fd(), "still here");
  ::shutdown(other.fd(), SHUT_WR);
  EXPECT_TRUE(eventually([&] { return ports->connectionsTo(model::InstanceId("b")) == 0; }));
}

TEST_F(PublishedPortsTest, AResetIsPassedOn) {
  TcpServer resets([](int fd) {
    receiveAll(fd, 4);
    const linger hard{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  });
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("a", resets.port())})});
  const Socket client = connectTo(m_port);
  sendAll(client.fd(), "ping");
  int error = 0;
  EXPECT_EQ(receiveAll(client.fd(), SIZE_MAX, &error), "");
  EXPECT_EQ(error, ECONNRESET);
}

TEST_F(PublishedPortsTest, DrainingKeepsItsConnectionsAndRemovalEndsThemInTime) {
  TcpServer one(echo());
  TcpServer two(echo());
  m_options.drainMs = 300;
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("a", one.port())})});
  const Socket client = connectTo(m_port);
  sendAll(client.fd(), "ping");
  EXPECT_EQ(receiveAll(client.fd(), 4), "ping");
  ports->setPorts({published(m_port, {backend("a", one.port(), true), backend("b", two.port())})});
  for (int i = 0; i < 3; ++i) {
    const Socket fresh = connectTo(m_port);
    sendAll(fresh.fd(), "x");
    EXPECT_EQ(receiveAll(fresh.fd(), 1), "x");
  }
  EXPECT_EQ(one.accepted(), 1);
  EXPECT_EQ(two.accepted(), 3);
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  sendAll(client.fd(), "pong"); // draining is not cut by us
  EXPECT_EQ(receiveAll(client.fd(), 4), "pong");
  EXPECT_EQ(ports->connectionsTo(model::InstanceId("a")), 1);
  ports->setPorts({published(m_port, {backend("b", two.port())})});
  sendAll(client.fd(), "last");
  EXPECT_EQ(receiveAll(client.fd(), 4), "last"); // gone from the list: still some time
  EXPECT_EQ(receiveAll(client.fd()), "");        // then it ends
  EXPECT_TRUE(eventually([&] { return ports->connectionsTo(model::InstanceId("a")) == 0; }));
}

TEST_F(PublishedPortsTest, AGonePortIsClosedAndItsConnectionsDrain) {
  TcpServer one(echo());
  m_options.drainMs = 200;
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("a", one.port())})});
  const Socket client = connectTo(m_port);
  sendAll(client.fd(), "ping");
  EXPECT_EQ(receiveAll(client.fd(), 4), "ping");
  ports->setPorts({});
  EXPECT_EQ(ask(), "refused");
  EXPECT_TRUE(ports->stats().empty());
  sendAll(client.fd(), "ping");
  EXPECT_EQ(receiveAll(client.fd(), 4), "ping");
  EXPECT_EQ(receiveAll(client.fd()), "");
}

TEST_F(PublishedPortsTest, APortInUseIsSaidAndOpenedWhenItIsFree) {
  TcpServer one(answerLine("one"));
  auto squatter = std::make_unique<TcpServer>(answerLine("squatter"));
  m_port = squatter->port();
  std::atomic<int> told{0};
  const auto ports = make([&told] { ++told; });
  ports->setPorts({published(m_port, {backend("a", one.port())})});
  ASSERT_EQ(ports->problems().size(), 1U);
  EXPECT_EQ(ports->problems()[0].message,
            "port " + std::to_string(m_port) + " is used by another program on this node");
  EXPECT_EQ(ports->problems()[0].workloadId.str(), "w-" + std::to_string(m_port));
  EXPECT_EQ(told, 1);
  squatter.reset();
  EXPECT_TRUE(eventually([&] { return ports->problems().empty(); }));
  EXPECT_EQ(told, 2);
  EXPECT_EQ(ask(), "one hi\n");
}

TEST_F(PublishedPortsTest, TwoWorkloadsCannotHaveOnePort) {
  TcpServer one(answerLine("one"));
  const auto ports = make();
  PublishedPort second = published(m_port, {});
  second.workloadId = model::WorkloadId("other");
  ports->setPorts({published(m_port, {backend("a", one.port())}), second});
  ASSERT_EQ(ports->problems().size(), 1U);
  EXPECT_EQ(ports->problems()[0].workloadId.str(), "other");
  EXPECT_NE(ports->problems()[0].message.find("already published by the workload web"), std::string::npos);
  EXPECT_EQ(ask(), "one hi\n");
}

TEST_F(PublishedPortsTest, OverTheLimitConnectionsAreClosedAndCounted) {
  TcpServer one(echo());
  m_options.maxConnections = 3;
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("a", one.port())})});
  std::vector<Socket> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(connectTo(m_port));
    sendAll(clients.back().fd(), "x");
    EXPECT_EQ(receiveAll(clients.back().fd(), 1), "x");
  }
  const Socket extra = connectTo(m_port);
  EXPECT_EQ(receiveAll(extra.fd()), "");
  EXPECT_EQ(statsOf(*ports, m_port).failedConnections, 1);
  clients.pop_back();
  EXPECT_TRUE(eventually([&] { return statsOf(*ports, m_port).openConnections == 2; }));
  const Socket again = connectTo(m_port);
  sendAll(again.fd(), "y");
  EXPECT_EQ(receiveAll(again.fd(), 1), "y");
}

TEST_F(PublishedPortsTest, AServerThatDropsItsQueueBeforeAByteIsReplacedUnseen) {
  // Accepts and resets at once: nothing has passed yet, so another one may serve.
  TcpServer drops([](int fd) {
    const linger hard{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
  });
  TcpServer one(answerLine("one"));
  const auto ports = make();
  ports->setPorts({published(m_port, {backend("x", drops.port()), backend("a", one.port())})});
  const Socket client = connectTo(m_port);
  ASSERT_TRUE(eventually([&] { return one.accepted() == 1; }));
  sendAll(client.fd(), "hi\n");
  EXPECT_EQ(receiveAll(client.fd()), "one hi\n");
}

} // namespace
} // namespace univrs::service::test
