// Gossipsub between real hosts on loopback.
#include "engine/p2p/pubsub_service.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>

#include <gtest/gtest.h>

#include <map>

namespace univrs::p2p {
namespace {

using pubsub::Verdict;

bool waitFor(const std::function<bool()>& condition, int seconds = 60) {
  QElapsedTimer timer;
  timer.start();
  while (!condition()) {
    if (timer.elapsed() > seconds * 1'000) {
      return false;
    }
    QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents | QEventLoop::AllEvents, 20);
  }
  return true;
}

struct Node {
  explicit Node(const std::string& transport = "udp/0/quic-v1", PubsubOptions options = quick()) {
    auto made = Identity::loadOrCreate(dir.filePath("key").toStdString());
    EXPECT_TRUE(made.ok());
    identity = std::make_unique<Identity>(std::move(*made));
    HostOptions hostOptions;
    hostOptions.listen = {*Multiaddr::fromText("/ip4/127.0.0.1/" + transport)};
    host = makeHost(*identity, hostOptions, clock, random);
    const auto started = host->start();
    EXPECT_TRUE(started.ok()) << (started.ok() ? "" : started.error().text());
    service = std::make_unique<PubsubService>(*host, options);
  }
  // Heartbeats of 200 ms, so that no test waits long for one.
  static PubsubOptions quick() {
    PubsubOptions options;
    options.router.heartbeat = pubsub::Millis(200);
    return options;
  }
  bool connectTo(const Node& other) {
    bool done = false;
    bool ok = false;
    host->connect({other.host->id(), other.host->listenAddresses()}, [&](const base::Result<ConnectionInfo>& result) {
      done = true;
      ok = result.ok();
    });
    return waitFor([&] { return done; }) && ok;
  }
  void subscribe(const std::string& topic = "t") {
    const auto id = service->subscribe(topic, [this](const pubsub::MessagePtr& m, const PeerId& via) {
      ++got[std::string(m->data.begin(), m->data.end())];
      last = m;
      lastVia = via;
    });
    ASSERT_TRUE(id.ok());
    subscription = *id;
  }
  base::Result<pubsub::MessageId> publish(const std::string& text, const std::string& topic = "t") {
    return service->publish(topic, base::Bytes(text.begin(), text.end()));
  }

  QTemporaryDir dir;
  base::SystemClock clock;
  base::SystemRandom random;
  std::unique_ptr<Identity> identity;
  std::unique_ptr<Host> host;
  std::unique_ptr<PubsubService> service;
  std::map<std::string, int> got;
  pubsub::MessagePtr last;
  PeerId lastVia;
  uint64_t subscription = 0;
};

bool meshed(const Node& a, const Node& b, const std::string& topic = "t") {
  const auto peers = a.service->mesh(topic);
  return std::find(peers.begin(), peers.end(), b.host->id()) != peers.end();
}

class PubsubServiceTest : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Transports, PubsubServiceTest, testing::Values("udp/0/quic-v1", "tcp/0"),
                         [](const auto& p) { return p.param[0] == 'u' ? "Quic" : "Tcp"; });

TEST_P(PubsubServiceTest, PassesAMessageOnThroughAThirdNode) {
  Node a(GetParam()), b(GetParam()), c(GetParam());
  for (Node* n : {&a, &b, &c}) {
    n->subscribe();
  }
  ASSERT_TRUE(a.connectTo(b));
  ASSERT_TRUE(c.connectTo(b));
  ASSERT_TRUE(waitFor([&] { return meshed(a, b) && meshed(b, a) && meshed(b, c) && meshed(c, b); }));
  ASSERT_TRUE(a.publish("hello").ok());
  ASSERT_TRUE(waitFor([&] { return c.got["hello"] == 1 && b.got["hello"] == 1; }));
  EXPECT_EQ(c.lastVia, b.host->id());
  EXPECT_EQ(peerIdOf(c.last->from)->text(), a.identity->peerId());
  EXPECT_EQ(a.got["hello"], 0) << "not to ourselves";
  // Back, and large.
  const std::string large(1u << 20, 'L');
  ASSERT_TRUE(c.publish(large).ok());
  ASSERT_TRUE(waitFor([&] { return a.got[large] == 1; }));
  EXPECT_EQ(b.got[large], 1);
  EXPECT_FALSE(c.publish(large + "x").ok()) << "above the limit";
}

