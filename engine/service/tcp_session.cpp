#include "engine/service/tcp_session.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/socket_base.hpp>

#include <algorithm>

namespace univrs::service {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {
constexpr auto kRetryEvery = milliseconds(50);             // all backends refused: begin again
constexpr auto kHalfClosedIdle = std::chrono::minutes(10); // one side ended, the other says nothing
constexpr int kTurns = 16;                                 // reads in a row before other connections get their turn

bool wouldBlock(const error_code& error) {
  return error == asio::error::would_block || error == asio::error::try_again || error == asio::error::interrupted;
}

void prepare(tcp::socket& socket) {
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
}
} // namespace

TcpSession::TcpSession(SessionContext& context, tcp::socket client, std::shared_ptr<PortService> service)
    : m_context(context), m_client(std::move(client)), m_server(context.io), m_service(std::move(service)),
      m_timer(context.io),
      m_lastActive(steady_clock::now()), m_up{m_client, m_server, m_service->counters->received, {}, 0, 0, false,
                                              false,    false},
      m_down{m_server, m_client, m_service->counters->sent, {}, 0, 0, false, false, false} {}

void TcpSession::start() {
  prepare(m_client);
  m_giveUpAt = steady_clock::now() + milliseconds(m_context.options.waitMs);
  choose();
}

void TcpSession::choose() {
  m_phase = Phase::Choosing;
  const std::optional<Backend> backend = m_service->pool.pick(m_tried, steady_clock::now());
  if (!backend) {
    waitForBackend();
    return;
  }
  connectTo(*backend);
}

void TcpSession::waitForBackend() {
  const SteadyTime now = steady_clock::now();
  if (m_service->gone || now >= m_giveUpAt) {
    giveUp();
    return;
  }
  m_phase = Phase::Waiting;
  m_tried.clear();
  // Refused by all: again soon. None at all: backendsChanged() ends the wait.
  const SteadyTime until = m_service->pool.hasOpen() ? std::min(now + kRetryEvery, m_giveUpAt) : m_giveUpAt;
  m_timer.expires_at(until);
  m_timer.async_wait([self = shared_from_this(), attempt = m_attempt](const error_code& error) {
    if (!error && self->m_phase == Phase::Waiting && self->m_attempt == attempt) {
      self->choose();
    }
  });
}

void TcpSession::connectTo(const Backend& backend) {
  m_phase = Phase::Connecting;
  m_backend = backend;
  m_tried.push_back(backend);
  // From now on it counts: whoever stops the instance waits for this connection too.
  m_context.table.addTo(backend.instanceId);
  const uint64_t attempt = ++m_attempt;
  error_code error;
  const asio::ip::address address = asio::ip::make_address(backend.address, error);
  if (!error) {
    const tcp::endpoint endpoint(address, backend.port);
    m_server = tcp::socket(m_context.io);
    m_server.open(endpoint.protocol(), error);
    if (!error) {
      prepare(m_server);
      m_timer.expires_after(milliseconds(m_context.options.connectTimeoutMs));
      m_timer.async_wait([self = shared_from_this(), attempt](const error_code& failure) {
        if (!failure) {
          self->onConnect(attempt, asio::error::timed_out);
        }
      });
      m_server.async_connect(endpoint, [self = shared_from_this(), attempt](const error_code& failure) {
        self->onConnect(attempt, failure);
      });
      return;
    }
  }
  asio::post(m_context.io, [self = shared_from_this(), attempt, error] { self->onConnect(attempt, error); });
}

void TcpSession::onConnect(uint64_t attempt, const error_code& error) {
  if (m_phase != Phase::Connecting || attempt != m_attempt) {
    return;
  }
  m_timer.cancel();
  if (error) {
    attemptFailed();
    return;
  }
  flow();
}

void TcpSession::attemptFailed() {
  ++m_attempt;
  if (m_backend) {
    m_service->pool.markFailed(*m_backend, steady_clock::now());
  }
  leaveBackend();
  error_code ignored;
  m_server.close(ignored);
  choose();
}

void TcpSession::giveUp() {
  m_service->counters->failed.fetch_add(1, std::memory_order_relaxed);
  close(false);
}

void TcpSession::flow() {
  m_phase = Phase::Flowing;
  m_lastActive = steady_clock::now();
  if (m_service->gone || !m_service->pool.contains(*m_backend)) {
    m_drainUntil = m_lastActive + milliseconds(m_context.options.drainMs);
  }
  // The server first: one that closed while the connection sat in its queue is noticed before it is given bytes.
  pump(m_down);
  if (m_phase == Phase::Flowing) {
    pump(m_up);
  }
}

bool TcpSession::writePending(Direction& way) {
  while (way.offset < way.pending.size()) {
    error_code error;
    const size_t written =
        way.to.write_some(asio::buffer(way.pending.data() + way.offset, way.pending.size() - way.offset), error);
    if (error) {
      if (wouldBlock(error)) {
        await(way, true);
      } else {
        failed(way, false);
      }
      return false;
    }
    way.offset += written;
  }
  std::vector<char>().swap(way.pending); // a connection that flows again holds no memory
  way.offset = 0;
  return true;
}

void TcpSession::pump(Direction& way) {
  if (way.waiting || way.forwarded) {
    return;
  }
  for (int turn = 0; turn < kTurns; ++turn) {
    if (!way.pending.empty() && !writePending(way)) {
      return;
    }
    if (way.ended) {
      error_code ignored;
      way.to.shutdown(tcp::socket::shutdown_send, ignored);
      way.forwarded = true;
      if (m_up.forwarded && m_down.forwarded) {
        close(false);
      }
      return;
    }
    error_code error;
    const size_t count = way.from.read_some(asio::buffer(m_context.scratch.data(), m_context.scratch.size()), error);
    if (error == asio::error::eof) {
      way.ended = true;
      continue;
    }
    if (error) {
      if (wouldBlock(error)) {
        await(way, false);
      } else {
        failed(way, true);
      }
      return;
    }
    m_lastActive = steady_clock::now();
    way.bytes += static_cast<int64_t>(count);
    way.counter.fetch_add(static_cast<int64_t>(count), std::memory_order_relaxed);
    const size_t written = way.to.write_some(asio::buffer(m_context.scratch.data(), count), error);
    if (error && !wouldBlock(error)) {
      failed(way, false);
      return;
    }
    const size_t taken = error ? 0 : written;
    if (taken < count) {
      way.pending.assign(m_context.scratch.data() + taken, m_context.scratch.data() + count);
      way.offset = 0;
    }
  }
  way.waiting = true;
  asio::post(m_context.io, [self = shared_from_this(), &way, attempt = m_attempt] {
    if (self->m_phase == Phase::Flowing && self->m_attempt == attempt) {
      way.waiting = false;
      self->pump(way);
    }
  });
}

void TcpSession::await(Direction& way, bool forWrite) {
  way.waiting = true;
  tcp::socket& socket = forWrite ? way.to : way.from;
  socket.async_wait(forWrite ? tcp::socket::wait_write : tcp::socket::wait_read,
                    [self = shared_from_this(), &way, attempt = m_attempt](const error_code& error) {
                      if (self->m_phase != Phase::Flowing || self->m_attempt != attempt) {
                        return;
                      }
                      way.waiting = false;
                      if (error) {
                        self->close(true);
                        return;
                      }
                      self->pump(way);
                    });
}

void TcpSession::failed(Direction& way, bool onRead) {
  const bool serverFailed = onRead ? &way == &m_down : &way == &m_up;
  // Not one byte has passed either way: another server may take over and the client never knows.
  if (serverFailed && onRead && m_up.bytes == 0 && m_down.bytes == 0 && !m_up.ended && !m_service->gone) {
    ++m_attempt;
    error_code ignored;
    m_client.cancel(ignored);
    m_up.waiting = false;
    m_down.waiting = false;
    attemptFailed();
    return;
  }
  close(true);
}

void TcpSession::leaveBackend() {
  if (m_backend) {
    m_context.table.removeFrom(m_backend->instanceId);
    m_backend.reset();
  }
}

void TcpSession::backendsChanged(SteadyTime now) {
  switch (m_phase) {
  case Phase::Waiting:
    if (m_service->gone) {
      giveUp();
    } else if (m_service->pool.hasOpen()) {
      ++m_attempt;
      m_timer.cancel();
      choose();
    }
    break;
  case Phase::Flowing:
    if (!m_service->gone && m_service->pool.contains(*m_backend)) {
      m_drainUntil.reset();
    } else if (!m_drainUntil) {
      m_drainUntil = now + milliseconds(m_context.options.drainMs);
    }
    break;
  default:
    break;
  }
}

void TcpSession::sweep(SteadyTime now) {
  if (m_phase != Phase::Flowing) {
    return;
  }
  if (m_drainUntil && now >= *m_drainUntil) {
    close(true);
  } else if ((m_up.forwarded || m_down.forwarded) && now - m_lastActive > kHalfClosedIdle) {
    close(true);
  }
}

void TcpSession::close(bool reset) {
  if (m_phase == Phase::Closed) {
    return;
  }
  const std::shared_ptr<TcpSession> self = shared_from_this(); // onEnd may drop the last other reference
  m_phase = Phase::Closed;
  ++m_attempt;
  error_code ignored;
  if (reset) {
    const asio::socket_base::linger abortive(true, 0);
    m_client.set_option(abortive, ignored);
    m_server.set_option(abortive, ignored);
  }
  m_timer.cancel();
  m_client.close(ignored);
  m_server.close(ignored);
  leaveBackend();
  std::vector<char>().swap(m_up.pending);
  std::vector<char>().swap(m_down.pending);
  m_service->counters->open.fetch_sub(1, std::memory_order_relaxed);
  m_context.table.release();
  m_context.onEnd(self);
}

} // namespace univrs::service
