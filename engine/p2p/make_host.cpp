// Puts a host together with the transports a node has.
#include "engine/base/log.h"
#include "engine/p2p/host_core.h"
#include "engine/p2p/quic_transport.h"
#include "engine/p2p/tcp_transport.h"

namespace univrs::p2p {

std::unique_ptr<Host> makeHost(const Identity& identity, HostOptions options, const base::Clock& clock,
                               base::Random& random) {
  auto host = std::make_unique<HostCore>(identity, std::move(options), clock, random);
  if (auto quic = QuicTransport::make(identity, host->resources(), clock)) {
    host->addTransport(std::move(*quic));
  } else {
    // Listening with it will fail and say so; TCP works without.
    base::log::error("p2p", quic.error().text());
  }
  host->addTransport(std::make_unique<TcpTransport>(identity, clock, random, host->resources()));
  return host;
}

} // namespace univrs::p2p
