// A running server over a scripted engine, for the tests beside it.
#pragma once

#include "engine/api/http_server.h"
#include "engine/api/metrics.h"
#include "engine/base/log.h"
#include "tests/api/scripted_engine.h"
#include "tests/api/test_client.h"

#include <gtest/gtest.h>

namespace univrs::api {

class ServerFixture : public ::testing::Test {
protected:
  void SetUp() override {
    base::log::setLevel(base::log::Level::Error);
    config.token = kTestToken;
    executor.run([this] {
      engine.addWorkload("web");
      engine.addInstance("web-abc123", "web");
    });
  }
  void TearDown() override {
    stop();
    for (int i = 0; i < 5; ++i) { // answers under way, which may ask again, end before the engine does
      executor.run([] {});
    }
  }

  void start() {
    base::Result<BoundAddress> bound = base::makeError(base::ErrorCode::Internal, "not started");
    executor.run([&] {
      server = std::make_unique<HttpServer>(engine, executor, &metrics, clock, config);
      bound = server->start();
    });
    ASSERT_TRUE(bound) << bound.error().text();
    port = bound->port;
  }
  void stop() {
    executor.run([this] { server.reset(); });
  }
  // Waits until the condition holds on the engine's thread.
  bool eventually(const std::function<bool()>& condition) {
    for (int i = 0; i < 6'000; ++i) {
      bool holds = false;
      executor.run([&] { holds = condition(); });
      if (holds) {
        return true;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  base::SystemClock clock;
  ThreadExecutor executor;
  ScriptedEngine engine{executor};
  PrometheusMetrics metrics;
  ServerConfig config;
  std::unique_ptr<HttpServer> server;
  uint16_t port = 0;
};

} // namespace univrs::api
