#include "engine/commands/diff.h"

#include <QJsonDocument>

#include <gtest/gtest.h>

namespace univrs::commands {
namespace {

QJsonObject json(const char* text) {
  return QJsonDocument::fromJson(text).object();
}

TEST(Diff, NamesEveryChangedPath) {
  const auto d = diff(json(R"({"a":1,"b":{"c":"x","d":[1,2]},"gone":true})"),
                      json(R"({"a":1,"b":{"c":"y","d":[1,3,4]},"new":null})"));
  ASSERT_EQ(d.size(), 5U);
  EXPECT_EQ(d[0].path, "b.c");
  EXPECT_EQ(d[0].before, "\"x\"");
  EXPECT_EQ(d[0].after, "\"y\"");
  EXPECT_EQ(d[1].path, "b.d[1]");
  EXPECT_EQ(d[2].path, "b.d[2]");
  EXPECT_EQ(d[2].before, "");
  EXPECT_EQ(d[3].path, "gone");
  EXPECT_EQ(d[4].path, "new");
  EXPECT_EQ(d[4].after, "null");
}

TEST(Diff, IsEmptyForEqualDocumentsAndBoundedForLargeOnes) {
  EXPECT_TRUE(diff(json(R"({"a":[1,{"b":2}]})"), json(R"({"a":[1,{"b":2}]})")).empty());
  QJsonObject a;
  QJsonObject b;
  for (int i = 0; i < 2'000; ++i) {
    a.insert(QString::number(i), 1);
    b.insert(QString::number(i), 2);
  }
  EXPECT_EQ(diff(a, b).size(), kMaxChanges + 1);
}

} // namespace
} // namespace univrs::commands
