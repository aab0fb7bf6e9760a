// Inside of the relay: one hop stream, what was asked on it, and the circuit that may come of it.
#pragma once

#include "engine/base/clock.h"
#include "engine/p2p/connection.h"
#include "engine/p2p/relay_message.h"

#include <array>
#include <memory>

namespace univrs::p2p {

class RelaySession;

class RelaySessionOwner {
public:
  virtual ~RelaySessionOwner() = default;
  // The first message of the client. Answer it, or begin a circuit.
  virtual void onRequest(RelaySession& session, std::span<const uint8_t> bytes) = 0;
  virtual void onCircuitOver(RelaySession& session) = 0; // of one begun; once
  virtual void onOver(RelaySession& session) = 0;        // forget it; the last call
  virtual void onRelayed(uint64_t bytes) = 0;
  [[nodiscard]] virtual base::Monotonic now() const = 0;
};

// Held by its owner; the handlers of its streams point to it weakly.
class RelaySession : public std::enable_shared_from_this<RelaySession> {
public:
  RelaySession(RelaySessionOwner& owner, PeerId from, Stream& hop);
  [[nodiscard]] std::unique_ptr<StreamHandler> hopHandler(); // to be attached to the hop stream

  [[nodiscard]] const PeerId& from() const { return m_from; }
  [[nodiscard]] const PeerId& to() const { return m_to; }
  [[nodiscard]] const ConnectionInfo& hopConnection() const; // while the hop stream is there

  void answer(const HopMessage& message); // and nothing more follows
  void beginCircuit(const PeerId& to, RelayLimit limit);
  void stopOpened(Stream& stop); // from inside the callback of Host::open
  void circuitFailed(RelayStatus status);
  void tick(base::Monotonic now);
  void abort(); // resets what there is; the owner is not told

private:
  class End;
  enum Side : size_t { kHop = 0, kStop = 1 };
  enum class State { Request, Opening, Asked, Circuit, Answered, Over };
  void onData(size_t side);
  void onEnd(size_t side);
  void onWritable(size_t side);
  void onClosed(size_t side, const base::Error& error);
  bool takeMessage(size_t side, base::Bytes& message);
  bool send(size_t side, std::span<const uint8_t> message);
  void answered(std::span<const uint8_t> message);
  void pump(size_t from);
  void finish();

  RelaySessionOwner* m_owner;
  PeerId m_from;
  PeerId m_to;
  RelayLimit m_limit;
  State m_state = State::Request;
  base::Monotonic m_deadline; // of the state; ms 0 = none
  std::array<Stream*, 2> m_streams{};
  std::array<bool, 2> m_ended{};
  std::array<uint64_t, 2> m_passed{}; // bytes that came from this side
  bool m_hasCircuit = false;
};

} // namespace univrs::p2p