TEST_P(PubsubServiceTest, NineNodesGetEveryMessageOnce) {
  std::vector<std::unique_ptr<Node>> nodes;
  for (int i = 0; i < 9; ++i) {
    nodes.push_back(std::make_unique<Node>(GetParam()));
    nodes.back()->subscribe();
  }
  for (size_t i = 0; i < 9; ++i) {
    ASSERT_TRUE(nodes[i]->connectTo(*nodes[(i + 1) % 9]));
    ASSERT_TRUE(nodes[i]->connectTo(*nodes[(i + 4) % 9]));
  }
  ASSERT_TRUE(waitFor([&] {
    return std::all_of(nodes.begin(), nodes.end(), [](const auto& n) { return n->service->mesh("t").size() >= 4; });
  }));
  for (size_t i = 0; i < 9; ++i) {
    for (int k = 0; k < 5; ++k) {
      ASSERT_TRUE(nodes[i]->publish(std::to_string(i) + "/" + std::to_string(k)).ok());
    }
  }
  EXPECT_TRUE(waitFor(
      [&] { return std::all_of(nodes.begin(), nodes.end(), [](const auto& n) { return n->got.size() == 40; }); }));
  for (const auto& n : nodes) {
    for (const auto& [text, count] : n->got) {
      EXPECT_EQ(count, 1) << text;
    }
  }
}

TEST_P(PubsubServiceTest, AValidatorJudgesLater) {
  Node a(GetParam()), b(GetParam()), c(GetParam());
  std::map<std::string, PubsubService::Answer> waiting;
  ASSERT_TRUE(b.service
                  ->setTopic("t", {},
                             [&](const pubsub::MessagePtr& m, const PeerId&, PubsubService::Answer answer) {
                               waiting[std::string(m->data.begin(), m->data.end())] = std::move(answer);
                             })
                  .ok());
  for (Node* n : {&a, &b, &c}) {
    n->subscribe();
  }
  ASSERT_TRUE(a.connectTo(b));
  ASSERT_TRUE(b.connectTo(c));
  ASSERT_TRUE(waitFor([&] { return meshed(a, b) && meshed(b, c) && meshed(c, b); }));
  ASSERT_TRUE(a.publish("good").ok());
  ASSERT_TRUE(a.publish("bad").ok());
  ASSERT_TRUE(waitFor([&] { return waiting.size() == 2; }));
  EXPECT_TRUE(b.got.empty());
  waiting["bad"](Verdict::Reject);
  waiting["good"](Verdict::Accept);
  EXPECT_TRUE(waitFor([&] { return c.got["good"] == 1; }));
  EXPECT_EQ(b.got.count("bad"), 0u);
  EXPECT_EQ(c.got.count("bad"), 0u);
  EXPECT_LT(b.service->router().score().of(pubsubPeer(a.host->id())), 0);
  // An answer after the end is harmless.
  const auto late = waiting["good"];
  b.service.reset();
  late(Verdict::Accept);
}

TEST_P(PubsubServiceTest, ANodeThatComesBackHearsAgain) {
  Node a(GetParam()), b(GetParam());
  a.subscribe();
  b.subscribe();
  ASSERT_TRUE(a.connectTo(b));
  ASSERT_TRUE(waitFor([&] { return meshed(a, b) && meshed(b, a); }));
  a.host->disconnect(b.host->id(), "test");
  ASSERT_TRUE(waitFor([&] { return a.service->stats().peers == 0 && b.service->stats().peers == 0; }));
  EXPECT_TRUE(a.service->subscribers("t").empty());
  ASSERT_TRUE(b.connectTo(a));
  ASSERT_TRUE(waitFor([&] { return meshed(a, b) && meshed(b, a); }));
  ASSERT_TRUE(a.publish("again").ok());
  EXPECT_TRUE(waitFor([&] { return b.got["again"] == 1; }));
}

