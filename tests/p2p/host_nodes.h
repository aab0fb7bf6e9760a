// Whole hosts for tests, with real transports over loopback and a clock that can be put forward.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/ping.h"
#include "tests/p2p/tcp_nodes.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace univrs::p2p::tests {

inline constexpr const char* kEcho = "/test/echo/1.0.0";

// The machine's clock, put forward by what a test wants to be over.
class ForwardClock final : public base::Clock {
public:
  [[nodiscard]] base::Now now() const override {
    base::Now at = m_clock.now();
    at.wall = at.wall + m_ahead;
    at.steady = at.steady + m_ahead;
    return at;
  }
  void skip(base::Millis time) { m_ahead += time; }

private:
  base::SystemClock m_clock;
  base::Millis m_ahead{0};
};

struct TestHost : HostObserver {
  explicit TestHost(std::vector<std::string> listen = {}, HostOptions options = {}, bool echo = true)
      : m_options(std::move(options)) {
    for (const auto& text : listen) {
      m_options.listen.push_back(*Multiaddr::fromText(text));
    }
    begin();
    if (echo) {
      host->handle(kEcho, {}, [](const OpenedStream& s) { return std::make_unique<Echo>(*s.stream); });
    }
  }
  TestHost(const TestHost&) = delete;
  TestHost& operator=(const TestHost&) = delete;
  ~TestHost() override { end(); }

  void begin() {
    host = makeHost(identity, m_options, clock, random);
    host->addObserver(this);
    ping = std::make_unique<Ping>(*host);
    const auto started = host->start();
    EXPECT_TRUE(started) << started.error().text();
  }
  void end() {
    ping.reset();
    host.reset();
  }

  [[nodiscard]] AddrInfo info() const { return {host->id(), host->listenAddresses()}; }
  base::Result<ConnectionInfo> connect(const AddrInfo& to) const {
    std::optional<base::Result<ConnectionInfo>> result;
    host->connect(to, [&](auto r) { result = std::move(r); });
    EXPECT_FALSE(result) << "answered from inside the call";
    EXPECT_TRUE(waitFor([&] { return result.has_value(); }));
    return result ? *result : base::makeError(base::ErrorCode::Internal, "no answer");
  }
  base::Result<OpenedStream> open(const PeerId& peer, std::vector<std::string> protocols, OpenOptions options = {},
                                  const std::shared_ptr<Log>& log = nullptr, base::Bytes send = {}) const {
    std::optional<base::Result<OpenedStream>> result;
    host->open(peer, std::move(protocols), options, [&](auto r) {
      if (r) {
        r->stream->attach(std::make_unique<Sender>(*r->stream, send, log ? log : std::make_shared<Log>()));
      }
      result = std::move(r);
    });
    EXPECT_TRUE(waitFor([&] { return result.has_value(); }));
    return result ? *result : base::makeError(base::ErrorCode::Internal, "no answer");
  }
  base::Result<std::chrono::microseconds> pingOf(const PeerId& peer, OpenOptions options = {}) const {
    std::optional<base::Result<std::chrono::microseconds>> result;
    ping->ping(peer, options, [&](auto r) { result = r; });
    EXPECT_TRUE(waitFor([&] { return result.has_value(); }));
    return result ? *result : base::makeError(base::ErrorCode::Internal, "no answer");
  }

  void onConnected(const ConnectionInfo& c, bool first) override {
    ++connectedCount;
    firsts += first ? 1 : 0;
    lastConnected = c;
  }
  void onDisconnected(const ConnectionInfo&, const base::Error&, bool last) override {
    ++disconnectedCount;
    lasts += last ? 1 : 0;
  }
  void onIdentified(const PeerId& peer) override { identified.push_back(peer); }

  ForwardClock clock;
  base::SystemRandom random;
  Identity identity = newIdentity();
  std::unique_ptr<Host> host;
  std::unique_ptr<Ping> ping;
  ConnectionInfo lastConnected;
  int connectedCount = 0, firsts = 0, disconnectedCount = 0, lasts = 0;
  std::vector<PeerId> identified;

private:
  HostOptions m_options;
};

inline constexpr const char* kQuic = "/ip4/127.0.0.1/udp/0/quic-v1";
inline constexpr const char* kTcp = "/ip4/127.0.0.1/tcp/0";

} // namespace univrs::p2p::tests
