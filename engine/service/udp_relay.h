// A published UDP port: each client address is a flow with a socket of its own towards one backend, kept until it is
// idle. Flows whose backend is gone go on with another. I/O thread only.
#pragma once

#include "engine/service/connection_table.h"
#include "engine/service/datagram_io.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace univrs::service {

class UdpRelay : public std::enable_shared_from_this<UdpRelay> {
public:
  // `socket` is bound. `scratch` is shared by all on the I/O thread.
  UdpRelay(boost::asio::io_context& io, const ForwarderOptions& options, ConnectionTable& table,
           std::span<char> scratch, boost::asio::ip::udp::socket socket, std::shared_ptr<PortService> service);
  void start();
  void backendsChanged();
  void sweep(SteadyTime now);
  void close();
  // Ends all flows and gives up the bound socket, open.
  [[nodiscard]] int release();

private:
  void endFlows();
  struct Flow {
    Flow(boost::asio::io_context& io, boost::asio::ip::udp::endpoint from) : client(std::move(from)), socket(io) {}
    boost::asio::ip::udp::endpoint client;
    LocalAddress local; // where its last datagram came to
    boost::asio::ip::udp::socket socket;
    std::optional<Backend> backend;
    std::vector<Backend> tried; // refused since the last answer
    SteadyTime lastActive;
    std::deque<std::pair<SteadyTime, std::string>> waiting; // no backend yet
    size_t waitingBytes = 0;
    bool closed = false;
  };

  void receive();
  void onDatagram(const boost::asio::ip::udp::endpoint& client, const LocalAddress& local, std::span<const char> bytes);
  bool route(const std::shared_ptr<Flow>& flow); // makes sure it has a backend
  void send(const std::shared_ptr<Flow>& flow, std::span<const char> bytes);
  void refused(Flow& flow);
  void listenTo(const std::shared_ptr<Flow>& flow);
  void answer(const std::shared_ptr<Flow>& flow);
  void leave(Flow& flow);
  void end(Flow& flow);

  boost::asio::io_context& m_io;
  const ForwarderOptions& m_options;
  ConnectionTable& m_table;
  std::span<char> m_scratch;
  boost::asio::ip::udp::socket m_socket;
  std::shared_ptr<PortService> m_service;
  std::map<boost::asio::ip::udp::endpoint, std::shared_ptr<Flow>> m_flows;
  bool m_closed = false;
};

} // namespace univrs::service
