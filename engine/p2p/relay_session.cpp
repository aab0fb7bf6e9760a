#include "engine/p2p/relay_session.h"

#include "engine/p2p/protobuf.h"
#include "engine/p2p/relay_server.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

namespace {
base::Monotonic deadlineIn(base::Monotonic now, std::chrono::seconds time) {
  return now + std::chrono::duration_cast<base::Millis>(time);
}
} // namespace

class RelaySession::End final : public StreamHandler {
public:
  End(std::weak_ptr<RelaySession> session, size_t side) : m_session(std::move(session)), m_side(side) {}
  void onData() override {
    if (const auto session = m_session.lock()) {
      session->onData(m_side);
    }
  }
  void onEnd() override {
    if (const auto session = m_session.lock()) {
      session->onEnd(m_side);
    }
  }
  void onWritable() override {
    if (const auto session = m_session.lock()) {
      session->onWritable(m_side);
    }
  }
  void onClosed(const base::Error& error) override {
    if (const auto session = m_session.lock()) {
      session->onClosed(m_side, error);
    }
  }

private:
  std::weak_ptr<RelaySession> m_session;
  size_t m_side;
};

RelaySession::RelaySession(RelaySessionOwner& owner, PeerId from, Stream& hop)
    : m_owner(&owner), m_from(std::move(from)),
      m_deadline(deadlineIn(owner.now(), RelayServer::kAnswerTime)), m_streams{&hop, nullptr} {}

std::unique_ptr<StreamHandler> RelaySession::hopHandler() {
  return std::make_unique<End>(weak_from_this(), kHop);
}

const ConnectionInfo& RelaySession::hopConnection() const {
  return m_streams[kHop]->connection().info();
}

void RelaySession::answer(const HopMessage& message) {
  if (m_state == State::Over || m_streams[kHop] == nullptr) {
    return;
  }
  m_state = State::Answered;
  m_deadline = deadlineIn(m_owner->now(), RelayServer::kAnswerTime);
  if (send(kHop, encodeHop(message))) {
    m_streams[kHop]->closeWrite();
  } else {
    finish();
  }
}

void RelaySession::beginCircuit(const PeerId& to, RelayLimit limit) {
  m_to = to;
  m_limit = limit;
  m_hasCircuit = true;
  m_state = State::Opening;
  m_deadline = deadlineIn(m_owner->now(), 2 * RelayServer::kAnswerTime);
}

void RelaySession::stopOpened(Stream& stop) {
  if (m_state != State::Opening) {
    stop.reset();
    return;
  }
  m_state = State::Asked;
  m_deadline = deadlineIn(m_owner->now(), RelayServer::kAnswerTime);
  m_streams[kStop] = &stop;
  stop.attach(std::make_unique<End>(weak_from_this(), kStop));
  const auto limit = m_limit.isNone() ? std::nullopt : std::optional(m_limit);
  if (!send(kStop, encodeStop({StopMessage::Type::Connect, m_from, limit, RelayStatus::Ok}))) {
    circuitFailed(RelayStatus::ConnectionFailed);
  }
}

void RelaySession::circuitFailed(RelayStatus status) {
  if (m_state != State::Opening && m_state != State::Asked) {
    return;
  }
  if (std::exchange(m_hasCircuit, false)) {
    m_owner->onCircuitOver(*this);
  }
  if (auto* stop = std::exchange(m_streams[kStop], nullptr)) {
    stop->reset();
  }
  answer({HopMessage::Type::Status, {}, {}, {}, status});
}

void RelaySession::tick(base::Monotonic now) {
  if (m_deadline.ms == 0 || now < m_deadline || m_state == State::Over) {
    return;
  }
  if (m_state == State::Opening || m_state == State::Asked) {
    circuitFailed(RelayStatus::ConnectionFailed);
  } else {
    finish();
  }
}

void RelaySession::abort() {
  m_state = State::Over;
  for (auto*& stream : m_streams) {
    if (auto* old = std::exchange(stream, nullptr)) {
      old->reset();
    }
  }
}

void RelaySession::finish() {
  if (m_state == State::Over) {
    return;
  }
  const auto self = shared_from_this();
  abort();
  if (std::exchange(m_hasCircuit, false)) {
    m_owner->onCircuitOver(*this);
  }
  m_owner->onOver(*this);
}

