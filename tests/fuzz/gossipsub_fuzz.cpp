// Any bytes as gossipsub RPCs from several peers, fed to a router with heartbeats between them. Beside not crashing:
// what is decoded is the same again after it was encoded, control that the router says is small enough and readable,
// and what it holds of strangers stays bounded.
#include "engine/p2p/pubsub_wire.h"
#include "engine/pubsub/router.h"

#include <cstdio>
#include <cstdlib>

namespace {

using namespace univrs;

void demand(bool condition, const char* what) {
  if (!condition) {
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
  }
}

void look(const pubsub::Effects& effects) {
  for (const auto& effect : effects) {
    if (const auto* control = std::get_if<pubsub::SendControl>(&effect)) {
      const auto bytes = p2p::encodeRpc(control->control);
      demand(bytes.size() <= 65'536, "a control RPC fits the smallest limit of others");
      const auto again = p2p::decodeRpc(bytes);
      demand(again.ok() && again->leftOut == 0 && again->rpc.control == control->control, "our control can be read");
    } else if (const auto* message = std::get_if<pubsub::SendMessage>(&effect)) {
      demand(!message->to.empty(), "a message goes to somebody");
    }
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  base::SeededRandom random(1);
  pubsub::RouterEnvironment environment;
  // Signatures are not what is tried here: a message with one is taken, so that what follows is reached.
  environment.verify = [](const pubsub::Message& m) { return !m.signature.empty(); };
  environment.signedRecord = [](const pubsub::Peer&) { return base::Bytes(100, 1); };
  pubsub::Router router(pubsub::Peer("me"), {}, {}, environment, random);
  router.setNotes(true);
  base::Monotonic now{1'000};
  for (const char* topic : {"t", "test"}) {
    look(router.on(pubsub::Join{topic}, now));
  }
  for (int i = 0; i < 16; ++i) {
    const pubsub::Peer peer("p" + std::to_string(i));
    look(router.on(pubsub::PeerConnected{peer, i % 2 == 0, "192.0.2.1", i % 3 != 0, i % 4 != 0}, now));
    pubsub::Control hello;
    hello.subscriptions = {{"t", true}, {"test", true}};
    look(router.on(pubsub::RpcReceived{peer, {{}, hello}}, now));
  }
  // A byte says who speaks and whether time passes, two how long the RPC is.
  for (int steps = 0; size >= 3 && steps < 64; ++steps) {
    const uint8_t who = data[0];
    const size_t length = std::min<size_t>(size - 3, size_t(data[1]) << 8 | data[2]);
    const auto decoded = p2p::decodeRpc({data + 3, length});
    (void)(decoded.ok() && !decoded->rpc.messages.empty() && p2p::checkMessage(*decoded->rpc.messages.front()));
    if (decoded) {
      const auto again = p2p::decodeRpc(p2p::encodeRpc(decoded->rpc.control));
      demand(again.ok() && again->rpc.control == decoded->rpc.control, "control is the same after encoding");
      look(router.on(pubsub::RpcReceived{pubsub::Peer("p" + std::to_string(who % 16)), decoded->rpc}, now));
    }
    if ((who & 0x10) != 0) {
      now = now + base::Millis(who & 0x20 ? 61'000 : 1'000);
      look(router.on(pubsub::Heartbeat{}, now));
    }
    data += 3 + length;
    size -= 3 + length;
  }
  for (const auto& peer : router.peers()) {
    const double score = router.score().of(peer);
    demand(score == score && score <= pubsub::Score::kMaxScore && score >= -pubsub::Score::kMaxScore,
           "a score is a number");
  }
  demand(router.promises().size() <= pubsub::Promises::kMaxWatched, "promises are bounded");
  demand(router.cache().size() <= pubsub::MessageCache::kMaxMessages, "the cache is bounded");
  return 0;
}
