#include "engine/agent/probe_runner.h"
#include "tests/agent/test_driver.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <thread>
#include <unistd.h>

namespace univrs::agent {
namespace {

// Answers each connection with fixed bytes; an empty answer means: say nothing until closed.
class Server {
public:
  explicit Server(std::string answer) : m_answer(std::move(answer)) {
    m_fd = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(m_fd, reinterpret_cast<sockaddr*>(&address), size);
    ::listen(m_fd, 8);
    ::getsockname(m_fd, reinterpret_cast<sockaddr*>(&address), &size);
    port = ntohs(address.sin_port);
    m_thread = std::thread([this] {
      for (;;) {
        const int peer = ::accept(m_fd, nullptr, nullptr);
        if (peer < 0) {
          return;
        }
        char buffer[4096];
        const ssize_t n = ::recv(peer, buffer, sizeof buffer, 0);
        if (n > 0) {
          request.assign(buffer, static_cast<size_t>(n));
        }
        if (!m_answer.empty()) {
          ::send(peer, m_answer.data(), m_answer.size(), MSG_NOSIGNAL);
        } else {
          while (::recv(peer, buffer, sizeof buffer, 0) > 0) {
          }
        }
        ::close(peer);
      }
    });
  }
  ~Server() {
    ::shutdown(m_fd, SHUT_RDWR);
    m_thread.join();
    ::close(m_fd);
  }
  uint16_t port = 0;
  std::string request; // read it after the server is gone or the probe answered

private:
  std::string m_answer;
  int m_fd = -1;
  std::thread m_thread;
};

struct ProbeRunnerTest : testing::Test {
  test::TestDriver driver{std::make_shared<test::TestEngine>()};
  base::CancelSource cancel;
  base::Result<void> http(uint16_t port, int64_t timeoutMs = 20'000) {
    model::Probe p;
    p.kind = model::ProbeKind::Http;
    p.port = 80;
    p.path = "/health?x=1";
    p.headers["X-Test"] = "yes";
    p.timeoutMs = timeoutMs;
    return runProbe(p, {"127.0.0.1", port, "c"}, driver, cancel.token());
  }
  base::Result<void> command(const std::string& what, int64_t timeoutMs = 20'000) {
    model::Probe p;
    p.kind = model::ProbeKind::Exec;
    p.command = {what};
    p.timeoutMs = timeoutMs;
    return runProbe(p, {"", 0, "c"}, driver, cancel.token());
  }
};

TEST_F(ProbeRunnerTest, HttpStatusDecides) {
  for (const auto& [answer, healthy] : {std::pair{"HTTP/1.1 200 OK\r\n\r\n", true},
                                        {"HTTP/1.0 399 x\r\n\r\n", true},
                                        {"HTTP/1.1 204 \r\n\r\n", true},
                                        {"HTTP/1.1 400 Bad\r\n\r\n", false},
                                        {"HTTP/1.1 503 Away\r\n\r\n", false},
                                        {"HTTP/1.1 101 x\r\n\r\n", false},
                                        {"hello\r\n", false},
                                        {"HTTP/1.1 20", false}}) {
    Server server(answer);
    const auto result = http(server.port);
    EXPECT_EQ(result.ok(), healthy) << answer;
  }
  Server server("HTTP/1.1 503 Away\r\n\r\n");
  EXPECT_EQ(http(server.port).error().why, "HTTP status 503");
  EXPECT_EQ(server.request.rfind("GET /health?x=1 HTTP/1.1\r\n", 0), 0u);
  EXPECT_NE(server.request.find("\r\nX-Test: yes\r\n"), std::string::npos);
}

TEST_F(ProbeRunnerTest, HugeAnswersAreCutOff) {
  Server server(std::string(1 << 20, 'x'));
  EXPECT_FALSE(http(server.port));
}

TEST_F(ProbeRunnerTest, SilenceIsATimeoutAndCancelEndsIt) {
  Server server("");
  EXPECT_EQ(http(server.port, 50).error().code, base::ErrorCode::Timeout);
  std::thread canceller([this] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    cancel.cancel();
  });
  EXPECT_EQ(http(server.port, 60'000).error().code, base::ErrorCode::Cancelled);
  canceller.join();
}

TEST_F(ProbeRunnerTest, TcpConnects) {
  uint16_t port = 0;
  model::Probe p;
  p.kind = model::ProbeKind::Tcp;
  p.timeoutMs = 20'000;
  {
    Server server("x");
    port = server.port;
    EXPECT_TRUE(runProbe(p, {"127.0.0.1", port, ""}, driver, cancel.token()));
  }
  const auto refused = runProbe(p, {"127.0.0.1", port, ""}, driver, cancel.token());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().why.find("refused"), std::string::npos) << refused.error().why;
  EXPECT_FALSE(runProbe(p, {"", 0, ""}, driver, cancel.token()));
  EXPECT_FALSE(runProbe(p, {"not an address", 80, ""}, driver, cancel.token()));
}

TEST_F(ProbeRunnerTest, HeadersCannotSmuggleLines) {
  model::Probe p;
  p.kind = model::ProbeKind::Http;
  p.headers["X"] = "a\r\nY: b";
  EXPECT_FALSE(runProbe(p, {"127.0.0.1", 1, ""}, driver, cancel.token()));
  p.headers.clear();
  p.path = "/ HTTP/1.1\r\nX: y";
  EXPECT_FALSE(runProbe(p, {"127.0.0.1", 1, ""}, driver, cancel.token()));
}

TEST_F(ProbeRunnerTest, CommandsDecideByExitCode) {
  EXPECT_TRUE(command("true"));
  const auto bad = command("false");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().why, "exit code 1: no good");
  EXPECT_EQ(command("hang", 30).error().code, base::ErrorCode::Timeout);
}

} // namespace
} // namespace univrs::agent
