#include "plugins/runtime-docker/frames.h"
#include "plugins/runtime-docker/json_lines.h"
#include "plugins/runtime-docker/log_lines.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace univrs::docker {

namespace {
std::string frame(char stream, const std::string& payload) {
  std::string out{stream, 0, 0, 0};
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += char(payload.size() >> shift);
  }
  return out + payload;
}

struct Lines {
  explicit Lines(std::function<base::Timestamp()> now = {}) : assembler(std::move(now)) {}
  FrameReader frames;
  LogLines assembler;
  std::vector<agent::LogLine> all;
  bool feed(std::string_view bytes) {
    return frames
        .push(bytes,
              [&](const FrameReader::Piece& p) {
                return assembler.push(p.isStderr, p.first, p.last, p.bytes, [&](const agent::LogLine& l) {
                  all.push_back(l);
                  return true;
                });
              })
        .ok();
  }
  void end() {
    assembler.finish([&](const agent::LogLine& l) {
      all.push_back(l);
      return true;
    });
  }
};

std::string recorded(const std::string& name) {
  std::ifstream in(std::string(UNIVRS_TEST_REPLIES) + "/" + name, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}
} // namespace

TEST(Frames, AnySplitGivesTheSamePieces) {
  const std::string bytes = frame(1, "hello") + frame(2, "") + frame(2, "error") + frame(1, std::string(1000, 'x'));
  for (size_t step = 1; step < bytes.size(); step += 3) {
    FrameReader reader;
    std::string out, err;
    for (size_t at = 0; at < bytes.size(); at += step) {
      ASSERT_TRUE(reader
                      .push(std::string_view(bytes).substr(at, step),
                            [&](const FrameReader::Piece& p) {
                              (p.isStderr ? err : out) += p.bytes;
                              return true;
                            })
                      .ok());
    }
    EXPECT_TRUE(reader.atBoundary());
    EXPECT_EQ(out, "hello" + std::string(1000, 'x'));
    EXPECT_EQ(err, "error");
  }
}

TEST(Frames, NonsenseIsRefused) {
  FrameReader reader;
  const auto r = reader.push("HTTP/1.1 400 Bad Request\r\n", [](const FrameReader::Piece&) { return true; });
  ASSERT_FALSE(r.ok());
  EXPECT_EQ(r.error().code, base::ErrorCode::Corrupt);
}

TEST(Frames, ALyingSizeCostsNothing) {
  FrameReader reader;
  std::string bytes{1, 0, 0, 0, char(0xff), char(0xff), char(0xff), char(0xff)};
  bytes += "abc";
  size_t got = 0;
  EXPECT_TRUE(reader
                  .push(bytes,
                        [&](const FrameReader::Piece& p) {
                          got += p.bytes.size();
                          return true;
                        })
                  .ok());
  EXPECT_EQ(got, 3u);
  EXPECT_FALSE(reader.atBoundary());
}

TEST(LogLines, RecordedLogsOfBothEngines) {
  for (const char* engine : {"docker", "podman"}) {
    Lines lines;
    ASSERT_TRUE(lines.feed(recorded(std::string(engine) + ".logs.bin"))) << engine;
    lines.end();
    ASSERT_EQ(lines.all.size(), 2u) << engine;
    for (const auto& l : lines.all) {
      EXPECT_EQ(l.text, l.isStderr ? "err" : "out");
      EXPECT_TRUE(l.time.isSet());
    }
  }
}

