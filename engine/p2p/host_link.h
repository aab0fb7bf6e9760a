// Inside of the host: one connection and what the host keeps beside it.
#pragma once

#include "engine/p2p/host_core.h"

#include <utility>

namespace univrs::p2p {

class HostCore::Link final : public ConnectionHandler {
public:
  Link(HostCore& host, std::unique_ptr<Connection> connection, Reservation place)
      : m_host(host), m_connection(std::move(connection)), m_place(std::move(place)) {}

  [[nodiscard]] Connection& connection() const { return *m_connection; }
  [[nodiscard]] const ConnectionInfo& info() const { return m_connection->info(); }
  void listen() { m_connection->setHandler(this); }
  void forgetBytes() { m_bytes.release(); }
  // Counts what the connection holds in memory now; false when that is more than the limits allow.
  bool countBytes() {
    auto counted = m_host.m_resources.bytes(info().peer, m_connection->bufferedBytes());
    if (!counted) {
      return false;
    }
    m_bytes = std::move(*counted);
    return true;
  }
  [[nodiscard]] bool isRefused() const { return !m_place.held(); } // never among the host's connections

  void onStream(Stream& stream) override { m_host.inboundStream(*this, stream); }
  void onDatagram(std::span<const uint8_t>) override {} // no protocol of ours takes one here
  void onClosed(const base::Error& error) override { m_host.linkClosed(*this, error); }

private:
  HostCore& m_host;
  std::unique_ptr<Connection> m_connection;
  Reservation m_place;
  Reservation m_bytes;
};

} // namespace univrs::p2p
