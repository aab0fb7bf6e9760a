#include "tests/p2p/quic_nodes.h"

#include <cstring>

namespace univrs::p2p {
namespace {

struct Pair {
  explicit Pair(const QuicOptions& options = {}, const std::string& ip = "127.0.0.1") : a(options), b(options) {
    address = b.listen(ip);
  }
  // Connects a to b, perhaps over a road.
  bool connect(const Multiaddr& over = {}) {
    near = a.connect(over.empty() ? address : over, b.id());
    return near != nullptr && waitFor([this] { return !b.inbound.empty(); }) &&
           (far = b.inbound.back().get()) != nullptr;
  }
  Node a, b;
  Multiaddr address;
  End* near = nullptr;
  End* far = nullptr;
};

class QuicOver : public testing::TestWithParam<std::string> {};

TEST_P(QuicOver, EchoAndWhoIsWho) {
  Pair p({}, GetParam());
  ASSERT_TRUE(p.connect()) << p.a.error.text();
  EXPECT_EQ(p.near->connection->info().peer, p.b.id());
  EXPECT_EQ(p.far->connection->info().peer, p.a.id());
  EXPECT_EQ(p.near->connection->info().remote, p.address);
  EXPECT_EQ(p.far->connection->info().local, p.address);
  EXPECT_EQ(p.near->connection->info().local, p.far->connection->info().remote);
  EXPECT_EQ(p.near->connection->info().transport, "quic-v1");
  EXPECT_NE(p.near->connection->info().id, p.far->connection->info().id);
  EXPECT_EQ(p.far->connection->info().direction, Direction::Inbound);
  const auto record = p.near->open();
  feed(record, pattern(5'000));
  ASSERT_TRUE(waitFor([&] { return record->closes == 1; }));
  EXPECT_EQ(record->data, pattern(5'000));
  EXPECT_EQ(record->ends, 1);
  EXPECT_EQ(record->error.what, "");
  EXPECT_TRUE(waitFor([&] { return record->destroyed; }));
  EXPECT_TRUE(p.near->connection->rtt().has_value());
  EXPECT_GT(p.near->connection->traffic().sent, 5'000u);
  EXPECT_TRUE(waitFor([&] { return p.far->connection->streamCount() == 0; }));
  EXPECT_EQ(p.near->connection->streamCount(), 0u);
  EXPECT_EQ(p.b.gate.under, 0u);
}

INSTANTIATE_TEST_SUITE_P(BothFamilies, QuicOver, testing::Values("127.0.0.1", "::1"));

TEST(Quic, HundredStreamsAtOnce) {
  Pair p;
  ASSERT_TRUE(p.connect());
  std::vector<std::shared_ptr<Record>> records;
  for (uint32_t i = 0; i < 100; ++i) {
    records.push_back(p.near->open());
    feed(records.back(), pattern(20'000, i));
  }
  ASSERT_TRUE(waitFor(
      [&] { return std::all_of(records.begin(), records.end(), [](const auto& r) { return r->closes == 1; }); }));
  for (uint32_t i = 0; i < 100; ++i) {
    EXPECT_EQ(records[i]->data, pattern(20'000, i)) << i;
  }
  EXPECT_TRUE(waitFor([&] { return p.far->connection->streamCount() == 0; }));
}

TEST(Quic, MegabytesBothWaysAtOnce) {
  Pair p;
  auto far = std::make_shared<Record>();
  p.b.onInbound = [&](End& end) {
    end.accept = [&](Stream& stream) {
      auto handler = std::make_unique<Recorder>(stream, far);
      feed(far, pattern(3'000'000, 9));
      return handler;
    };
  };
  ASSERT_TRUE(p.connect());
  const auto near = p.near->open();
  feed(near, pattern(3'000'000, 8));
  ASSERT_TRUE(waitFor([&] { return near->closes == 1 && far->closes == 1; }));
  EXPECT_TRUE(near->data == pattern(3'000'000, 9));
  EXPECT_TRUE(far->data == pattern(3'000'000, 8));
}

TEST(Quic, ReaderThatDoesNotReadStopsTheWriter) {
  Pair p;
  auto far = std::make_shared<Record>();
  far->consume = false;
  p.b.onInbound = [&](End& end) {
    end.accept = [&](Stream& stream) { return std::make_unique<Recorder>(stream, far); };
  };
  ASSERT_TRUE(p.connect());
  const auto near = p.near->open();
  size_t written = 0;
  const base::Bytes block = pattern(100'000);
  near->onWritable = [&] {
    while (const size_t n = near->stream->write(block)) {
      written += n;
    }
  };
  near->onWritable();
  size_t before = 0;
  do { // until nothing moves any more
    before = written;
    runFor(std::chrono::milliseconds(300));
  } while (written != before);
  EXPECT_EQ(far->stream->received().size(), 10'000'000u) << "one receive window, no more";
  EXPECT_EQ(written, 10'000'000u + near->stream->unsent());
  EXPECT_LE(near->stream->unsent(), Stream::kMaxUnsent);
  EXPECT_GE(near->stream->unsent(), Stream::kMaxUnsent / 2);
  EXPECT_GE(p.far->connection->bufferedBytes(), 10'000'000u);
  // Other streams go on meanwhile: the connection's window is larger.
  p.far->accept = [](Stream& s) { return std::make_unique<Echo>(s); };
  const auto other = p.near->open();
  feed(other, pattern(1'000));
  ASSERT_TRUE(waitFor([&] { return other->closes == 1; }));
  EXPECT_EQ(other->data.size(), 1'000u);
  // Reading lets the writer go on.
  far->stream->consume(far->stream->received().size());
  EXPECT_TRUE(waitFor([&] { return written > before; }));
}

TEST(Quic, HalfClose) {
  Pair p;
  auto far = std::make_shared<Record>();
  p.b.onInbound = [&](End& end) {
    end.accept = [&](Stream& stream) { return std::make_unique<Recorder>(stream, far); };
  };
  ASSERT_TRUE(p.connect());
  const auto near = p.near->open();
  near->stream->closeWrite(); // an end without a byte
  EXPECT_EQ(near->stream->write(pattern(1)), 0u);
  ASSERT_TRUE(waitFor([&] { return far->ends == 1; }));
  EXPECT_TRUE(far->stream->receivedEnd());
  EXPECT_EQ(far->closes, 0);
  EXPECT_EQ(far->stream->write(pattern(10)), 10u);
  ASSERT_TRUE(waitFor([&] { return near->data.size() == 10; }));
  EXPECT_EQ(near->closes, 0);
  far->stream->closeWrite();
  ASSERT_TRUE(waitFor([&] { return near->closes == 1 && far->closes == 1; }));
  EXPECT_EQ(near->error.what + far->error.what, "");
}

TEST(Quic, ResetEndsBothHalvesAndIsToldWithItsCode) {
  Pair p;
  auto far = std::make_shared<Record>();
  p.b.onInbound = [&](End& end) {
    end.accept = [&](Stream& stream) { return std::make_unique<Recorder>(stream, far); };
  };
  ASSERT_TRUE(p.connect());
  const auto near = p.near->open();
  near->stream->write(pattern(100));
  ASSERT_TRUE(waitFor([&] { return far->data.size() == 100; }));
  near->stream->reset(7);
  EXPECT_FALSE(near->destroyed) << "from the event loop";
  ASSERT_TRUE(waitFor([&] { return far->closes == 1 && near->destroyed; }));
  EXPECT_EQ(far->error.what, "the peer reset the stream");
  EXPECT_EQ(far->error.why, "code 7");
  EXPECT_EQ(near->closes, 0);
  EXPECT_EQ(p.near->connection->streamCount() + p.far->connection->streamCount(), 0u);
}

TEST(Quic, ResetInsideTheHandlerAndAnotherHandlerInItsPlace) {
  Pair p;
  auto first = std::make_shared<Record>();
  auto second = std::make_shared<Record>();
  first->consume = false;
  p.b.onInbound = [&](End& end) {
    end.accept = [&](Stream& stream) {
      first->onData = [&] {
        Stream& s = *first->stream;
        s.attach(std::make_unique<Recorder>(s, second));
        EXPECT_FALSE(first->destroyed) << "not before its call returns";
      };
      return std::make_unique<Recorder>(stream, first);
    };
  };
  ASSERT_TRUE(p.connect());
  const auto near = p.near->open();
  near->stream->write(pattern(100));
  ASSERT_TRUE(waitFor([&] { return second->data.size() == 100; }));
  EXPECT_TRUE(first->destroyed);
  EXPECT_EQ(first->dataCalls, 1);
  second->onData = [&] { second->stream->reset(3); };
  near->stream->write(pattern(100));
  ASSERT_TRUE(waitFor([&] { return near->closes == 1; }));
  EXPECT_EQ(near->error.why, "code 3");
  EXPECT_TRUE(second->destroyed);
  EXPECT_EQ(second->closes, 0);
}

TEST(Quic, WhatResetStreamsHeldIsGivenBackAsCredit) {
  Pair p;
  int got = 0;
  p.b.onInbound = [&](End& end) {
    end.accept = [&](Stream& stream) {
      auto record = std::make_shared<Record>();
      record->consume = false;
      record->onData = [&got, record = record.get()] { // it holds this: no second owner
        if (record->stream != nullptr && record->stream->received().size() > 400'000) {
          ++got;
          const bool stop = got % 2 == 0;
          Stream* s = std::exchange(record->stream, nullptr);
          stop ? s->stopReading() : s->reset(1);
          if (stop) {
            s->closeWrite();
          }
        }
      };
      return std::make_unique<Recorder>(stream, record);
    };
  };
  ASSERT_TRUE(p.connect());
  for (int i = 0; i < 40; ++i) { // 40 MB against a window of 15
    const auto near = p.near->open();
    near->stream->write(pattern(1'000'000));
    near->stream->closeWrite();
    ASSERT_TRUE(waitFor([&] { return got == i + 1 && near->closes == 1; })) << i;
  }
  p.far->accept = [](Stream& s) { return std::make_unique<Echo>(s); };
  const auto last = p.near->open();
  feed(last, pattern(10'000));
  EXPECT_TRUE(waitFor([&] { return last->data.size() == 10'000; }));
}

TEST(Quic, StreamsBeyondTheLimitWaitForAPlace) {
  Pair p;
  ASSERT_TRUE(p.connect());
  std::vector<std::shared_ptr<Record>> records;
  for (int i = 0; i < 256; ++i) {
    records.push_back(p.near->open());
    records.back()->stream->write(pattern(10));
  }
  EXPECT_EQ(p.near->connection->openStream().error().code, base::ErrorCode::Unavailable);
  ASSERT_TRUE(waitFor([&] { return p.far->streams == 256; }));
  records[7]->stream->closeWrite();
  ASSERT_TRUE(waitFor([&] { return records[7]->closes == 1; }));
  Stream* more = nullptr;
  ASSERT_TRUE(waitFor([&] {
    auto opened = p.near->connection->openStream();
    more = opened ? *opened : nullptr;
    return more != nullptr;
  }));
  more->reset();
  // A stream nobody takes is reset.
  p.far->accept = [](Stream&) { return nullptr; };
  records[8]->stream->closeWrite();
  ASSERT_TRUE(waitFor([&] { return records[8]->closes == 1; }));
  ASSERT_TRUE(waitFor([&] {
    auto opened = p.near->connection->openStream();
    more = opened ? *opened : nullptr;
    return more != nullptr;
  }));
  auto refused = std::make_shared<Record>();
  more->attach(std::make_unique<Recorder>(*more, refused));
  more->write(pattern(1));
  ASSERT_TRUE(waitFor([&] { return refused->closes == 1; }));
  EXPECT_EQ(refused->error.what, "the peer reset the stream");
}

TEST(Quic, CloseIsToldToBothSidesAndTheirStreams) {
  Pair p;
  ASSERT_TRUE(p.connect());
  const auto near = p.near->open();
  auto farRecord = std::make_shared<Record>();
  p.far->accept = [&](Stream& stream) { return std::make_unique<Recorder>(stream, farRecord); };
  near->stream->write(pattern(10));
  ASSERT_TRUE(waitFor([&] { return farRecord->data.size() == 10; }));
  p.far->destroyWhenClosed = true;
  near->stream->write(pattern(5)); // on its way before the end
  p.near->connection->close(42, "enough");
  EXPECT_EQ(p.near->closes, 0) << "told later";
  ASSERT_TRUE(waitFor([&] { return p.near->closes == 1 && p.far->closes == 1; }));
  EXPECT_EQ(near->closes, 1);
  EXPECT_EQ(farRecord->closes, 1);
  EXPECT_EQ(farRecord->data.size(), 15u);
  EXPECT_EQ(p.far->error.what, "the peer closed the connection");
  EXPECT_NE(p.far->error.why.find("code 0x2a (enough)"), std::string::npos) << p.far->error.why;
  EXPECT_EQ(p.far->connection, nullptr);
  EXPECT_FALSE(p.near->connection->openStream().ok());
  EXPECT_FALSE(p.near->connection->sendDatagram(pattern(1)));
}

TEST(Quic, ConnectionDestroyedInsideItsStreamsHandler) {
  Pair p;
  auto record = std::make_shared<Record>();
  p.b.onInbound = [&](End& end) {
    end.accept = [&](Stream& stream) {
      record->onData = [&] {
        p.far = nullptr;
        p.b.inbound.clear();
        EXPECT_FALSE(record->destroyed) << "it is still being called";
      };
      return std::make_unique<Recorder>(stream, record);
    };
  };
  ASSERT_TRUE(p.connect());
  const auto near = p.near->open();
  near->stream->write(pattern(10));
  ASSERT_TRUE(waitFor([&] { return record->destroyed && p.near->closes == 1; }));
  EXPECT_EQ(near->closes, 1);
  EXPECT_EQ(record->closes, 0);
}

TEST(Quic, Datagrams) {
  Pair p;
  ASSERT_TRUE(p.connect());
  const size_t most = p.near->connection->maxDatagram();
  EXPECT_GE(most, 1'100u);
  EXPECT_LE(most, 1'500u);
  EXPECT_TRUE(p.near->connection->sendDatagram(pattern(most, 1)));
  EXPECT_TRUE(p.near->connection->sendDatagram(pattern(1, 2)));
  EXPECT_FALSE(p.near->connection->sendDatagram(pattern(2'000)));
  EXPECT_TRUE(p.far->connection->sendDatagram(pattern(500, 3)));
  ASSERT_TRUE(waitFor([&] { return p.far->datagrams.size() == 2 && p.near->datagrams.size() == 1; }));
  EXPECT_EQ(p.far->datagrams[0], pattern(most, 1));
  EXPECT_EQ(p.far->datagrams[1], pattern(1, 2));
  EXPECT_EQ(p.near->datagrams[0], pattern(500, 3));
  size_t taken = 0;
  while (p.near->connection->sendDatagram(pattern(1'000))) {
    ASSERT_LT(++taken, 10'000u);
  }
  EXPECT_EQ(taken, 128u) << "the queue is bounded";
}

TEST(Quic, WidthOfThePathIsFound) {
  Pair p;
  ASSERT_TRUE(p.connect());
  const size_t before = p.near->connection->maxDatagram();
  const auto record = p.near->open();
  feed(record, pattern(200'000));
  ASSERT_TRUE(waitFor([&] { return record->closes == 1; }));
  EXPECT_TRUE(waitFor([&] { return p.near->connection->maxDatagram() > before; }));
}

TEST(Quic, IdleConnectionEndsOnBothSides) {
  QuicOptions options;
  options.idleTimeout = std::chrono::milliseconds(400);
  options.keepAlive = std::chrono::milliseconds(100);
  Pair p(options);
  Road road(p.address);
  ASSERT_TRUE(p.connect(road.address()));
  runFor(std::chrono::milliseconds(1'500));
  EXPECT_EQ(p.near->closes + p.far->closes, 0) << "kept alive";
  const auto record = p.near->open();
  record->stream->write(pattern(10));
  road.cut = true;
  ASSERT_TRUE(waitFor([&] { return p.near->closes == 1 && p.far->closes == 1; }));
  EXPECT_EQ(p.near->error.code, base::ErrorCode::Timeout);
  EXPECT_EQ(record->closes, 1);
}

TEST(Quic, FivePercentLoss) {
  Pair p;
  Road road(p.address);
  road.loss = 0.05;
  ASSERT_TRUE(p.connect(road.address()));
  const auto record = p.near->open();
  feed(record, pattern(1'000'000));
  ASSERT_TRUE(waitFor([&] { return record->closes == 1; }));
  EXPECT_TRUE(record->data == pattern(1'000'000));
  EXPECT_GT(road.lost, 10u);
}

TEST(Quic, ReplayedPacketsChangeNothing) {
  Pair p;
  Road road(p.address);
  road.remember = true;
  road.copies = 2;
  ASSERT_TRUE(p.connect(road.address()));
  const auto record = p.near->open();
  feed(record, pattern(100'000));
  ASSERT_TRUE(waitFor([&] { return record->closes == 1; }));
  const auto again = road.seen;
  for (const auto& datagram : again) {
    road.sendToListener(datagram);
  }
  const auto another = p.near->open();
  feed(another, pattern(1'000));
  ASSERT_TRUE(waitFor([&] { return another->closes == 1; }));
  EXPECT_EQ(record->data, pattern(100'000));
  EXPECT_EQ(p.far->streams, 2);
  EXPECT_EQ(p.b.inbound.size(), 1u);
  EXPECT_EQ(p.b.transport->stats().handshakesBegun, 1u);
  p.near->connection->close(0, "");
  ASSERT_TRUE(waitFor([&] { return p.far->closes == 1; }));
  const uint64_t sent = p.b.transport->stats().datagramsSent;
  for (const auto& datagram : again) { // its ids are still known as those of a connection that is over
    road.sendToListener(datagram);
  }
  runFor(std::chrono::milliseconds(50));
  EXPECT_EQ(p.b.transport->stats().handshakesBegun, 1u);
  EXPECT_EQ(p.b.transport->stats().datagramsSent, sent) << "draining says nothing";
}

TEST(Quic, PeerThatMovesIsFollowed) {
  Pair p;
  Road road(p.address);
  ASSERT_TRUE(p.connect(road.address()));
  const auto record = p.near->open();
  record->stream->write(pattern(10));
  ASSERT_TRUE(waitFor([&] { return record->data.size() == 10; }));
  road.rebind();
  record->stream->write(pattern(10));
  ASSERT_TRUE(waitFor([&] { return record->data.size() == 20 && p.far->moves > 0; }));
  EXPECT_EQ(p.far->connection->info().remote.port(), road.backPort());
  EXPECT_EQ(p.near->moves, 0);
}

} // namespace
} // namespace univrs::p2p

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  QCoreApplication app(argc, argv);
  return RUN_ALL_TESTS();
}
