#include "tests/sim/gossipsub_sim.h"

#include "engine/pubsub/router.h"

#include <queue>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <unordered_map>
#include <vector>

namespace univrs::sim {

namespace {

using base::Millis;
using base::Monotonic;
using namespace pubsub;

constexpr int64_t kSettled = 3'000;   // a node counts when it was there this long before a message …
constexpr int64_t kPatience = 10'000; // … and stays this long after it
constexpr int64_t kAway = 10'000;
constexpr size_t kDials = 8;         // of an ordinary node
constexpr size_t kHostileDials = 40; // of an eclipser
constexpr size_t kMaxConnections = 80;
const Topic kTopic = "t";

enum class Role { Honest, Censor, Spammer, Eclipser };

struct Node {
  Role role = Role::Honest;
  bool up = false;
  uint32_t incarnation = 0;
  int64_t since = 0;
  std::unique_ptr<base::SeededRandom> random;
  std::unique_ptr<Router> router;
  std::vector<size_t> connected; // sorted: the order must not depend on anything but the seed
  struct Interval {
    int64_t from, to;
  };
  std::vector<Interval> history; // past times up
};

struct Sent {
  int64_t at = 0;
  std::unordered_map<size_t, std::pair<uint32_t, int64_t>> got; // node: incarnation, when
};

struct Event {
  enum class Kind { Rpc, Heartbeat, Attack, Publish, Churn, Return, End };
  int64_t at = 0;
  uint64_t order = 0;
  Kind kind = Kind::Rpc;
  size_t node = 0, from = 0;
  uint32_t toIncarnation = 0, fromIncarnation = 0;
  std::shared_ptr<const Rpc> rpc;
  bool operator>(const Event& o) const { return at != o.at ? at > o.at : order > o.order; }
};

class Network {
public:
  explicit Network(const GossipsubOptions& o) : m_options(o), m_random(o.seed), m_nodes(o.nodes) {}
  GossipsubReport run();

private:
  static Peer peerOf(size_t node) { return Peer("n" + std::to_string(node)); }
  static size_t nodeOf(const Peer& peer) { return size_t(std::stoul(peer.str().substr(1))); }
  bool chance(double p) { return p > 0 && double(m_random.below(1'000'000)) < p * 1e6; }
  Event& schedule(int64_t at, Event::Kind kind, size_t node) {
    m_made.at = at;
    m_made.order = ++m_order;
    m_made.kind = kind;
    m_made.node = node;
    m_made.rpc.reset();
    return m_made;
  }
  void push() { m_events.push(m_made); }
  void later(int64_t delay, Event::Kind kind, size_t node) {
    schedule(m_now + delay, kind, node);
    push();
  }
  // One way between two nodes, fixed: 5…150 ms, most of them short.
  [[nodiscard]] int64_t latency(size_t a, size_t b) const {
    const uint64_t x =
        (uint64_t(std::min(a, b)) * 2'654'435'761u + uint64_t(std::max(a, b)) * 40'503u) ^ m_options.seed;
    const auto r = int64_t((x * 0x9E3779B97F4A7C15u) >> 33) % 1'000;
    return 5 + r * r * 145 / 1'000'000;
  }

  void start(size_t node);
  void stop(size_t node);
  void connect(size_t from, size_t to);
  void apply(size_t node, Effects effects);
  void transmit(size_t from, size_t to, std::shared_ptr<const Rpc> rpc, bool sure);
  void attack(size_t node);
  void publish();
  void handle(const Event& e);
  void judge(GossipsubReport& report);

