#include "engine/base/cancel.h"
#include "engine/base/clock.h"
#include "engine/base/encoding.h"
#include "engine/base/error.h"
#include "engine/base/random.h"
#include "engine/base/result.h"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace univrs::base {
namespace {

std::string text(const std::optional<Bytes>& b) {
  return b ? std::string(b->begin(), b->end()) : "(none)";
}

TEST(Encoding, hexBothWays) {
  EXPECT_EQ(hex(asBytes("\x01\xab")), "01ab");
  EXPECT_EQ(text(fromHex("4142")), "AB");
  EXPECT_EQ(text(fromHex("")), "");
  for (const auto* bad : {"4", "4g", "0x41", " 41", "41 "}) {
    EXPECT_FALSE(fromHex(bad)) << bad;
  }
}

TEST(Encoding, base64IsStrict) {
  EXPECT_EQ(base64(asBytes("hello")), "aGVsbG8=");
  EXPECT_EQ(base64Url(asBytes("\xff\xfe\xfd\xfc")), "__79_A");
  EXPECT_EQ(text(fromBase64("aGVsbG8=")), "hello");
  for (const auto* bad : {"aGVsbG8", "aGVsbG9=", "aGVs bG8=", "aGVsbG8==", "__79_A==", "="}) {
    EXPECT_FALSE(fromBase64(bad)) << bad;
  }
}

// Vectors of the base58 draft.
TEST(Encoding, base58Vectors) {
  EXPECT_EQ(base58(asBytes("Hello World!")), "2NEpo7TZRRrLZSi2U");
  EXPECT_EQ(base58(asBytes(std::string_view("\0\0\x28\x7f\xb4\xcd", 6))), "11233QC4");
  EXPECT_EQ(text(fromBase58("2NEpo7TZRRrLZSi2U")), "Hello World!");
  EXPECT_EQ(text(fromBase58("11")), std::string("\0\0", 2));
  for (const auto* bad : {"0", "O", "I", "l", "2NEpo7 ", "+"}) {
    EXPECT_FALSE(fromBase58(bad)) << bad;
  }
  EXPECT_FALSE(fromBase58(std::string(257, '2')));
}

TEST(Encoding, base58RoundTrips) {
  SeededRandom random(7);
  for (size_t n = 0; n <= 64; ++n) {
    Bytes bytes(n);
    random.fill(bytes);
    if (n > 2) {
      bytes[0] = 0;
    }
    const auto back = fromBase58(base58(bytes));
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, bytes);
  }
}

