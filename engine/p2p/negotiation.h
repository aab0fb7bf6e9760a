// Agreeing on the protocol of one stream: a stream handler around multistream-select, one for each direction.
#pragma once

#include "engine/p2p/multistream.h"
#include "engine/p2p/stream.h"

#include <functional>

namespace univrs::p2p {

// Proposes protocols on a stream that we opened. `done` comes once, from inside a call of the stream: it attaches the
// protocol's handler, or has nothing to do when it failed (the stream is reset then). It does not come when the
// stream's owner takes the handler away or resets the stream.
class OutboundNegotiation final : public StreamHandler {
public:
  using Done = std::function<void(Stream&, base::Result<std::string>)>;
  OutboundNegotiation(Stream& stream, std::vector<std::string> protocols, Done done);
  void begin(); // sends the header and the first name; once, after it was attached

private:
  void onData() override;
  void onEnd() override;
  void onClosed(const base::Error& error) override;
  void fail(base::Error error);
  void finish(base::Result<std::string> result);
  Stream& m_stream;
  Multistream m_talk;
  Done m_done;
};

// Answers the proposals on a stream that the peer opened. `agreed` attaches a handler or resets; a stream on which
// nothing is agreed is reset here. `over` comes once at the end of the talk, however it went, before `agreed`.
class InboundNegotiation final : public StreamHandler {
public:
  using Agreed = std::function<void(Stream&, const std::string&)>;
  InboundNegotiation(Stream& stream, std::function<bool(const std::string&)> supported, Agreed agreed,
                     std::function<void()> over);
  ~InboundNegotiation() override;

private:
  void onData() override;
  void onEnd() override;
  void onClosed(const base::Error& error) override;
  void refuse();
  void end();
  Stream& m_stream;
  Multistream m_talk;
  Agreed m_agreed;
  std::function<void()> m_over;
};

} // namespace univrs::p2p
