// /univrs/member/1.0.0: right after connecting, members show each other their certificates and who was revoked, and
// tell it again when it changes; the talk lasts as long as the connection. What is private to members asks here who is
// one. One thread, the host's.
#pragma once

#include "engine/cluster/member_book.h"
#include "engine/p2p/host.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace univrs::cluster {

class MemberService final : private p2p::HostObserver {
public:
  static constexpr size_t kStreams = 2'048;     // in all
  static constexpr size_t kStreamsPerPeer = 4;  // a new one takes an old one's place
  static constexpr size_t kMaxHellos = 64;      // of one talk: each costs a signature check
  static constexpr size_t kMaxLists = 4'096;    // of one talk
  static constexpr const char* kTag = "member"; // under which a member's connections are worth …
  static constexpr int kValue = 100;            // … this much more than strangers'

  struct Events {
    // A connected peer became a member, or is none any more (disconnected, revoked, expired).
    std::function<void(const p2p::PeerId&, bool member)> member;
    // A newer list of revocations is known, to be kept.
    std::function<void(const base::Bytes& list)> revocations;
    // This node was removed from the cluster.
    std::function<void()> removed;
  };

  // Belongs to no cluster until setBook(). The host outlives it.
  MemberService(p2p::Host& host, Events events);
  MemberService(const MemberService&) = delete;
  MemberService& operator=(const MemberService&) = delete;
  ~MemberService() override;

  // This node is a member from now on; connected peers are told.
  void setBook(MemberBook book);
  [[nodiscard]] const MemberBook* book() const { return m_book ? &*m_book : nullptr; }
  base::Result<void> renew(base::Bytes certificate); // this node's own; peers are told
  // From the authority, or from disk. Peers are told, those it names lose their connections.
  base::Result<void> learn(const base::Bytes& revocations);

  [[nodiscard]] bool isMember(const p2p::PeerId& peer) const;
  [[nodiscard]] const Certificate* certificateOf(const p2p::PeerId& peer) const;
  // Speaks `protocol` with members only; others' streams are reset and counted.
  void handleForMembers(const std::string& protocol, p2p::ProtocolLimits limits, p2p::ProtocolAcceptor acceptor);
  [[nodiscard]] uint64_t refused() const { return m_refused; }
  // Drops who ran out meanwhile; call it now and then.
  void tick();

private:
  class Talk;
  void onIdentified(const p2p::PeerId& peer) override;
  void onDisconnected(const p2p::ConnectionInfo& info, const base::Error&, bool last) override;
  void openTo(const p2p::PeerId& peer);
  void begun(const p2p::PeerId& peer, Talk* talk);
  void ended(const p2p::PeerId& peer, const Talk* talk);
  bool heard(Talk& talk, std::span<const uint8_t> message); // false: it broke the rules
  void judge(Talk& talk);
  [[nodiscard]] MemberHello hello() const;
  void tellAll(const MemberMessage& message);
  void notMember(const p2p::PeerId& peer);
  void dropRevoked(const MemberBook::Revoked& revoked);

  p2p::Host& m_host;
  Events m_events;
  std::optional<MemberBook> m_book;
  std::map<p2p::PeerId, Talk*> m_talks; // the newest with each peer
  std::set<p2p::PeerId> m_members;      // connected ones
  uint64_t m_refused = 0;
  std::vector<std::string> m_protocols;
  std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace univrs::cluster
