// Widths, tables, durations, errors and bars of the command line.
#include "app/cli/console.h"
#include "app/cli/output.h"
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verbs/plan_text.h"
#include "app/cli/verbs/ps_text.h"

#include <gtest/gtest.h>

#include <cstdio>

using namespace univrs;
using namespace univrs::cli;

TEST(TextWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(textWidth("abc"), 3);
  EXPECT_EQ(textWidth("é"), 1);
  EXPECT_EQ(textWidth("e\u0301"), 1); // combining acute
  EXPECT_EQ(textWidth("日本"), 4);
  EXPECT_EQ(textWidth("한"), 2);
  EXPECT_EQ(textWidth("🚀"), 2);
  EXPECT_EQ(textWidth("👩‍👩‍👧"), 2); // joined family
  EXPECT_EQ(textWidth("👍🏽"), 2);           // skin tone
  EXPECT_EQ(textWidth("🇩🇪"), 2);                 // flag
  EXPECT_EQ(textWidth("❤️"), 2);             // emoji presentation
  EXPECT_EQ(textWidth("a\u200bb"), 2);           // zero-width space
  EXPECT_EQ(textWidth("\xff"), 1);
  EXPECT_EQ(textWidth(""), 0);
}

TEST(TextWidth, EscapesWhatWouldMoveTheCursor) {
  EXPECT_EQ(escapeControls("a\x1b[2Jb\n\t\r\x07"), "a\\x1b[2Jb\\n\\t\\r\\x07");
  EXPECT_EQ(escapeControls("\u202eevil"), "\\u202eevil");
  EXPECT_EQ(escapeControls("\u009b1m"), "\\u009b1m");
  EXPECT_EQ(escapeControls("ok \xc3\x28"), "ok \\xc3(");
  EXPECT_EQ(escapeControls("日本"), "日本");
  EXPECT_EQ(terminalSafe("\x1b[31mred\x1b[0m\tx\x1b[2J"), "\x1b[31mred\x1b[0m\tx\\x1b[2J");
}

TEST(TextWidth, CutsWithoutSplittingCharacters) {
  EXPECT_EQ(cutToWidth("abcdef", 4), "abc…");
  EXPECT_EQ(cutToWidth("abcd", 4), "abcd");
  EXPECT_EQ(cutToWidth("日本語", 4), "日…");
  EXPECT_EQ(cutToWidth("日本語", 1), "…");
  EXPECT_EQ(cutToWidth("abc", 0), "");
  EXPECT_EQ(padToWidth("日", 4), "日  ");
  EXPECT_EQ(padToWidth("7", 3, true), "  7");
}

TEST(Table, AlignsWideTextAndNumbers) {
  Table table({{"NAME"}, {"N", true}, {"NOTE"}});
  table.add({{"日本"}, {"7"}, {"x"}});
  table.add({{"a"}, {"123"}});
  EXPECT_EQ(table.text(0, false), "NAME    N  NOTE\n日本    7  x\na     123\n");
}

TEST(Table, ShrinksToTheTerminalAndEscapes) {
  Table table({{"NAME"}, {"MESSAGE", false, true}});
  table.add({{"web"}, {"a very long message\x1b[2J that does not fit"}});
  const std::string text = table.text(24, false);
  size_t at = 0;
  while (at < text.size()) {
    const size_t end = text.find('\n', at);
    EXPECT_LE(textWidth(text.substr(at, end - at)), 24);
    at = end + 1;
  }
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_NE(text.find("…"), std::string::npos);
  EXPECT_NE(table.text(0, false).find("\\x1b[2J that does not fit"), std::string::npos);
  Table plain({{"A"}});
  plain.add({{"x", Tone::Bad}});
  EXPECT_EQ(plain.text(0, false), "A\nx\n");
  EXPECT_NE(plain.text(0, true).find("\x1b[31mx\x1b[0m"), std::string::npos);
}

