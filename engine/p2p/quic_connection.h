// One QUIC connection over ngtcp2: handshake, streams, datagrams, closing. The endpoint feeds it packets and time, and
// gives it turns: in a turn it tells its handlers what happened and then writes what is to be sent. Between turns only
// notes are taken, so that no handler ever runs inside ngtcp2 or inside a call to a stream.
#pragma once

#include "engine/p2p/connection.h"
#include "engine/p2p/quic_id.h"
#include "engine/p2p/quic_options.h"
#include "engine/p2p/quic_stream.h"
#include "engine/p2p/quic_tls.h"
#include "engine/p2p/udp_socket.h"

#include <array>
#include <deque>
#include <memory>
#include <ngtcp2/ngtcp2.h>
#include <ngtcp2/ngtcp2_crypto.h>
#include <string>
#include <unordered_map>
#include <vector>

namespace univrs::p2p {

class QuicEndpoint;

inline constexpr uint64_t kNever = UINT64_MAX;
uint64_t steadyNanoseconds();

struct FreeQuicConn {
  void operator()(ngtcp2_conn* connection) const { ngtcp2_conn_del(connection); }
};

class QuicConnection final : public Connection {
public:
  static constexpr size_t kMaxPeerStreams = 256;            // open at one time, opened by the peer
  static constexpr uint64_t kStreamWindow = 10'000'000;     // received and not consumed, one stream
  static constexpr uint64_t kConnectionWindow = 15'000'000; // … all streams together
  static constexpr size_t kMaxUnacknowledged = 16u << 20;   // sent bytes held for a resend, all streams together
  static constexpr size_t kMaxDatagramsQueued = 128;        // each way
  static constexpr size_t kMaxReason = 256;                 // bytes of a closing reason, either way

  // Both answer null when ngtcp2 or GnuTLS refuse (memory). `remote` was not spoken to yet.
  static std::unique_ptr<QuicConnection> dial(QuicEndpoint& endpoint, const SocketAddress& local,
                                              const SocketAddress& remote, std::optional<PeerId> expected);
  // `first` is the client's Initial; with `originalId` it answered our Retry.
  static std::unique_ptr<QuicConnection> accept(QuicEndpoint& endpoint, const SocketAddress& local,
                                                const SocketAddress& remote, const ngtcp2_pkt_hd& first,
                                                const ngtcp2_cid* originalId);
  ~QuicConnection() override;

  [[nodiscard]] const ConnectionInfo& info() const override { return m_info; }
  void setHandler(ConnectionHandler* handler) override { m_handler = handler; }
  base::Result<Stream*> openStream() override;
  void close(uint64_t code, const std::string& reason) override;
  [[nodiscard]] size_t streamCount() const override { return m_streams.size(); }
  [[nodiscard]] size_t bufferedBytes() const override;
  [[nodiscard]] Traffic traffic() const override { return m_traffic; }
  [[nodiscard]] std::optional<std::chrono::microseconds> rtt() const override;
  [[nodiscard]] size_t maxDatagram() const override;
  bool sendDatagram(std::span<const uint8_t> bytes) override;

  // For the endpoint.
  [[nodiscard]] uint64_t serial() const { return m_info.id; }
  void receive(const UdpSocket::Received& datagram);
  void stepTime(uint64_t now);
  // The peer proved that it no longer knows this connection.
  void forgottenByPeer();
  // Tells the handlers what happened. False when the connection was destroyed by one of them.
  bool tell();
  void send();           // writes until nothing is left, the network holds it back, or its share is used up
  void socketWritable(); // after the socket had been full
  [[nodiscard]] bool isUp() const { return m_up; }
  [[nodiscard]] bool isOver() const { return m_over.has_value(); }
  [[nodiscard]] const base::Error& overWhy() const { return *m_over; }
  [[nodiscard]] bool wasHandedOver() const { return m_handedOver; }
  void setHandedOver();
  void giveUp(base::Error error, uint64_t code, const std::string& reason); // closes; only tells the peer
  uint64_t timerAt = kNever;                                                // when the endpoint will call stepTime