  GossipsubOptions m_options;
  base::SeededRandom m_random;
  std::vector<Node> m_nodes;
  std::priority_queue<Event, std::vector<Event>, std::greater<>> m_events;
  Event m_made;
  uint64_t m_order = 0;
  int64_t m_now = 0;
  std::vector<Sent> m_sent; // by seqno
  GossipsubReport m_report;
  uint64_t m_forged = 0;
};

void Network::start(size_t node) {
  Node& n = m_nodes[node];
  n.up = true;
  n.since = m_now;
  ++n.incarnation;
  n.random = std::make_unique<base::SeededRandom>(m_random.next());
  RouterEnvironment environment;
  environment.verify = [](const Message& m) { return !m.signature.empty() && m.signature[0] == 1; };
  n.router = std::make_unique<Router>(peerOf(node), RouterParams{}, ScoreParams{}, environment, *n.random);
  apply(node, n.router->on(Join{kTopic}, Monotonic{m_now}));
  schedule(m_now + int64_t(m_random.below(1'000)), Event::Kind::Heartbeat, node).toIncarnation = n.incarnation;
  push();
}

void Network::stop(size_t node) {
  Node& n = m_nodes[node];
  n.up = false;
  n.history.push_back({n.since, m_now});
  for (const size_t other : n.connected) {
    Node& o = m_nodes[other];
    o.connected.erase(std::find(o.connected.begin(), o.connected.end(), node));
    apply(other, o.router->on(PeerDisconnected{peerOf(node)}, Monotonic{m_now}));
  }
  n.connected.clear();
  ++m_report.leavings;
  later(kAway, Event::Kind::Return, node);
}

void Network::connect(size_t from, size_t to) {
  Node& a = m_nodes[from];
  Node& b = m_nodes[to];
  if (from == to || !a.up || !b.up || a.connected.size() >= kMaxConnections || b.connected.size() >= kMaxConnections ||
      std::binary_search(a.connected.begin(), a.connected.end(), to)) {
    return;
  }
  a.connected.insert(std::lower_bound(a.connected.begin(), a.connected.end(), to), to);
  b.connected.insert(std::lower_bound(b.connected.begin(), b.connected.end(), from), from);
  apply(from, a.router->on(PeerConnected{peerOf(to), true, {}, true, true}, Monotonic{m_now}));
  apply(to, b.router->on(PeerConnected{peerOf(from), false, {}, true, true}, Monotonic{m_now}));
}

void Network::transmit(size_t from, size_t to, std::shared_ptr<const Rpc> rpc, bool sure) {
  m_report.copies += m_nodes[from].role == Role::Honest ? rpc->messages.size() : 0;
  if (!sure && chance(m_options.loss)) {
    return;
  }
  Event& e = schedule(m_now + latency(from, to), Event::Kind::Rpc, to);
  e.from = from;
  e.toIncarnation = m_nodes[to].incarnation;
  e.fromIncarnation = m_nodes[from].incarnation;
  e.rpc = std::move(rpc);
  push();
}

void Network::apply(size_t node, Effects effects) {
  const Node& n = m_nodes[node];
  for (Effect& effect : effects) {
    if (auto* control = std::get_if<SendControl>(&effect)) {
      const bool sure = !control->control.subscriptions.empty();
      transmit(node, nodeOf(control->to), std::make_shared<Rpc>(Rpc{{}, std::move(control->control)}), sure);
    } else if (const auto* message = std::get_if<SendMessage>(&effect)) {
      // Hostile nodes pass nothing on and answer nobody; what they tell of in IHAVE stays a promise.
      if (n.role != Role::Honest) {
        continue;
      }
      const auto rpc = std::make_shared<const Rpc>(Rpc{{message->message}, {}});
      for (const Peer& to : message->to) {
        transmit(node, nodeOf(to), rpc, false);
      }
    } else if (const auto* deliver = std::get_if<Deliver>(&effect)) {
      if (n.role != Role::Honest) {
        continue;
      }
      if (deliver->message->signature[0] != 1) {
        ++m_report.invalid;
        continue;
      }
      auto& got = m_sent[size_t(deliver->message->seqno)].got;
      const auto [it, isNew] = got.try_emplace(node, n.incarnation, m_now);
      if (!isNew && it->second.first == n.incarnation) {
        ++m_report.twice;
      }
    }
  }
}

void Network::attack(size_t node) {
  const Node& n = m_nodes[node];
  Rpc rpc;
  if (n.role == Role::Spammer) {
    // Forged in the name of whoever receives it last, new each time.
    auto m = std::make_shared<Message>();
    m->from = peerOf(size_t(m_random.below(m_nodes.size())));
    m->seqno = 1'000'000'000 + ++m_forged;
    m->topic = kTopic;
    m->data.assign(100, 'x');
    m->signature = {0};
    rpc.messages.push_back(std::move(m));
  } else {
    rpc.control.graft.push_back(kTopic);
    IHave have{kTopic, {}};
    for (int i = 0; i < 20; ++i) {
      have.ids.emplace_back("bogus" + std::to_string(++m_forged));
    }
    rpc.control.ihave.push_back(std::move(have));
  }
  const auto shared = std::make_shared<const Rpc>(std::move(rpc));
  for (const size_t victim : n.connected) {
    transmit(node, victim, shared, true);
  }
}

void Network::publish() {
  size_t author = 0;
  do {
    author = size_t(m_random.below(m_nodes.size()));
  } while (m_nodes[author].role != Role::Honest || !m_nodes[author].up);
  auto m = std::make_shared<Message>();
  m->from = peerOf(author);
  m->seqno = m_sent.size();
  m->topic = kTopic;
  m->data.assign(m_sent.size() % 4 == 0 ? 2'000 : 200, 'x'); // a quarter is large enough for IDONTWANT
  m->signature = {1};
  m_sent.push_back({m_now, {}});
  m_sent.back().got.emplace(author, std::pair(m_nodes[author].incarnation, m_now));
  ++m_report.published;
  apply(author, m_nodes[author].router->on(Publish{m}, Monotonic{m_now}));
}

void Network::handle(const Event& e) {
  Node& n = m_nodes[e.node];
  const Monotonic now{m_now};
  switch (e.kind) {
  case Event::Kind::Rpc:
    if (n.up && n.incarnation == e.toIncarnation && m_nodes[e.from].up &&
        m_nodes[e.from].incarnation == e.fromIncarnation) {
      apply(e.node, n.router->on(RpcReceived{peerOf(e.from), *e.rpc}, now));
    }
    break;
  case Event::Kind::Heartbeat:
    if (!n.up || n.incarnation != e.toIncarnation) {
      break;
    }
    apply(e.node, n.router->on(Heartbeat{}, now));
    if (n.role == Role::Honest && n.connected.size() < kDials) {
      connect(e.node, size_t(m_random.below(m_nodes.size())));
    }
    schedule(m_now + 1'000, Event::Kind::Heartbeat, e.node).toIncarnation = n.incarnation;
    push();
    break;
  case Event::Kind::Attack:
    attack(e.node);
    later(n.role == Role::Spammer ? 250 : 500, Event::Kind::Attack, e.node);
    break;
  case Event::Kind::Publish:
    publish();
    break;
  case Event::Kind::Churn:
    if (n.up) {
      stop(e.node);
    }
    break;
  case Event::Kind::Return:
    start(e.node);
    for (size_t i = 0; i < kDials; ++i) {
      connect(e.node, size_t(m_random.below(m_nodes.size())));
    }
    break;
  case Event::Kind::End:
    break;
  }
}

GossipsubReport Network::run() {
  const auto hostile = size_t(double(m_nodes.size()) * m_options.malicious);
  for (size_t i = 0; i < m_nodes.size(); ++i) {
    m_nodes[i].role = i >= hostile ? Role::Honest : Role(1 + i % 3);
  }
  for (size_t i = 0; i < m_nodes.size(); ++i) {
    start(i);
  }
  for (size_t i = 0; i < m_nodes.size(); ++i) {
    const size_t dials = m_nodes[i].role == Role::Eclipser ? kHostileDials : kDials;
    for (size_t d = 0; d < dials; ++d) {
      const size_t low = m_nodes[i].role == Role::Honest ? 0 : hostile; // hostile ones dial honest ones only
      connect(i, low + size_t(m_random.below(m_nodes.size() - low)));
    }
    if (m_nodes[i].role == Role::Spammer || m_nodes[i].role == Role::Eclipser) {
      later(1'000 + int64_t(m_random.below(500)), Event::Kind::Attack, i);
    }
  }
  const int64_t first = int64_t(m_options.warmUpSeconds) * 1'000;
  const int64_t last = first + int64_t(m_options.publishSeconds) * 1'000;
  const int64_t end = last + int64_t(m_options.drainSeconds) * 1'000;
  for (int64_t t = first; t < last; t += 1'000 / m_options.messagesPerSecond) {
    schedule(t, Event::Kind::Publish, 0);
    push();
  }
  const double leaving = double(m_nodes.size() - hostile) * m_options.churn;
  for (int64_t t = 5'000; t < end && leaving > 0; t += std::max<int64_t>(1, int64_t(1'000 / leaving))) {
    schedule(t, Event::Kind::Churn, hostile + size_t(m_random.below(m_nodes.size() - hostile)));
    push();
  }
  while (!m_events.empty() && m_events.top().at < end) {
    const Event e = m_events.top();
    m_events.pop();
    m_now = e.at;
    handle(e);
  }
  m_now = end;
  for (Node& n : m_nodes) {
    if (n.up) {
      n.history.push_back({n.since, INT64_MAX});
    }
  }
  judge(m_report);
  return m_report;
}

void Network::judge(GossipsubReport& report) {
  std::vector<int64_t> latencies;
  report.worstMessage = 1;
  for (const Sent& sent : m_sent) {
    uint64_t expected = 0;
    uint64_t delivered = 0;
    for (size_t i = 0; i < m_nodes.size(); ++i) {
      const Node& n = m_nodes[i];
      const bool counts =
          n.role == Role::Honest && std::any_of(n.history.begin(), n.history.end(), [&](const Node::Interval& up) {
            return up.from + kSettled <= sent.at && sent.at + kPatience <= up.to;
          });
      if (!counts) {
        continue;
      }
      ++expected;
      const auto got = sent.got.find(i);
      if (got != sent.got.end()) {
        ++delivered;
        if (got->second.second > sent.at) {
          latencies.push_back(got->second.second - sent.at);
        }
      }
    }
    report.expected += expected;
    report.delivered += delivered;
    report.worstMessage = std::min(report.worstMessage, expected == 0 ? 1 : double(delivered) / double(expected));
  }
  report.ratio = report.expected == 0 ? 0 : double(report.delivered) / double(report.expected);
  std::sort(latencies.begin(), latencies.end());
  if (!latencies.empty()) {
    const auto at = [&](double p) { return latencies[size_t(p * double(latencies.size() - 1))]; };
    report.p50 = at(0.5);
    report.p90 = at(0.9);
    report.p99 = at(0.99);
    report.longest = latencies.back();
  }
  size_t places = 0, hostilePlaces = 0, hostilePeers = 0, graylisted = 0;
  for (const Node& n : m_nodes) {
    if (n.role != Role::Honest || !n.up) {
      continue;
    }
    for (const Peer& p : n.router->mesh(kTopic)) {
      ++places;
      hostilePlaces += m_nodes[nodeOf(p)].role == Role::Honest ? 0 : 1;
    }
    for (const size_t other : n.connected) {
      if (m_nodes[other].role == Role::Spammer || m_nodes[other].role == Role::Eclipser) {
        ++hostilePeers;
        graylisted += n.router->score().of(peerOf(other)) < n.router->score().params().thresholds.graylist ? 1 : 0;
      }
    }
  }
  report.hostileMesh = places == 0 ? 0 : double(hostilePlaces) / double(places);
  report.graylisted = hostilePeers == 0 ? 0 : double(graylisted) / double(hostilePeers);
}

} // namespace

std::string GossipsubReport::text() const {
  char line[512];
  std::snprintf(
      line, sizeof line,
      "published %zu, delivered %.4f %% of %llu (worst message %.2f %%), latency ms p50 %lld p90 %lld p99 %lld "
      "max %lld, copies per delivery %.2f, left %llu, twice %llu, forged delivered %llu, hostile mesh places "
      "%.1f %%, spammers and eclipsers graylisted %.1f %%",
      published, ratio * 100, static_cast<unsigned long long>(expected), worstMessage * 100,
      static_cast<long long>(p50), static_cast<long long>(p90), static_cast<long long>(p99),
      static_cast<long long>(longest), delivered == 0 ? 0 : double(copies) / double(delivered),
      static_cast<unsigned long long>(leavings), static_cast<unsigned long long>(twice),
      static_cast<unsigned long long>(invalid), hostileMesh * 100, graylisted * 100);
  return line;
}

GossipsubReport simulateGossipsub(const GossipsubOptions& options) {
  return Network(options).run();
}

} // namespace univrs::sim
