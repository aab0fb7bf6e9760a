#include "engine/base/random.h"
#include "engine/p2p/yamux.h"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace univrs::p2p {
namespace {

using Session = YamuxSession;
using Kind = Session::Event::Kind;
using Micros = Session::Micros;

base::Bytes frame(int type, int flags, uint32_t id, uint32_t length) {
  base::Bytes out{0, uint8_t(type), uint8_t(flags >> 8), uint8_t(flags)};
  for (const uint32_t value : {id, length}) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.push_back(uint8_t(value >> shift));
    }
  }
  return out;
}
enum { Data = 0, Update = 1, Ping = 2, GoAway = 3, Syn = 1, Ack = 2, Fin = 4, Rst = 8 };

base::Bytes outputOf(Session& session, Micros now = Micros(1)) {
  base::Bytes out;
  for (size_t before = size_t(-1); before != out.size();) {
    before = out.size();
    session.output(out, 60'000, now);
  }
  return out;
}

std::vector<Session::Event> eventsOf(Session& session) {
  std::vector<Session::Event> out;
  while (auto event = session.nextEvent()) {
    out.push_back(*event);
  }
  return out;
}

bool has(const std::vector<Session::Event>& events, Kind kind) {
  return std::any_of(events.begin(), events.end(), [&](const auto& e) { return e.kind == kind; });
}

// Two sessions with a perfect channel between them.
struct Pair {
  Session a{Session::Side::Dialer};
  Session b{Session::Side::Listener};
  Micros now{1'000'000};
  Micros delay{0}; // each way
  void settle() {
    for (int i = 0; i < 10'000; ++i) {
      const auto toB = outputOf(a, now);
      now += delay;
      b.feed(toB, now);
      const auto toA = outputOf(b, now);
      now += delay;
      a.feed(toA, now);
      if (toA.empty() && toB.empty()) {
        return;
      }
    }
    ADD_FAILURE() << "the two never come to rest";
  }
};

TEST(Yamux, FramesAreThoseOfTheSpecification) {
  Session a(Session::Side::Dialer);
  EXPECT_EQ(outputOf(a), frame(Ping, Syn, 0, 1)); // the first thing is to measure the round trip
  const uint32_t id = *a.open();
  EXPECT_EQ(id, 1U);
  EXPECT_EQ(*a.open(), 3U);
  a.write(id, base::asBytes("hi"));
  auto expected = frame(Data, Syn, 1, 2);
  expected.insert(expected.end(), {'h', 'i'});
  const auto second = frame(Update, Syn, 3, 0);
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(outputOf(a), expected);
  a.closeWrite(id);
  EXPECT_EQ(outputOf(a), frame(Data, Fin, 1, 0));
  a.release(3);
  EXPECT_EQ(outputOf(a), frame(Update, Rst, 3, 0));
  a.goAway(0);
  EXPECT_EQ(outputOf(a), frame(GoAway, 0, 0, 0));

  Session b(Session::Side::Listener);
  outputOf(b);
  EXPECT_EQ(*b.open(), 2U);
  b.release(2); // never told to the peer
  EXPECT_TRUE(outputOf(b).empty());
  b.feed(frame(Ping, Syn, 0, 77), Micros(1));
  EXPECT_EQ(outputOf(b), frame(Ping, Ack, 0, 77));
  b.feed(frame(Update, Syn, 1, 0), Micros(1));
  EXPECT_TRUE(has(eventsOf(b), Kind::Opened));
  EXPECT_EQ(outputOf(b), frame(Update, Ack, 1, 0));
}

TEST(Yamux, TheEndNeverSharesAFrameWithData) {
  Session a(Session::Side::Dialer);
  outputOf(a);
  const uint32_t id = *a.open();
  a.write(id, base::asBytes("hi"));
  a.closeWrite(id);
  auto expected = frame(Data, Syn, 1, 2);
  expected.insert(expected.end(), {'h', 'i'});
  const auto end = frame(Data, Fin, 1, 0);
  expected.insert(expected.end(), end.begin(), end.end());
  EXPECT_EQ(outputOf(a), expected);
}

TEST(Yamux, EchoHalfCloseAndEnd) {
  Pair p;
  const uint32_t id = *p.a.open();
  EXPECT_EQ(p.a.write(id, base::asBytes("question")), 8U);
  p.a.closeWrite(id);
  EXPECT_EQ(p.a.write(id, base::asBytes("more")), 0U);
  p.settle();
  const auto events = eventsOf(p.b);
  EXPECT_TRUE(has(events, Kind::Opened) && has(events, Kind::Readable));
  EXPECT_EQ(std::string(p.b.received(id).begin(), p.b.received(id).end()), "question");
  EXPECT_TRUE(p.b.receivedEnd(id));
  EXPECT_FALSE(p.b.finished(id));
  p.b.consume(id, 8);
  p.b.write(id, base::asBytes("answer"));
  p.b.closeWrite(id);
  p.settle();
  EXPECT_TRUE(has(eventsOf(p.b), Kind::Finished));
  EXPECT_TRUE(has(eventsOf(p.a), Kind::Finished));
  EXPECT_EQ(p.a.received(id).size(), 6U);
  p.a.release(id);
  p.b.release(id);
  p.settle();
  EXPECT_EQ(p.a.streamCount() + p.b.streamCount(), 0U);
  EXPECT_FALSE(p.a.fault() || p.b.fault());
}

TEST(Yamux, ASlowReaderHoldsTheWriterBackAtOneWindow) {
  Pair p;
  const uint32_t id = *p.a.open();
  const base::Bytes lots(2u << 20, 7);
  size_t written = p.a.write(id, lots);
  EXPECT_EQ(written, Session::kMaxUnsent);
  p.settle();
  EXPECT_EQ(p.b.received(id).size(), Session::kInitialWindow);
  EXPECT_EQ(p.a.unsent(id), Session::kMaxUnsent - Session::kInitialWindow);
  EXPECT_FALSE(has(eventsOf(p.a), Kind::Writable)); // not below half yet
  bool writable = false;
  while (p.b.received(id).size() > 0) {
    p.b.consume(id, p.b.received(id).size());
    p.settle();
    EXPECT_LE(p.b.received(id).size(), p.b.window(id));
    writable = has(eventsOf(p.a), Kind::Writable) || writable;
  }
  EXPECT_TRUE(writable);
  EXPECT_EQ(p.a.unsentInAll(), 0U);
  EXPECT_EQ(p.b.unread(), 0U);
}

TEST(Yamux, WindowsGrowWithTheBandwidthDelayProductWithinTheBudget) {
  Pair p;
  p.delay = Micros(50'000);
  p.settle();
  ASSERT_TRUE(p.b.rtt());
  EXPECT_NEAR(double(p.b.rtt()->count()), 100'000, 1'000);
  std::vector<uint32_t> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(*p.a.open());
  }
  const base::Bytes lots(Session::kMaxUnsent, 1);
  for (int round = 0; round < 100; ++round) {
    for (const uint32_t id : ids) {
      p.a.write(id, lots);
    }
    p.b.feed(outputOf(p.a, p.now), p.now);
    for (const uint32_t id : ids) {
      p.b.consume(id, p.b.received(id).size());
    }
    p.now += p.delay;
    p.a.feed(outputOf(p.b, p.now), p.now);
    p.now += p.delay;
    eventsOf(p.a);
    eventsOf(p.b);
  }
  size_t all = 0;
  for (const uint32_t id : ids) {
    EXPECT_LE(p.b.window(id), Session::kMaxWindow);
    EXPECT_GT(p.b.window(id), Session::kInitialWindow);
    all += p.b.window(id) - Session::kInitialWindow;
  }
  EXPECT_EQ(all, Session::kMaxWindowGrowth);
  EXPECT_EQ(p.b.windowGrowth(), Session::kMaxWindowGrowth);
  for (const uint32_t id : ids) {
    p.b.release(id);
  }
  EXPECT_EQ(p.b.windowGrowth(), 0U);
}

TEST(Yamux, UnhurriedStreamsKeepTheirWindow) {
  Pair p;
  p.delay = Micros(50'000);
  p.settle();
  const uint32_t id = *p.a.open();
  const base::Bytes some(Session::kInitialWindow, 1);
  for (int i = 0; i < 20; ++i) {
    p.a.write(id, some);
    p.settle();
    p.b.consume(id, p.b.received(id).size());
    p.now += Micros(1'000'000);
    p.settle();
  }
  EXPECT_EQ(p.b.window(id), Session::kInitialWindow);
}

TEST(Yamux, StreamsThatNobodyAcceptsAreBounded) {
  Session a(Session::Side::Dialer);
  for (size_t i = 0; i < Session::kMaxUnacknowledged; ++i) {
    ASSERT_TRUE(a.open());
  }
  const auto refused = a.open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::ErrorCode::Unavailable);
  a.feed(frame(Update, Ack, 1, 0), Micros(1));
  EXPECT_TRUE(a.open());
  EXPECT_FALSE(a.open());
  a.release(5); // given up
  EXPECT_TRUE(a.open());
}

TEST(Yamux, InboundStreamsAreBoundedAndTheRestIsReset) {
  Session b(Session::Side::Listener);
  outputOf(b);
  for (uint32_t i = 0; i < Session::kMaxInbound; ++i) {
    b.feed(frame(Update, Syn, 2 * i + 1, 0), Micros(1));
  }
  outputOf(b);
  EXPECT_EQ(b.streamCount(), Session::kMaxInbound);
  b.feed(frame(Data, Syn, 9'999, 3), Micros(1));
  b.feed(base::asBytes("abc"), Micros(1)); // passed over
  EXPECT_EQ(outputOf(b), frame(Update, Rst, 9'999, 0));
  EXPECT_EQ(b.streamCount(), Session::kMaxInbound);
  b.release(1);
  b.feed(frame(Update, Syn, 10'001, 0), Micros(1));
  EXPECT_EQ(b.streamCount(), Session::kMaxInbound);
  EXPECT_FALSE(b.fault());
}

TEST(Yamux, WhoAsksWithoutReadingTheAnswersIsCutOff) {
  Session b(Session::Side::Listener);
  outputOf(b);
  for (size_t i = 0; i <= Session::kMaxAnswers && !b.fault(); ++i) {
    b.feed(frame(Ping, Syn, 0, 1), Micros(1));
  }
  ASSERT_TRUE(b.fault());
  EXPECT_EQ(b.fault()->code, base::ErrorCode::RateLimited);
  EXPECT_EQ(outputOf(b), frame(GoAway, 0, 0, 1));
  // Streams opened and reset again and again leave nothing behind, whether or not anything is sent.
  Session c(Session::Side::Listener);
  for (uint32_t id = 1; id < 200'001 && !c.fault(); id += 2) {
    c.feed(frame(Update, Syn, id, 0), Micros(1));
    c.feed(frame(Update, Rst, id, 0), Micros(1));
    for (const auto& event : eventsOf(c)) {
      if (event.kind == Kind::Reset) {
        c.release(event.stream);
      }
    }
  }
  EXPECT_FALSE(c.fault());
  EXPECT_EQ(c.streamCount(), 0U);
  EXPECT_EQ(outputOf(c), frame(Ping, Syn, 0, 1));
}

TEST(Yamux, UnreadBytesOfAllStreamsAreBounded) {
  Pair p;
  const base::Bytes window(Session::kInitialWindow, 1);
  const size_t enough = Session::kMaxUnread / Session::kInitialWindow;
  for (size_t i = 0; i < enough + 3; ++i) {
    p.a.write(*p.a.open(), window);
    p.settle();
  }
  EXPECT_EQ(p.b.unread(), Session::kMaxUnread);
  const auto events = eventsOf(p.b);
  EXPECT_EQ(std::count_if(events.begin(), events.end(), [](const auto& e) { return e.kind == Kind::Reset; }), 3);
  EXPECT_TRUE(has(eventsOf(p.a), Kind::Reset));
  EXPECT_FALSE(p.a.fault() || p.b.fault());
}

TEST(Yamux, ProtocolViolationsEndTheSession) {
  const auto joined = [](base::Bytes first, const base::Bytes& second) {
    first.insert(first.end(), second.begin(), second.end());
    return first;
  };
  auto version = frame(Data, Syn, 1, 0);
  version[0] = 1;
  base::Bytes tooMuch = frame(Data, Syn, 1, Session::kInitialWindow);
  tooMuch.resize(tooMuch.size() + Session::kInitialWindow);
  const std::vector<std::pair<const char*, base::Bytes>> bad{
      {"version", version},
      {"type", frame(9, 0, 1, 0)},
      {"stream 0", frame(Data, Syn, 0, 0)},
      {"our parity", frame(Update, Syn, 2, 0)},
      {"opened twice", joined(frame(Update, Syn, 1, 0), frame(Update, Syn, 1, 0))},
      {"frame beyond the window", frame(Data, Syn, 1, Session::kInitialWindow + 1)},
      {"window used up", joined(tooMuch, frame(Data, 0, 1, 1))},
      {"giant frame for nobody", frame(Data, 0, 77, Session::kMaxWindow + 1)},
      {"window overflow", joined(frame(Update, Syn, 1, 0xfffff000), frame(Update, 0, 1, 0xfffff000))},
      {"data after the end", joined(frame(Data, Syn | Fin, 1, 0), frame(Data, 0, 1, 1))},
  };
  for (const auto& [what, bytes] : bad) {
    SCOPED_TRACE(what);
    Session b(Session::Side::Listener);
    outputOf(b);
    b.feed(bytes, Micros(1));
    EXPECT_TRUE(b.fault());
    EXPECT_EQ(outputOf(b), frame(GoAway, 0, 0, 1));
    EXPECT_FALSE(b.open());
    b.feed(frame(Update, Syn, 1'001, 0), Micros(1)); // nothing counts any more
    EXPECT_TRUE(outputOf(b).empty());
  }
}

TEST(Yamux, FramesForForgottenStreamsArePassedOver) {
  Session b(Session::Side::Listener);
  outputOf(b);
  b.feed(frame(Update, Syn, 1, 0), Micros(1));
  b.release(1);
  EXPECT_EQ(outputOf(b), frame(Update, Rst, 1, 0));
  b.feed(frame(Data, 0, 1, 5), Micros(1));
  b.feed(base::asBytes("12345"), Micros(1));
  b.feed(frame(Update, Fin, 1, 9), Micros(1));
  b.feed(frame(Update, Rst, 1, 0), Micros(1));
  EXPECT_FALSE(b.fault());
  EXPECT_TRUE(outputOf(b).empty());
  EXPECT_EQ(b.unread(), 0U);
}

TEST(Yamux, ThrownAwayBytesGiveCredit) {
  Pair p;
  const uint32_t id = *p.a.open();
  p.settle();
  p.b.stopReading(id);
  const base::Bytes lots(Session::kMaxUnsent, 1);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(p.a.write(id, lots), lots.size());
    p.settle();
    EXPECT_EQ(p.a.unsent(id), 0U);
  }
  EXPECT_EQ(p.b.unread(), 0U);
  EXPECT_EQ(p.b.window(id), Session::kInitialWindow);
  // We are through with it; the peer keeps its half open: it is ended in the end.
  p.b.closeWrite(id);
  p.settle();
  eventsOf(p.a);
  eventsOf(p.b);
  p.b.tick(p.now);
  p.now += Session::kLinger;
  p.b.feed(frame(Ping, Ack, 0, 1), p.now);
  p.b.tick(p.now);
  EXPECT_TRUE(has(eventsOf(p.b), Kind::Reset));
  p.settle();
  EXPECT_TRUE(has(eventsOf(p.a), Kind::Reset));
}

TEST(Yamux, PingsMeasureAndFindTheDead) {
  Pair p;
  p.delay = Micros(2'000);
  p.settle();
  EXPECT_EQ(p.a.rtt(), Micros(4'000));
  p.a.tick(p.now);
  EXPECT_TRUE(outputOf(p.a, p.now).empty()); // not yet
  p.now += Session::kPingInterval;
  p.a.tick(p.now);
  EXPECT_EQ(outputOf(p.a, p.now), frame(Ping, Syn, 0, 2));
  p.now += Session::kPingTimeout - Micros(1);
  p.a.tick(p.now);
  EXPECT_FALSE(p.a.fault());
  p.a.feed(frame(Update, 0, 99, 0), p.now); // any sign of life will do
  p.now += Session::kPingTimeout - Micros(1);
  p.a.tick(p.now);
  EXPECT_FALSE(p.a.fault());
  p.now += Micros(2);
  p.a.tick(p.now);
  ASSERT_TRUE(p.a.fault());
  EXPECT_EQ(p.a.fault()->code, base::ErrorCode::Timeout);
}

TEST(Yamux, GoAwayAllowsNoNewStreams) {
  Pair p;
  const uint32_t id = *p.a.open();
  p.settle();
  p.b.goAway(0);
  p.settle();
  ASSERT_TRUE(p.a.remoteGoAway());
  EXPECT_EQ(*p.a.remoteGoAway(), 0U);
  EXPECT_FALSE(p.a.open());
  EXPECT_FALSE(p.b.open());
  EXPECT_EQ(p.b.write(id, base::asBytes("x")), 0U);
}

// --- random interleavings: what is written arrives, in order, within the windows, whatever happens in between

uint8_t patternAt(uint32_t id, bool fromA, size_t at) {
  return uint8_t((at * 131 + id * 17 + (fromA ? 5 : 0)) ^ (at >> 8));
}

struct Side {
  Session session;
  bool isA;
  base::Bytes wire; // on its way to the other
  std::map<uint32_t, size_t> written, read;
  std::set<uint32_t> open, closed, ended, stopped, gone;
};

struct World {
  explicit World(uint64_t seed) : random(seed) {}
  base::SeededRandom random;
  Micros now{1};
  Side a{Session(Session::Side::Dialer), true, {}, {}, {}, {}, {}, {}, {}, {}};
  Side b{Session(Session::Side::Listener), false, {}, {}, {}, {}, {}, {}, {}, {}};
  size_t delivered = 0;

  uint32_t pick(const std::set<uint32_t>& ids) {
    return ids.empty() ? 0 : *std::next(ids.begin(), std::ptrdiff_t(random.below(ids.size())));
  }
  void drop(Side& side, uint32_t id) {
    side.session.release(id);
    side.open.erase(id);
    side.gone.insert(id);
  }
  void events(Side& side) {
    while (const auto event = side.session.nextEvent()) {
      switch (event->kind) {
      case Kind::Opened:
        ASSERT_FALSE(side.open.contains(event->stream));
        side.open.insert(event->stream);
        break;
      case Kind::Reset:
        drop(side, event->stream);
        break;
      default:
        break;
      }
    }
  }
  void write(Side& side, uint32_t id, size_t most) {
    base::Bytes bytes(random.below(most) + 1);
    size_t& at = side.written[id];
    for (size_t i = 0; i < bytes.size(); ++i) {
      bytes[i] = patternAt(id, side.isA, at + i);
    }
    at += side.session.write(id, bytes);
  }
  void read(Side& side, uint32_t id, size_t most) {
    const auto bytes = side.session.received(id);
    ASSERT_LE(bytes.size(), side.session.window(id));
    const size_t count = std::min(bytes.size(), most);
    size_t& at = side.read[id];
    for (size_t i = 0; i < count; ++i) {
      ASSERT_EQ(bytes[i], patternAt(id, !side.isA, at + i)) << "stream " << id << " at " << at + i;
    }
    at += count;
    delivered += count;
    side.session.consume(id, count);
  }
  void deliver(Side& from, Side& to, size_t most) {
    const size_t count = std::min(from.wire.size(), most);
    to.session.feed(std::span(from.wire).first(count), now);
    from.wire.erase(from.wire.begin(), from.wire.begin() + std::ptrdiff_t(count));
    ASSERT_FALSE(to.session.fault()) << to.session.fault()->text();
    events(to);
  }
  void step() {
    Side& side = random.below(2) == 0 ? a : b;
    Side& other = &side == &a ? b : a;
    now += Micros(random.below(300));
    const uint32_t id = pick(side.open);
    switch (random.below(16)) {
    case 0:
      if (side.open.size() < 12) {
        if (const auto opened = side.session.open()) {
          side.open.insert(*opened);
        }
      }
      break;
    case 1:
    case 2:
    case 3:
      if (id != 0) {
        write(side, id, 100'000);
      }
      break;
    case 4:
    case 5:
    case 6:
      if (id != 0) {
        read(side, id, random.below(200'000));
      }
      break;
    case 7:
      if (id != 0 && random.below(4) == 0) {
        side.session.closeWrite(id);
        side.closed.insert(id);
      }
      break;
    case 8:
      if (id != 0 && random.below(12) == 0) {
        drop(side, id);
      }
      break;
    case 9:
      if (id != 0 && random.below(12) == 0) {
        side.session.stopReading(id);
        side.stopped.insert(id);
      }
      break;
    case 10:
    case 11:
    case 12: {
      side.session.output(side.wire, 64 + random.below(100'000), now);
      events(side);
      break;
    }
    default:
      deliver(side, other, random.below(120'000));
    }
    ASSERT_LE(side.session.unread(), Session::kMaxUnread);
    ASSERT_LE(side.session.windowGrowth(), Session::kMaxWindowGrowth);
  }
  // Closes everything properly and lets it run out.
  void finish() {
    for (int round = 0; round < 5'000; ++round) {
      bool busy = false;
      for (Side* side : {&a, &b}) {
        Side& other = side == &a ? b : a;
        for (const uint32_t id : std::set<uint32_t>(side->open)) {
          side->session.closeWrite(id);
          read(*side, id, size_t(-1));
          if (side->session.finished(id) && side->session.received(id).empty()) {
            if (!side->stopped.contains(id)) {
              side->ended.insert(id);
            }
            drop(*side, id);
          }
        }
        side->session.output(side->wire, 1'000'000, now);
        busy = busy || !side->wire.empty() || !side->open.empty();
        deliver(*side, other, size_t(-1));
        now += Micros(100);
      }
      if (!busy) {
        return;
      }
    }
    ADD_FAILURE() << "the sessions do not come to an end";
  }
};

TEST(Yamux, RandomInterleavings) {
  size_t delivered = 0;
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    World world(seed);
    for (int i = 0; i < 1'500 && !::testing::Test::HasFatalFailure(); ++i) {
      world.step();
    }
    ASSERT_FALSE(::testing::Test::HasFatalFailure());
    world.finish();
    for (const uint32_t id : world.a.ended) { // ended on both sides: every byte came
      EXPECT_EQ(world.a.read[id], world.b.written[id]) << id;
    }
    for (const uint32_t id : world.b.ended) {
      EXPECT_EQ(world.b.read[id], world.a.written[id]) << id;
    }
    for (const Side* side : {&world.a, &world.b}) {
      EXPECT_EQ(side->session.streamCount(), 0U);
      EXPECT_EQ(side->session.unread(), 0U);
      EXPECT_EQ(side->session.unsentInAll(), 0U);
      EXPECT_EQ(side->session.windowGrowth(), 0U);
    }
    delivered += world.delivered;
  }
  EXPECT_GT(delivered, 10u << 20);
}

} // namespace
} // namespace univrs::p2p