TEST(Durations, AreReadStrictly) {
  const auto ms = [](const char* text) { return parseDuration(text).valueOr(base::Millis(-1)).count(); };
  EXPECT_EQ(ms("90"), 90'000);
  EXPECT_EQ(ms("90s"), 90'000);
  EXPECT_EQ(ms("1h30m"), 5'400'000);
  EXPECT_EQ(ms("250ms"), 250);
  EXPECT_EQ(ms("3d"), 259'200'000);
  for (const char* bad : {"", "s", "10x", "-5s", "1h30", "1.5h", "99999999999999999999s", "100000w", "5 m"}) {
    EXPECT_EQ(ms(bad), -1) << bad;
  }
  const base::Timestamp now{1'700'000'000'000};
  EXPECT_EQ(parseMoment("10m", now).value().ms, now.ms - 600'000);
  EXPECT_EQ(parseMoment("2023-11-14T22:13:20Z", now).value().ms, now.ms);
  EXPECT_FALSE(parseMoment("yesterday", now).ok());
  EXPECT_EQ(age({}, now), "-");
  EXPECT_EQ(age({now.ms + 5'000}, now), "now");
}

TEST(Console, PrintsWhatWhyHintAndFields) {
  FILE* err = std::tmpfile();
  Console console(err, err);
  base::Error error = base::makeError(base::ErrorCode::Unavailable, "No Univrs node answers at 127.0.0.1:8080",
                                      "connection refused", "Start one: univrs up --headless");
  EXPECT_EQ(console.fail(error), kUnavailable);
  error = base::makeError(base::ErrorCode::Validation, "web was not deployed");
  error.fields = {{"replicas", "-1 is below 0", "write 1", false, 4}, {"", "odd \x1b[2J", "", true, 0}};
  EXPECT_EQ(console.fail(error, "web.yaml"), kInvalid);
  std::rewind(err);
  std::string text(4096, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), err));
  std::fclose(err);
  EXPECT_EQ(text,
            "univrs: No Univrs node answers at 127.0.0.1:8080 (connection refused). Start one: univrs up --headless\n"
            "univrs: web was not deployed.\n"
            "  web.yaml:4 replicas: -1 is below 0 (write 1)\n"
            "warning: web.yaml: odd \\x1b[2J\n");
}

TEST(Console, EveryErrorHasItsExitCode) {
  EXPECT_EQ(exitCodeOf(base::ErrorCode::Validation), 3);
  EXPECT_EQ(exitCodeOf(base::ErrorCode::BadRequest), 3);
  EXPECT_EQ(exitCodeOf(base::ErrorCode::NotFound), 4);
  EXPECT_EQ(exitCodeOf(base::ErrorCode::Conflict), 5);
  EXPECT_EQ(exitCodeOf(base::ErrorCode::Unavailable), 6);
  EXPECT_EQ(exitCodeOf(base::ErrorCode::Timeout), 7);
  EXPECT_EQ(exitCodeOf(base::ErrorCode::Cancelled), 130);
  EXPECT_EQ(exitCodeOf(base::ErrorCode::Internal), 1);
}

TEST(Signs, BarsAreAlwaysAsWide) {
  for (const double part : {-1.0, 0.0, 0.01, 0.5, 0.999, 1.0, 7.0}) {
    EXPECT_EQ(textWidth(bar(part, 12)), 12) << part;
  }
  EXPECT_EQ(bar(1, 2), "██");
}

TEST(Formatters, ShowPortsAndDecisions) {
  model::WorkloadSpec spec;
  spec.containers.emplace_back();
  spec.containers[0].ports = {{"", 80, uint16_t(8080), model::Protocol::Tcp, ""},
                              {"", 53, uint16_t(53), model::Protocol::Udp, "127.0.0.1"},
                              {"", 9000, std::nullopt, model::Protocol::Tcp, ""}};
  EXPECT_EQ(portsText(spec), "8080→80, 127.0.0.1:53→53/udp");
  model::Decision d;
  d.workloadName = "web";
  d.summary = "placed on aws-1 (0.82)";
  d.chosen = model::NodeId("n1");
  d.nodes = {{model::NodeId("n1"), "aws-1", true, "", "", 0.82, {{"binpack", 0.5, 0.7}}},
             {model::NodeId("n2"), "aws-2", false, "memory", "memory 212 MiB free, 256 MiB asked", 0, {}}};
  const std::string text = decisionText(d, false, 0);
  EXPECT_NE(text.find("✓ chosen"), std::string::npos);
  EXPECT_NE(text.find("██████"), std::string::npos);
  EXPECT_NE(text.find("✗ memory"), std::string::npos);
  EXPECT_NE(text.find("memory 212 MiB free, 256 MiB asked"), std::string::npos);
}