  // For the streams.
  void queueToSend(QuicStream& stream);
  void queueToTell(QuicStream& stream);
  void consumed(QuicStream& stream, size_t count);
  void readingStopped(QuicStream& stream, size_t unread);
  void resetStream(QuicStream& stream, uint64_t code);

private:
  friend struct QuicCallbacks;
  QuicConnection(QuicEndpoint& endpoint, Direction direction, const SocketAddress& remote,
                 std::optional<PeerId> expected);
  bool begin(bool server);
  void fillSettings(ngtcp2_settings& settings, ngtcp2_transport_params& parameters, bool server) const;
  int verifyPeer(gnutls_session_t session);

  // What ngtcp2 tells (inside its calls: notes only).
  void becomeUp();
  int onStreamOpened(int64_t id);
  int onStreamData(int64_t id, std::span<const uint8_t> bytes, bool end);
  int onAcknowledged(int64_t id, uint64_t upTo);
  int onStreamClosed(int64_t id);
  int onStreamReset(int64_t id, uint64_t code);
  int onDatagram(std::span<const uint8_t> bytes);
  void addId(const ngtcp2_cid& id);
  void removeId(const ngtcp2_cid& id);

  struct Batch { // packets gathered for one system call
    std::span<const uint8_t> bytes;
    size_t segment = 0; // of each packet …
    size_t last = 0;    // … but the last
    SocketAddress from, to;
    uint8_t ecn = 0;
  };
  [[nodiscard]] SocketAddress leavingFrom(const ngtcp2_path& path) const;
  enum class Wrote { Packet, Nothing, Failed };
  Wrote writePacket(std::span<uint8_t> into, size_t& size, ngtcp2_path_storage& path, uint8_t& ecn, uint64_t now);
  ngtcp2_ssize writeDatagram(std::span<uint8_t> into, ngtcp2_path_storage& path, ngtcp2_pkt_info& info, uint64_t now);
  ngtcp2_ssize writeStream(std::span<uint8_t> into, ngtcp2_path_storage& path, ngtcp2_pkt_info& info, uint64_t now);
  void ship(Batch& batch);
  void requeueHeldBack();

  void failed(int result); // ngtcp2 gave up: says why to both sides
  void over(base::Error error, base::Bytes closePacket, bool silent);
  base::Bytes closePacket(const ngtcp2_connection_close_error& error);
  void checkPath();
  void rearm();
  void wake();

  bool tellStreams();
  bool tellNewStreams();
  bool tellDatagrams();
  bool tellOver();
  bool tellStream(QuicStream& stream, QuicStream::Event event);
  void removeStream(int64_t id);

  QuicEndpoint& m_endpoint;
  ConnectionInfo m_info;
  SocketAddress m_remote; // as info().remote
  std::optional<PeerId> m_expected;
  std::string m_refusal; // why verifyPeer() said no
  ConnectionHandler* m_handler = nullptr;
  std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);

  TlsSession m_tls;
  ngtcp2_crypto_conn_ref m_reference{};
  std::unique_ptr<ngtcp2_conn, FreeQuicConn> m_conn; // null once it is over
  std::vector<QuicId> m_ids;                         // by which packets for us are found
  std::vector<QuicId> m_resetTokens;                 // by which the peer says that it knows nothing of us
  uint64_t m_giveUpAt = kNever;                      // a dial that is not confirmed by then has failed
  bool m_up = false;                                 // authenticated both ways
  bool m_handedOver = false;                         // somebody owns it who was told
  bool m_moved = false;
  std::optional<base::Error> m_over;

  std::unordered_map<int64_t, std::unique_ptr<QuicStream>> m_streams;
  std::vector<std::unique_ptr<QuicStream>> m_removed;    // until the turn ends: a handler may still stand in them
  std::unordered_map<int64_t, QuicSendBuffer> m_orphans; // of reset streams; ngtcp2 still points into them
  std::deque<int64_t> m_newStreams;
  std::deque<int64_t> m_toTell;
  std::deque<int64_t> m_toSend;
  std::vector<int64_t> m_heldBack; // by flow control, until the peer says something
  size_t m_unacknowledged = 0;
  std::deque<base::Bytes> m_datagramsIn;
  std::deque<base::Bytes> m_datagramsOut;

  struct Blocked {
    base::Bytes bytes;
    size_t segment = 0;
    SocketAddress local, remote;
    uint8_t ecn = 0;
  };
  std::optional<Blocked> m_blocked; // packets the socket would not take
  Traffic m_traffic;
};

} // namespace univrs::p2p
