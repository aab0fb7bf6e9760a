// Frames of a hostile peer, in pieces, while our side opens, reads, writes and ends streams as the bytes say.
#include "engine/p2p/yamux.h"

#include <cstddef>
#include <cstdlib>

using namespace univrs;
using Session = p2p::YamuxSession;

namespace {
void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

// One of our own doings with the stream an event spoke of.
void act(Session& session, uint32_t id, uint8_t what) {
  switch (what % 8) {
  case 0:
    session.consume(id, session.received(id).size());
    break;
  case 1:
    session.consume(id, session.received(id).size() / 2);
    break;
  case 2:
    session.write(id, base::Bytes(size_t(what) * 100, what));
    break;
  case 3:
    session.closeWrite(id);
    break;
  case 4:
    session.stopReading(id);
    break;
  case 5:
    session.release(id);
    break;
  case 6:
    (void)session.open();
    break;
  default:
    break;
  }
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) {
    return 0;
  }
  Session session(data[0] % 2 == 0 ? Session::Side::Listener : Session::Side::Dialer);
  const size_t step = size_t(data[1]) + 1;
  const std::span bytes(data + 2, size - 2);
  Session::Micros now{1};
  base::Bytes out;
  for (size_t at = 0; at < bytes.size(); at += step) {
    const auto piece = bytes.subspan(at, std::min(step, bytes.size() - at));
    now += Session::Micros(piece[0] * 100'000);
    session.feed(piece, now);
    while (const auto event = session.nextEvent()) {
      require(session.received(event->stream).size() <= session.window(event->stream));
      if (event->kind == Session::Event::Kind::Reset) {
        session.release(event->stream);
      } else {
        act(session, event->stream, piece.back());
      }
    }
    if (piece.back() % 3 == 0) {
      out.clear();
      session.output(out, 64 + size_t(piece[0]) * 64, now);
      require(out.size() <= 64 + size_t(piece[0]) * 64);
      session.tick(now);
    }
    require(session.unread() <= Session::kMaxUnread && session.windowGrowth() <= Session::kMaxWindowGrowth &&
            session.streamCount() <= Session::kMaxInbound + Session::kMaxOutbound);
  }
  return 0;
}
