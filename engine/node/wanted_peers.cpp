#include "engine/node/wanted_peers.h"

#include "engine/base/log.h"

#include <algorithm>

namespace univrs::node {

namespace {
constexpr const char* kProtection = "operator";
} // namespace

base::Result<std::vector<p2p::AddrInfo>> WantedPeers::read(const std::vector<std::string>& addresses) {
  std::vector<p2p::AddrInfo> out;
  for (const std::string& text : addresses) {
    const auto address = p2p::Multiaddr::fromText(text);
    if (!address) {
      return base::makeError(base::ErrorCode::Validation, "The node cannot connect to \"" + text + "\"",
                             address.error().why.empty() ? address.error().what : address.error().why,
                             "give a multiaddr, as /ip4/192.0.2.7/udp/9000/quic-v1 or /dns/example.org/tcp/9000");
    }
    const auto peer = address->peer();
    out.push_back({peer, {peer ? address->withoutPeer() : *address}});
  }
  return out;
}

WantedPeers::WantedPeers(p2p::Host& host, std::vector<p2p::AddrInfo> wanted) : m_host(host) {
  for (auto& info : wanted) {
    m_wanted.push_back({});
    m_wanted.back().info = std::move(info);
  }
  m_timer.setSingleShot(true);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { dial(); });
}

WantedPeers::~WantedPeers() {
  *m_alive = false;
}

void WantedPeers::disconnected() {
  for (Wanted& wanted : m_wanted) {
    if (wanted.wasConnected && !isConnected(wanted)) {
      wanted.wasConnected = false;
      putOff(wanted);
    }
  }
  schedule();
}

std::string WantedPeers::problem() const {
  for (const Wanted& wanted : m_wanted) {
    if (!isConnected(wanted)) {
      return "not connected to " + wanted.info.addresses.front().text() +
             (wanted.problem.empty() ? std::string() : ": " + wanted.problem);
    }
  }
  return {};
}

bool WantedPeers::isConnected(const Wanted& wanted) const {
  const auto& id = wanted.info.peer ? wanted.info.peer : wanted.found;
  return id && m_host.isConnected(*id);
}

void WantedPeers::dial() {
  const auto now = m_host.now().steady;
  for (size_t i = 0; i < m_wanted.size(); ++i) {
    Wanted& wanted = m_wanted[i];
    if (wanted.dialing || isConnected(wanted) || wanted.next > now) {
      continue;
    }
    wanted.dialing = true;
    m_host.connect(wanted.info, [this, alive = m_alive, i](const base::Result<p2p::ConnectionInfo>& result) {
      if (*alive) {
        dialed(m_wanted[i], result);
      }
    });
  }
  schedule();
}

void WantedPeers::dialed(Wanted& wanted, const base::Result<p2p::ConnectionInfo>& result) {
  wanted.dialing = false;
  if (result) {
    wanted.found = result->peer;
    wanted.wasConnected = true;
    wanted.waitMs = kFirstWaitMs;
    wanted.problem.clear();
    m_host.protect(result->peer, kProtection);
  } else {
    if (wanted.problem != result.error().text()) {
      wanted.problem = result.error().text();
      base::log::warning("network", "cannot connect",
                         {{"to", wanted.info.addresses.front().text()}, {"error", wanted.problem}});
    }
    putOff(wanted);
  }
  schedule();
}

void WantedPeers::putOff(Wanted& wanted) {
  // By chance, so that nodes which lost the same peer do not come back together.
  wanted.next =
      m_host.now().steady + base::Millis(wanted.waitMs / 2 + int64_t(m_host.random().below(uint64_t(wanted.waitMs))));
  wanted.waitMs = std::min(wanted.waitMs * 2, kLastWaitMs);
}

void WantedPeers::schedule() {
  const auto now = m_host.now().steady;
  std::optional<int64_t> wait;
  for (const Wanted& wanted : m_wanted) {
    if (!wanted.dialing && !isConnected(wanted)) {
      const int64_t due = std::max<int64_t>((wanted.next - now).count(), 1);
      wait = wait ? std::min(*wait, due) : due;
    }
  }
  if (wait) {
    m_timer.start(int(*wait));
  } else {
    m_timer.stop();
  }
}

} // namespace univrs::node