TEST(LogLines, ALineInSeveralFramesKeepsItsFirstTimeAndIsSplitAt16K) {
  Lines lines;
  const std::string part(16384, 'a');
  EXPECT_TRUE(lines.feed(frame(1, "2026-11-23T16:04:34.100000000Z " + part)));
  EXPECT_TRUE(lines.feed(frame(1, "2026-11-23T16:04:34.200000000Z " + part)));
  EXPECT_TRUE(lines.feed(frame(1, "2026-11-23T16:04:34.300000000Z tail\n")));
  EXPECT_TRUE(lines.feed(frame(1, "2026-11-23T16:04:34.400000000Z \n")));
  ASSERT_EQ(lines.all.size(), 4u);
  EXPECT_EQ(lines.all[0].text, part);
  EXPECT_EQ(lines.all[1].text, part);
  EXPECT_EQ(lines.all[2].text, "tail");
  EXPECT_EQ(lines.all[3].text, "");
  EXPECT_EQ(lines.all[0].time.ms % 1000, 100);
}

TEST(LogLines, ALineThatEndsWhereItIsSplitIsNotTwo) {
  Lines lines;
  EXPECT_TRUE(lines.feed(frame(1, "2026-11-23T16:04:34Z " + std::string(16384, 'a') + "\nnext\n")));
  ASSERT_EQ(lines.all.size(), 2u);
  EXPECT_EQ(lines.all[1].text, "next");
}

TEST(LogLines, TextWithoutATimeIsKept) {
  Lines lines;
  EXPECT_TRUE(lines.feed(frame(2, "no time here\n") + frame(1, "x\n")));
  lines.end();
  ASSERT_EQ(lines.all.size(), 2u);
  EXPECT_EQ(lines.all[0].text, "no time here");
  EXPECT_TRUE(lines.all[0].isStderr);
  EXPECT_EQ(lines.all[1].text, "x");
}

TEST(LogLines, WholeSecondsAreRefinedByTheMomentOfArrival) {
  const auto second = *base::Timestamp::fromIso("2026-11-23T16:04:34Z");
  base::Timestamp now{second.ms + 400};
  Lines lines([&] { return now; });
  EXPECT_TRUE(lines.feed(frame(1, "2026-11-23T16:04:34Z a\n")));
  now.ms += 2000; // late: not later than the engine's second
  EXPECT_TRUE(lines.feed(frame(1, "2026-11-23T16:04:34Z b\n")));
  now.ms += 60'000; // history: as the engine says
  EXPECT_TRUE(lines.feed(frame(1, "2026-11-23T16:04:40Z c\n")));
  ASSERT_EQ(lines.all.size(), 3u);
  EXPECT_EQ(lines.all[0].time.ms, second.ms + 400);
  EXPECT_EQ(lines.all[1].time.ms, second.ms + 999);
  EXPECT_EQ(lines.all[2].time.ms, second.ms + 6000);
}

TEST(LogLines, RawStreamOfATerminal) {
  LogLines lines;
  std::vector<std::string> texts;
  const std::string bytes = "2026-11-23T16:04:34.5Z one\r\n2026-11-23T16:04:34.6Z two and more\r\n";
  for (const char c : bytes) {
    EXPECT_TRUE(lines.pushRaw(std::string_view(&c, 1), [&](const agent::LogLine& l) {
      texts.push_back(l.text);
      return true;
    }));
  }
  EXPECT_EQ(texts, (std::vector<std::string>{"one\r", "two and more\r"}));
}

TEST(JsonLines, CutsAnywhereAndBounds) {
  JsonLines lines;
  std::vector<std::string> got;
  const auto take = [&](std::string_view l) {
    got.emplace_back(l);
    return true;
  };
  EXPECT_TRUE(lines.push("{\"a\"", take).ok());
  EXPECT_TRUE(lines.push(":1}\r\n\n{}\n{\"b\":2}", take).ok());
  lines.finish(take);
  EXPECT_EQ(got, (std::vector<std::string>{"{\"a\":1}", "{}", "{\"b\":2}"}));
  const std::string big(JsonLines::kMaxLineBytes / 2 + 1, 'x');
  EXPECT_TRUE(lines.push(big, take).ok());
  EXPECT_EQ(lines.push(big, take).error().code, base::ErrorCode::TooLarge);
}

} // namespace univrs::docker
