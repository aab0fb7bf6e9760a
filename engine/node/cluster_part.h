// The node's place in a cluster: its membership, kept over restarts; joining by a token or a shared secret, again and
// again until it is in or told no; renewing its certificate; and, on the node that founded the cluster, the authority
// that admits others. The first token made on a node that is in no cluster founds one.
//
// Thread: the engine's, which is the host's.
#pragma once

#include "engine/cluster/join_service.h"
#include "engine/cluster/member_service.h"
#include "engine/commands/admission.h"
#include "engine/node/wanted_peers.h"
#include "engine/store/state_store.h"

#include <QTimer>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace univrs::node {

struct ClusterOptions {
  bool found = false;         // be in a cluster of its own when in none (--bootstrap)
  std::string joinToken;      // "univrs1.…"; empty: none
  std::string joinSecretFile; // a secret that nodes of the cluster share; empty: none
  std::string nodeName;
  std::vector<std::string> connect; // where to ask with the shared secret
};

class ClusterPart final : public commands::Admission, private p2p::HostObserver {
public:
  static constexpr size_t kMinSecret = 16;        // bytes of a shared secret
  static constexpr qint64 kMaxSecretFile = 4'096; // bytes
  static constexpr int kFirstWaitMs = 1'000;      // before asking again to be admitted …
  static constexpr int kLastWaitMs = 60'000;      // … doubled up to this
  static constexpr int kTickMs = 60'000;          // expiry and renewal are looked at
  static constexpr size_t kMaxListed = 1'000;
  static constexpr size_t kMinPrefix = 8; // characters of a PeerId that name a member

  // Takes up the membership that is stored, or begins to join. `keyFile` holds the cluster's key where this node
  // founded it. Errors: a token or secret that cannot be used, one of another cluster than the node is in, a store
  // that cannot be read. Host, store, clock and random outlive it.
  static base::Result<std::unique_ptr<ClusterPart>> start(const ClusterOptions& options, const std::string& keyFile,
                                                          p2p::Host& host, store::StateStore& store,
                                                          const base::Clock& clock, base::Random& random);
  ~ClusterPart() override;
  ClusterPart(const ClusterPart&) = delete;
  ClusterPart& operator=(const ClusterPart&) = delete;

  [[nodiscard]] cluster::MemberService& members() { return *m_members; }
  // For the health report; empty when all is well.
  [[nodiscard]] const std::string& problem() const { return m_problem; }
  // "cluster uc…, founder": for the health report.
  [[nodiscard]] std::string summary() const;

  void clusterInfo(interfaces::Reply<interfaces::ClusterInfo> reply) override;
  void listMembers(interfaces::Reply<std::vector<interfaces::Member>> reply) override;
  void listTokens(interfaces::Reply<std::vector<interfaces::JoinTokenInfo>> reply) override;
  [[nodiscard]] base::Result<void> checkToken(const Wish& wish) const override;
  base::Result<Made> createToken(const Wish& wish) override;
  [[nodiscard]] base::Result<interfaces::JoinTokenInfo> findToken(const std::string& id) override;
  base::Result<void> revokeToken(const std::string& id) override;
  [[nodiscard]] base::Result<interfaces::Member> findMember(const std::string& ref) override;
  base::Result<void> removeMember(const std::string& peerId) override;

private:
  ClusterPart(ClusterOptions options, std::string keyFile, p2p::Host& host, store::StateStore& store,
              const base::Clock& clock, base::Random& random);
  base::Result<void> begin();
  base::Result<void> readMembership();
  base::Result<void> readTicket();
  base::Result<void> openAuthority();
  base::Result<void> found();
  base::Result<void> takeBook(cluster::MemberBook book);
  base::Result<void> saveMembership();
  void askNext();
  void asked(const base::Result<cluster::Admission>& result);
  void joined(const cluster::Admission& admission);
  void askLater();
  void tick();
  void renew();
  void stayConnected();
  void onDisconnected(const p2p::ConnectionInfo&, const base::Error&, bool last) override;
  [[nodiscard]] interfaces::MembershipState state() const;
  [[nodiscard]] base::Error noAuthority(const char* what) const;
  [[nodiscard]] base::Result<std::vector<interfaces::Member>> memberList();
  [[nodiscard]] interfaces::JoinTokenInfo shown(const cluster::TokenRecord& record) const;
  [[nodiscard]] std::vector<p2p::Multiaddr> joinAddresses() const;
  template <class T>
  void answer(interfaces::Reply<T> reply, base::Result<T> value);

  ClusterOptions m_options;
  std::string m_keyFile;
  p2p::Host& m_host;
  store::StateStore& m_store;
  const base::Clock& m_clock;
  base::Random& m_random;

  std::unique_ptr<cluster::MemberService> m_members;
  std::optional<p2p::Identity> m_key; // the cluster's; only where it was founded
  std::optional<cluster::Authority> m_authority;
  std::unique_ptr<cluster::JoinServer> m_server;
  cluster::JoinClient m_client;
  std::optional<cluster::JoinTicket> m_ticket; // while joining
  std::vector<p2p::AddrInfo> m_doors;          // who may admit: of the token, of --connect
  size_t m_nextDoor = 0;
  bool m_refused = false; // told no: asking again with the same ticket will not help
  int m_waitMs = kFirstWaitMs;
  std::optional<WantedPeers> m_wanted; // the nodes that admit: a member stays connected to them
  std::string m_problem;
  QTimer m_askTimer;
  QTimer m_tickTimer;
};

} // namespace univrs::node
