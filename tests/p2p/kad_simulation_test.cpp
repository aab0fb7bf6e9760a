// Kademlia among 1,000 virtual nodes, with latency, dead nodes and liars. Deterministic: the seed is in the test.
#include "engine/p2p/kad_query.h"
#include "engine/p2p/kad_responder.h"

#include <queue>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <memory>

namespace univrs::p2p {
namespace {
using base::Millis;
using base::Monotonic;

struct Node {
  explicit Node(const PeerId& peer) : id(peer), point(kadPoint(peer)), table(peer), store(peer) {}
  PeerId id;
  KadPoint point;
  KadTable table;
  KadStore store;
  bool dead = false;
  bool liar = false; // names made-up peers that are nearer than anybody
};

class Network {
public:
  explicit Network(uint64_t seed) : m_random(seed) {}

  PeerId randomPeer() {
    std::array<uint8_t, 34> id{0x12, 0x20};
    m_random.fill(std::span(id).subspan(2));
    return PeerId::fromBytes(id).value();
  }

  // A node that knows one random other looks itself up, as when it joins.
  void join() {
    auto node = std::make_unique<Node>(randomPeer());
    Node& joined = *node;
    if (!m_nodes.empty()) {
      meet(joined, *m_nodes[m_random.below(m_nodes.size())]);
    }
    m_byId[joined.id] = node.get();
    m_nodes.push_back(std::move(node));
    lookUp(joined, kadPoint(joined.id));
  }

  void pass(Millis time) { m_now = m_now + time; }
  void refresh(Node& node) {
    for (const size_t bucket : node.table.stale(m_now)) {
      if (const auto target = node.table.inBucket(bucket, m_random)) {
        lookUp(node, kadPoint(*target));
      }
    }
  }

  struct Found {
    std::vector<PeerId> closest;
    size_t asked = 0;
    Millis took{0};
  };
  Found lookUp(Node& from, const KadPoint& target) {
    from.table.lookedUp(target, m_now);
    const Monotonic began = m_now;
    KadQuery query(target, from.id, from.table.closest(target, kKadK), {}, m_now);
    struct Event {
      Monotonic at;
      PeerId peer;
      bool operator>(const Event& o) const { return at > o.at; }
    };
    std::priority_queue<Event, std::vector<Event>, std::greater<>> events;
    while (true) {
      const auto step = query.next(m_now);
      for (const PeerId& silent : step.expired) {
        from.table.failed(silent, m_now);
      }
      for (const KadPeer& peer : step.ask) {
        const auto known = m_byId.find(peer.id);
        if (known != m_byId.end() && !known->second->dead) {
          events.push({m_now + Millis(int64_t(10 + m_random.below(190))), peer.id});
        } else if (m_random.below(2) == 0) { // refused at once; otherwise silent
          events.push({m_now + Millis(20), peer.id});
        }
      }
      if (query.finished()) {
        break;
      }
      const Monotonic deadline = query.deadline();
      if (events.empty() || events.top().at > deadline) {
        m_now = std::max(m_now, deadline);
        continue;
      }
      const Event event = events.top();
      events.pop();
      m_now = std::max(m_now, event.at);
      const auto known = m_byId.find(event.peer);
      if (known == m_byId.end() || known->second->dead) {
        query.failed(event.peer);
        from.table.failed(event.peer, m_now);
        continue;
      }
      Node& other = *known->second;
      meet(from, other);
      query.answered(other.id, other.liar ? lies(target) : closer(other, target, from));
    }
    Found found;
    for (const KadPeer& peer : query.closest()) {
      found.closest.push_back(peer.id);
    }
    found.asked = query.asked();
    found.took = m_now - began;
    return found;
  }

  // The truth: the k nearest living honest nodes.
  [[nodiscard]] std::vector<PeerId> nearest(const KadPoint& target, const Node& except) const {
    std::vector<const Node*> all;
    for (const auto& node : m_nodes) {
      if (!node->dead && node.get() != &except) {
        all.push_back(node.get());
      }
    }
    std::sort(all.begin(), all.end(), [&target](const Node* a, const Node* b) {
      return kadDistance(a->point, target) < kadDistance(b->point, target);
    });
    std::vector<PeerId> out;
    for (size_t i = 0; i < kKadK; ++i) {
      out.push_back(all[i]->id);
    }
    return out;
  }

