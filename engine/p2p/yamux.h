// yamux 0: many streams over one ordered channel of bytes, with flow control for each. Sans-IO: bytes and time in,
// bytes and events out. Specification: github.com/hashicorp/yamux/blob/master/spec.md and libp2p/specs yamux/README.md.
//
// Flow control. A stream begins with kInitialWindow of credit each way. When half of a window was consumed it is given
// back; when that happens more often than every four round trips, the window was what held the sender back, and it
// doubles, up to kMaxWindow a stream and kMaxWindowGrowth for all streams of the session together. yamux has no credit
// for a whole session, so the unread bytes of all streams are bounded by kMaxUnread: the stream that would pass it is
// reset.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/result.h"

#include <array>
#include <chrono>
#include <deque>
#include <optional>
#include <span>
#include <unordered_map>

namespace univrs::p2p {

class YamuxSession {
public:
  enum class Side { Dialer, Listener };
  using Micros = std::chrono::microseconds; // since any start; never goes back

  static constexpr uint32_t kInitialWindow = 256u << 10;
  static constexpr uint32_t kMaxWindow = 8u << 20;      // of one stream
  static constexpr size_t kMaxWindowGrowth = 16u << 20; // all windows together above kInitialWindow each
  static constexpr size_t kMaxUnread = 32u << 20;       // bytes received and not consumed, all streams
  static constexpr size_t kMaxUnsent = 1u << 20;        // bytes write() holds, one stream
  static constexpr size_t kMaxInbound = 256;            // streams of the peer at one time; more are reset
  static constexpr size_t kMaxOutbound = 1'024;         // ours
  static constexpr size_t kMaxUnacknowledged = 256;     // ours that the peer has not acknowledged (the specification's)
  static constexpr size_t kMaxAnswers = 8'192;          // answers to the peer's pings and refusals that wait to be sent
  static constexpr size_t kMaxFrame = 32u << 10;        // data in one frame we send, so that streams take turns
  static constexpr std::chrono::seconds kPingInterval{15}; // between pings
  static constexpr std::chrono::seconds kPingTimeout{30};  // without an answer, or anything else, the session is dead
  static constexpr std::chrono::seconds kLinger{60};       // a stream closed by us that the peer keeps open

  struct Event {
    enum class Kind {
      Opened,   // by the peer
      Readable, // more in received(), or the end
      Writable, // write() has room again after it took less than it was given
      Finished, // both sides sent their end; received() may still hold bytes
      Reset     // by the peer, or for passing kMaxUnread
    };
    Kind kind = Kind::Opened;
    uint32_t stream = 0;
  };

  explicit YamuxSession(Side side) : m_side(side), m_nextId(side == Side::Dialer ? 1 : 2) {}

  // What arrived. After a fault it is ignored.
  void feed(std::span<const uint8_t> bytes, Micros now);
  // To be called every kPingInterval or so: pings, finds a dead peer, ends lingering streams.
  void tick(Micros now);
  // What happened, oldest first. Every kind is told at most once a stream until it is taken.
  std::optional<Event> nextEvent();
  [[nodiscard]] bool hasEvents() const { return !m_events.empty(); }
  // Appends whole frames, at most `limit` bytes (at least 64). Nothing appended: there is nothing to send.
  void output(base::Bytes& out, size_t limit, Micros now);

  // Why the session cannot go on: the peer broke the protocol, or is dead. What output() still gives says so to it.
  [[nodiscard]] const std::optional<base::Error>& fault() const { return m_fault; }
  // The peer wants no more streams and will end the session: its code (0 in order, 1 protocol error, 2 internal).
  [[nodiscard]] const std::optional<uint32_t>& remoteGoAway() const { return m_remoteGoAway; }
  void goAway(uint32_t code); // tells the peer; all that was not sent yet is dropped, and nothing may be sent after
  [[nodiscard]] std::optional<Micros> rtt() const { return m_rtt; }

  // Streams. A stream stays known until release(); calls with an id that is not known do nothing and answer nothing.
  base::Result<uint32_t> open();
  [[nodiscard]] std::span<const uint8_t> received(uint32_t id) const;
  void consume(uint32_t id, size_t count);
  [[nodiscard]] bool receivedEnd(uint32_t id) const;
  size_t write(uint32_t id, std::span<const uint8_t> bytes);
  [[nodiscard]] size_t unsent(uint32_t id) const;
  void closeWrite(uint32_t id);
  void stopReading(uint32_t id); // what is unread and what still comes is thrown away, with credit given back
  [[nodiscard]] bool finished(uint32_t id) const; // both sides sent their end
  [[nodiscard]] bool isReset(uint32_t id) const;  // not by us
  // Forgets the stream. When it is not finished and was not reset, the peer is told that it is reset.
  void release(uint32_t id);

