// A server over the scripted engine for tests/api/bench: prints its address and runs until its input ends.
#include "engine/api/http_server.h"
#include "engine/api/metrics.h"
#include "tests/api/scripted_engine.h"

#include <iostream>

int main(int argc, char** argv) {
  using namespace univrs;
  base::SystemClock clock;
  api::ThreadExecutor executor;
  api::ScriptedEngine engine(executor);
  api::PrometheusMetrics metrics;
  api::ServerConfig config;
  config.token = argc > 1 ? argv[1] : "bench";
  std::unique_ptr<api::HttpServer> server;
  bool started = false;
  executor.run([&] {
    for (int i = 0; i < 100; ++i) {
      engine.addWorkload("app-" + std::to_string(i));
    }
    server = std::make_unique<api::HttpServer>(engine, executor, &metrics, clock, config);
    const auto bound = server->start();
    started = bound.ok();
    std::cout << (bound ? bound->url() : bound.error().text()) << std::endl;
  });
  for (std::string line; started && std::getline(std::cin, line);) {
  }
  executor.run([&] { server.reset(); });
  return started ? 0 : 1;
}
