#include "engine/p2p/dialer.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {

using base::ErrorCode;
using base::makeError;

constexpr size_t kMaxFaultsTold = 6; // in one message

std::string nameOf(const std::optional<PeerId>& peer, const std::vector<Multiaddr>& addresses) {
  return peer ? peer->text() : addresses.empty() ? std::string("the peer") : addresses.front().text();
}

// A peer named by all addresses is the one that is meant.
void takePeerFromAddresses(AddrInfo& to) {
  if (!to.peer && !to.addresses.empty()) {
    to.peer = to.addresses.front().peer();
  }
  if (to.peer) {
    std::erase_if(to.addresses, [&](const Multiaddr& a) {
      const auto named = a.peer();
      return named && *named != *to.peer;
    });
  }
}

std::string keyOf(const AddrInfo& to, bool directOnly) {
  std::string key = directOnly ? "direct " : "any ";
  if (to.peer) {
    return key + to.peer->text();
  }
  for (const Multiaddr& a : to.addresses) {
    key += a.text() + " ";
  }
  return key;
}

} // namespace

Dialer::Dialer(PeerId own, const std::vector<std::unique_ptr<Transport>>& transports, PeerStore& peers,
               const base::Clock& clock, base::Random& random, std::unique_ptr<NameSource> names, Accept accept)
    : m_own(std::move(own)), m_transports(transports), m_peers(peers), m_clock(clock), m_backoff(random),
      m_accept(std::move(accept)), m_resolver(std::move(names)) {}

Dialer::~Dialer() {
  // The callback of a dial keeps its task, and the task its dials.
  for (const auto& [key, task] : m_tasks) {
    task->running.clear();
  }
}

void Dialer::later(std::function<void()> call) {
  QMetaObject::invokeMethod(m_context.get(), std::move(call), Qt::QueuedConnection);
}

void Dialer::bury(std::unique_ptr<Dial> dial) {
  if (m_graveyard.empty()) {
    later([this] { m_graveyard.clear(); });
  }
  m_graveyard.push_back(std::move(dial));
}

// Another peer may well answer where this one did not.
Multiaddr Dialer::backoffKey(const Task& task, const Multiaddr& address) {
  return task.peer ? address.withPeer(*task.peer) : address;
}

Transport* Dialer::transportFor(const Multiaddr& address) const {
  for (const auto& transport : m_transports) {
    if (transport->canDial(address)) {
      return transport.get();
    }
  }
  return nullptr;
}

void Dialer::dial(AddrInfo to, bool directOnly, Done done) {
  takePeerFromAddresses(to);
  const auto refuse = [&](base::Error error) {
    later([done = std::move(done), error = std::move(error)] { done(error); });
  };
  if (to.peer && *to.peer == m_own) {
    refuse(makeError(ErrorCode::BadRequest, "nothing was dialled", "that is this node itself"));
    return;
  }
  const std::string key = keyOf(to, directOnly);
  const auto known = m_tasks.find(key);
  if ((known == m_tasks.end() && m_tasks.size() >= kMaxPeers) ||
      (known != m_tasks.end() && known->second->waiters.size() >= kMaxWaiters)) {
    refuse(makeError(ErrorCode::RateLimited, nameOf(to.peer, to.addresses) + " was not dialled",
                     "too many dials are under way", "Try again in a few seconds"));
    return;
  }
  TaskPtr task;
  if (known == m_tasks.end()) {
    task = std::make_shared<Task>();
    task->peer = to.peer;
    task->directOnly = directOnly;
    task->key = key;
    task->timer.setSingleShot(true);
    QObject::connect(&task->timer, &QTimer::timeout, m_context.get(), [this, weak = std::weak_ptr(task)] {
      if (const TaskPtr alive = weak.lock()) {
        pump(alive);
        later([alive] {}); // its timer must not die in its own signal
      }
    });
    m_tasks.emplace(key, task);
  } else {
    task = known->second;
  }
  task->waiters.push_back(std::move(done));
  std::vector<Multiaddr> addresses = std::move(to.addresses);
  if (to.peer) {
    for (KnownAddress& a : m_peers.addresses(*to.peer)) {
      addresses.push_back(std::move(a.address));
    }
  }
  addAddresses(task, addresses);
  later([this, task] { pump(task); });
}

void Dialer::addAddresses(const TaskPtr& task, const std::vector<Multiaddr>& addresses) {
  std::vector<Multiaddr> open;
  for (const PlannedDial& p : task->plan) {
    open.push_back(p.address);
  }
  const base::Monotonic now = m_clock.now().steady;
  for (const Multiaddr& given : addresses) {
    // The peer at the end says nothing new when it is the one dialled.
    const Multiaddr address = task->peer ? given.withoutPeer() : given;
    if (address.empty() || (task->directOnly && address.isRelayed()) ||
        std::find(task->taken.begin(), task->taken.end(), address) != task->taken.end() ||
        task->taken.size() >= kMaxAddressesPerPeer) {
      continue;
    }
    task->taken.push_back(address);
    if (Resolver::needsResolving(address)) {
      addName(task, address);
      continue;
    }
    if (const base::Millis wait = m_backoff.wait(backoffKey(*task, address), now); wait.count() > 0) {
      task->held = std::min(task->held.value_or(wait), wait);
    } else if (transportFor(address.withoutPeer()) != nullptr) {
      open.push_back(address);
    } else {
      task->faults.push_back(makeError(ErrorCode::Unsupported, address.text(), "no transport of this node dials it"));
    }
  }
  task->plan = planDials(open);
}

