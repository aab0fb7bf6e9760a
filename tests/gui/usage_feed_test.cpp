// What charts are fed with.
#include "app/gui/session.h"
#include "app/gui/usage_feed.h"
#include "tests/gui/scripted_engine.h"

#include <QTest>

#include <gtest/gtest.h>

namespace univrs::gui::test {
namespace {

interfaces::UsageSeries series(const std::string& id, int64_t stepMs, std::vector<interfaces::UsagePoint> points) {
  interfaces::UsageSeries s;
  s.id = id;
  s.stepMs = stepMs;
  s.memoryLimitBytes = 100;
  s.points = std::move(points);
  return s;
}

interfaces::UsagePoint point(int64_t ms, int64_t cpu, int restarts = 0) {
  interfaces::UsagePoint p;
  p.time = base::Timestamp{ms};
  p.cpuMillicores = cpu;
  p.restarts = restarts;
  p.instances = 1;
  return p;
}

class UsageFeedTest : public ::testing::Test {
protected:
  ScriptedEngine engine;
  UsageFeed feed;
  std::vector<interfaces::UsageQuery> asked;
  bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 20'000); }
  void SetUp() override {
    engine.onUsage = [this](const interfaces::UsageQuery& q) {
      asked.push_back(q);
      std::vector<interfaces::UsageSeries> out;
      for (const std::string& id : q.ids) {
        out.push_back(series(id, 10'000, {point(20'000, 100), point(30'000, 200, 1)}));
      }
      return out;
    };
    feed.setSource(&engine.usage());
  }
};

TEST_F(UsageFeedTest, AsksOnceForAllPropertiesAndOnlyWhileActive) {
  feed.setIds({QStringLiteral("a"), QString(), QStringLiteral("b"), QStringLiteral("a")});
  feed.setOf(UsageFeed::Node);
  feed.setRangeSeconds(7 * 86'400);
  QTest::qWait(20);
  EXPECT_TRUE(asked.empty());
  EXPECT_TRUE(feed.loading());
  feed.setActive(true);
  ASSERT_TRUE(until([&] { return !feed.loading(); }));
  ASSERT_EQ(asked.size(), 1u);
  EXPECT_EQ(asked[0].ids, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(asked[0].of, interfaces::UsageOf::Node);
  EXPECT_EQ(asked[0].to.ms - asked[0].from.ms, 7 * 86'400'000LL);
  ASSERT_EQ(feed.points(QStringLiteral("a"), QStringLiteral("cpu")).size(), 2);
  EXPECT_EQ(feed.points(QStringLiteral("a"), QStringLiteral("cpu"))[1], QPointF(30'000, 200));
  EXPECT_TRUE(feed.points(QStringLiteral("a"), QStringLiteral("nonsense")).isEmpty());
  EXPECT_TRUE(feed.points(QStringLiteral("c"), QStringLiteral("cpu")).isEmpty());
  EXPECT_DOUBLE_EQ(feed.latest(QStringLiteral("b"), QStringLiteral("cpu")), 200);
  EXPECT_DOUBLE_EQ(feed.latest(QStringLiteral("c"), QStringLiteral("cpu")), -1);
  EXPECT_DOUBLE_EQ(feed.maxGap(), 25'000); // two missing measures are a gap
  EXPECT_DOUBLE_EQ(feed.limit({}, QStringLiteral("memory")), 200);
  EXPECT_DOUBLE_EQ(feed.limit(QStringLiteral("a"), QStringLiteral("cpu")), 0);
  feed.setActive(false);
  feed.refresh();
  QTest::qWait(20);
  EXPECT_EQ(asked.size(), 1u);
}

TEST_F(UsageFeedTest, SumsSeriesOfDifferentSteps) {
  engine.onUsage = [](const interfaces::UsageQuery&) {
    return std::vector<interfaces::UsageSeries>{
        series("a", 10'000, {point(20'000, 100, 1), point(30'000, 300, 1), point(40'000, 50)}),
        series("b", 20'000, {point(21'000, 10), point(41'000, 5)})};
  };
  feed.setIds({QStringLiteral("a"), QStringLiteral("b")});
  feed.setActive(true);
  ASSERT_TRUE(until([&] { return !feed.loading(); }));
  EXPECT_EQ(feed.sum(QStringLiteral("cpu")), (QList<QPointF>{{20'000, 210}, {40'000, 55}}));
  EXPECT_EQ(feed.sum(QStringLiteral("restarts")), (QList<QPointF>{{20'000, 2}, {40'000, 0}}));
}

TEST_F(UsageFeedTest, AnAnswerToAnEarlierQuestionIsDroppedAndAProblemKeepsWhatWasKnown) {
  feed.setIds({QStringLiteral("a")});
  feed.setActive(true);
  ASSERT_TRUE(until([&] { return asked.size() == 1; }));
  feed.setIds({QStringLiteral("b")});
  EXPECT_TRUE(feed.points(QStringLiteral("a"), QStringLiteral("cpu")).isEmpty());
  ASSERT_TRUE(until([&] { return !feed.loading(); }));
  EXPECT_TRUE(feed.points(QStringLiteral("a"), QStringLiteral("cpu")).isEmpty());
  EXPECT_FALSE(feed.empty());
  engine.onUsage = {};
  feed.refresh();
  ASSERT_TRUE(until([&] { return feed.problem().present(); }));
  EXPECT_EQ(feed.points(QStringLiteral("b"), QStringLiteral("cpu")).size(), 2);
}

TEST_F(UsageFeedTest, SaysThatNothingWasMeasured) {
  engine.onUsage = [](const interfaces::UsageQuery&) {
    return std::vector<interfaces::UsageSeries>{series("a", 10'000, {})};
  };
  feed.setIds({QStringLiteral("a")});
  feed.setActive(true);
  ASSERT_TRUE(until([&] { return !feed.loading(); }));
  EXPECT_TRUE(feed.empty());
}

TEST_F(UsageFeedTest, OfASessionThatGoesAway) {
  auto session = std::make_unique<Session>(engine, QStringLiteral("x"), false);
  UsageFeed other;
  other.setSession(session.get());
  other.setIds({QStringLiteral("a")});
  other.setActive(true);
  ASSERT_TRUE(until([&] { return !other.loading(); }));
  EXPECT_EQ(other.points(QStringLiteral("a"), QStringLiteral("cpu")).size(), 2);
  session.reset();
  other.refresh();
  EXPECT_EQ(other.session(), nullptr);
}

} // namespace
} // namespace univrs::gui::test
