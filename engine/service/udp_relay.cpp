#include "engine/service/udp_relay.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

namespace univrs::service {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {
constexpr int kTurns = 64;                     // datagrams in a row before other ports get their turn
constexpr size_t kMaxWaiting = 16;             // datagrams a flow keeps while there is no backend
constexpr size_t kMaxWaitingBytes = 64 * 1024; // and their bytes
} // namespace

UdpRelay::UdpRelay(asio::io_context& io, const ForwarderOptions& options, ConnectionTable& table,
                   std::span<char> scratch, udp::socket socket, std::shared_ptr<PortService> service)
    : m_io(io), m_options(options), m_table(table), m_scratch(scratch), m_socket(std::move(socket)),
      m_service(std::move(service)) {}

void UdpRelay::start() {
  error_code ignored;
  m_socket.non_blocking(true, ignored);
  wantLocalAddress(m_socket);
  receive();
}

void UdpRelay::receive() {
  m_socket.async_wait(udp::socket::wait_read, [self = shared_from_this()](const error_code& failure) {
    if (self->m_closed || failure) {
      return;
    }
    for (int turn = 0; turn < kTurns; ++turn) {
      udp::endpoint client;
      LocalAddress local;
      error_code error;
      const std::optional<size_t> count = receiveDatagram(self->m_socket, self->m_scratch, client, local, error);
      if (!count) {
        break; // an error here is an ICMP answer to something sent earlier; it says nothing about this socket
      }
      // Copied: sending may use the scratch space for an answer.
      const std::string bytes(self->m_scratch.data(), *count);
      self->onDatagram(client, local, bytes);
    }
    self->receive();
  });
}

void UdpRelay::onDatagram(const udp::endpoint& client, const LocalAddress& local, std::span<const char> bytes) {
  auto found = m_flows.find(client);
  if (found == m_flows.end()) {
    if (!m_table.admit()) {
      m_service->counters->failed.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    m_service->counters->open.fetch_add(1, std::memory_order_relaxed);
    m_service->counters->total.fetch_add(1, std::memory_order_relaxed);
    found = m_flows.emplace(client, std::make_shared<Flow>(m_io, client)).first;
  }
  const std::shared_ptr<Flow> flow = found->second;
  flow->local = local;
  flow->lastActive = steady_clock::now();
  m_service->counters->received.fetch_add(static_cast<int64_t>(bytes.size()), std::memory_order_relaxed);
  send(flow, bytes);
}

bool UdpRelay::route(const std::shared_ptr<Flow>& flow) {
  if (flow->backend) {
    return true;
  }
  std::optional<Backend> backend = m_service->pool.pick(flow->tried, steady_clock::now());
  if (!backend && !flow->tried.empty()) {
    flow->tried.clear();
    backend = m_service->pool.pick({}, steady_clock::now());
  }
  if (!backend) {
    return false;
  }
  error_code error;
  const asio::ip::address address = asio::ip::make_address(backend->address, error);
  if (error) {
    return false;
  }
  const udp::endpoint endpoint(address, backend->port);
  udp::socket socket(m_io);
  socket.open(endpoint.protocol(), error);
  if (!error) {
    socket.non_blocking(true, error);
  }
  if (!error) {
    socket.connect(endpoint, error); // only datagrams of this backend are taken
  }
  if (error) {
    m_service->pool.markFailed(*backend, steady_clock::now());
    return false;
  }
  flow->socket = std::move(socket);
  flow->backend = *backend;
  listenTo(flow);
  return true;
}

void UdpRelay::send(const std::shared_ptr<Flow>& flow, std::span<const char> bytes) {
  // A refusal of an earlier datagram shows up at the next send: then this one goes to another backend.
  for (int attempt = 0; attempt < 8; ++attempt) {
    if (!route(flow)) {
      if (flow->waiting.size() < kMaxWaiting && flow->waitingBytes + bytes.size() <= kMaxWaitingBytes) {
        flow->waiting.emplace_back(steady_clock::now(), std::string(bytes.data(), bytes.size()));
        flow->waitingBytes += bytes.size();
      }
      return;
    }
    error_code error;
    flow->socket.send(asio::buffer(bytes.data(), bytes.size()), 0, error);
    if (error != asio::error::connection_refused) {
      return; // sent, or lost as UDP may lose it
    }
    refused(*flow);
  }
}

void UdpRelay::refused(Flow& flow) {
  if (flow.backend) {
    m_service->pool.markFailed(*flow.backend, steady_clock::now());
    flow.tried.push_back(*flow.backend);
  }
  leave(flow);
}

void UdpRelay::listenTo(const std::shared_ptr<Flow>& flow) {
  flow->socket.async_wait(udp::socket::wait_read, [self = shared_from_this(), flow](const error_code& error) {
    if (!error && !self->m_closed && !flow->closed && flow->backend) {
      self->answer(flow);
    }
  });
}

void UdpRelay::answer(const std::shared_ptr<Flow>& flow) {
  for (int turn = 0; turn < kTurns; ++turn) {
    error_code error;
    const size_t count = flow->socket.receive(asio::buffer(m_scratch.data(), m_scratch.size()), 0, error);
    if (error) {
      if (error == asio::error::connection_refused) {
        refused(*flow);
        return;
      }
      break;
    }
    flow->tried.clear();
    flow->lastActive = steady_clock::now();
    m_service->counters->sent.fetch_add(static_cast<int64_t>(count), std::memory_order_relaxed);
    sendDatagram(m_socket, std::span<const char>(m_scratch.data(), count), flow->client, flow->local);
  }
  listenTo(flow);
}

void UdpRelay::leave(Flow& flow) {
  flow.backend.reset();
  error_code ignored;
  flow.socket.close(ignored);
}

void UdpRelay::backendsChanged() {
  for (auto& [client, flow] : m_flows) {
    if (flow->backend && !m_service->pool.contains(*flow->backend)) {
      leave(*flow);
      flow->tried.clear();
    }
    auto waiting = std::exchange(flow->waiting, {});
    flow->waitingBytes = 0;
    for (const auto& [since, bytes] : waiting) {
      send(flow, bytes);
    }
  }
}

void UdpRelay::sweep(SteadyTime now) {
  for (auto it = m_flows.begin(); it != m_flows.end();) {
    Flow& flow = *it->second;
    while (!flow.waiting.empty() && now - flow.waiting.front().first > milliseconds(m_options.waitMs)) {
      flow.waitingBytes -= flow.waiting.front().second.size();
      flow.waiting.pop_front();
      m_service->counters->failed.fetch_add(1, std::memory_order_relaxed);
    }
    if (now - flow.lastActive > milliseconds(m_options.udpIdleMs)) {
      end(flow);
      it = m_flows.erase(it);
    } else {
      ++it;
    }
  }
}

void UdpRelay::end(Flow& flow) {
  flow.closed = true;
  leave(flow);
  m_service->counters->open.fetch_sub(1, std::memory_order_relaxed);
  m_table.release();
}

void UdpRelay::close() {
  m_closed = true;
  error_code ignored;
  m_socket.close(ignored);
  endFlows();
}

int UdpRelay::release() {
  m_closed = true;
  error_code failed;
  const int fd = m_socket.release(failed);
  endFlows();
  return failed ? -1 : fd;
}

void UdpRelay::endFlows() {
  for (auto& [client, flow] : m_flows) {
    end(*flow);
  }
  m_flows.clear();
}

} // namespace univrs::service