void Dialer::addName(const TaskPtr& task, const Multiaddr& name) {
  if (task->resolving >= kMaxNamesPerPeer) {
    return;
  }
  ++task->resolving;
  m_resolver.resolve(name, [this, task](base::Result<std::vector<Multiaddr>> found) {
    --task->resolving;
    if (task->over) {
      return;
    }
    if (found) {
      addAddresses(task, *found);
    } else {
      task->faults.push_back(found.error());
    }
    pump(task);
  });
}

void Dialer::pump(const TaskPtr& task) {
  while (!task->over && !task->plan.empty() && task->running.size() < kMaxDialsPerPeer && m_running < kMaxDials) {
    const base::Millis since = m_clock.now().steady - task->lastStart;
    const base::Millis gap = task->plan.front().gap;
    if (!task->running.empty() && !task->hurry && since < gap) {
      task->timer.start(gap - since);
      return;
    }
    startNext(task);
  }
  if (!task->over && task->plan.empty() && task->running.empty() && task->resolving == 0) {
    fail(task);
  }
}

void Dialer::pumpAll() {
  const auto tasks = m_tasks; // pump() may end some
  for (const auto& [key, task] : tasks) {
    pump(task);
  }
}

void Dialer::startNext(const TaskPtr& task) {
  const Multiaddr address = task->plan.front().address;
  task->plan.erase(task->plan.begin());
  task->lastStart = m_clock.now().steady;
  task->hurry = false;
  Transport* transport = transportFor(address.withoutPeer());
  if (transport == nullptr) {
    return; // taken away meanwhile
  }
  const uint64_t id = m_nextAttempt++;
  ++m_running;
  task->running.push_back({id, address, nullptr});
  auto dial = transport->dial(address.withoutPeer(), task->peer ? task->peer : address.peer(),
                              [this, task, id](base::Result<std::unique_ptr<Connection>> result) {
                                attemptEnded(task, id, std::move(result));
                              });
  task->running.back().dial = std::move(dial);
}

void Dialer::attemptEnded(const TaskPtr& task, uint64_t attempt, base::Result<std::unique_ptr<Connection>> result) {
  const auto it =
      std::find_if(task->running.begin(), task->running.end(), [attempt](const Attempt& a) { return a.id == attempt; });
  if (it == task->running.end()) {
    return;
  }
  const Multiaddr address = it->address;
  bury(std::move(it->dial));
  task->running.erase(it);
  --m_running;
  const base::Now now = m_clock.now();
  if (result) {
    const PeerId peer = (*result)->info().peer;
    m_backoff.worked(backoffKey(*task, address));
    m_peers.addressWorked(peer, address.withoutPeer(), now.wall);
    const auto kept = m_accept(std::move(*result));
    if (kept) {
      succeed(task, *kept);
      pumpAll();
      return;
    }
    task->faults.push_back(kept.error());
  } else {
    m_backoff.failed(backoffKey(*task, address), now.steady);
    if (task->peer) {
      m_peers.addressFailed(*task->peer, address, now.wall);
    }
    base::Error fault = std::move(result).error();
    fault.what = address.text() + ": " + fault.what;
    task->faults.push_back(std::move(fault));
  }
  task->hurry = true;
  pumpAll();
}

void Dialer::connected(const ConnectionInfo& info) {
  const auto tasks = m_tasks;
  for (const auto& [key, task] : tasks) {
    if (task->peer != info.peer || (task->directOnly && info.remote.isRelayed())) {
      continue;
    }
    task->plan.clear();
    auto waiters = std::exchange(task->waiters, {});
    later([waiters = std::move(waiters), info] {
      for (const Done& done : waiters) {
        done(info);
      }
    });
  }
}

void Dialer::succeed(const TaskPtr& task, const ConnectionInfo& info) {
  auto waiters = std::exchange(task->waiters, {});
  end(task);
  for (const Done& done : waiters) {
    done(info);
  }
}

void Dialer::fail(const TaskPtr& task) {
  auto waiters = std::exchange(task->waiters, {});
  const base::Error error = summary(*task);
  end(task);
  for (const Done& done : waiters) {
    done(error);
  }
}

void Dialer::end(const TaskPtr& task) {
  task->over = true;
  task->timer.stop();
  m_running -= task->running.size();
  for (Attempt& attempt : task->running) {
    bury(std::move(attempt.dial));
  }
  task->running.clear();
  task->plan.clear();
  m_tasks.erase(task->key);
}

base::Error Dialer::summary(const Task& task) const {
  const std::string name = nameOf(task.peer, task.taken);
  if (task.faults.empty()) {
    if (task.held) {
      return makeError(ErrorCode::Unavailable, name + " was not dialled", "all its addresses failed a moment ago",
                       "It may be tried again in " + base::humanDuration(*task.held));
    }
    return makeError(ErrorCode::NotFound, name + " was not dialled", "no address of it is known",
                     "Give one, with --connect for example");
  }
  std::string why;
  for (size_t i = 0; i < task.faults.size() && i < kMaxFaultsTold; ++i) {
    why += (i == 0 ? "" : "; ") + task.faults[i].what + (task.faults[i].why.empty() ? "" : ": " + task.faults[i].why);
  }
  const bool alike = std::all_of(task.faults.begin(), task.faults.end(),
                                 [&](const base::Error& e) { return e.code == task.faults.front().code; });
  return makeError(alike ? task.faults.front().code : ErrorCode::Unavailable, name + " was not reached", why,
                   task.faults.size() == 1 ? task.faults.front().hint : std::string());
}

} // namespace univrs::p2p
