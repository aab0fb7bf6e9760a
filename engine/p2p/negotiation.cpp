#include "engine/p2p/negotiation.h"

#include <utility>

namespace univrs::p2p {

namespace {

// True when all of it was taken. The few bytes of a negotiation always fit what a stream holds.
bool sendAll(Stream& stream, const base::Bytes& bytes) {
  return bytes.empty() || stream.write(bytes) == bytes.size();
}

base::Error cutShort() {
  return base::makeError(base::ErrorCode::Unavailable, "the peer closed the stream",
                         "it agreed on no protocol before it did");
}

} // namespace

OutboundNegotiation::OutboundNegotiation(Stream& stream, std::vector<std::string> protocols, Done done)
    : m_stream(stream), m_talk(Multistream::dialer(std::move(protocols))), m_done(std::move(done)) {}

void OutboundNegotiation::begin() {
  // A short write shows as an error when the answer does not come.
  sendAll(m_stream, m_talk.start().send);
}

void OutboundNegotiation::onData() {
  while (m_done && !m_stream.received().empty()) {
    const Multistream::Step step = m_talk.feed(m_stream.received());
    m_stream.consume(step.consumed);
    const bool sent = sendAll(m_stream, step.send);
    if (step.done) {
      finish(m_talk.protocol());
      return;
    }
    if (step.failed || !sent) {
      fail(step.failed ? m_talk.error() : cutShort());
      return;
    }
    if (step.consumed == 0) {
      return;
    }
  }
}

void OutboundNegotiation::onEnd() {
  fail(cutShort());
}

void OutboundNegotiation::onClosed(const base::Error& error) {
  if (m_done) {
    finish(error.what.empty() ? cutShort() : error);
  }
}

void OutboundNegotiation::fail(base::Error error) {
  if (!m_done) {
    return;
  }
  m_stream.reset();
  finish(std::move(error));
}

void OutboundNegotiation::finish(base::Result<std::string> result) {
  // Attaching another handler from inside destroys this one only when the stream's call returns.
  const Done done = std::exchange(m_done, nullptr);
  done(m_stream, std::move(result));
}

InboundNegotiation::InboundNegotiation(Stream& stream, std::function<bool(const std::string&)> supported, Agreed agreed,
                                       std::function<void()> over)
    : m_stream(stream), m_talk(Multistream::listener(std::move(supported))), m_agreed(std::move(agreed)),
      m_over(std::move(over)) {}

InboundNegotiation::~InboundNegotiation() {
  end();
}

void InboundNegotiation::onData() {
  while (m_over && !m_stream.received().empty()) {
    const Multistream::Step step = m_talk.feed(m_stream.received());
    m_stream.consume(step.consumed);
    const bool sent = sendAll(m_stream, step.send);
    if (!sent || step.failed) {
      refuse();
      return;
    }
    if (step.done) {
      end();
      m_agreed(m_stream, m_talk.protocol());
      return;
    }
    if (step.consumed == 0) {
      return;
    }
  }
}

void InboundNegotiation::onEnd() {
  if (m_over) {
    refuse();
  }
}

void InboundNegotiation::onClosed(const base::Error&) {
  end();
}

void InboundNegotiation::refuse() {
  end();
  m_stream.reset();
}

void InboundNegotiation::end() {
  if (const auto over = std::exchange(m_over, nullptr)) {
    over();
  }
}

} // namespace univrs::p2p
