#include "engine/p2p/multistream.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace univrs::p2p {
namespace {

const std::string kHeaderHex = "132f6d756c746973747265616d2f312e302e300a"; // specs/p2p.md 4.4

std::string line(const std::string& text) {
  base::Bytes out;
  size_t length = text.size() + 1;
  while (length >= 0x80) {
    out.push_back(uint8_t(length | 0x80));
    length >>= 7;
  }
  out.push_back(uint8_t(length));
  return std::string(out.begin(), out.end()) + text + "\n";
}
const std::string kHeader = line("/multistream/1.0.0");

std::string str(const base::Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

Multistream listenerOf(std::vector<std::string> names) {
  return Multistream::listener(
      [names](const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); });
}

TEST(MultistreamTest, FramesAsOnTheWire) {
  EXPECT_EQ(base::hex(base::asBytes(kHeader)), kHeaderHex);
  auto dialer = Multistream::dialer({"/ipfs/ping/1.0.0"});
  EXPECT_EQ(str(dialer.start().send), kHeader + line("/ipfs/ping/1.0.0"));
  auto listener = listenerOf({});
  EXPECT_TRUE(listener.start().send.empty());
  const auto step = listener.feed(base::asBytes(kHeader + line("/x")));
  EXPECT_EQ(base::hex(step.send), kHeaderHex + "036e610a");
}

TEST(MultistreamTest, AgreesAndLeavesTheRest) {
  auto listener = listenerOf({"/b"});
  const std::string in = kHeader + line("/a") + line("/b") + "payload";
  const auto step = listener.feed(base::asBytes(in));
  EXPECT_TRUE(step.done);
  EXPECT_FALSE(step.failed);
  EXPECT_EQ(listener.protocol(), "/b");
  EXPECT_EQ(in.substr(step.consumed), "payload");
  EXPECT_EQ(str(step.send), kHeader + line("na") + line("/b"));
  const auto after = listener.feed(base::asBytes("payload"));
  EXPECT_TRUE(after.done);
  EXPECT_EQ(after.consumed, 0u);

  auto dialer = Multistream::dialer({"/a", "/b"});
  EXPECT_EQ(str(dialer.start().send), kHeader + line("/a"));
  const auto second = dialer.feed(base::asBytes(kHeader + line("na")));
  EXPECT_FALSE(second.done);
  EXPECT_EQ(str(second.send), line("/b"));
  const std::string answer = line("/b") + "data";
  const auto third = dialer.feed(base::asBytes(answer));
  EXPECT_TRUE(third.done);
  EXPECT_EQ(third.consumed, answer.size() - 4);
  EXPECT_EQ(dialer.protocol(), "/b");
}

TEST(MultistreamTest, DialerGivesUpWhenNothingIsSpoken) {
  auto dialer = Multistream::dialer({"/a"});
  dialer.start();
  const auto step = dialer.feed(base::asBytes(kHeader + line("na")));
  EXPECT_TRUE(step.failed);
  EXPECT_EQ(dialer.error().code, base::ErrorCode::Unsupported);
  EXPECT_TRUE(dialer.feed(base::asBytes("x")).failed);
  auto nothing = Multistream::dialer({});
  EXPECT_TRUE(nothing.start().failed);
}

TEST(MultistreamTest, ListIsAnsweredNa) {
  auto listener = listenerOf({"/a"});
  EXPECT_EQ(str(listener.feed(base::asBytes(kHeader + line("ls"))).send), kHeader + line("na"));
  EXPECT_TRUE(listener.feed(base::asBytes(line("/a"))).done);
}

TEST(MultistreamTest, ListenerTiresOfProposals) {
  auto listener = listenerOf({"/a"});
  auto step = listener.feed(base::asBytes(kHeader));
  for (size_t i = 1; i < Multistream::kMaxProposals; ++i) {
    step = listener.feed(base::asBytes(line("/x" + std::to_string(i))));
    ASSERT_FALSE(step.failed);
  }
  step = listener.feed(base::asBytes(line("/last")));
  EXPECT_TRUE(step.failed);
  EXPECT_EQ(str(step.send), line("na"));
}

TEST(MultistreamTest, BadLinesFail) {
  const std::string big = line(std::string(Multistream::kMaxLine, 'a'));
  for (const std::string& in :
       {std::string("GET / HTTP/1.1\r\n"), line("/multistream/0.9.0"), line(""), std::string("\0", 1),
        std::string("\x80\0", 2), std::string("\xff\xff\xff\xff\xff\xff\xff\xff\xff"), kHeader + "\x03nax",
        kHeader + big, kHeader + std::string("\0", 1)}) {
    auto listener = listenerOf({"/a"});
    const auto step = listener.feed(base::asBytes(in));
    EXPECT_TRUE(step.failed) << in;
    EXPECT_LE(step.consumed, in.size());
    EXPECT_FALSE(listener.error().what.empty());
  }
  auto whole = listenerOf({std::string(Multistream::kMaxLine - 1, 'a')});
  EXPECT_TRUE(whole.feed(base::asBytes(kHeader + line(std::string(Multistream::kMaxLine - 1, 'a')))).done);
  auto dialer = Multistream::dialer({"/a"});
  dialer.start();
  EXPECT_TRUE(dialer.feed(base::asBytes(kHeader + line("/b"))).failed) << "an answer nobody asked for";
}

RC_GTEST_PROP(MultistreamTest, TwoSidesAgreeHoweverTheBytesAreCut, ()) {
  const std::vector<std::string> names{"/a", "/b/1.0.0", "/long/" + std::string(200, 'x'), "/d"};
  const auto proposed = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(names)));
  const auto spoken = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(names));
  RC_PRE(proposed.size() < Multistream::kMaxProposals);
  auto dialer = Multistream::dialer(proposed);
  auto listener = listenerOf(spoken);
  std::string toListener = str(dialer.start().send);
  std::string toDialer;
  bool dialerOver = false;
  for (int round = 0; round < 100'000 && (!toListener.empty() || !toDialer.empty()); ++round) {
    const auto pump = [](Multistream& side, std::string& in, std::string& out) {
      const size_t cut = std::min<size_t>(in.size(), size_t(*rc::gen::inRange(1, 40)));
      const auto step = side.feed(base::asBytes(std::string_view(in).substr(0, cut)));
      in.erase(0, step.consumed);
      out += str(step.send);
      return step.done || step.failed;
    };
    if (!toListener.empty() && pump(listener, toListener, toDialer)) {
      RC_ASSERT(toListener.empty());
    }
    if (!toDialer.empty() && !dialerOver) {
      dialerOver = pump(dialer, toDialer, toListener);
    }
  }
  const auto first = std::find_if(proposed.begin(), proposed.end(), [&](const std::string& p) {
    return std::find(spoken.begin(), spoken.end(), p) != spoken.end();
  });
  RC_ASSERT(dialerOver);
  RC_ASSERT(dialer.protocol() == (first == proposed.end() ? std::string() : *first));
  RC_ASSERT(listener.protocol() == dialer.protocol());
}

} // namespace
} // namespace univrs::p2p
