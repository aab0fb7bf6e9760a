// The message of identify: what a peer says about itself. Reading and writing only; identify.h has the protocol.
#pragma once

#include "engine/p2p/multiaddr.h"

#include <optional>
#include <string>
#include <vector>

namespace univrs::p2p {

struct IdentifyMessage {
  static constexpr size_t kMaxListen = 64;     // addresses; more are left out when read, as unreadable ones are
  static constexpr size_t kMaxProtocols = 256; // the same
  static constexpr size_t kMaxText = 256;      // of one name, in bytes; longer ones are left out
  static constexpr size_t kMaxKey = 4'096;     // encoded public key (RSA with 8192 bits takes about 1,100)
  static constexpr size_t kMaxRecord = 16u << 10;
  // rust-libp2p 0.54 refuses longer ones.
  static constexpr size_t kMaxWritten = 4'096;

  base::Bytes publicKey; // encoded; empty: not said
  std::vector<Multiaddr> listen;
  std::vector<std::string> protocols;
  std::optional<Multiaddr> observed;
  std::optional<std::string> protocolVersion;
  std::optional<std::string> agent;
  base::Bytes signedRecord; // empty: not said

  // Takes in one more encoded message (large ones are sent in parts): repeated fields are added, others replaced. False
  // when it is malformed.
  bool merge(std::span<const uint8_t> encoded);
  // One message, or two where one would be longer than kMaxWritten: the record goes into the second then, and what is
  // too much of addresses and protocols is left out.
  [[nodiscard]] std::vector<base::Bytes> encoded() const;
};

} // namespace univrs::p2p
