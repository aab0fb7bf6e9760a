// P1…P7, decay, memory of those who left, and that no input makes a score anything but a number.
#include "engine/pubsub/score.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace univrs::pubsub {
namespace {

using base::Millis;
using base::Monotonic;

const Peer kPeer("p");
const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInf = std::numeric_limits<double>::infinity();

TopicScoreParams plain() {
  TopicScoreParams p;
  p.topicWeight = 0.5;
  p.timeInMeshWeight = 1;
  p.timeInMeshQuantum = Millis(1'000);
  p.timeInMeshCap = 10;
  p.firstDeliveriesWeight = 2;
  p.firstDeliveriesDecay = 0.5;
  p.firstDeliveriesCap = 8;
  p.meshDeliveriesWeight = -1;
  p.meshDeliveriesThreshold = 4;
  p.meshDeliveriesActivation = Millis(5'000);
  p.meshFailureWeight = -3;
  p.meshFailureDecay = 0.5;
  p.invalidWeight = -7;
  p.invalidDecay = 0.5;
  return p;
}

class ScoreTest : public testing::Test {
protected:
  ScoreTest() : score({}) {
    score.setTopic("t", plain());
    score.addPeer(kPeer, "");
  }
  void refreshFor(int seconds) {
    for (int i = 0; i < seconds; ++i) {
      now = now + Millis(1'000);
      score.refresh(now);
    }
  }
  Score score;
  Monotonic now{5'000};
};

TEST_F(ScoreTest, P1GrowsWithTimeInTheMeshUpToItsCap) {
  EXPECT_EQ(score.of(kPeer), 0);
  score.graft(kPeer, "t", now);
  refreshFor(4);
  EXPECT_DOUBLE_EQ(score.parts(kPeer).p1, 0.5 * 4);
  refreshFor(100);
  EXPECT_DOUBLE_EQ(score.parts(kPeer).p1, 0.5 * 10);
  score.prune(kPeer, "t");
  EXPECT_DOUBLE_EQ(score.parts(kPeer).p1, 0);
}

TEST_F(ScoreTest, P2CountsFirstDeliveriesAndDecays) {
  for (int i = 0; i < 20; ++i) {
    score.firstDelivery(kPeer, "t");
  }
  EXPECT_DOUBLE_EQ(score.of(kPeer), 0.5 * 2 * 8);
  refreshFor(1);
  EXPECT_DOUBLE_EQ(score.of(kPeer), 0.5 * 2 * 4);
  refreshFor(6); // 4 -> 0.0625 is below 0.1
  EXPECT_EQ(score.of(kPeer), 0);
}

TEST_F(ScoreTest, P3PunishesSilenceInTheMeshAfterItsTimeAndP3bRemembersIt) {
  score.graft(kPeer, "t", now);
  refreshFor(5);
  EXPECT_EQ(score.parts(kPeer).p3, 0);
  refreshFor(1);
  EXPECT_DOUBLE_EQ(score.parts(kPeer).p3, 0.5 * -1 * 16);
  score.duplicateDelivery(kPeer, "t", Millis(11));
  EXPECT_DOUBLE_EQ(score.parts(kPeer).p3, 0.5 * -1 * 16) << "too late to count";
  score.duplicateDelivery(kPeer, "t", Millis(10));
  score.firstDelivery(kPeer, "t");
  EXPECT_DOUBLE_EQ(score.parts(kPeer).p3, 0.5 * -1 * 4);
  score.prune(kPeer, "t");
  EXPECT_EQ(score.parts(kPeer).p3, 0);
  EXPECT_DOUBLE_EQ(score.parts(kPeer).p3b, 0.5 * -3 * 4);
  refreshFor(1);
  EXPECT_DOUBLE_EQ(score.parts(kPeer).p3b, 0.5 * -3 * 2);
}

TEST_F(ScoreTest, P4IsTheSquareOfInvalidMessages) {
  score.invalidMessage(kPeer, "t");
  score.invalidMessage(kPeer, "t");
  EXPECT_DOUBLE_EQ(score.of(kPeer), 0.5 * -7 * 4);
  refreshFor(1);
  EXPECT_DOUBLE_EQ(score.of(kPeer), 0.5 * -7 * 1);
}

TEST_F(ScoreTest, P5IsWhatTheApplicationSays) {
  score.setApplicationScore(kPeer, -3);
  EXPECT_DOUBLE_EQ(score.of(kPeer), -30);
}

TEST_F(ScoreTest, P6IsTheSquareOfTheSurplusOnOneAddress) {
  for (int i = 0; i < 13; ++i) {
    score.addPeer(Peer("ip" + std::to_string(i)), "192.0.2.1");
    score.addPeer(Peer("free" + std::to_string(i)), "");
  }
  EXPECT_DOUBLE_EQ(score.of(Peer("ip0")), -5 * 9);
  EXPECT_EQ(score.of(Peer("free0")), 0);
  score.removePeer(Peer("ip12"), now);
  EXPECT_DOUBLE_EQ(score.of(Peer("ip0")), -5 * 4);
  score.addPeer(Peer("ip11"), "192.0.2.2");
  EXPECT_DOUBLE_EQ(score.of(Peer("ip0")), -5 * 1) << "it moved";
}

TEST_F(ScoreTest, P7IsTheSquareOfMisbehaviour) {
  score.addPenalty(kPeer, 1);
  EXPECT_DOUBLE_EQ(score.of(kPeer), -10);
  score.addPenalty(kPeer, 2);
  EXPECT_DOUBLE_EQ(score.of(kPeer), -90);
  refreshFor(1);
  EXPECT_NEAR(score.of(kPeer), -10 * 0.36, 1e-9);
}

TEST_F(ScoreTest, TopicsTogetherAreCapped) {
  ScoreParams params;
  params.topicScoreCap = 5;
  Score capped(params);
  capped.setTopic("t", plain());
  capped.addPeer(kPeer, "");
  for (int i = 0; i < 8; ++i) {
    capped.firstDelivery(kPeer, "t");
  }
  EXPECT_DOUBLE_EQ(capped.of(kPeer), 5);
}

TEST_F(ScoreTest, UnknownTopicsAndPeersDoNotCount) {
  score.firstDelivery(kPeer, "other");
  score.invalidMessage(Peer("stranger"), "t");
  EXPECT_EQ(score.of(kPeer), 0);
  EXPECT_EQ(score.of(Peer("stranger")), 0);
}

TEST_F(ScoreTest, ABadScoreWaitsForWhoComesBackAGoodOneDoesNot) {
  score.addPeer(Peer("good"), "");
  score.firstDelivery(Peer("good"), "t");
  score.invalidMessage(kPeer, "t");
  const double bad = score.of(kPeer);
  score.removePeer(kPeer, now);
  score.removePeer(Peer("good"), now);
  refreshFor(3'599);
  score.addPeer(kPeer, "");
  score.addPeer(Peer("good"), "");
  EXPECT_DOUBLE_EQ(score.of(kPeer), bad) << "not decayed meanwhile";
  EXPECT_EQ(score.of(Peer("good")), 0);
  score.removePeer(kPeer, now);
  refreshFor(3'600);
  score.addPeer(kPeer, "");
  EXPECT_EQ(score.of(kPeer), 0);
}

TEST_F(ScoreTest, RememberedScoresAreBounded) {
  for (size_t i = 0; i < Score::kMaxRetained + 100; ++i) {
    const Peer p("q" + std::to_string(i));
    score.addPeer(p, "");
    score.addPenalty(p, 1);
    score.removePeer(p, now + Millis(int64_t(i)));
  }
  EXPECT_EQ(score.of(Peer("q0")), 0) << "the oldest went";
  EXPECT_LT(score.of(Peer("q" + std::to_string(Score::kMaxRetained + 99))), 0);
}

TEST_F(ScoreTest, IsAlwaysANumber) {
  for (const double bad : {kNan, kInf, -kInf}) {
    score.setApplicationScore(kPeer, bad);
    score.addPenalty(kPeer, bad);
    EXPECT_EQ(score.of(kPeer), 0);
  }
  score.setApplicationScore(kPeer, 1e300);
  score.addPenalty(kPeer, 1e300);
  EXPECT_DOUBLE_EQ(score.of(kPeer), -Score::kMaxScore);
  score.addPenalty(kPeer, -1e300);
  EXPECT_DOUBLE_EQ(score.of(kPeer), 10 * Score::kMaxCounter);
  for (int i = 0; i < 100; ++i) {
    score.invalidMessage(kPeer, "t");
  }
  EXPECT_TRUE(std::isfinite(score.of(kPeer)));
  // Parameters nobody validated.
  TopicScoreParams wild = plain();
  wild.invalidWeight = kNan;
  score.setTopic("t", wild);
  EXPECT_DOUBLE_EQ(score.of(kPeer), -Score::kMaxScore);
}

TEST(ScoreParamsTest, WrongOnesAreRefused) {
  EXPECT_TRUE(validate(TopicScoreParams{}).ok());
  EXPECT_TRUE(validate(TopicScoreParams::rust()).ok());
  EXPECT_TRUE(validate(ScoreParams{}).ok());
  const auto topic = [](auto change) {
    TopicScoreParams p;
    change(p);
    return validate(p).ok();
  };
  EXPECT_FALSE(topic([](auto& p) { p.invalidWeight = 1; }));
  EXPECT_FALSE(topic([](auto& p) { p.firstDeliveriesWeight = -1; }));
  EXPECT_FALSE(topic([](auto& p) { p.firstDeliveriesDecay = 1; }));
  EXPECT_FALSE(topic([](auto& p) { p.meshDeliveriesThreshold = kNan; }));
  EXPECT_FALSE(topic([](auto& p) { p.topicWeight = kInf; }));
  const auto whole = [](auto change) {
    ScoreParams p;
    change(p);
    return validate(p).ok();
  };
  EXPECT_FALSE(whole([](auto& p) { p.thresholds.graylist = -1; }));
  EXPECT_FALSE(whole([](auto& p) { p.thresholds.gossip = 1; }));
  EXPECT_FALSE(whole([](auto& p) { p.behaviourWeight = 1; }));
  EXPECT_FALSE(whole([](auto& p) { p.behaviourDecay = kNan; }));
}

TEST(ScoreParamsTest, RustsDefaults) {
  const auto p = TopicScoreParams::rust();
  EXPECT_EQ(p.topicWeight, 0.5);
  EXPECT_EQ(p.timeInMeshQuantum, Millis(1));
  EXPECT_EQ(p.timeInMeshCap, 3'600);
  EXPECT_EQ(p.firstDeliveriesCap, 2'000);
  EXPECT_EQ(p.meshDeliveriesThreshold, 20);
  EXPECT_EQ(p.meshDeliveriesActivation, Millis(5'000));
  EXPECT_EQ(p.invalidDecay, 0.3);
}

} // namespace
} // namespace univrs::pubsub
