// Messages of DCUtR (libp2p specs, relay/DCUtR.md), by which two peers on a relayed connection arrange to reach each
// other directly at one moment.
#pragma once

#include "engine/p2p/multiaddr.h"

#include <span>

namespace univrs::p2p {

inline constexpr const char* kDcutr = "/libp2p/dcutr";
inline constexpr size_t kMaxDcutrMessage = 4'096; // encoded, without its length
inline constexpr size_t kMaxDcutrAddresses = 8;   // of one message; more are left out

struct DcutrMessage {
  enum class Type { Connect = 100, Sync = 300 };
  Type type = Type::Connect;
  std::vector<Multiaddr> addresses; // Connect: where the sender is seen
  bool operator==(const DcutrMessage&) const = default;
};

base::Bytes encodeDcutr(const DcutrMessage& message);
base::Result<DcutrMessage> parseDcutr(std::span<const uint8_t> bytes);

} // namespace univrs::p2p
