#include "engine/base/encoding.h"
#include "tests/service/loopback_servers.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <fstream>
#include <random>
#include <unistd.h>

namespace univrs::service::test {
namespace {

int64_t residentBytes() {
  std::ifstream file("/proc/self/statm");
  int64_t size = 0;
  int64_t resident = 0;
  file >> size >> resident;
  return resident * ::sysconf(_SC_PAGESIZE);
}

class PublishedPortsLoad : public ::testing::Test {
protected:
  DirectExecutor m_executor;
  ForwarderOptions m_options;
  uint16_t m_port = freePort(SOCK_STREAM);
};

TEST_F(PublishedPortsLoad, NoConnectionIsLostWhileInstancesAreReplaced) {
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  auto current = std::make_unique<TcpServer>(answerLine("0"));
  ports->setPorts({published(m_port, {backend("i-0", current->port())})});
  std::atomic<bool> stop{false};
  std::atomic<int> good{0};
  std::mutex mutex;
  std::vector<std::string> bad;
  std::vector<std::thread> clients;
  for (int c = 0; c < 4; ++c) {
    clients.emplace_back([&] {
      while (!stop) {
        const Socket client = connectTo(m_port);
        int error = client.valid() ? 0 : errno;
        std::string answer;
        if (client.valid()) {
          sendAll(client.fd(), "hi\n");
          answer = receiveAll(client.fd(), SIZE_MAX, &error);
        }
        if (answer.find(" hi\n") != std::string::npos) {
          ++good;
        } else {
          const std::lock_guard lock(mutex);
          bad.push_back(answer + " errno " + std::to_string(error));
        }
      }
    });
  }
  for (int generation = 1; generation <= 20; ++generation) {
    const int before = good;
    const std::string oldId = "i-" + std::to_string(generation - 1);
    const std::string newId = "i-" + std::to_string(generation);
    auto next = std::make_unique<TcpServer>(answerLine(std::to_string(generation)));
    ports->setPorts({published(m_port, {backend(oldId, current->port(), true), backend(newId, next->port())})});
    EXPECT_TRUE(eventually([&] { return ports->connectionsTo(model::InstanceId(oldId)) == 0; }));
    current = std::move(next); // the old server ends here
    ports->setPorts({published(m_port, {backend(newId, current->port())})});
    EXPECT_TRUE(eventually([&] { return good > before + 5; }));
  }
  stop = true;
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_TRUE(bad.empty()) << bad.size() << " of " << good << ", first: " << bad.front();
  EXPECT_EQ(statsOf(*ports, m_port).failedConnections, 0);
}

TEST_F(PublishedPortsLoad, AThousandConnectionsAtOnce) {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < 5'000) {
    GTEST_SKIP() << "only " << files.rlim_cur << " descriptors";
  }
  TcpServer server(echo());
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {backend("a", server.port())})});
  std::vector<Socket> clients;
  for (int i = 0; i < 1'000; ++i) {
    clients.push_back(connectTo(m_port));
    ASSERT_TRUE(clients.back().valid()) << i;
  }
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_TRUE(sendAll(clients[i].fd(), "hello " + std::to_string(10'000 + i)));
  }
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_EQ(receiveAll(clients[i].fd(), 11), "hello " + std::to_string(10'000 + i));
  }
  EXPECT_EQ(ports->connectionsTo(model::InstanceId("a")), 1'000);
  clients.clear();
  EXPECT_TRUE(eventually([&] { return ports->connectionsTo(model::InstanceId("a")) == 0; }));
}

TEST_F(PublishedPortsLoad, AHundredMegabytesArriveAsTheyWere) {
  TcpServer server(echo());
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {backend("a", server.port())})});
  std::string block(1 << 20, '\0');
  std::mt19937_64 random(7);
  for (char& c : block) {
    c = static_cast<char>(random());
  }
  const Socket client = connectTo(m_port);
  std::string sent;
  std::thread writer([&] {
    for (int i = 0; i < 100; ++i) {
      block[0] = static_cast<char>(i);
      sent += base::sha256Hex(block);
      sendAll(client.fd(), block);
    }
    ::shutdown(client.fd(), SHUT_WR);
  });
  std::string received;
  int64_t total = 0;
  for (;;) {
    const std::string part = receiveAll(client.fd(), 1 << 20);
    if (part.empty()) {
      break;
    }
    total += static_cast<int64_t>(part.size());
    received += base::sha256Hex(part);
  }
  writer.join();
  EXPECT_EQ(total, int64_t(100) << 20);
  EXPECT_EQ(base::sha256Hex(sent), base::sha256Hex(received));
}

TEST_F(PublishedPortsLoad, ASlowReaderHoldsTheWriterBackWithoutMemory) {
  std::atomic<int64_t> written{0};
  TcpServer server([&written](int fd) {
    const std::string block(1 << 16, 'x');
    while (sendAll(fd, block)) {
      written += 1 << 16;
      if (written >= (int64_t(64) << 20)) {
        return;
      }
    }
  });
  const auto ports = makePublishedPorts(m_options, m_executor, {});
  ports->setPorts({published(m_port, {backend("a", server.port())})});
  const int64_t before = residentBytes();
  const Socket client = connectTo(m_port);
  // Reads nothing: the server must come to a stand long before it has written all.
  int64_t last = -1;
  EXPECT_TRUE(eventually([&] {
    const int64_t now = written;
    const bool still = now == last && now > 0;
    last = now;
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return still;
  }));
  EXPECT_LT(written, int64_t(40) << 20); // what the kernel's own buffers take
  EXPECT_LT(residentBytes() - before, int64_t(16) << 20);
  EXPECT_EQ(receiveAll(client.fd()).size(), size_t(64) << 20);
}

} // namespace
} // namespace univrs::service::test
