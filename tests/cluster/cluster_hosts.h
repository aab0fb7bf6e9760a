// Hosts with the member and join services, on real sockets over loopback.
#pragma once

#include "engine/cluster/join_service.h"
#include "engine/cluster/member_service.h"
#include "tests/cluster/cluster_fixture.h"
#include "tests/p2p/host_nodes.h"

#include <optional>
#include <set>

namespace univrs::cluster::tests {

using p2p::tests::waitFor;

struct ClusterNode : p2p::tests::TestHost {
  explicit ClusterNode(const char* listen = p2p::tests::kQuic)
      : TestHost({listen}),
        members(std::make_unique<MemberService>(
            *host, MemberService::Events{[this](const p2p::PeerId& peer, bool member) {
                                           member ? void(now.insert(peer)) : void(now.erase(peer));
                                         },
                                         [this](const base::Bytes&) { ++lists; }, [this] { removed = true; }})),
        join(std::make_unique<JoinClient>(*host)) {}
  ~ClusterNode() override {
    server.reset();
    join.reset();
    members.reset();
  }
  ClusterNode(const ClusterNode&) = delete;
  ClusterNode& operator=(const ClusterNode&) = delete;

  [[nodiscard]] const p2p::PeerId& id() const { return host->id(); }
  // Its own cluster's authority.
  void found() {
    key.emplace(newIdentity());
    authority.emplace(std::move(Authority::open(*key, *store)).value());
    const auto own = authority->admitSelf(id(), "founder", kAllRoles, clock.now().wall).value();
    members->setBook(std::move(MemberBook::open(key->publicKey(), id(), own)).value());
    server =
        std::make_unique<JoinServer>(*host, *authority, [this](const p2p::PeerId& peer) { admitted.push_back(peer); });
  }
  JoinToken token(uint32_t uses = 1) {
    TokenWish wish;
    wish.uses = uses;
    return std::move(authority->createToken(wish, random, clock.now().wall)).value();
  }
  base::Result<Admission> ask(const p2p::AddrInfo& at, JoinTicket ticket) {
    std::optional<base::Result<Admission>> result;
    join->ask(at, std::move(ticket), "worker", [&](auto r) { result = std::move(r); });
    EXPECT_FALSE(result) << "answered from inside the call";
    EXPECT_TRUE(waitFor([&] { return result.has_value(); }));
    return result ? *result : base::makeError(base::ErrorCode::Internal, "no answer");
  }
  // Joins and takes its place.
  void joinBy(const ClusterNode& founder, const JoinTicket& ticket) {
    const auto admission = ask(founder.info(), ticket);
    ASSERT_TRUE(admission) << admission.error().text();
    auto book = MemberBook::open(admission->authority, id(), admission->certificate);
    ASSERT_TRUE(book) << book.error().text();
    members->setBook(std::move(*book));
  }

  std::unique_ptr<store::StateStore> store = store::openMemoryStore();
  std::optional<p2p::Identity> key;
  std::optional<Authority> authority;
  std::unique_ptr<MemberService> members;
  std::unique_ptr<JoinServer> server;
  std::unique_ptr<JoinClient> join;
  std::set<p2p::PeerId> now; // members connected now
  std::vector<p2p::PeerId> admitted;
  int lists = 0;
  bool removed = false;
};

} // namespace univrs::cluster::tests
