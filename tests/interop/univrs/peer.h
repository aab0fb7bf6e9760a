// Our node as a peer of the interop tests: the engine's host, gossipsub and Kademlia without anything above them, made
// to do what the lines of ../README.md say. One thread, with a Qt event loop.
#pragma once

#include "engine/p2p/dcutr.h"
#include "engine/p2p/host.h"
#include "engine/p2p/identity.h"
#include "engine/p2p/kad_service.h"
#include "engine/p2p/ping.h"
#include "engine/p2p/pubsub_service.h"
#include "engine/p2p/relay_reservations.h"
#include "engine/p2p/relay_server.h"

#include <QJsonObject>
#include <QTemporaryDir>

#include <map>
#include <set>

namespace univrs::tests {

class InteropPeer final : private p2p::HostObserver {
public:
  using Answer = std::function<void(base::Result<QJsonObject>)>;
  using Say = std::function<void(const QJsonObject&)>;

  explicit InteropPeer(Say say) : m_say(std::move(say)) {}
  InteropPeer(const InteropPeer&) = delete;
  InteropPeer& operator=(const InteropPeer&) = delete;
  ~InteropPeer() override;

  // False: there is no such command, and `answer` is not called; else it is called once, at once or later.
  bool run(const QString& name, const QJsonObject& arguments, const Answer& answer);

private:
  using Command = void (InteropPeer::*)(const QJsonObject&, const Answer&);

  void onConnected(const p2p::ConnectionInfo& info, bool firstOfPeer) override;
  void onDisconnected(const p2p::ConnectionInfo& info, const base::Error& error, bool lastOfPeer) override;
  void onIdentified(const p2p::PeerId& peer) override;

  void start(const QJsonObject& c, const Answer& answer);
  void dial(const QJsonObject& c, const Answer& answer);
  void disconnect(const QJsonObject& c, const Answer& answer);
  void connections(const QJsonObject& c, const Answer& answer);
  void addresses(const QJsonObject& c, const Answer& answer);
  void ping(const QJsonObject& c, const Answer& answer);
  void identify(const QJsonObject& c, const Answer& answer);
  void echo(const QJsonObject& c, const Answer& answer);
  void open(const QJsonObject& c, const Answer& answer);

  // peer_gossip.cpp
  base::Result<void> startGossip(const QJsonObject& settings);
  base::Result<void> useTopic(const std::string& topic);
  void subscribe(const QJsonObject& c, const Answer& answer);
  void unsubscribe(const QJsonObject& c, const Answer& answer);
  void publish(const QJsonObject& c, const Answer& answer);
  void subscribers(const QJsonObject& c, const Answer& answer);
  void mesh(const QJsonObject& c, const Answer& answer);

  // peer_kad.cpp
  base::Result<void> startKad(const QString& mode);
  void kadTable(const QJsonObject& c, const Answer& answer);
  void kadBootstrap(const QJsonObject& c, const Answer& answer);
  void kadFindPeer(const QJsonObject& c, const Answer& answer);
  void kadPut(const QJsonObject& c, const Answer& answer);
  void kadGet(const QJsonObject& c, const Answer& answer);
  void kadProvide(const QJsonObject& c, const Answer& answer);
  void kadProviders(const QJsonObject& c, const Answer& answer);

  // peer_relay.cpp
  base::Result<void> startRelay(const QString& mode, bool dcutr);
  [[nodiscard]] std::vector<p2p::Multiaddr> relayedAddresses() const; // ours, with our id
  void reserve(const QJsonObject& c, const Answer& answer);

  [[nodiscard]] QJsonObject told(const p2p::PeerId& peer) const;

  Say m_say;
  QTemporaryDir m_folder; // of the key
  base::SystemClock m_clock;
  base::SystemRandom m_random;
  std::unique_ptr<p2p::Identity> m_identity;
  std::unique_ptr<p2p::Host> m_host;
  std::unique_ptr<p2p::Ping> m_ping;
  std::unique_ptr<p2p::PubsubService> m_pubsub;
  std::unique_ptr<p2p::KadService> m_kad;
  std::shared_ptr<p2p::RelayReservations> m_reservations; // the relay transport knows it weakly
  std::unique_ptr<p2p::RelayServer> m_relayServer;
  std::unique_ptr<p2p::Dcutr> m_dcutr;
  std::set<p2p::PeerId> m_identified;
  std::multimap<p2p::PeerId, Answer> m_waiting; // for identify
  std::multimap<p2p::PeerId, Answer> m_leaving; // for the end of connections
  pubsub::TopicOptions m_topicOptions;
  std::set<std::string> m_topics;                  // with options
  std::map<std::string, uint64_t> m_subscriptions; // by topic
};

// What several commands need. Errors say which argument is wrong.
std::string textOf(const QJsonObject& c, const char* name);
QString qt(const std::string& text);
base::Result<p2p::PeerId> peerOf(const QJsonObject& c);
base::Result<base::Bytes> bytesOf(const QJsonObject& c, const char* name);
QJsonArray idsOf(const std::vector<p2p::PeerId>& peers);
QJsonArray textsOf(const std::vector<p2p::Multiaddr>& addresses);

} // namespace univrs::tests
