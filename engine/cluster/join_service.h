// /univrs/join/1.0.0 over libp2p: the side that admits, and the side that asks. The talk is join_message.h's.
// One thread, the host's.
#pragma once

#include "engine/cluster/authority.h"
#include "engine/p2p/host.h"

#include <functional>
#include <memory>
#include <variant>

namespace univrs::cluster {

// Admits for the authority while it lives.
class JoinServer {
public:
  static constexpr size_t kStreams = 64;           // at one time
  static constexpr size_t kStreamsPerPeer = 2;     // at one time
  static constexpr std::chrono::seconds kIdle{15}; // for the joiner to say something

  // `admitted` is called after a node got its certificate. The host and the authority outlive this.
  JoinServer(p2p::Host& host, Authority& authority, std::function<void(const p2p::PeerId&)> admitted);
  JoinServer(const JoinServer&) = delete;
  JoinServer& operator=(const JoinServer&) = delete;
  ~JoinServer();

private:
  class Talk;
  struct State;
  std::shared_ptr<State> m_state; // streams know it weakly
};

// What a new member goes home with; everything in it is checked already.
struct Admission {
  p2p::PublicKey authority{};
  base::Bytes certificate;
  base::Bytes revocations; // empty: none
  p2p::PeerId admitter;
};

// By what somebody asks: a token, a secret shared by all, or, as a member, for a new certificate.
struct SharedSecret {
  std::string secret;
};
struct Renewal {
  p2p::PublicKey authority{};
};
using JoinTicket = std::variant<JoinToken, SharedSecret, Renewal>;

class JoinClient {
public:
  static constexpr std::chrono::seconds kAnswerTime{20};
  using Done = std::function<void(base::Result<Admission>)>;

  // The host outlives it. Calls nobody any more once it is destroyed.
  explicit JoinClient(p2p::Host& host);
  JoinClient(const JoinClient&) = delete;
  JoinClient& operator=(const JoinClient&) = delete;
  ~JoinClient();

  // Asks the node at `at` (connecting to it first, by any of its addresses). Errors: what connecting gives; Unavailable
  // or Timeout when it does not answer, or does not admit anybody; Forbidden when it says no, and trying again with the
  // same ticket will not help; Corrupt when its answer is not the cluster's. Called back once, from the event loop.
  void ask(const p2p::AddrInfo& at, JoinTicket ticket, std::string nodeName, Done done);

private:
  class Talk;
  struct State;
  std::shared_ptr<State> m_state;
};

} // namespace univrs::cluster
