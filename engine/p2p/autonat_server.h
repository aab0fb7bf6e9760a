// AutoNAT v1, the server: peers ask whether they can be reached, and we dial them back from a port that they have never
// seen (so that a NAT does not take it for an answer), only at the IP address that they came from.
#pragma once

#include "engine/p2p/autonat_message.h"
#include "engine/p2p/host.h"

#include <deque>
#include <memory>
#include <unordered_map>

namespace univrs::p2p {

// Who is dialled back, and how often. Sans-IO.
class AutonatGuard {
public:
  static constexpr base::Millis kWindow{60'000};
  static constexpr size_t kPerPeer = 3;  // dial backs in a window for one peer
  static constexpr size_t kPerIp = 12;   // for all peers at one IP address
  static constexpr size_t kInAll = 30;   // for everybody
  static constexpr size_t kMaxDials = 4; // addresses tried for one request

  // With `nearToo` peers on private and loopback addresses are served as well.
  explicit AutonatGuard(bool nearToo) : m_nearToo(nearToo) {}
  // Which of the addresses may be dialled for a peer that is connected from `observed`; none: the request is refused.
  [[nodiscard]] std::vector<Multiaddr> dialable(const std::vector<Multiaddr>& addresses,
                                                const Multiaddr& observed) const;
  // Counts a request; false when there were too many lately.
  bool admit(const PeerId& peer, const std::string& ip, base::Monotonic now);

private:
  struct Served {
    PeerId peer;
    std::string ip;
    base::Monotonic at;
  };
  bool m_nearToo;
  std::deque<Served> m_served; // at most kInAll
};

class AutonatServer {
public:
  // Serves on `host` until destruction. Host and clock are not owned and outlive this.
  AutonatServer(Host& host, const base::Clock& clock, bool nearToo = false);
  AutonatServer(const AutonatServer&) = delete;
  AutonatServer& operator=(const AutonatServer&) = delete;
  ~AutonatServer();

private:
  class Core;
  class Request;
  std::shared_ptr<Core> m_core;
};

} // namespace univrs::p2p
