#include "tests/gui/network_scenes.h"

#include <algorithm>
#include <array>
#include <random>
#include <set>

namespace univrs::gui::test {
namespace {

constexpr std::array<const char*, 10> kNames{"oracle-a1", "aws-1",        "gcp-1",  "azure-1",   "hetzner-1",
                                             "nas",       "raspberry-pi", "studio", "hetzner-2", "aws-2"};

base::Timestamp ago(int64_t ms) {
  return base::Timestamp{base::SystemClock().now().wall.ms - ms};
}

std::vector<model::Peer>& told() {
  static std::vector<model::Peer> peers;
  return peers;
}

} // namespace

std::string ownPeerId() {
  return nodeInfo().peerId;
}

std::string peerId(int number) {
  static constexpr char kLetters[] = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
  std::mt19937 random{static_cast<unsigned>(number)};
  std::string id = "12D3KooW";
  while (id.size() < 52) {
    id += kLetters[random() % (sizeof kLetters - 1)];
  }
  return id;
}

model::PeerConnection connectionTo(int number, bool relayed, const std::string& transport) {
  model::PeerConnection c;
  c.id = std::to_string(number);
  c.inbound = number % 3 == 0;
  c.transport = transport;
  c.security = transport == "tcp" ? "noise" : "tls";
  c.muxer = transport == "tcp" ? "yamux" : "quic";
  c.relayed = relayed;
  const std::string host = "/ip4/10.0." + std::to_string(number / 250) + "." + std::to_string(number % 250 + 1);
  c.remote = transport == "tcp" ? host + "/tcp/9000" : host + "/udp/9000/quic-v1";
  if (relayed) {
    c.remote += "/p2p/" + peerId(1) + "/p2p-circuit";
  }
  c.local = "/ip4/0.0.0.0/udp/9000/quic-v1";
  c.openedAt = ago(3'600'000 + number * 60'000);
  c.receivedBytes = int64_t(number + 1) * 731'000;
  c.sentBytes = int64_t(number + 1) * 412'000;
  c.rttMicros = 800 + (number * 7'919) % 90'000;
  c.streams = 2 + number % 4;
  return c;
}

model::Peer peer(int number, const std::string& name) {
  model::Peer p;
  p.id = peerId(number);
  p.name = name;
  p.agent = number % 4 == 3 ? "go-libp2p/0.36.1" : "univrs/0.1.0";
  p.protocolVersion = "ipfs/0.1.0";
  p.protocols = {"/ipfs/id/1.0.0",        "/ipfs/id/push/1.0.0", "/ipfs/ping/1.0.0",
                 "/meshsub/1.2.0",        "/ipfs/kad/1.0.0",     "/libp2p/circuit/relay/0.2.0/hop",
                 "/univrs/topology/1.0.0"};
  p.topics = {"/univrs/topology/1.0.0", "/mycelial/1.0.0/workload"};
  p.connections = {connectionTo(number)};
  p.connected = true;
  p.addresses = {p.connections.front().remote};
  p.seenAt = ago(4'000 + number % 50 * 1'000);
  return p;
}

std::vector<model::Peer> network(int count, int links) {
  std::mt19937 random{42};
  std::vector<model::Peer> peers;
  peers.reserve(size_t(count));
  const int near = std::min(count, 12);
  for (int i = 0; i < count; ++i) {
    const bool named = size_t(i) < kNames.size();
    model::Peer p = peer(i, named ? kNames[size_t(i)] : "node-" + std::to_string(i));
    if (i >= near) {
      p.connections.clear();
      p.connected = false;
    } else if (i % 5 == 4) {
      p.connections = {connectionTo(i, true)};
    } else if (i % 4 == 2) {
      p.connections = {connectionTo(i, false, "tcp")};
    }
    peers.push_back(std::move(p));
  }
  // Regions: most connections stay within one, some lead elsewhere, as in a network that grew.
  std::set<std::pair<int, int>> known;
  int made = near;
  const int region = std::max(6, int(std::max(1, count) / 18));
  for (int tries = 0; made < links && tries < links * 20 && count > 1; ++tries) {
    const int a = int(random() % unsigned(count));
    const int within = a / region * region + int(random() % unsigned(region));
    const int b = random() % 12 == 0 ? int(random() % unsigned(count)) : std::min(count - 1, within);
    if (a == b || !known.insert(std::minmax(a, b)).second) {
      continue;
    }
    const bool relayed = random() % 20 == 0;
    const auto rtt = int64_t(600 + random() % 80'000);
    peers[size_t(a)].neighbours.push_back({peerId(b), rtt, relayed});
    peers[size_t(b)].neighbours.push_back({peerId(a), rtt, relayed});
    ++made;
  }
  for (int i = 0; i < near; ++i) {
    peers[size_t(i)].neighbours.push_back({ownPeerId(), peers[size_t(i)].connections.front().rttMicros, false});
  }
  return peers;
}

model::GossipMessage message(int number) {
  static constexpr std::array<const char*, 4> kTopics{"/univrs/topology/1.0.0", "/mycelial/1.0.0/workload",
                                                      "/mycelial/1.0.0/credits", "/mycelial/1.0.0/node"};
  model::GossipMessage m;
  m.id = "c0ffee" + std::to_string(100'000 + number);
  m.topic = kTopics[size_t(number * 7 % 11) % kTopics.size()];
  m.receivedFrom = peerId(number % 3);
  m.author = number % 4 == 0 ? peerId(7) : m.receivedFrom;
  m.verdict = number % 13 == 5 ? "rejected" : "accepted";
  m.reason = m.verdict == "rejected" ? "the signature is not of the author's key" : "";
  if (number % 10 == 9) {
    m.verdict = "published";
    m.author = ownPeerId();
    m.receivedFrom.clear();
  }
  m.time = base::Timestamp{1'795'000'000'000 + number * 137};
  m.seqno = uint64_t(1'000 + number);
  if (number % 6 == 4) {
    for (int i = 0; i < 90; ++i) {
      m.data += char((i * 37 + number) % 256);
    }
  } else {
    m.data = R"({"workload":"web-shop","state":"running","node":"oracle-a1","sequence":)" + std::to_string(number) +
             R"(,"usage":{"cpu":)" + std::to_string(100 + number % 700) + R"(,"memory":268435456}})";
  }
  m.bytes = int64_t(m.data.size());
  return m;
}

void fillNetwork(ScriptedEngine& engine, const QString& scene) {
  told().clear();
  if (!scene.startsWith(QLatin1String("net"))) {
    return;
  }
  interfaces::NetworkInfo info;
  info.peerId = ownPeerId();
  info.agent = "univrs/0.1.0";
  info.addresses = {"/ip4/127.0.0.1/udp/9000/quic-v1/p2p/" + ownPeerId(),
                    "/ip4/192.168.1.20/udp/9000/quic-v1/p2p/" + ownPeerId()};
  info.protocols = {"/ipfs/id/1.0.0", "/ipfs/ping/1.0.0", "/meshsub/1.2.0"};
  info.topics = {"/univrs/topology/1.0.0"};
  info.startedAt = ago(3'600'000);
  engine.network = info;
  engine.onPing = [](const std::string& id) -> base::Result<interfaces::PingResult> {
    if (id == peerId(1)) {
      return base::makeError(base::ErrorCode::Unavailable, "aws-1 did not answer", "10 s passed", "try again");
    }
    return interfaces::PingResult{id, "/ip4/10.0.0.1/udp/9000/quic-v1", 41'200};
  };
  const bool still = scene.endsWith(QLatin1String("still"));
  const int count = scene == QLatin1String("netlong") ? 12 : scene.mid(3, scene.size() - (still ? 8 : 3)).toInt();
  std::vector<model::Peer> peers = network(count, count * 3);
  if (scene == QLatin1String("netlong")) {
    peers[0].name = "ein-rechner-mit-einem-sehr-langen-namen-" + std::string(200, 'x');
    peers[1].name = "متجر-الطلبات";
    peers[2].name = "\U0001F980 注文サービス";
    peers[3].name = "a\x1b[31mred\nline";
    peers[4].agent = std::string(400, 'a');
    peers[5].name.clear();
  }
  engine.connect(false, "");
  engine.connect(true);
  engine.peers(peers);
  if (!still) {
    told() = std::move(peers);
  }
}

void passMessage(ScriptedEngine& engine, int number) {
  if (!told().empty()) {
    engine.put(message(number));
  }
}

void stirNetwork(ScriptedEngine& engine, int number) {
  if (told().empty() || number % 10 != 0) {
    return;
  }
  for (size_t i = 0; i < std::min<size_t>(told().size(), 12); ++i) {
    if (told()[i].connected) {
      const int64_t step = i == 0 ? 4'200'000 : i == 1 ? 310'000 : i == 3 ? 42'000 : 900;
      told()[i].connections.front().receivedBytes += step;
      told()[i].connections.front().sentBytes += step / 3;
      engine.put(told()[i]);
    }
  }
}

} // namespace univrs::gui::test
