// identify and identify push (/ipfs/id/1.0.0, /ipfs/id/push/1.0.0): peers tell each other their key, addresses (signed
// too), protocols and software, and how they see the other. Asked for on every new connection, pushed when our
// addresses or protocols change. What is learnt goes into the host's peer store. Belongs to the host.
#pragma once

#include "engine/p2p/host.h"
#include "engine/p2p/identify_message.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <unordered_map>

namespace univrs::p2p {

// A peer told something; the peer store has it.
struct Identified {
  ConnectionInfo connection; // over which it was told
  Multiaddr observed;        // our address as the peer sees it there; empty: not said
};

class Identify {
public:
  static constexpr const char* kProtocol = "/ipfs/id/1.0.0";
  static constexpr const char* kPushProtocol = "/ipfs/id/push/1.0.0";
  static constexpr size_t kMaxFrame = 16u << 10; // of one message; go's largest is 8 KiB
  static constexpr size_t kMaxMessages = 10;     // of one answer, as in go
  static constexpr std::chrono::seconds kStreamTime{20};
  // Our changes are pushed together, this long after the first.
  static constexpr std::chrono::milliseconds kPushDelay{500};
  // A peer may ask or push so often at once, and once more for every kRefill after that.
  static constexpr int kBurst = 16;
  static constexpr base::Millis kRefill{1'000};

  Identify(Host& host, std::string agent, std::string protocolVersion);
  ~Identify();
  void setOnFacts(std::function<void(const Identified&)> call) { m_onFacts = std::move(call); }
  void start(); // speaks both protocols from now on

  void connected(const ConnectionInfo& info);
  void disconnected(const ConnectionInfo& info, bool last);
  void ownFactsChanged();

private:
  class Reader;
  class Writer;
  struct Peer {
    bool asking = false;
    int used = 0; // of kBurst
    base::Monotonic counted;
  };

  std::unique_ptr<StreamHandler> accept(const OpenedStream& opened, bool push);
  void ask(const PeerId& peer);
  void push();
  void heard(const ConnectionInfo& from, IdentifyMessage message);
  void takeAddresses(const ConnectionInfo& from, const IdentifyMessage& message, PeerFacts& facts);
  [[nodiscard]] IdentifyMessage message(const ConnectionInfo& to);
  void makeRecord();
  bool mayAskAgain(const PeerId& peer);

  Host& m_host;
  std::string m_agent;
  std::string m_protocolVersion;
  std::function<void(const Identified&)> m_onFacts;
  std::unordered_map<PeerId, Peer> m_peers; // connected ones
  std::vector<Multiaddr> m_recordAddresses;
  base::Bytes m_record;
  uint64_t m_seq = 0;
  std::shared_ptr<int> m_alive = std::make_shared<int>(0); // handlers may die after this object
  QTimer m_pushTimer;
};

} // namespace univrs::p2p
