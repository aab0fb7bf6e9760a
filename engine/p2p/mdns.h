// Finds peers on the local network by multicast DNS (specs/p2p.md 4.9), and lets them find us. A core without sockets
// and clocks decides; the service around it owns the socket (IPv4). Off unless it is started.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/random.h"
#include "engine/p2p/mdns_wire.h"

#include <QNetworkInterface>
#include <QTimer>
#include <QUdpSocket>

#include <functional>

namespace univrs::p2p {

struct MdnsSettings {
  PeerId id;
  std::string fingerprint; // of a private network, [a-z0-9]; empty: the public service name
};

// Decides when to ask, what to answer and whom to report. Sans-IO.
class MdnsCore {
public:
  static constexpr base::Millis kFirstQuery{500};              // doubled after each one …
  static constexpr base::Millis kQueryInterval{5 * 60 * 1000}; // … up to this
  static constexpr base::Millis kAnswerInterval{1'000};        // however often we are asked (RFC 6762 section 6)
  static constexpr size_t kMaxAddresses = 32;                  // of ours, announced
  static constexpr size_t kMaxReportsPerMinute = 120;          // peers told to the node, whoever shouts

  // The fingerprint must be a valid one (mdnsServiceName).
  static base::Result<MdnsCore> make(const MdnsSettings& settings, base::Random& random, base::Monotonic now);

  struct Effects {
    std::vector<base::Bytes> send; // to the multicast group
    std::vector<MdnsPeer> found;   // addresses: IP, not loopback unless the packet came over loopback
  };
  // `own`: our addresses as they are now.
  Effects onPacket(std::span<const uint8_t> packet, bool overLoopback, const std::vector<Multiaddr>& own,
                   base::Monotonic now);
  Effects onTimer(base::Monotonic now);
  [[nodiscard]] base::Monotonic deadline() const { return m_nextQuery; }
  // What to send when we go: our records with ttl 0.
  [[nodiscard]] std::vector<base::Bytes> goodbye(const std::vector<Multiaddr>& own) const;
  [[nodiscard]] const std::string& service() const { return m_service; }
  [[nodiscard]] uint64_t malformed() const { return m_malformed; }

private:
  MdnsCore() = default;
  [[nodiscard]] std::vector<Multiaddr> announced(const std::vector<Multiaddr>& own) const;
  PeerId m_id;
  std::string m_service;
  std::string m_peerName;
  base::Monotonic m_nextQuery;
  base::Millis m_interval = kFirstQuery;
  std::optional<base::Monotonic> m_answered;
  std::optional<base::Monotonic> m_answeredServices;
  base::Monotonic m_minute;
  size_t m_reports = 0;
  uint64_t m_malformed = 0;
};

// One thread, with a Qt event loop.
class MdnsService {
public:
  static constexpr uint16_t kPort = 5353;
  static constexpr int kMaxPacketsPerTurn = 64; // read before the event loop gets its turn
  static constexpr int kMaxInterfaces = 32;

  using OwnAddresses = std::function<std::vector<Multiaddr>()>;
  using OnFound = std::function<void(const MdnsPeer&)>; // from the event loop; may come often for the same peer

  MdnsService(MdnsSettings settings, const base::Clock& clock, base::Random& random, OwnAddresses own, OnFound found);
  ~MdnsService(); // says goodbye when it was started
  MdnsService(const MdnsService&) = delete;
  MdnsService& operator=(const MdnsService&) = delete;

  // Fails when port 5353 cannot be shared or no interface takes part in multicast.
  base::Result<void> start();
  void stop();
  [[nodiscard]] bool isRunning() const { return m_core.has_value(); }
  [[nodiscard]] const MdnsCore* core() const { return m_core ? &*m_core : nullptr; }

private:
  void joinInterfaces();
  void read();
  void apply(const MdnsCore::Effects& effects);
  void send(const std::vector<base::Bytes>& packets);
  [[nodiscard]] bool isOnLink(const QHostAddress& sender) const;
  void schedule();
  MdnsSettings m_settings;
  const base::Clock& m_clock;
  base::Random& m_random;
  OwnAddresses m_own;
  OnFound m_found;
  std::optional<MdnsCore> m_core;
  QUdpSocket m_socket;
  QTimer m_timer;
  std::vector<QNetworkInterface> m_interfaces; // joined
};

} // namespace univrs::p2p