TEST(PubsubServiceTopicsTest, LeavingEndsIt) {
  Node a, b;
  a.subscribe();
  b.subscribe();
  ASSERT_TRUE(a.connectTo(b));
  ASSERT_TRUE(waitFor([&] { return meshed(a, b) && meshed(b, a); }));
  b.service->unsubscribe(b.subscription);
  ASSERT_TRUE(waitFor([&] { return a.service->subscribers("t").empty() && a.service->mesh("t").empty(); }));
  b.subscribe("other");
  ASSERT_TRUE(waitFor([&] { return a.service->subscribers("other").size() == 1; }));
  // Without having joined.
  ASSERT_TRUE(a.publish("from outside", "other").ok());
  EXPECT_TRUE(waitFor([&] { return b.got["from outside"] == 1; }));
}

TEST(PubsubServiceTopicsTest, TheOriginalsIdsMakeEqualPayloadsOneMessage) {
  Node a, b;
  pubsub::TopicOptions options;
  options.messageId = pubsub::idFromData;
  options.mesh = pubsub::MeshSizes::originals();
  for (Node* n : {&a, &b}) {
    ASSERT_TRUE(n->service->setTopic("/mycelial/1.0.0/chat", options).ok());
    n->subscribe("/mycelial/1.0.0/chat");
  }
  ASSERT_TRUE(a.connectTo(b));
  ASSERT_TRUE(waitFor([&] { return meshed(a, b, "/mycelial/1.0.0/chat"); }));
  ASSERT_TRUE(a.publish("x", "/mycelial/1.0.0/chat").ok());
  EXPECT_FALSE(a.publish("x", "/mycelial/1.0.0/chat").ok());
  EXPECT_TRUE(waitFor([&] { return b.got["x"] == 1; }));
  EXPECT_FALSE(b.publish("x", "/mycelial/1.0.0/chat").ok());
}

TEST(PubsubServiceTopicsTest, ObserversSeeWhatPasses) {
  struct Watch final : PubsubObserver {
    std::vector<pubsub::Note::Kind> notes;
    std::vector<PeerId> sent;
    void onNote(const pubsub::Note& n) override { notes.push_back(n.kind); }
    void onSent(const PeerId& to, const pubsub::MessageId&, const pubsub::MessagePtr&) override { sent.push_back(to); }
    [[nodiscard]] bool saw(pubsub::Note::Kind kind) const {
      return std::find(notes.begin(), notes.end(), kind) != notes.end();
    }
  };
  Node a, b;
  Watch atA, atB;
  a.service->addObserver(&atA);
  b.service->addObserver(&atB);
  a.subscribe();
  b.subscribe();
  ASSERT_TRUE(a.connectTo(b));
  ASSERT_TRUE(waitFor([&] { return meshed(a, b) && meshed(b, a); }));
  ASSERT_TRUE(a.publish("seen").ok());
  ASSERT_TRUE(waitFor([&] { return atB.saw(pubsub::Note::Kind::Received); }));
  EXPECT_TRUE(atA.saw(pubsub::Note::Kind::Published));
  EXPECT_TRUE(atA.saw(pubsub::Note::Kind::Grafted));
  EXPECT_EQ(atA.sent, std::vector<PeerId>{b.host->id()});
  EXPECT_GE(b.service->stats().rpcsIn, 2u);
  EXPECT_EQ(b.service->stats().broken, 0u);
  a.service->removeObserver(&atA);
  b.service->removeObserver(&atB);
}

TEST(PubsubServiceTopicsTest, WrongTopicsAreRefused) {
  Node a;
  EXPECT_FALSE(a.service->subscribe("", [](const auto&, const auto&) {}).ok());
  EXPECT_FALSE(a.service->subscribe(std::string(513, 't'), [](const auto&, const auto&) {}).ok());
  EXPECT_FALSE(a.publish("x", "").ok());
  pubsub::TopicOptions options;
  options.mesh.low = 0;
  EXPECT_FALSE(a.service->setTopic("t", options).ok());
}

} // namespace
} // namespace univrs::p2p

int main(int argc, char** argv) {
  QCoreApplication app(argc, argv);
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
