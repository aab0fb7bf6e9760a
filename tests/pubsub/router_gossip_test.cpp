// IHAVE, IWANT, IDONTWANT, promises: what is told, asked and answered, and where it stops.
#include "tests/pubsub/router_fixture.h"

namespace univrs::pubsub {

class GossipTest : public RouterTest {
protected:
  GossipTest() {
    join();
    peers(5, "m"); // they fill the mesh
    peers(10, "lazy");
  }
  std::set<std::string> toldOf(const Effects& effects) {
    std::set<std::string> out;
    for (const auto& s : only<SendControl>(effects)) {
      if (!s.control.ihave.empty()) {
        out.insert(s.to.str());
      }
    }
    return out;
  }
};

TEST_F(GossipTest, TellsSomePeersOutsideTheMeshForThreeHeartbeats) {
  ASSERT_EQ(mesh(), (std::set<std::string>{"m0", "m1", "m2", "m3", "m4"}));
  hear("m0", message("a", 1));
  for (int i = 0; i < 3; ++i) {
    const auto effects = heartbeat();
    const auto who = toldOf(effects);
    EXPECT_EQ(who.size(), 6u) << i;
    for (const auto& p : who) {
      EXPECT_FALSE(mesh().count(p));
      EXPECT_EQ(told(effects, p).ihave, (std::vector<IHave>{{"t", {id("a", 1)}}}));
    }
    for (const auto& s : only<SendControl>(effects)) {
      EXPECT_FALSE(s.urgent) << "gossip may be dropped";
    }
  }
  EXPECT_TRUE(toldOf(heartbeat()).empty());
  EXPECT_EQ(router->cache().size(), 1u) << "no longer told of, still given";
  EXPECT_TRUE(toldOf(heartbeat()).empty());
  EXPECT_EQ(router->cache().size(), 0u);
}

TEST_F(GossipTest, AQuarterOfManyPeersIsTold) {
  peers(100, "more");
  hear("m0", message("a", 1));
  EXPECT_EQ(toldOf(heartbeat()).size(), 27u);
}

TEST_F(GossipTest, PeersBelowTheGossipThresholdAreNotTold) {
  for (int i = 0; i < 10; ++i) {
    router->setApplicationScore(peer("lazy" + std::to_string(i)), -1.1);
  }
  hear("m0", message("a", 1));
  EXPECT_TRUE(toldOf(heartbeat()).empty());
}

TEST_F(GossipTest, AsksForWhatItLacksOnly) {
  hear("m0", message("a", 1));
  const auto said = told(ihave("lazy0", {id("a", 1), id("a", 2), id("a", 2)}), "lazy0");
  EXPECT_EQ(said.iwant, std::vector<MessageId>{id("a", 2)});
  EXPECT_TRUE(ihave("lazy0", {id("a", 3)}, "other").empty()) << "not our topic";
  EXPECT_TRUE(ihave("lazy0", {MessageId(std::string(257, 'x'))}).empty()) << "no id is that long";
}

TEST_F(GossipTest, ABadPeersIhaveIsIgnored) {
  router->setApplicationScore(peer("lazy0"), -1.1);
  EXPECT_TRUE(ihave("lazy0", {id("a", 2)}).empty());
}

TEST_F(GossipTest, IhaveIsCappedPerHeartbeat) {
  for (uint64_t i = 0; i < 10; ++i) {
    EXPECT_EQ(told(ihave("lazy0", {id("a", i)}), "lazy0").iwant.size(), 1u);
  }
  EXPECT_TRUE(ihave("lazy0", {id("a", 11)}).empty()) << "the eleventh message";
  EXPECT_EQ(told(ihave("lazy1", {id("a", 11)}), "lazy1").iwant.size(), 1u) << "another peer";
  heartbeat();
  EXPECT_EQ(told(ihave("lazy0", {id("a", 11)}), "lazy0").iwant.size(), 1u);
}

TEST_F(GossipTest, IdsAreCappedPerHeartbeatAndSplitIntoSmallRpcs) {
  std::vector<MessageId> many;
  for (uint64_t i = 0; i < 6'000; ++i) {
    many.push_back(id("a", i));
  }
  const auto effects = ihave("lazy0", many);
  EXPECT_EQ(told(effects, "lazy0").iwant.size(), 5'000u);
  EXPECT_GT(only<SendControl>(effects).size(), 1u);
  for (const auto& s : only<SendControl>(effects)) {
    size_t bytes = 0;
    for (const auto& wanted : s.control.iwant) {
      bytes += wanted.str().size() + 2;
    }
    EXPECT_LE(bytes, Router::kMaxControlBytes);
  }
  EXPECT_TRUE(ihave("lazy0", {id("b", 1)}).empty());
  EXPECT_EQ(router->promises().size(), 1u);
}

TEST_F(GossipTest, ABrokenPromiseIsPunishedOnceAndAKeptOneNot) {
  ihave("lazy0", {id("a", 1)});
  ihave("lazy1", {id("a", 2)});
  hear("lazy1", message("a", 2));
  heartbeat();
  heartbeat();
  EXPECT_EQ(router->score().of(peer("lazy0")), 0) << "there is still time";
  heartbeat();
  EXPECT_EQ(router->stats().brokenPromises, 1u);
  EXPECT_DOUBLE_EQ(router->score().parts(peer("lazy0")).p7, -10);
  EXPECT_EQ(router->score().parts(peer("lazy1")).p7, 0);
  EXPECT_EQ(router->promises().size(), 0u);
}

TEST_F(GossipTest, AMessageWithABadSignatureKeepsNoPromise) {
  ihave("lazy0", {id("a", 1)});
  hear("lazy0", message("a", 1, "t", 5, false));
  EXPECT_EQ(router->promises().size(), 1u);
}

TEST_F(GossipTest, AnswersAnIwantThreeTimes) {
  hear("m0", message("a", 1));
  for (int i = 0; i < 3; ++i) {
    const auto sent = only<SendMessage>(iwant("lazy0", {id("a", 1), id("a", 1)}));
    ASSERT_EQ(sent.size(), 1u) << i;
    EXPECT_EQ(sent[0].why, SendMessage::Why::Asked);
    EXPECT_EQ(sent[0].to, std::vector<Peer>{peer("lazy0")});
  }
  EXPECT_TRUE(iwant("lazy0", {id("a", 1)}).empty());
  EXPECT_EQ(only<SendMessage>(iwant("lazy1", {id("a", 1)})).size(), 1u);
  EXPECT_TRUE(iwant("lazy1", {id("a", 99)}).empty());
  router->setApplicationScore(peer("lazy2"), -1.1);
  EXPECT_TRUE(iwant("lazy2", {id("a", 1)}).empty());
}

TEST_F(GossipTest, AnsweredBytesAreCappedPerHeartbeat) {
  std::vector<MessageId> ids;
  for (uint64_t i = 0; i < 20; ++i) {
    hear("m0", message("a", i, "t", 1u << 20));
    ids.push_back(id("a", i));
  }
  EXPECT_EQ(only<SendMessage>(iwant("lazy0", ids)).size(), 16u);
  EXPECT_TRUE(iwant("lazy0", ids).empty());
}

TEST_F(GossipTest, ALargeMessageIsAnnouncedToTheMeshBeforeItIsJudged) {
  TopicOptions options;
  options.validate = true;
  ASSERT_TRUE(router->setTopic("t", options).ok());
  const auto effects = hear("m0", message("a", 1, "t", 2'000));
  EXPECT_TRUE(told(effects, "m0").idontwant.empty()) << "it knows";
  for (const char* p : {"m1", "m2", "m3", "m4"}) {
    EXPECT_EQ(told(effects, p).idontwant, std::vector<MessageId>{id("a", 1)});
  }
  EXPECT_TRUE(only<SendMessage>(effects).empty());
  EXPECT_TRUE(only<SendControl>(hear("m0", message("a", 2, "t", 100))).empty()) << "a small one is not";
}

TEST_F(GossipTest, OnlyPeersOf12HearIdontwant) {
  router->on(PeerConnected{peer("old"), true, {}, true, false}, now);
  graft("old");
  ASSERT_TRUE(mesh().count("old"));
  EXPECT_TRUE(told(hear("m0", message("a", 1, "t", 2'000)), "old").idontwant.empty());
}

TEST_F(GossipTest, IdontwantIsHeededForThreeHeartbeats) {
  Control c;
  c.idontwant = {id("a", 1), id("a", 2), id("a", 3)};
  hear("m1", c);
  EXPECT_EQ(recipients(hear("m0", message("a", 1))), (std::set<std::string>{"m2", "m3", "m4"}));
  EXPECT_EQ(router->stats().unwanted, 1u);
  heartbeat();
  heartbeat();
  EXPECT_FALSE(recipients(hear("m0", message("a", 2))).count("m1"));
  heartbeat();
  EXPECT_TRUE(recipients(hear("m0", message("a", 3))).count("m1"));
}

TEST_F(GossipTest, IdontwantIsCappedPerHeartbeat) {
  Control c;
  for (uint64_t i = 0; i < 2'000; ++i) {
    c.idontwant.push_back(id("a", i));
  }
  hear("m1", c);
  EXPECT_FALSE(recipients(hear("m0", message("a", 999))).count("m1"));
  EXPECT_TRUE(recipients(hear("m0", message("a", 1'000))).count("m1"));
}

} // namespace univrs::pubsub