  [[nodiscard]] size_t streamCount() const { return m_streams.size(); }
  [[nodiscard]] size_t unread() const { return m_unread; }       // bytes, all streams
  [[nodiscard]] size_t unsentInAll() const { return m_unsent; }  // bytes, all streams
  [[nodiscard]] uint32_t window(uint32_t id) const;              // what the peer may have under way at most
  [[nodiscard]] size_t windowGrowth() const { return m_growth; } // of all streams
  [[nodiscard]] static bool isOutbound(Side side, uint32_t id) { return (id % 2 == 1) == (side == Side::Dialer); }

private:
  static constexpr size_t kHeader = 12;
  using Header = std::array<uint8_t, kHeader>;

  // Bytes taken off at the front, appended at the end; its room is given back when it is empty.
  class Queue {
  public:
    [[nodiscard]] std::span<const uint8_t> view() const { return std::span(m_bytes).subspan(m_head); }
    [[nodiscard]] size_t size() const { return m_bytes.size() - m_head; }
    void append(std::span<const uint8_t> bytes) { m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end()); }
    void drop(size_t count);
    void clear();

  private:
    base::Bytes m_bytes;
    size_t m_head = 0;
  };

  struct Stream {
    Queue in;
    Queue out;
    uint32_t credit = kInitialWindow;    // what the peer may still send
    uint32_t window = kInitialWindow;    // credit and unread bytes together, after an update
    uint32_t allowance = kInitialWindow; // what we may still send
    Micros updated{0};                   // when credit was last given back
    Micros closedSince{0};               // we are through with it since
    bool wasUpdated = false;
    bool outbound = false;
    bool started = false;      // outbound: SYN sent; inbound: ACK sent
    bool acknowledged = false; // outbound
    bool closing = false;      // closeWrite() was called
    bool endSent = false;
    bool endReceived = false;
    bool stopped = false;
    bool reset = false;
    bool inTurn = false; // waits in m_turns
    bool wantsRoom = false;
    bool toldReadable = false, toldWritable = false, toldFinished = false; // events that were not taken yet
  };

  Stream* find(uint32_t id);
  [[nodiscard]] const Stream* find(uint32_t id) const;
  void header(const Header& bytes, Micros now);
  void streamFrame(bool isData, uint16_t flags, uint32_t id, uint32_t length);
  void body(std::span<const uint8_t> bytes);
  void bodyEnd();
  Stream* accept(uint32_t id);
  void ping(uint16_t flags, uint32_t value, Micros now);
  void takeEnd(uint32_t id, Stream& stream);
  void takeReset(uint32_t id, Stream& stream);
  void refuse(uint32_t id);
  void answer(const Header& frame);
  void fail(base::ErrorCode code, std::string why);
  void tell(Event::Kind kind, uint32_t id) { m_events.push_back({kind, id}); }
  void tellReadable(uint32_t id, Stream& stream);
  void tellFinished(uint32_t id, Stream& stream);
  void turn(uint32_t id, Stream& stream);
  [[nodiscard]] static uint32_t due(const Stream& stream);
  [[nodiscard]] static bool wantsTurn(const Stream& stream);
  void grow(Stream& stream, Micros now);
  // One stream's turn; false when `room` did not allow all it had.
  void sendFrom(uint32_t id, Stream& stream, base::Bytes& out, size_t room, Micros now);

  Side m_side;
  uint32_t m_nextId;
  std::unordered_map<uint32_t, Stream> m_streams;
  size_t m_inbound = 0;
  size_t m_outbound = 0;
  size_t m_unacknowledged = 0;
  size_t m_unread = 0;
  size_t m_unsent = 0;
  size_t m_growth = 0;

  Header m_header{}; // of a frame, while it is not whole
  size_t m_headerSize = 0;
  uint32_t m_bodyLeft = 0;   // of the present data frame
  uint32_t m_bodyStream = 0; // whose it is; 0: nobody's, thrown away
  bool m_bodyEnds = false;   // the frame had FIN

  std::deque<Event> m_events;
  std::deque<Header> m_answers; // pings, their answers, resets, go-away: sent before anything else
  std::deque<uint32_t> m_turns; // streams that have something to send
  bool m_saidGoAway = false;
  std::optional<uint32_t> m_remoteGoAway;
  std::optional<base::Error> m_fault;

  uint32_t m_pingValue = 0;
  bool m_pingDue = true;  // to be sent with the next output
  bool m_pinging = false; // sent, not answered
  bool m_started = false; // time is known
  Micros m_pingSent{0};
  Micros m_heard{0}; // when anything last arrived
  std::optional<Micros> m_rtt;
};

} // namespace univrs::p2p
