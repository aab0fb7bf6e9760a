// A long log: what is kept, what is found, what is shown of it.
#include "app/gui/log_line.h"
#include "app/gui/log_model.h"
#include "app/gui/log_search.h"
#include "app/gui/log_store.h"
#include "tests/gui/scripted_engine.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <gtest/gtest.h>

namespace univrs::gui::test {
namespace {

const base::Timestamp kTime{1'795'000'000'000};

TEST(LogStore, HoldsAMillionLinesInLittleMoreThanTheirText) {
  LogStore store;
  size_t text = 0;
  for (int i = 0; i < 1'000'000; ++i) {
    const std::string line = "INFO  GET /orders/" + std::to_string(i) + " 200 14 ms from 10.0.0.1 by somebody";
    text += line.size();
    store.append(line, kTime, "web-aaaaaa", false);
  }
  EXPECT_EQ(store.count(), 1'000'000);
  EXPECT_EQ(store.excess(), 0);
  EXPECT_LT(store.bytes(), text + 1'000'000 * 24 + (4u << 20));
  EXPECT_LT(store.bytes(), LogStore::kMaxBytes);
  EXPECT_EQ(store.at(777'777).text, "INFO  GET /orders/777777 200 14 ms from 10.0.0.1 by somebody");
  EXPECT_EQ(store.at(777'777).level, LogLevel::Info);
  store.append("one more", kTime, "web-bbbbbb", true);
  const int64_t excess = store.excess();
  EXPECT_GT(excess, 0);
  store.drop(excess);
  EXPECT_EQ(store.first(), excess);
  EXPECT_EQ(store.end(), 1'000'001);
  EXPECT_EQ(store.at(store.end() - 1).text, "one more");
  EXPECT_TRUE(store.at(store.end() - 1).isStderr);
  EXPECT_EQ(store.at(store.first()).text.substr(0, 18), "INFO  GET /orders/");
}

TEST(LogStore, KeepsItsBytesBounded) {
  LogStore store;
  const std::string big(LogStore::kMaxLineBytes + 100, 'x');
  for (int i = 0; i < 20'000; ++i) {
    store.append(big, kTime, "a", false);
    if (i % 500 == 0) {
      store.drop(store.excess());
    }
  }
  store.drop(store.excess());
  EXPECT_LE(store.bytes(), LogStore::kMaxBytes);
  EXPECT_EQ(store.at(store.first()).text.size(), LogStore::kMaxLineBytes);
}

TEST(LogStore, PutsOlderLinesInFrontAndSealsWhatIsSaved) {
  LogStore store;
  store.append("c", kTime, "a", false);
  std::vector<LogStore::Older> older;
  for (int i = 0; i < 40'000; ++i) {
    older.push_back({"old " + std::to_string(i), kTime, "b", false});
  }
  EXPECT_EQ(store.prepend(older), 40'000);
  EXPECT_EQ(store.first(), -40'000);
  EXPECT_EQ(store.at(-40'000).text, "old 0");
  EXPECT_EQ(store.at(-1).text, "old 39999");
  EXPECT_EQ(store.at(0).text, "c");
  const LogStore::Pieces pieces = store.seal();
  store.append("d", kTime, "a", false);
  EXPECT_EQ(store.at(1).text, "d");
  EXPECT_EQ(pieces.back()->lines.size(), 1u);
}

TEST(LogLine, KnowsLevels) {
  EXPECT_EQ(levelOf("2026-11-23 ERROR payment gateway"), LogLevel::Error);
  EXPECT_EQ(levelOf("[warn] slow"), LogLevel::Warn);
  EXPECT_EQ(levelOf("level=info msg=x"), LogLevel::Info);
  EXPECT_EQ(levelOf(R"({"ts":1,"level":"error","msg":"x"})"), LogLevel::Error);
  EXPECT_EQ(levelOf(R"({"error":"none","level":"debug"})"), LogLevel::Debug);
  EXPECT_EQ(levelOf("\x1b[31mWARN\x1b[0m x"), LogLevel::Warn);
  EXPECT_EQ(levelOf("there was no error at all"), LogLevel::None);
  EXPECT_EQ(levelOf("INFORMATION"), LogLevel::None);
  EXPECT_EQ(levelOf(""), LogLevel::None);
}

TEST(LogLine, MarksColoursAndHits) {
  QStringList colors;
  for (int i = 0; i < 9; ++i) {
    colors << QStringLiteral("#00000%1").arg(i);
  }
  EXPECT_EQ(markedUp("plain", {}, colors), QString());
  EXPECT_EQ(markedUp("\x1b[31mre\x1b[0m<d  x", {}, colors),
            QStringLiteral("<font color=\"#000001\">re</font>&lt;d &nbsp;x"));
  EXPECT_EQ(markedUp("abcabc", {{1, 2}}, {}), QStringLiteral("a<u><b>bc</b></u>abc"));
  // A hit across two colours.
  const QString both = markedUp("\x1b[32mab\x1b[33mcd", {{1, 2}}, colors);
  EXPECT_TRUE(both.contains(QLatin1String("<font color=\"#000008\"><u><b>b</b></u></font>")));
  EXPECT_TRUE(both.contains(QLatin1String("<font color=\"#000008\"><u><b>c</b></u></font>")));
  EXPECT_EQ(shownText("\x1b[1mbold\x1b[0m \xff"), QStringLiteral("bold \uFFFD"));
}

TEST(LogLine, MakesJsonReadable) {
  EXPECT_EQ(prettyText(R"(10:00 {"a":{"b":1}})"), QStringLiteral("10:00\n{\n    \"a\": {\n        \"b\": 1\n    }\n}"));
  EXPECT_EQ(prettyText("no {json"), QStringLiteral("no {json"));
}

TEST(LogSearch, FindsWithCaseRegexAndOtherScripts) {
  LogStore store;
  for (const char* line : {"Error one", "two", "ERROR three", "\x1b[31mfo\x1b[0mur", "Straße"}) {
    store.append(line, kTime, "a", false);
  }
  LogSearch search;
  const auto found = [&](const char* pattern, bool matchCase, bool regex) {
    search.set(QString::fromUtf8(pattern), matchCase, regex);
    while (search.step(store, std::chrono::milliseconds(5))) {
    }
    return std::vector<int64_t>(search.matches().begin(), search.matches().end());
  };
  EXPECT_EQ(found("error", false, false), (std::vector<int64_t>{0, 2}));
  EXPECT_EQ(found("ERROR", true, false), (std::vector<int64_t>{2}));
  EXPECT_EQ(found("four", false, false), (std::vector<int64_t>{3})); // colours don't part a word
  EXPECT_EQ(found("STRASSE", false, false), (std::vector<int64_t>{}));
  EXPECT_EQ(found("straße", false, false), (std::vector<int64_t>{4}));
  EXPECT_EQ(found("^(two|error t.*)$", false, true), (std::vector<int64_t>{1, 2}));
  EXPECT_EQ(search.hits(QStringLiteral("two two")).size(), 0);
  EXPECT_EQ(found("(", false, true), (std::vector<int64_t>{}));
  EXPECT_FALSE(search.problem().isEmpty());
  // One that would try for ages counts as not found.
  store.append(std::string(5'000, 'a') + "b", kTime, "a", false);
  EXPECT_EQ(found("(a+)+c", false, true), (std::vector<int64_t>{}));
}

class LogModelTest : public ::testing::Test {
protected:
  ScriptedEngine engine;
  LogModel log{engine.logs()};
  bool until(const std::function<bool()>& condition) { return QTest::qWaitFor(condition, 60'000); }
  void SetUp() override { log.open(QStringLiteral("id-web"), QStringLiteral("web")); }
};

TEST_F(LogModelTest, AMillionLinesStayAndAreSearchedInSlices) {
  std::vector<std::string> batch;
  for (int n = 0; n < 1'100'000;) {
    batch.clear();
    for (int i = 0; i < 10'000; ++i, ++n) {
      batch.push_back((n % 1'000 == 0 ? "ERROR needle " : "INFO hay ") + std::to_string(n));
    }
    engine.log(batch);
  }
  ASSERT_TRUE(until([&] { return log.waiting() == 0; }));
  EXPECT_LE(log.count(), LogStore::kMaxLines);
  EXPECT_GT(log.count(), LogStore::kMaxLines - 20'000);
  EXPECT_EQ(log.index(log.count() - 1).data(LogModel::TextRole).toString(), QStringLiteral("INFO hay 1099999"));
  log.setSearch(QStringLiteral("needle"));
  EXPECT_TRUE(log.searching()); // not all at once
  ASSERT_TRUE(until([&] { return !log.searching(); }));
  EXPECT_NEAR(log.matchCount(), log.count() / 1'000, 2);
  const int row = log.toMatch(log.count() - 1, false);
  EXPECT_EQ(log.index(row).data(LogModel::TextRole).toString(), QStringLiteral("ERROR needle 1099000"));
  EXPECT_EQ(log.currentMatch(), log.matchCount());
  EXPECT_EQ(log.index(log.toMatch(0, true)).data(LogModel::LevelRole).toString(), QStringLiteral("error"));
  EXPECT_EQ(log.currentMatch(), 1); // around
  log.setOnlyMatches(true);
  EXPECT_EQ(log.count(), log.matchCount());
  engine.log({"ERROR needle last"});
  ASSERT_TRUE(until([&] {
    return log.index(log.count() - 1).data(LogModel::TextRole).toString() == QLatin1String("ERROR needle last");
  }));
  EXPECT_EQ(log.count(), log.matchCount());
  log.setSearch({});
  EXPECT_GT(log.count(), LogStore::kMaxLines - 20'000);
}

TEST_F(LogModelTest, OlderLinesComeInFrontUntilTheBeginning) {
  engine.log({"one", "two"});
  ASSERT_TRUE(until([&] { return log.count() == 2; }));
  int asked = 0;
  engine.onPastLogs = [&](const interfaces::LogQuery& q) {
    EXPECT_EQ(q.until.ms, asked == 0 ? kTime.ms + 137 : kTime.ms - 10);
    ++asked;
    std::vector<interfaces::LogEntry> out;
    if (asked == 1) {
      out.push_back({"web-aaaaaa", "main", "c", base::Timestamp{kTime.ms - 10}, false, "zero"});
      out.push_back({"web-aaaaaa", "main", "c", base::Timestamp{kTime.ms + 137}, false, "one"}); // known
    }
    return out;
  };
  QSignalSpy prepended(&log, &LogModel::prepended);
  log.loadOlder();
  EXPECT_TRUE(log.loadingOlder());
  ASSERT_TRUE(until([&] { return !log.loadingOlder(); }));
  ASSERT_EQ(log.count(), 3);
  EXPECT_EQ(prepended.count(), 1);
  EXPECT_EQ(log.index(0).data(LogModel::TextRole).toString(), QStringLiteral("zero"));
  log.loadOlder();
  ASSERT_TRUE(until([&] { return !log.loadingOlder(); }));
  EXPECT_FALSE(log.canLoadOlder());
  EXPECT_FALSE(log.olderNote().isEmpty());
}

TEST_F(LogModelTest, IsCopiedAndSaved) {
  engine.log({"\x1b[31mone\x1b[0m", "two", "three"});
  ASSERT_TRUE(until([&] { return log.count() == 3; }));
  EXPECT_TRUE(log.copied(0, 0).endsWith(QLatin1String(" one")));
  EXPECT_EQ(log.copied(1, 2).count(QLatin1Char('\n')), 1);
  EXPECT_EQ(log.text().count(QLatin1Char('\n')), 2);
  QTemporaryDir dir;
  QSignalSpy saved(&log, &LogModel::saved);
  QSignalSpy failed(&log, &LogModel::saveFailed);
  log.saveTo(QUrl::fromLocalFile(dir.filePath(QStringLiteral("a b.log"))));
  ASSERT_TRUE(until([&] { return saved.count() == 1; }));
  EXPECT_EQ(saved[0][1].toLongLong(), 3);
  QFile file(dir.filePath(QStringLiteral("a b.log")));
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QByteArray text = file.readAll();
  EXPECT_EQ(text.count('\n'), 3);
  EXPECT_TRUE(text.contains(" web-aaaaaa two\n"));
  log.saveTo(QUrl::fromLocalFile(dir.filePath(QStringLiteral("missing/a.log"))));
  ASSERT_TRUE(until([&] { return failed.count() == 1; }));
}

} // namespace
} // namespace univrs::gui::test
