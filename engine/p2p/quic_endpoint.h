// One UDP socket with all the QUIC connections on it, dialed and accepted alike (so that dials leave from the port we
// listen on: hole punching and what peers tell us of our address depend on it). Finds the connection of each datagram;
// answers what belongs to none: Initials, unknown versions, packets of forgotten connections.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/quic_closed_ids.h"
#include "engine/p2p/quic_connection.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <array>
#include <functional>
#include <set>
#include <span>
#include <unordered_set>

namespace univrs::p2p {

// What all endpoints of one transport share; outlives them.
struct QuicShared {
  InboundGate& gate;
  const base::Clock& clock;
  QuicOptions options;
  QuicStats stats;
  std::unique_ptr<QuicCredentials> credentials;
  std::array<uint8_t, 32> resetSecret{}; // the same after a restart, so that old peers learn of it at once
  std::array<uint8_t, 32> tokenSecret{}; // of Retry tokens; new in each process
  std::function<void(std::unique_ptr<Connection>)> onConnection;
};

class QuicEndpoint {
public:
  using Dialed = std::function<void(base::Result<std::unique_ptr<Connection>>)>;
  static constexpr size_t kDatagramsPerTurn = 256; // read before the connections get their turns
  static constexpr size_t kStatelessResetsPerSecond = 64;
  static constexpr size_t kMaxInitialTokenBytes = 256; // a Retry token of ours is shorter

  static base::Result<std::unique_ptr<QuicEndpoint>> open(QuicShared& shared, const SocketAddress& address);
  // Pending handshakes are given up without a word to whoever waits for them; other connections must be gone.
  ~QuicEndpoint();
  QuicEndpoint(const QuicEndpoint&) = delete;
  QuicEndpoint& operator=(const QuicEndpoint&) = delete;

  [[nodiscard]] const SocketAddress& local() const { return m_socket->local(); }
  void setListening(bool listening) { m_listening = listening; }
  [[nodiscard]] bool isListening() const { return m_listening; }
  [[nodiscard]] bool isIdle() const { return m_connections.empty(); }
  void setOnIdle(std::function<void()> callback) { m_onIdle = std::move(callback); } // from the event loop

  // Starts a handshake; `done` comes once from the event loop unless abandon() was called. The serial is 0 when it
  // could not even start (then `done` is told so all the same).
  uint64_t dial(const SocketAddress& local, const SocketAddress& remote, std::optional<PeerId> expected, Dialed done);
  void abandon(uint64_t serial);
  // A datagram that is no packet, to open the way through our NAT.
  void sendRaw(const SocketAddress& remote, std::span<const uint8_t> bytes);

  // For the connections.
  [[nodiscard]] QuicShared& shared() { return m_shared; }
  [[nodiscard]] UdpSocket& socket() { return *m_socket; }
  [[nodiscard]] std::span<uint8_t> sendBuffer() { return m_sendBuffer; } // of one send(); nobody keeps it
  void add(QuicConnection& connection);
  void remove(QuicConnection& connection);
  void addId(const QuicId& id, uint64_t serial);
  void removeId(const QuicId& id);
  void addResetToken(const QuicId& token, uint64_t serial);
  void removeResetToken(const QuicId& token);
  void retire(std::vector<QuicId> ids, base::Bytes closePacket, uint64_t until);
  void wake(uint64_t serial); // a turn soon, from the event loop
  void setTimer(QuicConnection& connection, uint64_t at);
  void waitForSocket(uint64_t serial);
  [[nodiscard]] std::array<uint8_t, NGTCP2_STATELESS_RESET_TOKENLEN> resetToken(const ngtcp2_cid& id) const;

private:
  struct Pending {
    std::unique_ptr<QuicConnection> connection;
    Dialed done;      // of a dial
    Multiaddr remote; // of an inbound one: its place at the gate
  };
  QuicEndpoint(QuicShared& shared, std::unique_ptr<UdpSocket> socket);

  void readable();
  void writable();
  void timeout();
  void process();
  void turn(uint64_t serial);
  bool handOver(uint64_t serial); // false: nothing of it is left
  void armTimer();

  void datagram(const UdpSocket::Received& received);
  void unknown(const UdpSocket::Received& received, const ngtcp2_version_cid& header);
  void initial(const UdpSocket::Received& received);
  void sendRetry(const UdpSocket::Received& received, const ngtcp2_pkt_hd& header);
  void refuse(const UdpSocket::Received& received, const ngtcp2_pkt_hd& header, uint64_t code);
  void negotiateVersion(const UdpSocket::Received& received, const ngtcp2_version_cid& header);
  void forgotten(const UdpSocket::Received& received, const ngtcp2_version_cid& header);
  void answer(const UdpSocket::Received& received, std::span<const uint8_t> bytes);
  [[nodiscard]] QuicConnection* find(uint64_t serial) const;

  QuicShared& m_shared;
  std::unique_ptr<UdpSocket> m_socket;
  base::Bytes m_sendBuffer;
  std::unordered_map<uint64_t, QuicConnection*> m_connections;
  std::unordered_map<uint64_t, Pending> m_pending; // handshakes under way
  std::unordered_map<QuicId, uint64_t> m_byId;
  std::unordered_map<QuicId, uint64_t> m_byResetToken;
  QuicClosedIds m_closed;
  std::set<std::pair<uint64_t, uint64_t>> m_timers; // when, serial
  std::vector<uint64_t> m_ready;
  std::unordered_set<uint64_t> m_readySet;
  std::vector<uint64_t> m_waiting; // for the socket to take more
  bool m_processing = false;
  bool m_posted = false;
  bool m_listening = false;
  uint64_t m_resetSecond = 0;
  size_t m_resetsInSecond = 0;
  uint64_t m_armedFor = kNever;
  std::function<void()> m_onIdle;
  QObject m_context;
  QTimer m_timer;
  std::unique_ptr<QSocketNotifier> m_readNotifier;
  std::unique_ptr<QSocketNotifier> m_writeNotifier;
};

} // namespace univrs::p2p
