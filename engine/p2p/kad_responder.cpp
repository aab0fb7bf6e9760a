#include "engine/p2p/kad_responder.h"

#include <algorithm>

namespace univrs::p2p {

namespace {
base::Error refused(std::string why) {
  return base::makeError(base::ErrorCode::BadRequest, "a Kademlia request was refused", std::move(why));
}
} // namespace

base::Result<KadAnswer> answerKad(const KadMessage& request, const PeerId& sender, const KadPeer& self, KadTable& table,
                                  KadStore& store, base::Now now) {
  KadMessage reply;
  reply.type = request.type;
  reply.key = request.key;
  if (request.type == KadType::Ping) {
    return KadAnswer{std::move(reply)};
  }
  if (request.key.empty()) {
    return refused("it has no key");
  }
  switch (request.type) {
  case KadType::PutValue: {
    if (!request.record || request.record->key != request.key) {
      return refused("its record is not for its key");
    }
    if (auto kept = store.put(*request.record, sender, now); !kept) {
      return kept.error();
    }
    reply.record = request.record;
    return KadAnswer{std::move(reply)};
  }
  case KadType::AddProvider: {
    const auto own = std::find_if(request.providers.begin(), request.providers.end(),
                                  [&sender](const KadPeer& p) { return p.id == sender; });
    if (own == request.providers.end()) {
      return refused("a peer may only announce itself as a provider");
    }
    store.addProvider(request.key, *own, now.steady);
    return KadAnswer{};
  }
  case KadType::GetValue:
    reply.record = store.get(request.key, now);
    break;
  case KadType::GetProviders:
    reply.providers = store.providers(request.key, now.steady);
    if (store.provides(request.key)) {
      reply.providers.push_back(self);
    }
    break;
  case KadType::FindNode:
    // Who looks for us gets our addresses too.
    if (std::ranges::equal(request.key, self.id.bytes())) {
      reply.closer.push_back(self);
    }
    break;
  case KadType::Ping:
    break;
  }
  // One more than needed, since the asking peer itself is of no use to it.
  for (KadPeer& peer : table.closest(kadPoint(request.key), kKadK + 1)) {
    if (peer.id != sender && reply.closer.size() < kKadK) {
      reply.closer.push_back(std::move(peer));
    }
  }
  return KadAnswer{std::move(reply)};
}

} // namespace univrs::p2p
