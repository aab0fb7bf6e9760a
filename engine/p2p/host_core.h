// The host behind host.h, without transports of its own: those are added (makeHost adds QUIC and TCP). Its work is
// split over dialer.h (outbound), connection_manager.h (who stays), own_addresses.h, negotiation.h and identify.h.
#pragma once

#include "engine/p2p/connection_manager.h"
#include "engine/p2p/dialer.h"
#include "engine/p2p/host.h"
#include "engine/p2p/identify.h"
#include "engine/p2p/identity.h"
#include "engine/p2p/own_addresses.h"

#include <QObject>
#include <QThreadPool>
#include <QTimer>

#include <list>
#include <map>
#include <unordered_map>

namespace univrs::p2p {

class HostCore final : public Host {
public:
  static constexpr base::Millis kNegotiationTime{10'000}; // for a peer to say what a stream is for
  static constexpr base::Millis kInterfaceCheck{30'000};  // how often the machine's addresses are looked at
  static constexpr base::Millis kKeepHouse{300'000};      // how often the peer store is tidied and written
  static constexpr size_t kMaxRefusedKept = 32;           // connections there was no room for, while they are told so
  // Application error codes of connections that we close.
  static constexpr uint64_t kCodeInOrder = 0;
  static constexpr uint64_t kCodeNoRoom = 1;
  static constexpr uint64_t kCodeTooMuch = 2;

  HostCore(const Identity& identity, HostOptions options, const base::Clock& clock, base::Random& random,
           std::unique_ptr<NameSource> names = std::make_unique<SystemNames>());
  ~HostCore() override;

  [[nodiscard]] const Identity& identity() const override { return m_identity; }
  [[nodiscard]] const PeerId& id() const override { return m_id; }
  [[nodiscard]] base::Now now() const override { return m_clock.now(); }
  [[nodiscard]] base::Random& random() override { return m_random; }

  base::Result<void> start() override;
  [[nodiscard]] std::vector<Multiaddr> addresses() const override { return m_own.all(); }
  [[nodiscard]] std::vector<Multiaddr> listenAddresses() const override { return m_own.listening(); }
  void setExtraAddresses(const std::string& source, std::vector<Multiaddr> addresses) override;
  void addTransport(std::unique_ptr<Transport> transport) override;

  void handle(const std::string& protocol, ProtocolLimits limits, ProtocolAcceptor acceptor) override;
  void unhandle(const std::string& protocol) override;
  [[nodiscard]] std::vector<std::string> protocols() const override;

  void connect(const AddrInfo& to, std::function<void(base::Result<ConnectionInfo>)> done) override;
  void disconnect(const PeerId& peer, const std::string& reason) override;
  void open(const PeerId& peer, std::vector<std::string> protocols, OpenOptions options,
            std::function<void(base::Result<OpenedStream>)> done) override;

  [[nodiscard]] bool isConnected(const PeerId& peer) const override { return m_byPeer.contains(peer); }
  [[nodiscard]] std::vector<Connection*> connections() const override;
  [[nodiscard]] std::vector<Connection*> connectionsTo(const PeerId& peer) const override;
  [[nodiscard]] PeerStore& peerStore() override { return m_peers; }
  [[nodiscard]] ResourceManager& resources() override { return m_resources; }

  void protect(const PeerId& peer, const std::string& tag) override;
  void unprotect(const PeerId& peer, const std::string& tag) override;
  void setValue(const PeerId& peer, const std::string& tag, int value) override;

  void addObserver(HostObserver* observer) override;
  void removeObserver(HostObserver* observer) override;

private:
  class Link; // one connection and what the host keeps beside it
  struct Protocol {
    ProtocolLimits limits;
    ProtocolAcceptor acceptor;
  };
  struct OpenRequest; // one call of open() under way
  struct Proposed {   // an inbound stream whose protocol is not agreed on yet
    Stream* stream = nullptr;
    base::Monotonic deadline;
  };

  // Connections (host_connections.cpp).
  base::Result<ConnectionInfo> adopt(std::unique_ptr<Connection> connection);
  void refuse(std::unique_ptr<Connection> connection, const base::Error& why);
  void linkClosed(Link& link, const base::Error& error);
  void close(const std::vector<uint64_t>& ids, const std::string& reason);
  void countBytes();
  void judgeConnections();
  [[nodiscard]] std::vector<ConnectionManager::Entry> entries() const;
  [[nodiscard]] Link* bestLink(const PeerId& peer, bool allowLimited) const;
  void bury(std::unique_ptr<Link> link);

  // Streams (host_streams.cpp).
  void inboundStream(Link& link, Stream& stream);
  void inboundAgreed(Stream& stream, const PeerId& peer, const std::string& protocol);
  void openOn(const std::shared_ptr<OpenRequest>& request);
  void openEnded(const std::shared_ptr<OpenRequest>& request, base::Result<OpenedStream> result);
  void connectThenOpen(const std::shared_ptr<OpenRequest>& request);
  void dropSilent(base::Monotonic now);

  void later(std::function<void()> call);
  template <class Call>
  void tell(Call call);
  void tick();
  void lookAtInterfaces();
  void ownAddressesMayHaveChanged();
  void loadPeers();
  void savePeers(bool wait);

  const Identity& m_identity;
  const PeerId m_id;
  HostOptions m_options;
  const base::Clock& m_clock;
  base::Random& m_random;
  std::unique_ptr<QObject> m_context = std::make_unique<QObject>();
  ResourceManager m_resources;
  PeerStore m_peers;
  ConnectionManager m_manager;
  OwnAddresses m_own;
  std::vector<Multiaddr> m_toldAddresses; // what observers know
  std::vector<std::unique_ptr<Transport>> m_transports;
  std::map<std::string, Protocol> m_protocols;
  std::vector<HostObserver*> m_observers; // null: removed while a call goes round

  std::map<uint64_t, std::unique_ptr<Link>> m_links;
  std::unordered_map<PeerId, std::vector<Link*>> m_byPeer;
  std::list<std::unique_ptr<Link>> m_refused;     // being told that there is no room
  std::vector<std::unique_ptr<Link>> m_graveyard; // destroyed from the event loop: they may be calling us now
  std::map<uint64_t, Proposed> m_proposed;
  uint64_t m_nextProposed = 1;

  std::unique_ptr<Dialer> m_dialer;
  std::unique_ptr<Identify> m_identify;
  QTimer m_tick;
  QThreadPool m_writer; // one thread, for the peer store's file
  base::Monotonic m_lastInterfaces;
  base::Monotonic m_lastKeptHouse;
  int m_telling = 0;
  bool m_closing = false;
  bool m_savesPeers = false; // the file was read, or there was none
};

} // namespace univrs::p2p
