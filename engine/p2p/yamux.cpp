#include "engine/p2p/yamux.h"

#include <algorithm>
#include <limits>

namespace univrs::p2p {

namespace {
using base::ErrorCode;

enum Type : uint8_t { kData = 0, kWindowUpdate = 1, kPing = 2, kGoAway = 3 };
enum Flag : uint16_t { kSyn = 1, kAck = 2, kFin = 4, kRst = 8 };
constexpr uint32_t kProtocolError = 1;
constexpr uint32_t kInternalError = 2;
constexpr size_t kHeaderBytes = 12;

uint32_t read32(const uint8_t* p) {
  return uint32_t(p[0]) << 24 | uint32_t(p[1]) << 16 | uint32_t(p[2]) << 8 | p[3];
}

std::array<uint8_t, kHeaderBytes> frame(Type type, unsigned flags, uint32_t id, uint32_t length) {
  const auto byte = [](uint32_t value, int shift) { return uint8_t(value >> shift); };
  return {0,           type,        byte(flags, 8),   byte(flags, 0),   byte(id, 24),    byte(id, 16),
          byte(id, 8), byte(id, 0), byte(length, 24), byte(length, 16), byte(length, 8), byte(length, 0)};
}

void append(base::Bytes& out, std::span<const uint8_t> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}
} // namespace

// --- bytes that wait

void YamuxSession::Queue::drop(size_t count) {
  m_head += count;
  if (m_head == m_bytes.size()) {
    clear();
  } else if (m_head > m_bytes.size() / 2 && m_head > 4'096) { // amortised: what is moved is less than what was dropped
    m_bytes.erase(m_bytes.begin(), m_bytes.begin() + std::ptrdiff_t(m_head));
    m_head = 0;
  }
}

void YamuxSession::Queue::clear() {
  constexpr size_t kKept = 4'096; // room that an idle stream may keep
  m_head = 0;
  if (m_bytes.capacity() > kKept) {
    base::Bytes().swap(m_bytes);
  } else {
    m_bytes.clear();
  }
}

// --- what arrives

YamuxSession::Stream* YamuxSession::find(uint32_t id) {
  const auto it = m_streams.find(id);
  return it == m_streams.end() ? nullptr : &it->second;
}

const YamuxSession::Stream* YamuxSession::find(uint32_t id) const {
  const auto it = m_streams.find(id);
  return it == m_streams.end() ? nullptr : &it->second;
}

void YamuxSession::fail(ErrorCode code, std::string why) {
  if (m_fault) {
    return;
  }
  const bool dead = code == ErrorCode::Timeout;
  m_fault =
      base::makeError(code, dead ? "the peer does not answer" : "the peer broke the yamux protocol", std::move(why));
  goAway(dead ? kInternalError : kProtocolError);
}

void YamuxSession::goAway(uint32_t code) {
  if (!m_saidGoAway) {
    m_saidGoAway = true;
    m_answers.clear();
    m_turns.clear();
    m_answers.push_back(frame(kGoAway, 0, 0, code));
  }
}

void YamuxSession::feed(std::span<const uint8_t> bytes, Micros now) {
  if (!bytes.empty()) {
    m_heard = now;
    m_started = true;
  }
  while (!bytes.empty() && !m_fault) {
    if (m_bodyLeft > 0) {
      const auto part = bytes.first(std::min<size_t>(m_bodyLeft, bytes.size()));
      body(part);
      m_bodyLeft -= uint32_t(part.size());
      bytes = bytes.subspan(part.size());
      if (m_bodyLeft == 0) {
        bodyEnd();
      }
      continue;
    }
    const size_t take = std::min(kHeader - m_headerSize, bytes.size());
    std::copy_n(bytes.begin(), take, m_header.begin() + std::ptrdiff_t(m_headerSize));
    m_headerSize += take;
    bytes = bytes.subspan(take);
    if (m_headerSize == kHeader) {
      m_headerSize = 0;
      header(m_header, now);
    }
  }
}

void YamuxSession::header(const Header& bytes, Micros now) {
  const uint16_t flags = uint16_t(bytes[2] << 8 | bytes[3]);
  const uint32_t id = read32(&bytes[4]);
  const uint32_t length = read32(&bytes[8]);
  if (bytes[0] != 0) {
    fail(ErrorCode::BadRequest, "version " + std::to_string(bytes[0]) + " in a frame");
    return;
  }
  switch (bytes[1]) {
  case kData:
  case kWindowUpdate:
    if (id == 0) {
      fail(ErrorCode::BadRequest, "a frame for stream 0");
      return;
    }
    streamFrame(bytes[1] == kData, flags, id, length);
    return;
  case kPing:
    ping(flags, length, now);
    return;
  case kGoAway:
    m_remoteGoAway = length;
    return;
  default:
    fail(ErrorCode::BadRequest, "a frame of type " + std::to_string(bytes[1]));
  }
}

void YamuxSession::ping(uint16_t flags, uint32_t value, Micros now) {
  if ((flags & kSyn) != 0) {
    answer(frame(kPing, kAck, 0, value));
  } else if ((flags & kAck) != 0 && m_pinging && value == m_pingValue) {
    m_pinging = false;
    const Micros sample = now - m_pingSent;
    m_rtt = m_rtt ? (*m_rtt * 7 + sample) / 8 : sample;
  }
}

// What the peer makes us say. It can only pile up when the peer does not read.
void YamuxSession::answer(const Header& bytes) {
  if (m_saidGoAway) {
    return;
  }
  if (m_answers.size() >= kMaxAnswers) {
    fail(ErrorCode::RateLimited, "it asks for more answers than it reads");
    return;
  }
  m_answers.push_back(bytes);
}

void YamuxSession::refuse(uint32_t id) {
  answer(frame(kWindowUpdate, kRst, id, 0));
}

YamuxSession::Stream* YamuxSession::accept(uint32_t id) {
  if (isOutbound(m_side, id)) {
    fail(ErrorCode::BadRequest, "it opened stream " + std::to_string(id) + ", which is ours to open");
    return nullptr;
  }
  if (find(id) != nullptr) {
    fail(ErrorCode::BadRequest, "it opened stream " + std::to_string(id) + " twice");
    return nullptr;
  }
  if (m_saidGoAway || m_inbound >= kMaxInbound) {
    refuse(id);
    return nullptr;
  }
  Stream& stream = m_streams[id];
  ++m_inbound;
  tell(Event::Kind::Opened, id);
  turn(id, stream); // the acknowledgement
  return &stream;
}

void YamuxSession::streamFrame(bool isData, uint16_t flags, uint32_t id, uint32_t length) {
  Stream* stream = (flags & kSyn) != 0 ? accept(id) : find(id);
  if (m_fault) {
    return;
  }
  if (isData) {
    if (length > kMaxWindow) { // no window ever allowed it, not even that of a stream we have forgotten
      fail(ErrorCode::TooLarge, "a frame of " + std::to_string(length) + " bytes");
      return;
    }
    m_bodyLeft = length;
    m_bodyStream = 0;
    m_bodyEnds = false;
  }
  if (stream == nullptr || stream->reset) {
    return; // of a stream that we ended or refused: what was under way is passed over
  }
  if ((flags & kAck) != 0 && stream->outbound && !stream->acknowledged) {
    stream->acknowledged = true;
    --m_unacknowledged;
  }
  if ((flags & kRst) != 0) {
    takeReset(id, *stream);
    return;
  }
  if (!isData) {
    if (stream->allowance > std::numeric_limits<uint32_t>::max() - length) {
      fail(ErrorCode::BadRequest, "the window of stream " + std::to_string(id) + " passes 4 GiB");
      return;
    }
    stream->allowance += length;
    turn(id, *stream);
    if ((flags & kFin) != 0) {
      takeEnd(id, *stream);
    }
    return;
  }
  if (length > 0 && stream->endReceived) {
    fail(ErrorCode::BadRequest, "data after the end of stream " + std::to_string(id));
    return;
  }
  if (length > stream->credit) {
    fail(ErrorCode::TooLarge, "stream " + std::to_string(id) + " got " + std::to_string(length) +
                                  " bytes where its window allowed " + std::to_string(stream->credit));
    return;
  }
  m_bodyStream = id;
  m_bodyEnds = (flags & kFin) != 0;
  if (length == 0) {
    bodyEnd();
  }
}

void YamuxSession::body(std::span<const uint8_t> bytes) {
  Stream* stream = m_bodyStream == 0 ? nullptr : find(m_bodyStream);
  if (stream == nullptr || stream->reset) {
    return;
  }
  stream->credit -= uint32_t(bytes.size()); // the whole frame was within it
  if (stream->stopped) {
    return;
  }
  if (m_unread + bytes.size() > kMaxUnread) {
    refuse(m_bodyStream);
    takeReset(m_bodyStream, *stream);
    return;
  }
  stream->in.append(bytes);
  m_unread += bytes.size();
  tellReadable(m_bodyStream, *stream);
}

void YamuxSession::bodyEnd() {
  Stream* stream = m_bodyStream == 0 ? nullptr : find(m_bodyStream);
  if (stream != nullptr && !stream->reset) {
    if (m_bodyEnds) {
      takeEnd(m_bodyStream, *stream);
    }
    if (stream->stopped) {
      turn(m_bodyStream, *stream);
    }
  }
  m_bodyStream = 0;
}

void YamuxSession::takeEnd(uint32_t id, Stream& stream) {
  if (!stream.endReceived) {
    stream.endReceived = true;
    tellReadable(id, stream);
    tellFinished(id, stream);
  }
}

void YamuxSession::takeReset(uint32_t id, Stream& stream) {
  stream.reset = true;
  m_unread -= stream.in.size();
  m_unsent -= stream.out.size();
  stream.in.clear();
  stream.out.clear();
  tell(Event::Kind::Reset, id);
}

void YamuxSession::tellReadable(uint32_t id, Stream& stream) {
  if (!stream.toldReadable) {
    stream.toldReadable = true;
    tell(Event::Kind::Readable, id);
  }
}

void YamuxSession::tellFinished(uint32_t id, Stream& stream) {
  if (stream.endSent && stream.endReceived && !stream.toldFinished) {
    stream.toldFinished = true;
    tell(Event::Kind::Finished, id);
  }
}

std::optional<YamuxSession::Event> YamuxSession::nextEvent() {
  while (!m_events.empty()) {
    const Event event = m_events.front();
    m_events.pop_front();
    Stream* stream = find(event.stream);
    if (stream == nullptr) { // released meanwhile
      continue;
    }
    if (event.kind == Event::Kind::Readable) {
      stream->toldReadable = false;
    } else if (event.kind == Event::Kind::Writable) {
      stream->toldWritable = false;
    }
    if (stream->reset && event.kind != Event::Kind::Reset && event.kind != Event::Kind::Opened) {
      continue;
    }
    return event;
  }
  return std::nullopt;
}

void YamuxSession::tick(Micros now) {
  if (!m_started) {
    m_started = true;
    m_heard = now;
  }
  if (m_pinging) {
    if (now - std::max(m_pingSent, m_heard) >= kPingTimeout) {
      fail(ErrorCode::Timeout,
           "nothing came from it for " + std::to_string(kPingTimeout.count()) + " s, not even the answer to a ping");
      return;
    }
  } else if (now - m_pingSent >= kPingInterval) {
    m_pingDue = true;
  }
  for (auto& [id, stream] : m_streams) {
    if (stream.stopped && stream.endSent && !stream.endReceived && !stream.reset) {
      if (stream.closedSince == Micros{0}) {
        stream.closedSince = std::max(now, Micros{1});
      } else if (now - stream.closedSince >= kLinger) {
        refuse(id);
        takeReset(id, stream);
      }
    }
  }
}

// --- streams

base::Result<uint32_t> YamuxSession::open() {
  const auto refused = [](std::string why, std::string hint = {}) {
    return base::makeError(ErrorCode::Unavailable, "no stream could be opened", std::move(why), std::move(hint));
  };
  if (m_fault || m_saidGoAway) {
    return refused("the connection is closed");
  }
  if (m_remoteGoAway) {
    return refused("the peer is about to close the connection");
  }
  if (m_unacknowledged >= kMaxUnacknowledged) {
    return refused(std::to_string(m_unacknowledged) + " streams wait for the peer to accept them", "try again later");
  }
  if (m_outbound >= kMaxOutbound) {
    return refused(std::to_string(m_outbound) + " streams are open", "close some first");
  }
  if (m_nextId > std::numeric_limits<uint32_t>::max() - 2) {
    return refused("this connection has used up its stream numbers", "open a new connection");
  }
  const uint32_t id = m_nextId;
  m_nextId += 2;
  Stream& stream = m_streams[id];
  stream.outbound = true;
  ++m_outbound;
  ++m_unacknowledged;
  turn(id, stream);
  return id;
}

std::span<const uint8_t> YamuxSession::received(uint32_t id) const {
  const Stream* stream = find(id);
  return stream == nullptr ? std::span<const uint8_t>() : stream->in.view();
}

void YamuxSession::consume(uint32_t id, size_t count) {
  Stream* stream = find(id);
  if (stream == nullptr || count == 0) {
    return;
  }
  count = std::min(count, stream->in.size());
  m_unread -= count;
  stream->in.drop(count);
  turn(id, *stream);
}

bool YamuxSession::receivedEnd(uint32_t id) const {
  const Stream* stream = find(id);
  return stream != nullptr && stream->endReceived;
}

size_t YamuxSession::write(uint32_t id, std::span<const uint8_t> bytes) {
  Stream* stream = find(id);
  if (stream == nullptr || stream->closing || stream->reset || m_saidGoAway) {
    return 0;
  }
  const size_t take = std::min(bytes.size(), kMaxUnsent - std::min(kMaxUnsent, stream->out.size()));
  stream->wantsRoom = take < bytes.size();
  stream->out.append(bytes.first(take));
  m_unsent += take;
  turn(id, *stream);
  return take;
}

size_t YamuxSession::unsent(uint32_t id) const {
  const Stream* stream = find(id);
  return stream == nullptr ? 0 : stream->out.size();
}

void YamuxSession::closeWrite(uint32_t id) {
  Stream* stream = find(id);
  if (stream != nullptr && !stream->reset) {
    stream->closing = true;
    stream->wantsRoom = false;
    turn(id, *stream);
  }
}

void YamuxSession::stopReading(uint32_t id) {
  Stream* stream = find(id);
  if (stream != nullptr && !stream->stopped) {
    stream->stopped = true;
    m_unread -= stream->in.size();
    stream->in.clear();
    turn(id, *stream);
  }
}

bool YamuxSession::finished(uint32_t id) const {
  const Stream* stream = find(id);
  return stream != nullptr && stream->endSent && stream->endReceived;
}

bool YamuxSession::isReset(uint32_t id) const {
  const Stream* stream = find(id);
  return stream != nullptr && stream->reset;
}

uint32_t YamuxSession::window(uint32_t id) const {
  const Stream* stream = find(id);
  return stream == nullptr ? 0 : stream->window;
}

void YamuxSession::release(uint32_t id) {
  Stream* stream = find(id);
  if (stream == nullptr) {
    return;
  }
  const bool known = !stream->outbound || stream->started; // to the peer
  if (known && !stream->reset && !(stream->endSent && stream->endReceived) && !m_saidGoAway) {
    refuse(id);
  }
  m_unread -= stream->in.size();
  m_unsent -= stream->out.size();
  m_growth -= stream->window - kInitialWindow;
  if (stream->outbound) {
    --m_outbound;
    m_unacknowledged -= stream->acknowledged ? 0 : 1;
  } else {
    --m_inbound;
  }
  if (stream->inTurn) {
    std::erase(m_turns, id);
  }
  m_streams.erase(id);
}

// --- what is sent

// Credit that can be given back now.
uint32_t YamuxSession::due(const Stream& stream) {
  const uint64_t held = uint64_t(stream.credit) + stream.in.size();
  return held >= stream.window || stream.endReceived ? 0 : uint32_t(stream.window - held);
}

bool YamuxSession::wantsTurn(const Stream& stream) {
  if (stream.reset) {
    return false;
  }
  return !stream.started || due(stream) >= stream.window / 2 || (stream.out.size() > 0 && stream.allowance > 0) ||
         (stream.closing && !stream.endSent && stream.out.size() == 0);
}

void YamuxSession::turn(uint32_t id, Stream& stream) {
  if (!stream.inTurn && !m_saidGoAway && wantsTurn(stream)) {
    stream.inTurn = true;
    m_turns.push_back(id);
  }
}

void YamuxSession::grow(Stream& stream, Micros now) {
  if (stream.wasUpdated && m_rtt && now - stream.updated < *m_rtt * 4 && stream.window < kMaxWindow &&
      !stream.stopped) {
    const size_t more = std::min<size_t>({stream.window, kMaxWindow - stream.window, kMaxWindowGrowth - m_growth});
    stream.window += uint32_t(more);
    m_growth += more;
  }
  stream.wasUpdated = true;
  stream.updated = now;
}

void YamuxSession::sendFrom(uint32_t id, Stream& stream, base::Bytes& out, size_t room, Micros now) {
  unsigned flags = 0;
  if (!stream.started) {
    stream.started = true;
    flags = stream.outbound ? kSyn : kAck;
  }
  const size_t data = std::min<size_t>({stream.out.size(), stream.allowance, kMaxFrame, room - 2 * kHeader});
  // A frame of its own: js-libp2p looks at the flags first and drops the data of a frame that also ends the stream.
  const bool ends = stream.closing && !stream.endSent && stream.out.size() == 0;
  const bool gives = due(stream) >= stream.window / 2;
  if (gives || (flags != 0 && data == 0 && !ends)) {
    uint32_t credit = 0;
    if (gives) {
      grow(stream, now);
      credit = due(stream);
      stream.credit += credit;
    }
    append(out, frame(kWindowUpdate, flags, id, credit));
    flags = 0;
  }
  if (data > 0 || ends) {
    append(out, frame(kData, flags | (ends ? unsigned(kFin) : 0U), id, uint32_t(data)));
    append(out, stream.out.view().first(data));
    stream.out.drop(data);
    stream.allowance -= uint32_t(data);
    m_unsent -= data;
  }
  if (ends) {
    stream.endSent = true;
    tellFinished(id, stream);
  }
  if (stream.wantsRoom && !stream.toldWritable && stream.out.size() <= kMaxUnsent / 2) {
    stream.wantsRoom = false;
    stream.toldWritable = true;
    tell(Event::Kind::Writable, id);
  }
}

void YamuxSession::output(base::Bytes& out, size_t limit, Micros now) {
  const size_t end = out.size() + limit;
  if (m_pingDue && !m_saidGoAway && !m_pinging) {
    m_pingDue = false;
    m_pinging = true;
    m_pingSent = now;
    m_answers.push_front(frame(kPing, kSyn, 0, ++m_pingValue));
  }
  while (!m_answers.empty() && end - out.size() >= kHeader) {
    append(out, m_answers.front());
    m_answers.pop_front();
  }
  constexpr size_t kLeast = 2 * kHeader + 1; // of one turn
  while (!m_turns.empty() && end - out.size() >= kLeast) {
    const uint32_t id = m_turns.front();
    m_turns.pop_front();
    Stream* stream = find(id);
    if (stream == nullptr) {
      continue;
    }
    stream->inTurn = false;
    if (wantsTurn(*stream)) {
      sendFrom(id, *stream, out, end - out.size(), now);
      turn(id, *stream);
    }
  }
}

} // namespace univrs::p2p
