// Keeps a place reserved at relays, so that others reach a node that nobody can dial: asks, renews in time, starts
// again with growing pauses after a failure or a lost connection, and tells the host the addresses that come of it.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/relay_message.h"

#include <QTimer>

#include <memory>
#include <vector>

namespace univrs::p2p {

// When to ask: one relay, without streams and clocks. Sans-IO.
class ReservationPlan {
public:
  static constexpr base::Millis kFirstPause{5'000};
  static constexpr base::Millis kLongestPause{600'000};
  static constexpr base::Millis kShortestTerm{60'000}; // a shorter reservation is treated as one of this length
  static constexpr base::Millis kLongestTerm{24LL * 3600 * 1000};

  [[nodiscard]] bool isDue(base::Monotonic now) const { return !m_asking && now >= m_next; }
  [[nodiscard]] bool isHeld(base::Monotonic now) const { return m_heldUntil.ms != 0 && now < m_heldUntil; }
  void asked() { m_asking = true; }
  // Renewed when two thirds of its term are over.
  void granted(base::Millis term, base::Monotonic now);
  void refused(base::Monotonic now, base::Random& random);
  void lost(base::Monotonic now, base::Random& random); // the connection that it hung on

private:
  base::Monotonic m_next; // 0: at once
  base::Monotonic m_heldUntil;
  int m_failures = 0;
  bool m_asking = false;
};

class RelayReservations final : public HostObserver {
public:
  static constexpr size_t kMaxRelays = 4;
  static constexpr std::chrono::seconds kTick{1};

  explicit RelayReservations(Host& host); // not owned, outlives this
  RelayReservations(const RelayReservations&) = delete;
  RelayReservations& operator=(const RelayReservations&) = delete;
  ~RelayReservations() override;

  // The relays to use, at most kMaxRelays; each needs its peer. Those no longer named are given up.
  void setRelays(const std::vector<AddrInfo>& relays);
  // True when we hold a place there, or ask for one: for RelayTransport.
  [[nodiscard]] bool isOurRelay(const PeerId& peer) const;
  [[nodiscard]] std::vector<Multiaddr> addresses() const; // "RELAY/p2p/R/p2p-circuit"
  // Asks where it is time. A timer does it each kTick; tests with a clock of their own call it.
  void tick();

private:
  struct Relay {
    AddrInfo info;
    ReservationPlan plan;
    std::vector<Multiaddr> addresses;
  };
  void ask(Relay& relay);
  void answered(const PeerId& peer, const base::Result<HopMessage>& reply);
  void tellHost();
  [[nodiscard]] Relay* find(const PeerId& peer);
  void onDisconnected(const ConnectionInfo& info, const base::Error& error, bool lastOfPeer) override;

  Host& m_host;
  std::vector<Relay> m_relays;
  std::shared_ptr<int> m_alive = std::make_shared<int>(0); // callbacks hold it weakly
  QTimer m_timer;
};

} // namespace univrs::p2p
