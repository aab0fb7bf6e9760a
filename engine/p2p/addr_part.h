// The values inside multiaddresses: which kinds there are, and each kind's text, bytes and check.
#pragma once

#include "engine/p2p/multiaddr.h"

#include <optional>
#include <string>
#include <string_view>

namespace univrs::p2p {

inline constexpr uint32_t kVariableSize = UINT32_MAX; // a uvarint length stands before the value

struct AddrProtocol {
  AddrCode code;
  std::string_view name;
  uint32_t size; // bytes of the value; 0 = it has none
};

// Null when it is none that we know. "ipfs" is the old name of "p2p".
const AddrProtocol* addrProtocol(AddrCode code);
const AddrProtocol* addrProtocol(std::string_view name);

// Bytes of a value in text form; nothing when it is not valid. Paths begin with their slash.
std::optional<std::string> addrValueFromText(AddrCode code, std::string_view text);
// True when these bytes are a value of that kind, and text shows them faithfully.
bool isAddrValue(AddrCode code, std::string_view value);
std::string addrValueText(const AddrPart& part); // of a valid part

// At most 64 characters of a text from outside, fit for an error message.
std::string printable(std::string_view text);

} // namespace univrs::p2p