  [[nodiscard]] std::vector<std::unique_ptr<Node>>& nodes() { return m_nodes; }
  base::Random& random() { return m_random; }
  Node& living() {
    for (;;) {
      Node& node = *m_nodes[m_random.below(m_nodes.size())];
      if (!node.dead && !node.liar) {
        return node;
      }
    }
  }

private:
  // Both are servers: each enters the other's table, and checks come out by the truth.
  void meet(Node& a, Node& b) {
    for (auto [one, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
      const auto added = one->table.add(other->id, {}, {}, m_now);
      if (added.outcome == KadTable::Outcome::Waiting) {
        if (m_byId.at(added.check)->dead) {
          one->table.failed(added.check, m_now);
        } else {
          one->table.seen(added.check, m_now);
        }
      }
    }
  }
  std::vector<KadPeer> closer(Node& other, const KadPoint& target, const Node& asker) {
    auto out = other.table.closest(target, kKadK + 1);
    std::erase_if(out, [&asker](const KadPeer& p) { return p.id == asker.id; });
    return out;
  }
  std::vector<KadPeer> lies(const KadPoint& target) {
    std::vector<KadPeer> out;
    while (out.size() < kKadK) {
      PeerId made = randomPeer();
      if (kadCommonPrefix(kadPoint(made), target) >= 8) { // nearer than nearly all real ones
        out.push_back({std::move(made), {}, {}});
      }
    }
    return out;
  }
  base::SeededRandom m_random;
  Monotonic m_now;
  std::vector<std::unique_ptr<Node>> m_nodes;
  std::unordered_map<PeerId, Node*> m_byId;
};

struct Score {
  size_t exact = 0, found = 0, wanted = 0, mostAsked = 0;
  Millis longest{0};
};
Score measure(Network& network, int lookups) {
  Score score;
  for (int i = 0; i < lookups; ++i) {
    Node& from = network.living();
    const KadPoint target = kadPoint(network.randomPeer());
    const auto truth = network.nearest(target, from);
    const auto result = network.lookUp(from, target);
    size_t hits = 0;
    for (const PeerId& peer : truth) {
      hits += size_t(std::count(result.closest.begin(), result.closest.end(), peer));
    }
    score.exact += result.closest == truth ? 1 : 0;
    score.found += hits;
    score.wanted += truth.size();
    score.mostAsked = std::max(score.mostAsked, result.asked);
    score.longest = std::max(score.longest, result.took);
  }
  return score;
}

TEST(KadSimulation, AThousandNodesFindTheTrueNearest) {
  Network network(20261123);
  for (int i = 0; i < 1'000; ++i) {
    network.join();
  }
  const Score calm = measure(network, 200);
  EXPECT_EQ(calm.exact, 200u) << calm.found << " of " << calm.wanted;
  EXPECT_LE(calm.mostAsked, 100u);

  // A tenth dies without a word.
  for (size_t i = 0; i < network.nodes().size(); i += 10) {
    network.nodes()[i]->dead = true;
  }
  const Score thinned = measure(network, 200);
  EXPECT_GE(thinned.found * 100, thinned.wanted * 99) << thinned.found << " of " << thinned.wanted;
  EXPECT_LE(thinned.longest, Millis(60'000));

  // A refresh later the tables have mended themselves.
  network.pass(KadTable::kRefresh);
  for (const auto& node : network.nodes()) {
    if (!node->dead) {
      network.refresh(*node);
    }
  }
  const Score mended = measure(network, 200);
  EXPECT_GE(mended.exact, 199u) << mended.found << " of " << mended.wanted;
  std::printf("1,000 nodes: %zu/200 exact, at most %zu asked; a tenth dead: %zu/200 exact, %zu of %zu nearest found, "
              "longest %lld ms; after a refresh: %zu/200 exact\n",
              calm.exact, calm.mostAsked, thinned.exact, thinned.found, thinned.wanted,
              static_cast<long long>(thinned.longest.count()), mended.exact);
}

TEST(KadSimulation, LiarsCostTimeButAreBounded) {
  Network network(7);
  for (int i = 0; i < 300; ++i) {
    network.join();
  }
  for (const auto& node : network.nodes()) {
    network.refresh(*node);
  }
  for (size_t i = 0; i < network.nodes().size(); i += 10) {
    network.nodes()[i]->liar = true;
  }
  const Score score = measure(network, 30);
  EXPECT_LE(score.mostAsked, KadQuery::kMaxAsked);
  EXPECT_LE(score.longest, Millis(70'000));
  EXPECT_GE(score.found * 100, score.wanted * 50) << score.found << " of " << score.wanted;
}

TEST(KadQuery, EndsWithoutSeedsAndIgnoresStrangers) {
  base::SeededRandom random(1);
  std::array<uint8_t, 34> raw{0x12, 0x20};
  random.fill(std::span(raw).subspan(2));
  const PeerId self = PeerId::fromBytes(raw).value();
  random.fill(std::span(raw).subspan(2));
  const PeerId other = PeerId::fromBytes(raw).value();
  KadQuery alone(kadPoint(other), self, {}, {}, {});
  EXPECT_TRUE(alone.next({}).ask.empty());
  EXPECT_TRUE(alone.finished());
  KadQuery query(kadPoint(other), self, {{other, {}, {}}, {self, {}, {}}}, {}, {});
  EXPECT_FALSE(query.answered(other, {})); // not asked yet
  EXPECT_EQ(query.next({}).ask.size(), 1u);
  EXPECT_FALSE(query.answered(self, {}));
  EXPECT_TRUE(query.answered(other, {{self, {}, {}}}));
  EXPECT_TRUE(query.next({}).ask.empty());
  EXPECT_TRUE(query.finished());
  EXPECT_EQ(query.closest().size(), 1u);
}

} // namespace
} // namespace univrs::p2p
