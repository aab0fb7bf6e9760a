// The host's connections: taking them in, judging them, letting them go.
#include "engine/base/log.h"
#include "engine/p2p/host_core.h"
#include "engine/p2p/host_link.h"
#include "engine/p2p/host_tell.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

using base::ErrorCode;
using base::makeError;

base::Result<ConnectionInfo> HostCore::adopt(std::unique_ptr<Connection> connection) {
  const ConnectionInfo info = connection->info();
  if (info.peer == m_id) {
    auto self = makeError(ErrorCode::BadRequest, "the connection was closed", "it leads to this node itself");
    refuse(std::move(connection), self);
    return self;
  }
  auto place = m_resources.connection(info.peer, info.direction, info.remote);
  if (!place) {
    refuse(std::move(connection), place.error());
    return place.error();
  }
  auto link = std::make_unique<Link>(*this, std::move(connection), std::move(*place));
  Link* at = link.get();
  at->listen();
  m_links.emplace(info.id, std::move(link));
  auto& ofPeer = m_byPeer[info.peer];
  ofPeer.push_back(at);
  const bool first = ofPeer.size() == 1;
  m_peers.setInUse(info.peer, true);
  m_dialer->connected(info);
  m_identify->connected(info);
  tell([&](HostObserver& o) { o.onConnected(info, first); });
  if (m_links.size() > m_options.highWater) {
    later([this] { judgeConnections(); });
  }
  return info;
}

void HostCore::refuse(std::unique_ptr<Connection> connection, const base::Error& why) {
  base::log::debug("p2p", "connection refused", {{"peer", connection->info().peer.text()}, {"why", why.text()}});
  if (m_refused.size() >= kMaxRefusedKept) {
    return; // closed abruptly
  }
  m_refused.push_back(std::make_unique<Link>(*this, std::move(connection), Reservation()));
  Link& link = *m_refused.back();
  link.listen();
  link.connection().close(kCodeNoRoom, why.why);
}

void HostCore::bury(std::unique_ptr<Link> link) {
  if (m_graveyard.empty()) {
    later([this] { m_graveyard.clear(); });
  }
  m_graveyard.push_back(std::move(link));
}

void HostCore::linkClosed(Link& link, const base::Error& error) {
  if (m_closing) {
    return;
  }
  if (link.isRefused()) {
    const auto it = std::find_if(m_refused.begin(), m_refused.end(), [&](const auto& l) { return l.get() == &link; });
    if (it != m_refused.end()) {
      bury(std::move(*it));
      m_refused.erase(it);
    }
    return;
  }
  const ConnectionInfo info = link.info();
  const auto it = m_links.find(info.id);
  if (it == m_links.end()) {
    return;
  }
  bury(std::move(it->second));
  m_links.erase(it);
  const auto ofPeer = m_byPeer.find(info.peer);
  std::erase(ofPeer->second, &link);
  const bool last = ofPeer->second.empty();
  if (last) {
    m_byPeer.erase(ofPeer);
    m_peers.setInUse(info.peer, m_manager.isProtected(info.peer));
  }
  m_identify->disconnected(info, last);
  tell([&](HostObserver& o) { o.onDisconnected(info, error, last); });
}

void HostCore::close(const std::vector<uint64_t>& ids, const std::string& reason) {
  for (const uint64_t id : ids) {
    if (const auto it = m_links.find(id); it != m_links.end()) {
      it->second->connection().close(kCodeInOrder, reason);
    }
  }
}

void HostCore::countBytes() {
  for (const auto& [id, link] : m_links) {
    link->forgetBytes(); // what one held a second ago does not stand in another one's way
  }
  std::vector<uint64_t> tooMuch;
  for (const auto& [id, link] : m_links) {
    if (!link->countBytes()) {
      tooMuch.push_back(id);
    }
  }
  for (const uint64_t id : tooMuch) {
    if (const auto it = m_links.find(id); it != m_links.end()) {
      base::log::warning("p2p", "a connection holds too much memory and is closed",
                         {{"peer", it->second->info().peer.text()}});
      it->second->connection().close(kCodeTooMuch, "too much unread or unsent");
    }
  }
}

void HostCore::judgeConnections() {
  const base::Monotonic at = now().steady;
  close(m_manager.duplicates(entries(), at), "another connection to this peer is kept");
  close(m_manager.trim(entries(), at), "fewer connections are kept");
}

std::vector<ConnectionManager::Entry> HostCore::entries() const {
  std::vector<ConnectionManager::Entry> out;
  out.reserve(m_links.size());
  for (const auto& [id, link] : m_links) {
    out.push_back({&link->info(), link->connection().streamCount()});
  }
  return out;
}

HostCore::Link* HostCore::bestLink(const PeerId& peer, bool allowLimited) const {
  Link* best = nullptr;
  if (const auto it = m_byPeer.find(peer); it != m_byPeer.end()) {
    for (Link* link : it->second) {
      if ((allowLimited || !link->info().limited) &&
          (best == nullptr || m_manager.isBetter(link->info(), best->info()))) {
        best = link;
      }
    }
  }
  return best;
}

void HostCore::connect(const AddrInfo& to, std::function<void(base::Result<ConnectionInfo>)> done) {
  std::optional<ConnectionInfo> have;
  if (to.peer) {
    if (const Link* link = bestLink(*to.peer, true)) {
      have = link->info();
    }
  } else {
    for (const auto& [id, link] : m_links) {
      if (link->info().direction == Direction::Outbound &&
          std::find(to.addresses.begin(), to.addresses.end(), link->info().remote) != to.addresses.end()) {
        have = link->info();
      }
    }
  }
  if (have) {
    later([done = std::move(done), info = *have] { done(info); });
    return;
  }
  m_dialer->dial(to, false, std::move(done));
}

void HostCore::disconnect(const PeerId& peer, const std::string& reason) {
  std::vector<uint64_t> ids;
  if (const auto it = m_byPeer.find(peer); it != m_byPeer.end()) {
    for (const Link* link : it->second) {
      ids.push_back(link->info().id);
    }
  }
  close(ids, reason);
}

std::vector<Connection*> HostCore::connections() const {
  std::vector<Connection*> out;
  out.reserve(m_links.size());
  for (const auto& [id, link] : m_links) {
    out.push_back(&link->connection());
  }
  return out;
}

std::vector<Connection*> HostCore::connectionsTo(const PeerId& peer) const {
  std::vector<Connection*> out;
  if (const auto it = m_byPeer.find(peer); it != m_byPeer.end()) {
    for (Link* link : it->second) {
      out.push_back(&link->connection());
    }
  }
  return out;
}

} // namespace univrs::p2p
