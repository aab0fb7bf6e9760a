// The server's listening socket going over to another server, as at a node's restart in place.
#include "tests/api/server_fixture.h"

#include <atomic>

namespace univrs::api {
namespace {

class HandOver : public ServerFixture {
protected:
  void SetUp() override {
    ServerFixture::SetUp();
    start();
  }
  void handOver(std::chrono::milliseconds grace) {
    executor.run([&] { server->handOver(sockets, grace, [this] { done = true; }); });
  }
  // The next server, on whatever was handed over.
  void startNext() {
    stop();
    config.handed = sockets;
    const uint16_t before = port;
    start();
    EXPECT_EQ(port, before) << "port 0 takes the one handed over";
  }

  std::shared_ptr<base::HandedSockets> sockets = std::make_shared<base::HandedSockets>();
  std::atomic<bool> done{false};
};

TEST_F(HandOver, RequestsUnderWayAreAnsweredIdleConnectionsEndNewOnesWait) {
  RawClient idle(port);
  idle.send(requestText("GET", "/api/workloads", port));
  EXPECT_EQ(idle.read().status, 200);
  executor.run([this] { engine.holdReplies = true; });
  RawClient busy(port);
  busy.send(requestText("GET", "/api/workloads", port));
  SocketClient watcher;
  EXPECT_EQ(watcher.connect(port, "/ws/orchestrator"), 101);

  handOver(std::chrono::minutes(10));
  EXPECT_TRUE(idle.endsWithin(20'000));
  while (watcher.read()) {
  }
  EXPECT_EQ(watcher.closeCode(), 1001);
  RawClient waiting(port);
  EXPECT_TRUE(waiting.connected()) << "refused";
  waiting.send(requestText("GET", "/api/workloads/web", port));
  EXPECT_FALSE(done);
  HttpAnswer answer;
  std::atomic<bool> answered{false};
  std::thread reader([&] {
    answer = busy.read();
    answered = true;
  });
  EXPECT_TRUE(eventually([&] {
    engine.releaseReplies();
    return answered.load();
  }));
  reader.join();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.at("connection"), "close");
  busy.reset();
  EXPECT_TRUE(eventually([this] { return done.load(); }));
  executor.run([this] { engine.holdReplies = false; });
  startNext();
  EXPECT_EQ(waiting.read().status, 200);
  EXPECT_EQ(ask(port, "GET", "/healthz").status, 200);
}

TEST_F(HandOver, AConnectionThatSaysNothingCostsTheGraceOnly) {
  RawClient silent(port);
  EXPECT_EQ(ask(port, "GET", "/healthz").status, 200); // so the silent one is accepted too
  handOver(std::chrono::milliseconds(100));
  EXPECT_TRUE(eventually([this] { return done.load(); }));
  startNext();
  EXPECT_TRUE(silent.endsWithin(20'000));
  EXPECT_EQ(ask(port, "GET", "/healthz").status, 200);
}

TEST_F(HandOver, ManyClientsAcrossManyServersMeetNoRefusal) {
  std::atomic<bool> over{false};
  std::atomic<int> served{0};
  std::atomic<int> failed{0};
  const uint16_t fixedPort = port;
  std::vector<std::thread> clients;
  for (int c = 0; c < 3; ++c) {
    clients.emplace_back([&] {
      while (!over) {
        (ask(fixedPort, "GET", "/healthz").status == 200 ? served : failed)++;
      }
    });
  }
  for (int round = 0; round < 10; ++round) {
    const int before = served;
    EXPECT_TRUE(eventually([&] { return served >= before + 20; }));
    done = false;
    handOver(std::chrono::minutes(10));
    EXPECT_TRUE(eventually([this] { return done.load(); }));
    startNext();
    sockets = std::make_shared<base::HandedSockets>();
  }
  const int before = served;
  EXPECT_TRUE(eventually([&] { return served >= before + 20; }));
  over = true;
  for (auto& client : clients) {
    client.join();
  }
  EXPECT_EQ(failed, 0);
}

} // namespace
} // namespace univrs::api
