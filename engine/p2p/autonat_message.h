// Messages of AutoNAT v1 (libp2p specs, autonat/autonat-v1.md): "dial me back at these addresses", and what came of it.
#pragma once

#include "engine/p2p/multiaddr.h"

#include <optional>
#include <span>

namespace univrs::p2p {

inline constexpr const char* kAutonat = "/libp2p/autonat/1.0.0";
inline constexpr size_t kMaxAutonatMessage = 8'192; // encoded, without its length
inline constexpr size_t kMaxAutonatAddresses = 16;  // of one message; more are left out

enum class AutonatStatus : uint32_t {
  Ok = 0,
  DialError = 100,
  DialRefused = 101,
  BadRequest = 200,
  InternalError = 300
};

struct AutonatMessage {
  enum class Type { Dial = 0, Response = 1 };
  Type type = Type::Dial;
  PeerId peer;                                       // Dial: who is to be dialled
  std::vector<Multiaddr> addresses;                  // Dial: where
  AutonatStatus status = AutonatStatus::DialRefused; // Response; a code that is not known is kept as it came
  std::string text;                                  // Response: in words, at most kMaxText bytes
  Multiaddr reached;                                 // Response: the address that worked; empty when none did
  static constexpr size_t kMaxText = 256;
  bool operator==(const AutonatMessage&) const = default;
};

base::Bytes encodeAutonat(const AutonatMessage& message);
base::Result<AutonatMessage> parseAutonat(std::span<const uint8_t> bytes);

} // namespace univrs::p2p
