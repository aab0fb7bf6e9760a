// One TCP connection through a published port: finds a backend that answers, then carries bytes both ways until both
// sides have ended. Memory: nothing while bytes flow freely, at most 64 KiB a way while the receiver is slow.
// I/O thread only.
#pragma once

#include "engine/service/connection_table.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace univrs::service {

// What all sessions of one forwarder share.
struct SessionContext {
  boost::asio::io_context& io;
  const ForwarderOptions& options;
  ConnectionTable& table;
  std::span<char> scratch;                                             // one read at a time; never kept over a return
  std::function<void(const std::shared_ptr<class TcpSession>&)> onEnd; // forgets it
};

class TcpSession : public std::enable_shared_from_this<TcpSession> {
public:
  // The client has been admitted to the table and counted as open.
  TcpSession(SessionContext& context, boost::asio::ip::tcp::socket client, std::shared_ptr<PortService> service);
  void start();
  // The service's backends are others now: a waiting client may have somewhere to go, a connection may have to end.
  void backendsChanged(SteadyTime now);
  // Called about once a second: ends what has outlived its drain time or is half closed and idle.
  void sweep(SteadyTime now);
  // Ends both sides; `reset` so that the peers see an abort rather than an orderly end.
  void close(bool reset);

private:
  enum class Phase { Choosing, Connecting, Waiting, Flowing, Closed };
  struct Direction {
    boost::asio::ip::tcp::socket& from;
    boost::asio::ip::tcp::socket& to;
    std::atomic<int64_t>& counter;
    std::vector<char> pending; // read, not yet taken by the receiver
    size_t offset = 0;
    int64_t bytes = 0;
    bool ended = false;     // the sender has closed its side
    bool forwarded = false; // and the receiver was told
    bool waiting = false;   // an operation is outstanding
  };

  void choose();
  void waitForBackend();
  void connectTo(const Backend& backend);
  void onConnect(uint64_t attempt, const boost::system::error_code& error);
  void attemptFailed();
  void giveUp();
  void flow();
  void pump(Direction& way);
  bool writePending(Direction& way); // false: it waits or the session is over
  void await(Direction& way, bool forWrite);
  void failed(Direction& way, bool onRead);
  void leaveBackend();

  SessionContext& m_context;
  boost::asio::ip::tcp::socket m_client;
  boost::asio::ip::tcp::socket m_server;
  std::shared_ptr<PortService> m_service;
  boost::asio::steady_timer m_timer;
  Phase m_phase = Phase::Choosing;
  uint64_t m_attempt = 0;  // tells late completions of an earlier attempt apart
  SteadyTime m_giveUpAt;   // no backend by then: closed
  SteadyTime m_lastActive; // bytes moved
  std::optional<SteadyTime> m_drainUntil;
  std::optional<Backend> m_backend;
  std::vector<Backend> m_tried;
  Direction m_up;
  Direction m_down;
};

} // namespace univrs::service
