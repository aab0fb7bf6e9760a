// The node among its peers: /network (figures), /peers, /stats (the originals' short form), pinging.
#include "engine/api/call_arguments.h"
#include "engine/interfaces/network.h"
#include "engine/model/json_text.h"

namespace univrs::api {

namespace {
constexpr qsizetype kMaxPeerBytes = 1'024; // a multiaddr at most

void networkInfo(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.network().networkInfo(call->reply<interfaces::NetworkInfo>(
        [](Call&, const interfaces::NetworkInfo& info) { return jsonResponse(interfaces::toJson(info)); }));
  });
}

void listPeers(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.network().listPeers(call->reply<std::vector<model::Peer>>([](Call&, const std::vector<model::Peer>& peers) {
      QJsonArray items;
      for (const auto& peer : peers) {
        items.append(model::toJson(peer));
      }
      return jsonResponse({{QStringLiteral("items"), items},
                           {QStringLiteral("count"), items.size()},
                           {QStringLiteral("total"), items.size()}});
    }));
  });
}

void getPeer(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.network().listPeers(
        call->reply<std::vector<model::Peer>>([](Call& c, const std::vector<model::Peer>& peers) {
          for (const auto& peer : peers) {
            if (peer.id == c.param("peer")) {
              return jsonResponse(model::toJson(peer));
            }
          }
          return errorResponse(base::makeError(base::ErrorCode::NotFound, "There is no such peer",
                                               "this node knows none with that id", "see /api/v1/peers"));
        }));
  });
}

void stats(const CallPtr& call) {
  call->onEngine([call](interfaces::Engine& engine) {
    engine.network().networkInfo(call->reply<interfaces::NetworkInfo>([](Call& c, const interfaces::NetworkInfo& info) {
      return jsonResponse(networkStats(info, c.context().clock->now().wall));
    }));
  });
}

void ping(const CallPtr& call) {
  const auto body = call->jsonBody();
  if (!body) {
    return call->fail(body.error());
  }
  const QJsonValue peer = body->value(QStringLiteral("peer"));
  if (body->size() != 1 || !peer.isString() || peer.toString().isEmpty() || peer.toString().size() > kMaxPeerBytes) {
    return call->fail(base::makeError(base::ErrorCode::BadRequest, "nobody was pinged",
                                      "the body must be {\"peer\": TEXT}, a PeerId or a multiaddr"));
  }
  call->onEngine([call, peer = peer.toString().toStdString()](interfaces::Engine& engine) {
    engine.network().pingPeer(peer,
                              call->reply<interfaces::PingResult>([](Call&, const interfaces::PingResult& result) {
                                return jsonResponse(interfaces::toJson(result));
                              }));
  });
}
} // namespace

QJsonObject networkStats(const interfaces::NetworkInfo& info, base::Timestamp now) {
  return {{QStringLiteral("local_peer_id"), toQString(info.peerId)},
          {QStringLiteral("peer_count"), qint64(info.connectedPeers)},
          {QStringLiteral("message_count"), qint64(info.messagesReceived + info.messagesPublished)},
          {QStringLiteral("uptime_seconds"), qint64((now - info.startedAt).count() / 1000)},
          {QStringLiteral("subscribed_topics"), model::toJsonArray(info.topics)}};
}

void addNetworkRoutes(std::vector<Route>& routes) {
  routes.push_back({"GET",
                    "/network",
                    "network",
                    "This node on the peer-to-peer network: addresses, protocols, sums",
                    networkInfo,
                    nullptr,
                    {},
                    "",
                    "NetworkInfo"});
  routes.push_back({"GET",
                    "/stats",
                    "network",
                    "The network's figures in the originals' short form",
                    stats,
                    nullptr,
                    {},
                    "",
                    "NetworkStats"});
  routes.push_back({"GET",
                    "/peers",
                    "network",
                    "Peers: connected ones first, then others it knows; at most 1,000",
                    listPeers,
                    nullptr,
                    {},
                    "",
                    "PeerList"});
  routes.push_back({"GET", "/peers/{peer}", "network", "One peer", getPeer, nullptr, {}, "", "Peer"});
  routes.push_back({"POST",
                    "/network/ping",
                    "network",
                    "One ping of a peer, by id or multiaddr; it is connected to first when it is not",
                    ping,
                    nullptr,
                    {},
                    "PingRequest",
                    "PingResult"});
  Route socket{"GET",     "/ws/p2p",
               "network", "The network as it changes: peers, then those that come and go, gossip messages, figures",
               nullptr,   makePeerSocket};
  socket.rooted = true;
  routes.push_back(socket);
}

} // namespace univrs::api
