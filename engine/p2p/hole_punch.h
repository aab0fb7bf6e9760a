// How two peers that are connected over a relay make their NATs let a direct connection through (libp2p specs,
// relay/DCUtR.md). Whoever was dialled over the relay invites: both tell where they are seen, the inviter measures the
// round trip and says when; then the invited dials over QUIC while the inviter sends datagrams that open its own NAT.
// Sans-IO: on(event, now) says what is to be done. TCP is left out: few NATs let a simultaneous open through.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/p2p/dcutr_message.h"

#include <optional>
#include <variant>
#include <vector>

namespace univrs::p2p {

class HolePunch {
public:
  enum class Side { Inviter, Invited };
  static constexpr base::Millis kAnswerTime{15'000};  // for each message of the peer
  static constexpr base::Millis kMaxRoundTrip{5'000}; // a longer one is taken for this
  static constexpr base::Millis kPunchTime{8'000};    // for how long datagrams are sent in one try
  static constexpr base::Millis kShortestGap{10};     // between two rounds of them; chosen by chance
  static constexpr base::Millis kLongestGap{200};
  static constexpr int kTries = 3; // of the inviter, each with a stream of its own

  struct Opened {}; // the stream for the messages
  struct Received {
    DcutrMessage message;
  };
  struct Lost {};   // the stream: not opened, broken, ended too early, or it said something wrong
  struct Tick {};   // it is the time that was asked for
  struct Direct {}; // there is a direct connection
  using Event = std::variant<Opened, Received, Lost, Tick, Direct>;

  struct Effects {
    bool open = false; // a stream to the peer, over the relay
    std::optional<DcutrMessage> send;
    bool finish = false;              // nothing more is said on this stream
    std::vector<Multiaddr> dial;      // all of them, now
    std::vector<Multiaddr> punch;     // a datagram to each, now
    std::optional<base::Millis> wake; // after this time a Tick; replaces an earlier one
    bool over = false;                // nothing more comes
  };

  // `own`: where we are seen. With `nearToo` private and loopback addresses of the peer are used as well.
  HolePunch(Side side, std::vector<Multiaddr> own, bool nearToo, base::Random& random);
  [[nodiscard]] Effects begin(); // of the inviter
  [[nodiscard]] Effects on(const Event& event, base::Monotonic now);

  // Whether an address is one that can be punched to.
  [[nodiscard]] static bool isUsable(const Multiaddr& address, bool nearToo);

private:
  enum class State { Opening, Connecting, Waiting, Punching, Over };
  [[nodiscard]] Effects received(const DcutrMessage& message, base::Monotonic now);
  [[nodiscard]] Effects tick(base::Monotonic now);
  [[nodiscard]] Effects failed();
  [[nodiscard]] Effects over();
  void take(const DcutrMessage& message);

  Side m_side;
  std::vector<Multiaddr> m_own;
  bool m_nearToo;
  base::Random& m_random;
  State m_state = State::Opening;
  std::vector<Multiaddr> m_theirs;
  base::Monotonic m_sent;
  base::Monotonic m_until;
  int m_tries = 1;
};

} // namespace univrs::p2p
