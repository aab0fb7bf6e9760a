// Joining, leaving, GRAFT, PRUNE, backoff, peer exchange, heartbeat: specs/gossipsub 1.0 and 1.1, rule by rule.
#include "tests/pubsub/router_fixture.h"

namespace univrs::pubsub {

TEST_F(RouterTest, TellsItsTopicsToWhoConnects) {
  join("a");
  join("b");
  const auto said = told(connect("p"), "p");
  EXPECT_EQ(said.subscriptions, (std::vector<Subscription>{{"a", true}, {"b", true}}));
  EXPECT_TRUE(connect("p").empty()) << "said once";
}

TEST_F(RouterTest, JoiningGraftsUpToWanted) {
  peers(10);
  const auto effects = join();
  EXPECT_EQ(router->mesh("t").size(), 6u);
  size_t grafts = 0;
  for (int i = 0; i < 10; ++i) {
    const auto said = told(effects, "p" + std::to_string(i));
    EXPECT_EQ(said.subscriptions, (std::vector<Subscription>{{"t", true}}));
    EXPECT_EQ(said.graft.size(), mesh().count("p" + std::to_string(i)));
    grafts += said.graft.size();
  }
  EXPECT_EQ(grafts, 6u);
  EXPECT_TRUE(join().empty());
}

TEST_F(RouterTest, TheOriginalsMeshIsTwo) {
  TopicOptions options;
  options.mesh = MeshSizes::originals();
  options.messageId = idFromData;
  ASSERT_TRUE(router->setTopic("t", options).ok());
  peers(10);
  join();
  EXPECT_EQ(router->mesh("t").size(), 2u);
  EXPECT_EQ(router->idOf(*message("x", 1)), router->idOf(*message("y", 2))) << "equal data, equal id";
}

TEST_F(RouterTest, ContradictingMeshSizesAreRefused) {
  TopicOptions options;
  options.mesh.outbound = 4;
  EXPECT_FALSE(router->setTopic("t", options).ok());
  options.mesh = {.wanted = 3, .low = 4, .high = 5, .best = 1, .outbound = 0, .lazy = 1};
  EXPECT_FALSE(router->setTopic("t", options).ok());
}

TEST_F(RouterTest, LeavingPrunesWithTheShortBackoff) {
  peers(2);
  join();
  ASSERT_EQ(mesh().size(), 2u);
  const auto effects = router->on(Leave{"t"}, now);
  for (const char* p : {"p0", "p1"}) {
    const auto said = told(effects, p);
    EXPECT_EQ(said.subscriptions, (std::vector<Subscription>{{"t", false}}));
    ASSERT_EQ(said.prune.size(), 1u);
    EXPECT_EQ(said.prune[0], (Prune{"t", {}, 10}));
  }
  EXPECT_FALSE(router->isJoined("t"));
  // Rejoining heeds it ourselves.
  now = now + Millis(9'000);
  join();
  EXPECT_TRUE(mesh().empty());
  now = now + Millis(2'000);
  heartbeat();
  EXPECT_EQ(mesh().size(), 2u);
}

TEST_F(RouterTest, OldPeersGetAPruneWithoutExtras) {
  router->on(PeerConnected{peer("old"), false, {}, false, false}, now);
  subscribe("old");
  join();
  const auto said = told(router->on(Leave{"t"}, now), "old");
  ASSERT_EQ(said.prune.size(), 1u);
  EXPECT_EQ(said.prune[0], (Prune{"t", {}, 0}));
}

TEST_F(RouterTest, ASubscriberIsGraftedWhileTheMeshIsTooSmall) {
  join();
  connect("p0");
  EXPECT_EQ(told(subscribe("p0"), "p0").graft, std::vector<Topic>{"t"});
  for (int i = 1; i < 5; ++i) {
    connect("p" + std::to_string(i));
    subscribe("p" + std::to_string(i));
  }
  connect("late");
  EXPECT_TRUE(subscribe("late").empty()) << "five are enough";
}

TEST_F(RouterTest, AGraftIsTakenSilently) {
  peers(1);
  join();
  connect("q");
  EXPECT_TRUE(graft("q").empty());
  EXPECT_TRUE(mesh().count("q")) << "grafting says that it is subscribed";
  EXPECT_TRUE(graft("q").empty()) << "again: nothing";
}

TEST_F(RouterTest, AGraftForAnUnknownTopicIsIgnored) {
  connect("p");
  EXPECT_TRUE(graft("p", "unknown").empty());
  EXPECT_TRUE(router->subscribers("unknown").empty());
}

TEST_F(RouterTest, AGraftOfADirectPeerIsPruned) {
  router->setDirect(peer("d"), true);
  join();
  connect("d");
  subscribe("d");
  EXPECT_TRUE(mesh().empty());
  const auto said = told(graft("d"), "d");
  ASSERT_EQ(said.prune.size(), 1u);
  EXPECT_TRUE(mesh().empty());
}

TEST_F(RouterTest, AGraftDuringBackoffIsPrunedAndPunishedTwiceWhenQuick) {
  join();
  connect("p");
  subscribe("p");
  pruneBy("p", 60);
  EXPECT_TRUE(mesh().empty());
  now = now + Millis(30'000);
  const auto said = told(graft("p"), "p");
  ASSERT_EQ(said.prune.size(), 1u);
  EXPECT_EQ(said.prune[0].backoffSeconds, 60u);
  EXPECT_TRUE(said.prune[0].peers.empty());
  EXPECT_DOUBLE_EQ(router->score().parts(peer("p")).p7, -10) << "once: 30 s after the PRUNE";
  now = now + Millis(5'000);
  graft("p");
  EXPECT_DOUBLE_EQ(router->score().parts(peer("p")).p7, -90) << "three: 5 s after the second one";
}

TEST_F(RouterTest, AGraftWithANegativeScoreIsPruned) {
  join();
  peers(5);
  connect("p");
  router->setApplicationScore(peer("p"), -1);
  const auto said = told(graft("p"), "p");
  ASSERT_EQ(said.prune.size(), 1u);
  EXPECT_TRUE(said.prune[0].peers.empty()) << "no peers told to bad ones";
}

TEST_F(RouterTest, AFullMeshTakesOnlyPeersWeDialled) {
  join();
  for (int i = 0; i < 12; ++i) {
    connect("r" + std::to_string(i));
    graft("r" + std::to_string(i));
  }
  ASSERT_EQ(mesh().size(), 12u);
  connect("in", false);
  const auto said = told(graft("in"), "in");
  ASSERT_EQ(said.prune.size(), 1u);
  EXPECT_EQ(said.prune[0].backoffSeconds, 60u);
  EXPECT_EQ(said.prune[0].peers.size(), 12u) << "told whom to try instead, with signed records";
  connect("out", true);
  EXPECT_TRUE(told(graft("out"), "out").prune.empty());
  EXPECT_TRUE(mesh().count("out"));
}

TEST_F(RouterTest, PeersWithoutASignedRecordAreNotRecommended) {
  join();
  peers(12);
  for (int i = 0; i < 12; ++i) {
    graft("p" + std::to_string(i));
  }
  connect("in");
  const auto said = told(graft("in"), "in");
  ASSERT_EQ(said.prune.size(), 1u);
  EXPECT_TRUE(said.prune[0].peers.empty());
}

TEST_F(RouterTest, BackoffFromThePeerIsClamped) {
  join();
  peers(1);
  ASSERT_EQ(mesh().size(), 1u);
  // 2^64-1 seconds overflows every clock (CVE-2026-33040), as does what looks small once multiplied.
  for (const uint64_t seconds : {UINT64_MAX, UINT64_MAX / 1'000 + 1, uint64_t(1) << 63}) {
    pruneBy("p0", seconds);
    const auto until = router->backoff().until("t", peer("p0"));
    ASSERT_TRUE(until);
    EXPECT_EQ(*until - now, Backoff::kLongest);
  }
  heartbeat();
  EXPECT_TRUE(mesh().empty());
  now = now + Backoff::kLongest;
  heartbeat();
  EXPECT_EQ(mesh().size(), 1u);
}

TEST_F(RouterTest, APruneWithoutABackoffCountsAsAMinute) {
  join();
  peers(1);
  pruneBy("p0", 0);
  EXPECT_EQ(*router->backoff().until("t", peer("p0")) - now, Millis(60'000));
  pruneBy("p0", 5);
  EXPECT_EQ(*router->backoff().until("t", peer("p0")) - now, Millis(60'000)) << "never shortened";
}

TEST_F(RouterTest, BackoffOutlivesTheConnection) {
  join();
  peers(1);
  pruneBy("p0", 60);
  router->on(PeerDisconnected{peer("p0")}, now);
  peers(1);
  EXPECT_TRUE(mesh().empty());
  EXPECT_EQ(told(graft("p0"), "p0").prune.size(), 1u);
}

TEST_F(RouterTest, APruneForATopicNotJoinedLeavesNothingBehind) {
  connect("p");
  pruneBy("p", 60);
  EXPECT_EQ(router->backoff().size(), 0u);
}

TEST_F(RouterTest, ExchangedPeersAreTakenOnlyFromGoodPeersAndOnlyWithRecords) {
  join();
  peers(1);
  const std::vector<ExchangedPeer> px{{peer("x"), {1}}, {peer("bare"), {}}, {peer("me"), {1}}, {peer("p0"), {1}}};
  EXPECT_TRUE(only<Connect>(pruneBy("p0", 60, px)).empty()) << "score 0 is not enough";
  earn("p0", 30);
  ASSERT_GE(router->score().of(peer("p0")), 10);
  const auto taken = only<Connect>(pruneBy("p0", 60, px));
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_EQ(taken[0].peer, peer("x"));
  EXPECT_EQ(taken[0].signedRecord, base::Bytes{1});
}

TEST_F(RouterTest, ExchangedPeersAreFewEvenWhenManyAreTold) {
  join();
  peers(1);
  earn("p0", 30);
  std::vector<ExchangedPeer> px;
  for (int i = 0; i < 1'000; ++i) {
    px.push_back({peer("x" + std::to_string(i)), {1}});
  }
  EXPECT_EQ(only<Connect>(pruneBy("p0", 60, px)).size(), 16u);
  EXPECT_EQ(only<Connect>(pruneBy("p0", 60, px)).size(), 16u);
  EXPECT_EQ(only<Connect>(pruneBy("p0", 60, px)).size(), 0u) << "32 in a heartbeat";
}

TEST_F(RouterTest, TheHeartbeatTrimsALargeMesh) {
  join();
  for (int i = 0; i < 14; ++i) {
    const auto name = "p" + std::to_string(i);
    connect(name, true);
    graft(name);
  }
  ASSERT_EQ(mesh().size(), 14u);
  earn("p3", 5);
  earn("p7", 5);
  earn("p8", 5);
  earn("p9", 5);
  const auto effects = heartbeat();
  EXPECT_EQ(mesh().size(), 6u);
  for (const char* best : {"p3", "p7", "p8", "p9"}) {
    EXPECT_TRUE(mesh().count(best)) << best;
  }
  size_t pruned = 0;
  for (int i = 0; i < 14; ++i) {
    pruned += told(effects, "p" + std::to_string(i)).prune.size();
  }
  EXPECT_EQ(pruned, 8u);
}

TEST_F(RouterTest, TrimmingKeepsOutboundPeers) {
  join();
  for (int i = 0; i < 13; ++i) {
    const auto name = "in" + std::to_string(i);
    connect(name, false);
    if (i < 12) {
      graft(name);
    }
    earn(name, 5);
  }
  for (const char* out : {"out0", "out1"}) {
    connect(out, true);
    graft(out);
  }
  ASSERT_EQ(mesh().size(), 14u);
  heartbeat();
  EXPECT_EQ(mesh().size(), 6u);
  EXPECT_TRUE(mesh().count("out0"));
  EXPECT_TRUE(mesh().count("out1"));
}

TEST_F(RouterTest, TheHeartbeatAddsOutboundPeers) {
  join();
  peers(6, "in");
  for (int i = 0; i < 6; ++i) {
    graft("in" + std::to_string(i));
  }
  ASSERT_EQ(mesh().size(), 6u);
  peers(3, "out", true);
  heartbeat();
  size_t outbound = 0;
  for (const auto& p : mesh()) {
    outbound += p.rfind("out", 0) == 0 ? 1 : 0;
  }
  EXPECT_EQ(outbound, 2u);
}

TEST_F(RouterTest, TheHeartbeatDropsNegativePeersAndFillsUp) {
  join();
  peers(6);
  heartbeat();
  ASSERT_GE(mesh().size(), 5u);
  const std::string victim = *mesh().begin();
  router->setApplicationScore(peer(victim), -1);
  const auto effects = heartbeat();
  EXPECT_FALSE(mesh().count(victim));
  ASSERT_EQ(told(effects, victim).prune.size(), 1u);
  EXPECT_TRUE(told(effects, victim).prune[0].peers.empty());
}

TEST_F(RouterTest, OpportunisticGraftAddsBetterPeersToAPoorMesh) {
  join();
  peers(6);
  for (int i = 0; i < 6; ++i) {
    graft("p" + std::to_string(i));
  }
  peers(4, "better");
  for (int i = 0; i < 4; ++i) {
    router->setApplicationScore(peer("better" + std::to_string(i)), 1);
  }
  for (int i = 0; i < 59; ++i) {
    heartbeat();
  }
  EXPECT_EQ(mesh().size(), 6u);
  heartbeat();
  EXPECT_EQ(mesh().size(), 8u);
  size_t better = 0;
  for (const auto& p : mesh()) {
    better += p.rfind("better", 0) == 0 ? 1 : 0;
  }
  EXPECT_EQ(better, 2u);
}

TEST_F(RouterTest, DirectPeersAreDialledAgain) {
  router->setDirect(peer("d"), true);
  EXPECT_EQ(only<Connect>(heartbeat()).size(), 1u);
  for (int i = 1; i < 300; ++i) {
    EXPECT_TRUE(only<Connect>(heartbeat()).empty());
  }
  EXPECT_EQ(only<Connect>(heartbeat()).size(), 1u);
  connect("d");
  for (int i = 0; i < 300; ++i) {
    EXPECT_TRUE(only<Connect>(heartbeat()).empty());
  }
}

TEST_F(RouterTest, APeersSubscriptionsAreBounded) {
  connect("p");
  Control c;
  for (int i = 0; i < 5'000; ++i) {
    c.subscriptions.push_back({"topic" + std::to_string(i), true});
  }
  hear("p", c);
  EXPECT_EQ(router->subscribers("topic255").size(), 1u);
  EXPECT_TRUE(router->subscribers("topic256").empty());
  connect("q");
  c.subscriptions.clear();
  for (int i = 0; i < 200; ++i) {
    c.subscriptions.push_back({std::string(500, 'x') + std::to_string(1'000 + i), true});
  }
  hear("q", c);
  EXPECT_EQ(router->subscribers(std::string(500, 'x') + "1064").size(), 1u);
  EXPECT_TRUE(router->subscribers(std::string(500, 'x') + "1065").empty()) << "32 KiB of names";
}

TEST_F(RouterTest, WhatADisconnectedPeerLeftIsGone) {
  join();
  peers(3);
  ASSERT_EQ(mesh().size(), 3u);
  EXPECT_TRUE(router->on(PeerDisconnected{peer("p1")}, now).empty());
  EXPECT_EQ(mesh(), (std::set<std::string>{"p0", "p2"}));
  EXPECT_EQ(router->subscribers("t").size(), 2u);
  EXPECT_TRUE(graft("p1").empty()) << "not heard any more";
}

TEST_F(RouterTest, TheSameSeedGivesTheSameEffects) {
  const auto run = [this] {
    make({}, {});
    join();
    peers(20);
    std::string log;
    for (int i = 0; i < 5; ++i) {
      hear("p1", message("p1", uint64_t(i)));
      for (const auto& s : only<SendControl>(heartbeat())) {
        log += s.to.str() + ",";
      }
    }
    return log;
  };
  EXPECT_EQ(run(), run());
}

} // namespace univrs::pubsub