bool RelaySession::send(size_t side, std::span<const uint8_t> message) {
  const auto frame = lengthPrefixed(message);
  return m_streams[side]->write(frame) == frame.size();
}

// Whole messages only; what follows one stays in the stream, for the circuit. A message fits every receive window.
bool RelaySession::takeMessage(size_t side, base::Bytes& message) {
  const auto in = m_streams[side]->received();
  const auto length = readVarint(in);
  if (length.state == Varint::State::Bad || (length.state == Varint::State::Done && length.value > kMaxRelayMessage)) {
    if (side == kHop) {
      finish();
    } else {
      circuitFailed(RelayStatus::ConnectionFailed);
    }
    return false;
  }
  if (length.state == Varint::State::NeedMore || in.size() - length.size < length.value) {
    return false;
  }
  const auto body = in.subspan(length.size, size_t(length.value));
  message.assign(body.begin(), body.end());
  m_streams[side]->consume(length.size + size_t(length.value));
  return true;
}

void RelaySession::answered(std::span<const uint8_t> message) {
  const auto reply = parseStop(message);
  if (!reply || reply->type != StopMessage::Type::Status || reply->status != RelayStatus::Ok) {
    circuitFailed(RelayStatus::ConnectionFailed);
    return;
  }
  HopMessage status{HopMessage::Type::Status, {}, {}, {}, RelayStatus::Ok};
  status.limit = m_limit.isNone() ? std::nullopt : std::optional(m_limit);
  if (!send(kHop, encodeHop(status))) {
    finish();
    return;
  }
  m_state = State::Circuit;
  m_deadline = m_limit.duration.count() == 0 ? base::Monotonic() : deadlineIn(m_owner->now(), m_limit.duration);
  pump(kHop);
  pump(kStop);
}

void RelaySession::onData(size_t side) {
  base::Bytes message;
  if (m_state == State::Circuit) {
    pump(side);
  } else if (m_state == State::Request && side == kHop && takeMessage(kHop, message)) {
    m_owner->onRequest(*this, message);
  } else if (m_state == State::Asked && side == kStop && takeMessage(kStop, message)) {
    answered(message);
  } else if (m_state == State::Answered && side == kHop) {
    m_streams[side]->consume(m_streams[side]->received().size()); // so that its end is seen
  }
}

void RelaySession::onEnd(size_t side) {
  if (m_state == State::Circuit) {
    pump(side);
  } else if (m_state == State::Asked && side == kStop) {
    circuitFailed(RelayStatus::ConnectionFailed);
  } else if (m_state != State::Answered) {
    finish(); // a client that finishes before its answer wants none
  }
}

void RelaySession::onWritable(size_t side) {
  if (m_state == State::Circuit) {
    pump(1 - side);
  }
}

void RelaySession::onClosed(size_t side, const base::Error& error) {
  m_streams[side] = nullptr;
  if (m_state == State::Over) {
    return;
  }
  const bool inOrder = error.what.empty();
  if (side == kStop && m_state == State::Asked) {
    circuitFailed(RelayStatus::ConnectionFailed);
  } else if (!inOrder || m_state != State::Circuit || m_streams[1 - side] == nullptr) {
    finish();
  }
}

// Passes on what came from one side as far as the other takes it; the rest waits in the stream and holds its sender
// back.
void RelaySession::pump(size_t from) {
  auto* in = m_streams[from];
  auto* out = m_streams[1 - from];
  if (m_state != State::Circuit || in == nullptr || out == nullptr) {
    return;
  }
  while (!in->received().empty()) {
    auto bytes = in->received();
    if (m_limit.data != 0) {
      const uint64_t left = m_limit.data - std::min(m_limit.data, m_passed[from]);
      if (left == 0) { // there is more than was granted
        finish();
        return;
      }
      bytes = bytes.first(size_t(std::min<uint64_t>(bytes.size(), left)));
    }
    const size_t given = bytes.size();
    const size_t taken = out->write(bytes);
    if (taken > 0) {
      in->consume(taken);
      m_passed[from] += taken;
      m_owner->onRelayed(taken);
    }
    if (taken < given) {
      return; // onWritable comes
    }
  }
  if (in->receivedEnd() && !std::exchange(m_ended[from], true)) {
    out->closeWrite();
  }
}

} // namespace univrs::p2p
