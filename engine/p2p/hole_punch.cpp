#include "engine/p2p/hole_punch.h"

#include <algorithm>
#include <utility>

namespace univrs::p2p {

HolePunch::HolePunch(Side side, std::vector<Multiaddr> own, bool nearToo, base::Random& random)
    : m_side(side), m_own(std::move(own)), m_nearToo(nearToo), m_random(random) {}

bool HolePunch::isUsable(const Multiaddr& address, bool nearToo) {
  return address.isQuicV1() && !address.ip().empty() && !address.isRelayed() && !address.isUnspecified() &&
         address.port() != 0 && (nearToo || (!address.isPrivate() && !address.isLoopback()));
}

HolePunch::Effects HolePunch::begin() {
  Effects out;
  out.open = true;
  out.wake = kAnswerTime;
  return out;
}

HolePunch::Effects HolePunch::over() {
  m_state = State::Over;
  Effects out;
  out.over = true;
  return out;
}

HolePunch::Effects HolePunch::failed() {
  if (m_side == Side::Invited || m_tries >= kTries) {
    return over();
  }
  ++m_tries;
  m_state = State::Opening;
  return begin();
}

HolePunch::Effects HolePunch::on(const Event& event, base::Monotonic now) {
  if (m_state == State::Over) {
    return {};
  }
  if (std::holds_alternative<Direct>(event)) {
    return over();
  }
  if (const auto* got = std::get_if<Received>(&event)) {
    return received(got->message, now);
  }
  if (std::holds_alternative<Tick>(event)) {
    return tick(now);
  }
  if (std::holds_alternative<Lost>(event)) {
    // Once the moment was agreed on, the stream has done its work.
    const bool agreed = m_side == Side::Inviter && (m_state == State::Waiting || m_state == State::Punching);
    return agreed ? Effects{} : failed();
  }
  if (m_state != State::Opening) {
    return {};
  }
  m_state = State::Connecting;
  Effects out;
  out.wake = kAnswerTime;
  if (m_side == Side::Inviter) {
    m_sent = now;
    out.send = DcutrMessage{DcutrMessage::Type::Connect, m_own};
  }
  return out;
}

void HolePunch::take(const DcutrMessage& message) {
  m_theirs.clear();
  for (const Multiaddr& given : message.addresses) {
    const Multiaddr address = given.withoutPeer();
    if (m_theirs.size() < kMaxDcutrAddresses && isUsable(address, m_nearToo) &&
        std::find(m_theirs.begin(), m_theirs.end(), address) == m_theirs.end()) {
      m_theirs.push_back(address);
    }
  }
}

HolePunch::Effects HolePunch::received(const DcutrMessage& message, base::Monotonic now) {
  Effects out;
  if (m_state == State::Connecting && message.type == DcutrMessage::Type::Connect) {
    take(message);
    m_state = State::Waiting;
    if (m_side == Side::Invited) {
      out.send = DcutrMessage{DcutrMessage::Type::Connect, m_own};
      out.wake = kAnswerTime;
      return out;
    }
    if (m_theirs.empty()) {
      return over(); // another try would say the same
    }
    const base::Millis roundTrip = std::clamp(now - m_sent, base::Millis(0), kMaxRoundTrip);
    out.send = DcutrMessage{DcutrMessage::Type::Sync, {}};
    out.finish = true;
    out.wake = roundTrip / 2;
    return out;
  }
  if (m_state == State::Waiting && m_side == Side::Invited && message.type == DcutrMessage::Type::Sync) {
    out = over();
    out.finish = true;
    out.dial = m_theirs;
    return out;
  }
  return failed();
}

HolePunch::Effects HolePunch::tick(base::Monotonic now) {
  if (m_side == Side::Inviter && m_state == State::Waiting) {
    m_state = State::Punching;
    m_until = now + kPunchTime;
  }
  if (m_state != State::Punching || now >= m_until) {
    return failed();
  }
  Effects out;
  out.punch = m_theirs;
  out.wake = kShortestGap + base::Millis(int64_t(m_random.below(uint64_t((kLongestGap - kShortestGap).count()))));
  return out;
}

} // namespace univrs::p2p
