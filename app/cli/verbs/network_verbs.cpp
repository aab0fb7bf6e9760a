// The peer-to-peer network from the command line: id, peers, ping.
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"

#include <algorithm>
#include <cstdio>

namespace univrs::cli {

namespace {
using interfaces::NetworkInfo;
using interfaces::PingResult;
using Peers = std::vector<model::Peer>;

constexpr int kMaxPings = 1'000'000;
constexpr int kBetweenPingsMs = 1'000;

std::string milliseconds(int64_t micros) {
  char text[32];
  std::snprintf(text, sizeof text, micros < 10'000 ? "%.2f ms" : "%.1f ms", double(micros) / 1'000.0);
  return text;
}

base::Result<NetworkInfo> readInfo(Session& session) {
  return session.ask<NetworkInfo>([](interfaces::Engine& e, auto reply) { e.network().networkInfo(std::move(reply)); });
}

int showId(Session& session) {
  Console& console = session.console();
  const auto info = readInfo(session);
  if (!info) {
    return console.fail(info.error());
  }
  if (!session.tables()) {
    printObject(console, session.format(), interfaces::toJson(*info));
    return kOk;
  }
  if (session.options().quiet) {
    console.line(info->peerId);
    return kOk;
  }
  const auto row = [&](const std::string& key, const std::string& value) {
    console.line(padToWidth(key, 12) + escapeControls(value));
  };
  row("peer id", info->peerId);
  row("did", info->did);
  row("agent", info->agent);
  bool first = true;
  for (const std::string& address : info->addresses) {
    row(std::exchange(first, false) ? "addresses" : "", address);
  }
  first = true;
  for (const std::string& protocol : info->protocols) {
    row(std::exchange(first, false) ? "protocols" : "", protocol);
  }
  first = true;
  for (const std::string& topic : info->topics) {
    row(std::exchange(first, false) ? "topics" : "", topic);
  }
  row("peers", std::to_string(info->connectedPeers) + " connected, " + std::to_string(info->knownPeers) + " known");
  return kOk;
}

// The connection that says most: a direct one before a relayed, then the one that answers fastest.
const model::PeerConnection* best(const model::Peer& peer) {
  const auto it = std::min_element(peer.connections.begin(), peer.connections.end(), [](const auto& a, const auto& b) {
    const auto rank = [](const model::PeerConnection& c) {
      return std::pair(c.relayed, c.rttMicros < 0 ? INT64_MAX : c.rttMicros);
    };
    return rank(a) < rank(b);
  });
  return it == peer.connections.end() ? nullptr : &*it;
}

int listPeers(Session& session, bool all) {
  Console& console = session.console();
  auto peers = session.ask<Peers>([](interfaces::Engine& e, auto reply) { e.network().listPeers(std::move(reply)); });
  if (!peers) {
    return console.fail(peers.error());
  }
  if (!all) {
    std::erase_if(peers.value(), [](const model::Peer& p) { return !p.connected; });
  }
  if (!session.tables()) {
    QJsonArray items;
    for (const auto& peer : *peers) {
      items.append(model::toJson(peer));
    }
    printItems(console, session.format(), items, items.size());
    return kOk;
  }
  if (peers->empty()) {
    console.note("No peer is connected. Connect to one: univrs up --connect ADDRESS");
    return kOk;
  }
  std::vector<Column> columns{{"PEER", false, true}, {"AGENT", false, true}, {"VIA"},
                              {"RTT", true},         {"UP", true},           {"ADDRESS", false, true}};
  Table table(columns);
  for (const auto& peer : *peers) {
    if (session.options().quiet) {
      console.line(escapeControls(peer.id));
      continue;
    }
    const auto* c = best(peer);
    const std::string name = peer.name.empty() ? peer.id : peer.name + " " + peer.id;
    table.add(
        {{name, c == nullptr ? Tone::Faint : Tone::Plain},
         {peer.agent},
         {c == nullptr ? "not connected"
                       : (c->relayed ? std::string("relayed") : c->transport) + (c->inbound ? ", from there" : "")},
         {c == nullptr || c->rttMicros < 0 ? "" : milliseconds(c->rttMicros)},
         {c == nullptr ? "" : age(c->openedAt, wallNow())},
         {c != nullptr             ? c->remote
          : peer.addresses.empty() ? std::string()
                                   : peer.addresses.front(),
          Tone::Faint}});
  }
  if (!table.empty()) {
    console.out(table.text(console.width(), console.colour()));
  }
  return kOk;
}

int ping(Session& session, const std::string& peer, int count) {
  Console& console = session.console();
  int64_t sum = 0;
  int64_t least = INT64_MAX;
  int64_t most = 0;
  int answered = 0;
  QJsonArray items;
  std::optional<base::Error> failed;
  int sent = 0;
  for (; sent < count && !session.interrupted(); ++sent) {
    if (sent > 0) {
      QEventLoop loop;
      session.run(loop, base::Millis(kBetweenPingsMs));
      if (session.interrupted()) {
        break;
      }
    }
    const auto result = session.ask<PingResult>(
        [&](interfaces::Engine& e, auto reply) { e.network().pingPeer(peer, std::move(reply)); });
    if (!result) {
      failed = result.error();
      if (result.error().code == base::ErrorCode::Cancelled) {
        break;
      }
      if (count == 1) {
        break;
      }
      console.note(escapeControls(result.error().text()));
      continue;
    }
    ++answered;
    sum += result->rttMicros;
    least = std::min(least, result->rttMicros);
    most = std::max(most, result->rttMicros);
    if (session.tables()) {
      console.line("answer from " + escapeControls(result->peerId) + " at " + escapeControls(result->address) + ": " +
                   milliseconds(result->rttMicros));
    } else {
      items.append(interfaces::toJson(*result));
    }
  }
  if (!session.tables()) {
    printItems(console, session.format(), items, items.size());
  }
  if (answered == 0) {
    return failed ? console.fail(*failed) : int(kInterrupted);
  }
  if (count > 1 && session.tables()) {
    console.note(std::to_string(answered) + " of " + std::to_string(std::max(sent, answered)) +
                 " answered; least, mean, most: " + milliseconds(least) + ", " + milliseconds(sum / answered) + ", " +
                 milliseconds(most));
  }
  return kOk;
}
} // namespace

void addNetwork(CLI::App& app, VerbSet& verbs) {
  verbs.add(app, "id", "who this node is on the network, and where others reach it", Names::None, showId);
  const auto all = std::make_shared<bool>(false);
  verbs
      .add(app, "peers", "other nodes it is connected to", Names::None,
           [all](Session& session) { return listPeers(session, *all); })
      ->add_flag("-a,--all", *all, "also those it knows and is not connected to");
  const auto peer = std::make_shared<std::string>();
  const auto count = std::make_shared<int>(3);
  CLI::App* verb = verbs.add(app, "ping", "measure the way to a peer and back", Names::None,
                             [peer, count](Session& session) { return ping(session, *peer, *count); });
  verb->add_option("peer", *peer, "a PeerId, the beginning of a connected one's, or a multiaddr")->required();
  verb->add_option("-n,--count", *count, "how many, one a second")->check(CLI::Range(1, kMaxPings));
}

} // namespace univrs::cli
