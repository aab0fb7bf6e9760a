// Messages of circuit relay v2 (libp2p specs, relay/circuit-v2.md): hop (a client and its relay), stop (a relay and the
// peer at the far end), and the vouchers relays sign.
#pragma once

#include "engine/p2p/identity.h"
#include "engine/p2p/multiaddr.h"

#include <chrono>
#include <optional>

namespace univrs::p2p {

inline constexpr const char* kRelayHop = "/libp2p/circuit/relay/0.2.0/hop";
inline constexpr const char* kRelayStop = "/libp2p/circuit/relay/0.2.0/stop";
inline constexpr size_t kMaxRelayMessage = 4'096; // encoded, without its length
inline constexpr size_t kMaxRelayAddresses = 16;  // of one message; more are left out

enum class RelayStatus : uint32_t {
  Ok = 100,
  ReservationRefused = 200,
  ResourceLimitExceeded = 201,
  PermissionDenied = 202,
  ConnectionFailed = 203,
  NoReservation = 204,
  MalformedMessage = 400,
  UnexpectedMessage = 401
};
std::string relayStatusText(RelayStatus status); // for people: "the relay has no room"

// What a relay allows one circuit.
struct RelayLimit {
  std::chrono::seconds duration{0}; // 0 = not limited
  uint64_t data = 0;                // bytes each way; 0 = not limited
  [[nodiscard]] bool isNone() const { return duration.count() == 0 && data == 0; }
  // Too little for general use: such a connection is good for finding a direct way, and not for more.
  static constexpr std::chrono::seconds kWideDuration{3'600};
  static constexpr uint64_t kWideData = 1u << 30;
  [[nodiscard]] bool isTight() const {
    return (duration.count() != 0 && duration < kWideDuration) || (data != 0 && data < kWideData);
  }
  bool operator==(const RelayLimit&) const = default;
};

struct RelayReservation {
  uint64_t expires = 0;             // UNIX time, s
  std::vector<Multiaddr> addresses; // of the relay, with its /p2p/
  base::Bytes voucher;              // advisory; see openVoucher
  bool operator==(const RelayReservation&) const = default;
};

struct HopMessage {
  enum class Type { Reserve = 0, Connect = 1, Status = 2 };
  Type type = Type::Reserve;
  PeerId peer; // Connect: to whom
  std::optional<RelayReservation> reservation;
  std::optional<RelayLimit> limit;
  RelayStatus status = RelayStatus::Ok; // Status; a code that is not known is kept as it came
  bool operator==(const HopMessage&) const = default;
};

struct StopMessage {
  enum class Type { Connect = 0, Status = 1 };
  Type type = Type::Connect;
  PeerId peer; // Connect: from whom
  std::optional<RelayLimit> limit;
  RelayStatus status = RelayStatus::Ok;
  bool operator==(const StopMessage&) const = default;
};

base::Bytes encodeHop(const HopMessage& message);
base::Result<HopMessage> parseHop(std::span<const uint8_t> bytes);
base::Bytes encodeStop(const StopMessage& message);
base::Result<StopMessage> parseStop(std::span<const uint8_t> bytes);

// A relay's word that it serves a peer until a time.
struct RelayVoucher {
  PeerId relay;
  PeerId peer;
  uint64_t expires = 0; // UNIX time, s
};
base::Bytes sealVoucher(const Identity& relay, const PeerId& peer, uint64_t expires);
// The signer must be the relay that it names.
base::Result<RelayVoucher> openVoucher(std::span<const uint8_t> encoded);

} // namespace univrs::p2p
