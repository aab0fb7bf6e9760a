// How a Kademlia node answers another one, out of its table and its store. Sans-IO.
#pragma once

#include "engine/p2p/kad_store.h"
#include "engine/p2p/kad_table.h"

namespace univrs::p2p {

struct KadAnswer {
  std::optional<KadMessage> reply; // absent for ADD_PROVIDER, which has none
};

// An error means the request was refused: its stream is to be reset. `self` gives our own entry, with the addresses we
// can be reached at, for those who look for us.
base::Result<KadAnswer> answerKad(const KadMessage& request, const PeerId& sender, const KadPeer& self, KadTable& table,
                                  KadStore& store, base::Now now);

} // namespace univrs::p2p
