#include "engine/node/cluster_part.h"

#include "engine/base/log.h"
#include "engine/node/stored_membership.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <utility>

namespace univrs::node {

using base::ErrorCode;
using base::makeError;
using cluster::Authority;
using cluster::MemberBook;

ClusterPart::ClusterPart(ClusterOptions options, std::string keyFile, p2p::Host& host, store::StateStore& store,
                         const base::Clock& clock, base::Random& random)
    : m_options(std::move(options)), m_keyFile(std::move(keyFile)), m_host(host), m_store(store), m_clock(clock),
      m_random(random), m_client(host) {
  cluster::MemberService::Events events;
  events.member = [](const p2p::PeerId& peer, bool member) {
    base::log::info("cluster", member ? "a member is connected" : "a member is not connected any more",
                    {{"peer", peer.text()}});
  };
  events.revocations = [this](const base::Bytes&) {
    if (const auto r = saveMembership(); !r) {
      base::log::error("cluster", "cannot keep who was removed", {{"error", r.error().text()}});
    }
  };
  events.removed = [this] { m_problem = "this node was removed from the cluster; it needs a new join token"; };
  m_members = std::make_unique<cluster::MemberService>(host, std::move(events));
  m_askTimer.setSingleShot(true);
  QObject::connect(&m_askTimer, &QTimer::timeout, &m_askTimer, [this] { askNext(); });
  QObject::connect(&m_tickTimer, &QTimer::timeout, &m_tickTimer, [this] { tick(); });
  m_tickTimer.start(kTickMs);
  m_host.addObserver(this);
}

ClusterPart::~ClusterPart() {
  m_host.removeObserver(this);
}

base::Result<std::unique_ptr<ClusterPart>> ClusterPart::start(const ClusterOptions& options, const std::string& keyFile,
                                                              p2p::Host& host, store::StateStore& store,
                                                              const base::Clock& clock, base::Random& random) {
  std::unique_ptr<ClusterPart> part(new ClusterPart(options, keyFile, host, store, clock, random));
  if (auto r = part->begin(); !r) {
    return r.error();
  }
  return part;
}

base::Result<void> ClusterPart::begin() {
  if (QFileInfo::exists(QString::fromStdString(m_keyFile))) {
    if (auto r = openAuthority(); !r) {
      return r;
    }
  }
  if (auto r = readMembership(); !r) {
    return r;
  }
  if (auto r = readTicket(); !r) {
    return r;
  }
  if (m_options.found && !m_authority && !m_ticket && m_members->book() == nullptr) {
    if (auto r = found(); !r) {
      return r;
    }
  }
  tick();
  stayConnected();
  if (m_ticket) {
    askNext();
  }
  return {};
}

base::Result<void> ClusterPart::openAuthority() {
  auto key = p2p::Identity::loadOrCreate(m_keyFile);
  if (!key) {
    return key.error();
  }
  m_key.emplace(std::move(*key));
  auto authority = Authority::open(*m_key, m_store);
  if (!authority) {
    return authority.error();
  }
  m_authority.emplace(std::move(*authority));
  m_server = std::make_unique<cluster::JoinServer>(m_host, *m_authority, [](const p2p::PeerId& peer) {
    base::log::info("cluster", "a node was admitted", {{"peer", peer.text()}});
  });
  return {};
}

// The key is made, then the certificate stored: a node that died between the two goes on from the key.
base::Result<void> ClusterPart::found() {
  if (auto r = openAuthority(); !r) {
    return r;
  }
  const auto own = m_authority->admitSelf(m_host.id(), m_options.nodeName, cluster::kAllRoles, m_clock.now().wall);
  if (!own) {
    return own.error();
  }
  auto book = MemberBook::open(m_authority->key(), m_host.id(), *own);
  if (!book) {
    return book.error();
  }
  base::log::info("cluster", "a cluster was founded", {{"cluster", book->cluster().str()}});
  return takeBook(std::move(*book));
}

base::Result<void> ClusterPart::readMembership() {
  auto stored = readStoredMembership(m_store);
  if (!stored) {
    return stored.error();
  }
  if (!*stored) {
    // A founder whose certificate was not stored any more.
    return m_authority ? found() : base::Result<void>();
  }
  m_doors = (*stored)->doors;
  auto book = MemberBook::open((*stored)->authority, m_host.id(), (*stored)->certificate);
  if (!book) {
    return makeError(ErrorCode::Corrupt, "the node's membership cannot be used", book.error().text(),
                     "restore the state from a backup, or start with a new data folder and join anew");
  }
  m_members->setBook(std::move(*book));
  if (!(*stored)->revocations.empty()) {
    if (auto r = m_members->learn((*stored)->revocations); !r) {
      return r;
    }
  }
  if (m_authority && !m_authority->revocations().empty()) {
    return m_members->learn(m_authority->revocations());
  }
  return {};
}

base::Result<void> ClusterPart::readTicket() {
  const std::string what = "the node cannot join";
  const MemberBook* book = m_members->book();
  const bool in = book != nullptr && !book->isRevoked() && book->own().expires > m_clock.now().wall;
  if (!m_options.joinToken.empty()) {
    auto token = cluster::JoinToken::fromText(m_options.joinToken);
    if (!token) {
      return token.error();
    }
    if (book != nullptr && token->authority != book->authority()) {
      return makeError(ErrorCode::Conflict, what,
                       "it belongs to the cluster " + book->cluster().str() + ", and the token is of " +
                           cluster::clusterIdOf(token->authority).str(),
                       "start it with a data folder of its own: --data DIR");
    }
    if (in) {
      return {}; // as at every restart of a service that has the token in its settings
    }
    std::vector<std::string> texts;
    texts.reserve(token->addresses.size());
    for (const auto& address : token->addresses) {
      texts.push_back(address.text());
    }
    auto doors = joinedByPeer(texts);
    if (!doors) {
      return doors.error();
    }
    m_doors = std::move(*doors);
    m_ticket = std::move(*token);
  } else if (!m_options.joinSecretFile.empty()) {
    QFile file(QString::fromStdString(m_options.joinSecretFile));
    if (!file.open(QIODevice::ReadOnly) || file.size() > kMaxSecretFile) {
      return makeError(ErrorCode::Validation, what, m_options.joinSecretFile + " cannot be read as a shared secret",
                       "name a file of at most 4 KiB with --join-secret");
    }
    const std::string secret = file.readAll().trimmed().toStdString();
    if (secret.size() < kMinSecret) {
      return makeError(ErrorCode::Validation, what, "the shared secret is shorter than 16 bytes",
                       "make one: head -c 32 /dev/urandom | base64 > FILE");
    }
    if (m_authority || (m_options.found && book == nullptr)) {
      if (!m_authority) {
        if (auto r = found(); !r) {
          return r;
        }
      }
      return m_authority->admitSharedSecret(secret, m_clock.now().wall);
    }
    if (in) {
      return {};
    }
    m_ticket = cluster::SharedSecret{secret};
  }
  if (m_ticket) {
    auto more = WantedPeers::read(m_options.connect);
    if (!more) {
      return more.error();
    }
    m_doors.insert(m_doors.end(), more->begin(), more->end());
    if (m_doors.empty()) {
      return makeError(ErrorCode::Validation, what, "nothing says where its cluster is",
                       "name a node of it: --connect /ip4/192.0.2.7/udp/9000/quic-v1");
    }
  }
  return {};
}

base::Result<void> ClusterPart::takeBook(MemberBook book) {
  m_members->setBook(std::move(book));
  return saveMembership();
}

base::Result<void> ClusterPart::saveMembership() {
  const MemberBook* book = m_members->book();
  if (book == nullptr) {
    return {};
  }
  return writeStoredMembership(m_store, {book->authority(), book->ownSealed(), book->revocationsSealed(), m_doors});
}

void ClusterPart::askNext() {
  const p2p::AddrInfo door = m_doors[m_nextDoor++ % m_doors.size()];
  m_client.ask(door, *m_ticket, m_options.nodeName, [this](const base::Result<cluster::Admission>& r) { asked(r); });
}

void ClusterPart::asked(const base::Result<cluster::Admission>& result) {
  if (result) {
    return joined(*result);
  }
  if (m_problem != result.error().text()) {
    m_problem = result.error().text();
    base::log::warning("cluster", "not admitted yet", {{"why", m_problem}});
  }
  // A no of the cluster's is one; that somebody else does not admit, or cannot be reached, is not.
  m_refused = result.error().code == ErrorCode::Forbidden;
  if (!m_refused) {
    askLater();
  }
}

void ClusterPart::askLater() {
  // By chance, so that nodes which wait for the same one do not come back together.
  m_askTimer.start(int(m_waitMs / 2 + int64_t(m_random.below(uint64_t(m_waitMs)))));
  m_waitMs = std::min(m_waitMs * 2, kLastWaitMs);
}

void ClusterPart::joined(const cluster::Admission& admission) {
  auto book = MemberBook::open(admission.authority, m_host.id(), admission.certificate);
  if (book && !admission.revocations.empty()) {
    if (const auto learned = book->learn(admission.revocations); !learned) {
      book = learned.error();
    }
  }
  if (!book) {
    m_problem = book.error().text();
    base::log::error("cluster", "what the cluster gave cannot be used", {{"error", m_problem}});
    return askLater();
  }
  base::log::info("cluster", "joined", {{"cluster", book->cluster().str()}});
  m_ticket.reset();
  m_problem.clear();
  if (const auto r = takeBook(std::move(*book)); !r) {
    m_problem = "the membership was not stored: " + r.error().text();
    base::log::error("cluster", "cannot store the membership", {{"error", r.error().text()}});
  }
  stayConnected();
}

// A member stays connected to where it was admitted: there its certificate is renewed, and changes come from there.
void ClusterPart::stayConnected() {
  if (m_members->book() == nullptr || m_authority || m_doors.empty()) {
    return;
  }
  m_wanted.emplace(m_host, m_doors);
  m_wanted->start();
}

void ClusterPart::onDisconnected(const p2p::ConnectionInfo&, const base::Error&, bool last) {
  if (last && m_wanted) {
    m_wanted->disconnected();
  }
}

void ClusterPart::tick() {
  m_members->tick();
  const MemberBook* book = m_members->book();
  if (book == nullptr || book->isRevoked()) {
    return;
  }
  const auto now = m_clock.now().wall;
  if (book->own().dueForRenewal(now)) {
    renew();
  }
  if (book->own().expires <= now && !m_authority) {
    m_problem = "this node's certificate ran out at " + book->own().expires.iso() + "; it needs a new join token";
  }
}

void ClusterPart::renew() {
  if (m_authority) {
    const auto own =
        m_authority->admitSelf(m_host.id(), m_options.nodeName, m_members->book()->own().roles, m_clock.now().wall);
    auto r = own ? m_members->renew(*own) : base::Result<void>(own.error());
    r = r ? saveMembership() : r;
    if (!r) {
      base::log::error("cluster", "cannot renew this node's certificate", {{"error", r.error().text()}});
    }
    return;
  }
  if (m_doors.empty()) {
    return;
  }
  m_client.ask(
      m_doors[m_nextDoor++ % m_doors.size()], cluster::Renewal{m_members->book()->authority()}, m_options.nodeName,
      [this](const base::Result<cluster::Admission>& result) {
        auto r = result ? m_members->renew(result->certificate) : base::Result<void>(result.error());
        r = r ? saveMembership() : r;
        if (!r) {
          base::log::warning("cluster", "this node's certificate was not renewed yet", {{"why", r.error().text()}});
        }
      });
}

} // namespace univrs::node