TEST(Encoding, sha256Vectors) {
  EXPECT_EQ(sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(Encoding, constantTimeEqual) {
  EXPECT_TRUE(constantTimeEqual("", ""));
  EXPECT_TRUE(constantTimeEqual("token", "token"));
  EXPECT_FALSE(constantTimeEqual("token", "tokem"));
  EXPECT_FALSE(constantTimeEqual("token", "toke"));
}

TEST(Encoding, utf8) {
  for (const auto* good : {"", "abc", "ü", "€", "😀", "\xef\xbf\xbf", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(isUtf8(good)) << good;
  }
  for (const auto* bad : {"\x80", "\xc0\xaf", "\xc1\x81", "\xe0\x80\x80", "\xed\xa0\x80", "\xf5\x80\x80\x80",
                          "\xf4\x90\x80\x80", "\xe2\x82", "\xff"}) {
    EXPECT_FALSE(isUtf8(bad));
  }
}

TEST(Clock, isoBothWays) {
  EXPECT_EQ(Timestamp{}.iso(), "");
  EXPECT_EQ(Timestamp{1'700'000'000'123}.iso(), "2023-11-14T22:13:20.123Z");
  const struct {
    const char* text;
    int64_t ms;
  } good[] = {{"2023-11-14T22:13:20.123Z", 1'700'000'000'123},
              {"2023-11-14T22:13:20Z", 1'700'000'000'000},
              {"2023-11-14T22:13:20.123456789Z", 1'700'000'000'123},
              {"2023-11-15T00:13:20+02:00", 1'700'000'000'000},
              {"2023-11-14T20:43:20.5-01:30", 1'700'000'000'500}};
  for (const auto& g : good) {
    const auto t = Timestamp::fromIso(g.text);
    ASSERT_TRUE(t) << g.text;
    EXPECT_EQ(t->ms, g.ms) << g.text;
  }
  for (const auto* bad :
       {"", "now", "2023-11-14", "2023-11-14T22:13:20", "2023-13-14T22:13:20Z", "2023-11-14T22:13:20.Z",
        "2023-11-14T22:13:20.1234567890Z", "2023-11-14T22:13:20ZZZZZZZZZZZZZZZZZZZZZZZZ"}) {
    EXPECT_FALSE(Timestamp::fromIso(bad)) << bad;
  }
}

TEST(Clock, humanDuration) {
  EXPECT_EQ(humanDuration(Millis(-5)), "0 ms");
  EXPECT_EQ(humanDuration(Millis(350)), "350 ms");
  EXPECT_EQ(humanDuration(Millis(12'000)), "12 s");
  EXPECT_EQ(humanDuration(Millis(180'000)), "3 min");
  EXPECT_EQ(humanDuration(Millis(5 * 3'600'000)), "5 h");
  EXPECT_EQ(humanDuration(Millis(48 * 3'600'000)), "2 d");
}

TEST(Clock, steadyNeverGoesBack) {
  const SystemClock clock;
  const auto a = clock.now();
  const auto b = clock.now();
  EXPECT_GE(b.steady, a.steady);
  EXPECT_TRUE(a.wall.isSet());
}

TEST(Random, seededIsReproducible) {
  SeededRandom a(42);
  SeededRandom b(42);
  SeededRandom c(43);
  EXPECT_EQ(a.uuid(), b.uuid());
  EXPECT_NE(a.uuid(), c.uuid());
}

TEST(Random, uuidIsVersionFour) {
  SystemRandom random;
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    const auto u = random.uuid();
    ASSERT_EQ(u.size(), 36u);
    EXPECT_EQ(u[14], '4');
    EXPECT_NE(std::string("89ab").find(u[19]), std::string::npos);
    EXPECT_EQ(u.find_first_not_of("0123456789abcdef-"), std::string::npos);
    EXPECT_TRUE(seen.insert(u).second);
  }
}

TEST(Random, belowStaysBelow) {
  SeededRandom random(1);
  EXPECT_EQ(random.below(0), 0u);
  std::set<uint64_t> seen;
  for (int i = 0; i < 1000; ++i) {
    const auto n = random.below(7);
    ASSERT_LT(n, 7u);
    seen.insert(n);
  }
  EXPECT_EQ(seen.size(), 7u);
}

TEST(Random, shortId) {
  SeededRandom random(1);
  for (int i = 0; i < 100; ++i) {
    const auto id = random.shortId(6);
    ASSERT_EQ(id.size(), 6u);
    EXPECT_TRUE(id[0] >= 'a' && id[0] <= 'z') << id;
    EXPECT_EQ(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789"), std::string::npos) << id;
  }
}

TEST(Error, codeNamesBothWays) {
  for (int i = 0; i <= int(ErrorCode::Internal); ++i) {
    EXPECT_EQ(errorCodeFromName(errorCodeName(ErrorCode(i))), ErrorCode(i));
  }
  EXPECT_EQ(errorCodeFromName("NONSENSE"), ErrorCode::Internal);
}

TEST(Error, texts) {
  EXPECT_EQ(makeError(ErrorCode::NotFound, "web was not found").text(), "web was not found");
  EXPECT_EQ(makeError(ErrorCode::NotFound, "a", "b", "c").text(), "a: b. c");
  EXPECT_EQ((FieldError{"x.y", "is bad", "do z", false, 0}.text()), "x.y: is bad (do z)");
  EXPECT_EQ((FieldError{"", "is bad", "", false, 0}.text()), "is bad");
}

TEST(Result, valueOrError) {
  Result<int> good(3);
  Result<int> bad(makeError(ErrorCode::Timeout, "late"));
  EXPECT_TRUE(good.ok());
  EXPECT_EQ(*good, 3);
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::Timeout);
  EXPECT_EQ(bad.valueOr(9), 9);
  EXPECT_TRUE(Result<void>().ok());
}

TEST(Cancel, wakesOnceAndNotAfterRelease) {
  int woken = 0;
  CancelSource source;
  const auto token = source.token();
  const auto kept = token.onCancel([&] { ++woken; });
  {
    const auto released = token.onCancel([&] { woken += 100; });
  }
  EXPECT_FALSE(token.cancelled());
  std::thread([&] { source.cancel(); }).join();
  source.cancel();
  EXPECT_TRUE(token.cancelled());
  EXPECT_EQ(woken, 1);
  const auto late = token.onCancel([&] { woken += 10; });
  EXPECT_EQ(woken, 11);
  EXPECT_FALSE(CancelToken().cancelled());
}

} // namespace
} // namespace univrs::base
