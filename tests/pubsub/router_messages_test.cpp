// Publishing, forwarding, validation, fanout, seen messages.
#include "tests/pubsub/router_fixture.h"

namespace univrs::pubsub {

TEST_F(RouterTest, DeliversOnceAndForwardsToTheMesh) {
  join();
  peers(5);
  const auto effects = hear("p0", message("p1", 1));
  ASSERT_EQ(only<Deliver>(effects).size(), 1u);
  EXPECT_EQ(only<Deliver>(effects)[0].via, peer("p0"));
  EXPECT_EQ(recipients(effects), (std::set<std::string>{"p2", "p3", "p4"})) << "not to the sender, not to the author";
  EXPECT_TRUE(hear("p2", message("p1", 1)).empty());
  EXPECT_EQ(router->stats().duplicates, 1u);
}

TEST_F(RouterTest, MessagesOnTopicsNotJoinedAreDropped) {
  peers(2);
  EXPECT_TRUE(hear("p0", message("p1", 1)).empty());
  EXPECT_EQ(router->seen().size(), 0u);
}

TEST_F(RouterTest, AForgeryIsBlamedAndDoesNotKeepOutTheRealOne) {
  join();
  peers(5);
  EXPECT_TRUE(hear("p0", message("p1", 1, "t", 5, false)).empty());
  EXPECT_LT(router->score().of(peer("p0")), 0);
  EXPECT_EQ(only<Deliver>(hear("p2", message("p1", 1))).size(), 1u);
}

TEST_F(RouterTest, AFewInvalidMessagesPutAPeerOut) {
  join();
  peers(6);
  earn("p0", 60); // as good a standing as a peer can have
  for (uint64_t i = 0; i < 5; ++i) {
    hear("p0", message("p0", i, "t", 5, false));
  }
  EXPECT_LT(router->score().of(peer("p0")), router->score().params().thresholds.graylist);
  EXPECT_TRUE(hear("p0", message("p0", 77)).empty()) << "not heard";
  EXPECT_EQ(router->stats().refused, 1u);
  heartbeat();
  EXPECT_FALSE(mesh().count("p0"));
}

TEST_F(RouterTest, TooLargeMessagesAreRefused) {
  RouterParams params;
  params.maxMessageBytes = 100;
  make(params, {});
  join();
  peers(2);
  EXPECT_TRUE(hear("p0", message("p0", 1, "t", 101)).empty());
  EXPECT_EQ(router->stats().rejected, 1u);
  EXPECT_TRUE(router->on(Publish{message("me", 1, "t", 101)}, now).empty());
  EXPECT_EQ(only<Deliver>(hear("p0", message("p0", 2, "t", 100))).size(), 1u);
}

TEST_F(RouterTest, OurOwnMessageFromOthersIsIgnoredWithoutBlame) {
  join();
  peers(2);
  EXPECT_TRUE(hear("p0", message("me", 1)).empty());
  EXPECT_EQ(router->score().of(peer("p0")), 0);
}

TEST_F(RouterTest, FloodPublishReachesEverySubscriberAboveTheThreshold) {
  join();
  peers(20);
  router->setApplicationScore(peer("p19"), -5.1);
  router->setApplicationScore(peer("p18"), -5.0);
  const auto effects = router->on(Publish{message("me", 1)}, now);
  EXPECT_EQ(recipients(effects).size(), 19u);
  EXPECT_FALSE(recipients(effects).count("p19"));
  EXPECT_TRUE(only<Deliver>(effects).empty()) << "not to ourselves";
  EXPECT_TRUE(router->on(Publish{message("me", 1)}, now).empty()) << "once";
}

TEST_F(RouterTest, WithoutFloodingTheMeshGetsIt) {
  RouterParams params;
  params.floodPublish = false;
  make(params, {});
  join();
  peers(20);
  heartbeat();
  router->setDirect(peer("d"), true);
  peers(1, "d");
  connect("d");
  subscribe("d");
  auto expected = mesh();
  ASSERT_EQ(expected.size(), 5u);
  const auto to = recipients(router->on(Publish{message("me", 1)}, now));
  EXPECT_TRUE(to.count("d"));
  EXPECT_TRUE(std::includes(to.begin(), to.end(), expected.begin(), expected.end()));
  EXPECT_LE(to.size(), 7u) << "filled up to the wanted size, and the direct peer";
}

TEST_F(RouterTest, PublishingWithoutJoiningUsesTheSamePeersForAMinute) {
  RouterParams params;
  params.floodPublish = false;
  make(params, {});
  peers(20);
  const auto first = recipients(router->on(Publish{message("me", 1)}, now));
  EXPECT_EQ(first.size(), 6u);
  EXPECT_EQ(recipients(router->on(Publish{message("me", 2)}, now)), first);
  // Gossip of it goes out too.
  size_t told = 0;
  for (const auto& s : only<SendControl>(heartbeat())) {
    EXPECT_FALSE(first.count(s.to.str()));
    told += s.control.ihave.empty() ? 0 : 1;
  }
  EXPECT_EQ(told, 6u);
  // Whoever leaves is replaced.
  Control c;
  c.subscriptions.push_back({"t", false});
  hear(*first.begin(), c);
  EXPECT_EQ(router->fanout("t").size(), 5u);
  heartbeat();
  EXPECT_EQ(router->fanout("t").size(), 6u);
  // Joining makes a mesh of it.
  const auto fan = router->fanout("t");
  join();
  EXPECT_EQ(router->mesh("t"), fan);
  EXPECT_TRUE(router->fanout("t").empty());
}

TEST_F(RouterTest, FanoutEndsAMinuteAfterTheLastMessage) {
  peers(20);
  router->on(Publish{message("me", 1)}, now);
  EXPECT_EQ(router->fanout("t").size(), 6u);
  for (int i = 0; i < 59; ++i) {
    heartbeat();
  }
  EXPECT_EQ(router->fanout("t").size(), 6u);
  heartbeat();
  EXPECT_TRUE(router->fanout("t").empty());
}

TEST_F(RouterTest, DirectPeersGetEverythingWhateverTheirScore) {
  router->setDirect(peer("d"), true);
  join();
  peers(5);
  connect("d");
  subscribe("d");
  router->setApplicationScore(peer("d"), -100);
  EXPECT_TRUE(recipients(hear("p0", message("p0", 1))).count("d"));
  EXPECT_EQ(only<Deliver>(hear("d", message("x", 1))).size(), 1u);
}

class ValidationTest : public RouterTest {
protected:
  ValidationTest() {
    TopicOptions options;
    options.validate = true;
    EXPECT_TRUE(router->setTopic("t", options).ok());
    join();
    peers(5);
  }
};

TEST_F(ValidationTest, AcceptedLaterIsDeliveredAndForwardedThen) {
  const auto asked = hear("p0", message("a", 1));
  ASSERT_EQ(only<Validate>(asked).size(), 1u);
  EXPECT_TRUE(only<Deliver>(asked).empty());
  EXPECT_TRUE(only<Validate>(hear("p1", message("a", 1))).empty()) << "asked once";
  const auto effects = router->on(Validated{id("a", 1), Verdict::Accept}, now);
  EXPECT_EQ(only<Deliver>(effects).size(), 1u);
  EXPECT_EQ(recipients(effects), (std::set<std::string>{"p2", "p3", "p4"})) << "p1 has it already";
  EXPECT_TRUE(router->on(Validated{id("a", 1), Verdict::Accept}, now).empty()) << "one answer";
  EXPECT_TRUE(router->on(Validated{id("a", 9), Verdict::Accept}, now).empty()) << "nobody asked";
}

TEST_F(ValidationTest, RejectedBlamesEveryoneWhoSentIt) {
  hear("p0", message("a", 1));
  hear("p1", message("a", 1));
  EXPECT_TRUE(router->on(Validated{id("a", 1), Verdict::Reject}, now).empty());
  hear("p2", message("a", 1));
  for (const char* p : {"p0", "p1", "p2"}) {
    EXPECT_DOUBLE_EQ(router->score().parts(peer(p)).p4, -5) << p;
  }
  EXPECT_EQ(router->score().of(peer("p3")), 0);
  EXPECT_EQ(router->cache().size(), 0u);
}

TEST_F(ValidationTest, IgnoredBlamesNobody) {
  hear("p0", message("a", 1));
  EXPECT_TRUE(router->on(Validated{id("a", 1), Verdict::Ignore}, now).empty());
  hear("p2", message("a", 1));
  EXPECT_EQ(router->score().of(peer("p0")), 0);
  EXPECT_EQ(router->score().of(peer("p2")), 0);
}

TEST_F(ValidationTest, WaitingMessagesAreBounded) {
  for (uint64_t i = 0; i < SeenCache::kMaxPending + 10; ++i) {
    hear("p0", message("a", i));
  }
  EXPECT_EQ(router->seen().pending(), SeenCache::kMaxPending);
  EXPECT_EQ(router->stats().ignored, 10u);
  EXPECT_FALSE(router->seen().has(id("a", SeenCache::kMaxPending))) << "not seen: it may come again";
  for (int i = 0; i < 31; ++i) {
    heartbeat();
  }
  EXPECT_EQ(router->seen().pending(), 0u) << "a validator that does not answer does not hold them for ever";
  EXPECT_TRUE(router->on(Validated{id("a", 1), Verdict::Accept}, now).empty());
}

TEST_F(ValidationTest, NothingIsDeliveredAfterLeaving) {
  hear("p0", message("a", 1));
  router->on(Leave{"t"}, now);
  EXPECT_TRUE(router->on(Validated{id("a", 1), Verdict::Accept}, now).empty());
}

TEST_F(RouterTest, NotesTellWhatHappened) {
  router->setNotes(true);
  join();
  connect("p0");
  std::vector<Note::Kind> kinds;
  const auto collect = [&](const Effects& effects) {
    for (const auto& n : only<Note>(effects)) {
      kinds.push_back(n.kind);
    }
  };
  collect(subscribe("p0"));
  collect(hear("p0", message("a", 1)));
  collect(hear("p0", message("a", 1)));
  collect(hear("p0", message("a", 2, "t", 5, false)));
  collect(router->on(Publish{message("me", 1)}, now));
  using K = Note::Kind;
  EXPECT_EQ(kinds, (std::vector<K>{K::Subscribed, K::Grafted, K::Received, K::Duplicate, K::Rejected, K::Published}));
}

} // namespace univrs::pubsub
