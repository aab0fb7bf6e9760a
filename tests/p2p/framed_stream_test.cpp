#include "engine/p2p/framed_stream.h"
#include "engine/p2p/protobuf.h"
#include "tests/p2p/memory_stream.h"

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {

struct Log {
  std::vector<std::string> messages;
  int faults = 0, finished = 0, closed = 0, drained = 0;
  std::string raw;
};

class Probe final : public FramedStream {
public:
  Probe(Stream& stream, Log& log, size_t maxFrame = 1u << 20, size_t maxQueued = 1u << 21)
      : FramedStream(stream, maxFrame, maxQueued), m_log(log) {}
  std::function<void(Probe&, const std::string&)> then;
  using FramedStream::handOver;

private:
  void onMessage(std::span<const uint8_t> message) override {
    m_log.messages.emplace_back(message.begin(), message.end());
    if (then) {
      then(*this, m_log.messages.back());
    }
  }
  void onFault(const base::Error&) override { ++m_log.faults; }
  void onFinished() override {
    ++m_log.finished;
    FramedStream::onFinished();
  }
  void onQueueDrained() override { ++m_log.drained; }
  void onClosed(const base::Error&) override { ++m_log.closed; }
  Log& m_log;
};

class Raw final : public StreamHandler {
public:
  Raw(Stream& stream, Log& log) : m_stream(stream), m_log(log) {}
  void onData() override {
    const auto in = m_stream.received();
    m_log.raw.append(in.begin(), in.end());
    m_stream.consume(in.size());
  }
  void onEnd() override { ++m_log.finished; }
  void onClosed(const base::Error&) override { ++m_log.closed; }

private:
  Stream& m_stream;
  Log& m_log;
};

struct Ends {
  explicit Ends(size_t window = 256 * 1024, size_t maxFrame = 1u << 20, size_t maxQueued = 1u << 21)
      : pair(loop, window) {
    auto l = std::make_unique<Probe>(pair.a, left, maxFrame, maxQueued);
    auto r = std::make_unique<Probe>(pair.b, right, maxFrame, maxQueued);
    a = l.get();
    b = r.get();
    pair.a.attach(std::move(l));
    pair.b.attach(std::move(r));
    loop.run();
  }
  void raw(std::string_view bytes) {
    EXPECT_EQ(pair.a.write(base::asBytes(bytes)), bytes.size());
    loop.run();
  }
  MemoryLoop loop;
  Log left, right;
  MemoryPair pair;
  Probe* a = nullptr;
  Probe* b = nullptr;
};

TEST(FramedStreamTest, MessagesArriveWholeAndInOrder) {
  Ends ends;
  const std::vector<std::string> messages{"one", "", std::string(300, 'x'), std::string(70'000, 'y')};
  for (const auto& message : messages) {
    EXPECT_TRUE(ends.a->send(base::asBytes(message)));
  }
  ends.a->finish();
  ends.loop.run();
  EXPECT_EQ(ends.right.messages, messages);
  EXPECT_EQ(ends.right.finished, 1);
  EXPECT_EQ(ends.left.closed, 1) << "the other side finished too, so the stream is over";
  EXPECT_EQ(ends.right.closed, 1);
}

TEST(FramedStreamTest, FramesLargerThanTheWindow) {
  Ends ends(1'000);
  const std::string big(900'000, 'z');
  EXPECT_TRUE(ends.a->send(base::asBytes(big)));
  EXPECT_TRUE(ends.a->send(base::asBytes("after")));
  ends.loop.run();
  ASSERT_EQ(ends.right.messages.size(), 2u);
  EXPECT_EQ(ends.right.messages[0], big);
  EXPECT_EQ(ends.right.messages[1], "after");
  EXPECT_EQ(ends.a->queued(), 0u);
}

TEST(FramedStreamTest, TheQueueIsBoundedAndSaysWhenThereIsRoom) {
  Ends ends(100, 1'000, 1'500);
  ends.pair.a.maxUnsent = 50;
  EXPECT_FALSE(ends.a->send(base::Bytes(1'499))) << "with its length it is larger than the queue";
  EXPECT_TRUE(ends.a->send(base::Bytes(1'000)));
  EXPECT_FALSE(ends.a->send(base::Bytes(600)));
  EXPECT_TRUE(ends.a->send(base::Bytes(400)));
  EXPECT_LE(ends.a->queued(), 1'500u);
  EXPECT_GT(ends.a->queued(), 1'000u);
  ends.loop.run();
  EXPECT_EQ(ends.right.messages.size(), 2u);
  EXPECT_EQ(ends.a->queued(), 0u);
  EXPECT_GE(ends.left.drained, 1);
}

TEST(FramedStreamTest, WhatIsQueuedGoesOutBeforeTheEnd) {
  Ends ends(100);
  ends.pair.a.maxUnsent = 50;
  EXPECT_TRUE(ends.a->send(base::Bytes(5'000, 'q')));
  ends.a->finish();
  EXPECT_FALSE(ends.a->send(base::asBytes("late")));
  ends.loop.run();
  EXPECT_EQ(ends.right.messages.size(), 1u);
  EXPECT_EQ(ends.right.finished, 1);
}

TEST(FramedStreamTest, TooLongAnAnnouncementIsRefusedBeforeItsBytes) {
  Ends ends(256 * 1024, 1'000);
  ends.raw(std::string("\x02hi\xe9\x07", 5)); // "hi", then 1001
  EXPECT_EQ(ends.right.messages, std::vector<std::string>{"hi"});
  EXPECT_EQ(ends.right.faults, 1);
  EXPECT_TRUE(ends.pair.b.wasReset);
  EXPECT_EQ(ends.left.closed, 1);
  Ends exact(256 * 1024, 1'000);
  exact.raw("\xe8\x07" + std::string(1'000, 'x'));
  EXPECT_EQ(exact.right.messages.size(), 1u);
}

TEST(FramedStreamTest, BrokenFramesAreRefused) {
  for (const std::string& bytes :
       {std::string("\x80\x00", 2), std::string(9, '\xff'), std::string("\x81\x80\x00", 3)}) {
    Ends ends;
    ends.raw(bytes);
    EXPECT_EQ(ends.right.faults, 1);
    EXPECT_TRUE(ends.pair.b.wasReset);
  }
  for (const std::string& bytes : {std::string("\x05hi"), std::string("\x80")}) {
    Ends ends;
    ends.raw(bytes);
    EXPECT_EQ(ends.right.faults, 0);
    ends.pair.a.closeWrite();
    ends.loop.run();
    EXPECT_EQ(ends.right.faults, 1) << "cut in the middle";
    EXPECT_TRUE(ends.pair.b.wasReset);
  }
}

TEST(FramedStreamTest, ResetFromInsideAMessageStopsTheReading) {
  Ends ends;
  ends.b->then = [](Probe& probe, const std::string&) { probe.reset(); };
  ends.a->send(base::asBytes("first"));
  ends.a->send(base::asBytes("second"));
  ends.loop.run();
  EXPECT_EQ(ends.right.messages.size(), 1u);
  EXPECT_EQ(ends.right.closed, 0) << "it reset the stream itself";
  EXPECT_EQ(ends.left.closed, 1);
}

TEST(FramedStreamTest, HandsTheRestToAnotherHandler) {
  Ends ends;
  Log raw;
  ends.b->then = [&](Probe& probe, const std::string& message) {
    if (message == "switch") {
      auto& stream = probe.stream();
      probe.handOver(std::make_unique<Raw>(stream, raw));
    }
  };
  ends.raw(std::string("\x02hi\x06switch") + "\x05raw bytes that are no frame");
  EXPECT_EQ(ends.right.messages, (std::vector<std::string>{"hi", "switch"}));
  EXPECT_EQ(raw.raw, "\x05raw bytes that are no frame");
  ends.raw(", and more");
  EXPECT_EQ(raw.raw, "\x05raw bytes that are no frame, and more");
}

} // namespace
} // namespace univrs::p2p
