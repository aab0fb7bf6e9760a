#include "engine/service/published_ports.h"

#include "engine/base/log.h"
#include "engine/service/connection_table.h"
#include "engine/service/tcp_session.h"
#include "engine/service/udp_relay.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <atomic>
#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <utility>

namespace univrs::service {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr auto kSweepEvery = milliseconds(250);
constexpr auto kReopenEvery = std::chrono::seconds(2);
constexpr auto kAcceptPause = milliseconds(100); // out of descriptors: let some connections end first

// The open sockets of one published port.
struct Listener {
  std::shared_ptr<PortService> service;
  std::vector<std::shared_ptr<tcp::acceptor>> acceptors;
  std::vector<std::shared_ptr<UdpRelay>> relays;
  bool open = false;
  std::string problem;

  void close() {
    error_code ignored;
    for (const auto& acceptor : acceptors) {
      acceptor->close(ignored);
    }
    acceptors.clear();
    for (const auto& relay : relays) {
      relay->close();
    }
    relays.clear();
    open = false;
  }
};

class Forwarder final : public PublishedPorts {
public:
  Forwarder(const ForwarderOptions& options, base::Executor& executor, std::function<void()> onProblem)
      : m_options(options), m_executor(executor),
        m_onProblem(std::make_shared<std::function<void()>>(std::move(onProblem))), m_table(options.maxConnections),
        m_work(asio::make_work_guard(m_io)), m_scratch(),
        m_sweepTimer(m_io), m_context{m_io, m_options, m_table, m_scratch,
                                      [this](const std::shared_ptr<TcpSession>& session) {
                                        m_sessions.erase(session);
                                        endHandOverWhenIdle(steady_clock::now());
                                      }} {
    scheduleSweep();
    m_thread = std::thread([this] { m_io.run(); });
  }

  ~Forwarder() override {
    m_onProblem.reset(); // what is still posted finds nothing to call
    onThread([this] {
      m_sweepTimer.cancel();
      for (auto& [key, listener] : m_listeners) {
        listener.close();
      }
      const std::set<std::shared_ptr<TcpSession>> sessions = m_sessions;
      for (const auto& session : sessions) {
        session->close(true);
      }
    });
    m_work.reset();
    m_io.stop();
    m_thread.join();
  }

  void setPorts(std::vector<PublishedPort> ports) override {
    // Waits until it is done: afterwards no new connection goes to a backend that is draining or gone, so that
    // connectionsTo() may be trusted.
    onThread([this, &ports] { apply(ports); });
  }

  void handOver(std::shared_ptr<base::HandedSockets> into, int64_t graceMs, std::function<void()> done) override {
    onThread([&] {
      if (m_leaving) {
        return;
      }
      m_leaving = HandOver{std::move(into), std::move(done), steady_clock::now() + milliseconds(graceMs)};
      for (auto& [key, listener] : m_listeners) {
        for (const auto& acceptor : listener.acceptors) {
          error_code failed;
          const int fd = acceptor->release(failed);
          if (!failed) {
            m_leaving->into->give(base::HandedSocket::Use::Port, fd);
          }
        }
        listener.acceptors.clear();
      }
      // A turn later: what was accepted before is there then.
      asio::post(m_io, [this] { endHandOverWhenIdle(steady_clock::now()); });
    });
  }

  std::vector<PortProblem> problems() const override {
    const std::lock_guard lock(m_mutex);
    return m_problems;
  }

  std::vector<PortStats> stats() const override {
    const std::lock_guard lock(m_mutex);
    std::vector<PortStats> result;
    for (const auto& [key, counters] : m_counters) {
      result.push_back({key.port, key.protocol, counters->open.load(), counters->total.load(), counters->failed.load(),
                        counters->received.load(), counters->sent.load()});
    }
    return result;
  }

  int64_t connectionsTo(const model::InstanceId& id) const override { return m_table.openTo(id); }

private:
  struct HandOver {
    std::shared_ptr<base::HandedSockets> into;
    std::function<void()> done; // empty once it was called
    SteadyTime until;
  };

  void endHandOverWhenIdle(SteadyTime now) {
    if (!m_leaving || !m_leaving->done || (!m_sessions.empty() && now < m_leaving->until)) {
      return;
    }
    for (auto& [key, listener] : m_listeners) {
      for (const auto& relay : listener.relays) {
        if (const int fd = relay->release(); fd >= 0) {
          m_leaving->into->give(base::HandedSocket::Use::Port, fd);
        }
      }
      listener.relays.clear();
    }
    m_executor.post(std::exchange(m_leaving->done, nullptr));
  }

  // Runs `work` on the I/O thread and waits for it.
  template <class Work>
  void onThread(Work work) {
    std::promise<void> done;
    asio::post(m_io, [&work, &done] {
      work();
      done.set_value();
    });
    done.get_future().wait();
  }

  void apply(const std::vector<PublishedPort>& ports) {
    std::map<PortKey, const PublishedPort*> wanted;
    m_duplicates.clear();
    for (const PublishedPort& port : ports) {
      const auto [it, added] = wanted.emplace(PortKey{port.port, port.protocol, port.address}, &port);
      if (!added && it->second->workloadId != port.workloadId) {
        m_duplicates.push_back({port.port, port.protocol, port.workloadId,
                                "port " + std::to_string(port.port) + " is already published by the workload " +
                                    it->second->workloadName});
      }
    }
    const SteadyTime now = steady_clock::now();
    for (auto it = m_listeners.begin(); it != m_listeners.end();) {
      if (m_leaving || wanted.contains(it->first)) {
        ++it;
        continue;
      }
      it->second.close();
      it->second.service->gone = true;
      it = m_listeners.erase(it);
    }
    for (const auto& [key, port] : wanted) {
      if (m_leaving && !m_listeners.contains(key)) {
        continue;
      }
      Listener& listener = m_listeners[key];
      if (!listener.service) {
        listener.service = std::make_shared<PortService>();
        listener.service->key = key;
      }
      listener.service->workloadId = port->workloadId;
      listener.service->workloadName = port->workloadName;
      listener.service->pool.set(port->backends);
    }
    for (auto& [key, listener] : m_listeners) {
      if (!listener.open && !m_leaving) {
        open(listener);
      }
      for (const auto& relay : listener.relays) {
        relay->backendsChanged();
      }
    }
    const std::vector<std::shared_ptr<TcpSession>> sessions(m_sessions.begin(), m_sessions.end());
    for (const auto& session : sessions) {
      session->backendsChanged(now);
    }
    publish();
  }

  // Makes problems() and stats() show what is now.
  void publish() {
    std::vector<PortProblem> problems = m_duplicates;
    std::map<PortKey, std::shared_ptr<PortCounters>> counters;
    for (const auto& [key, listener] : m_listeners) {
      counters.emplace(key, listener.service->counters);
      if (!listener.problem.empty()) {
        problems.push_back({key.port, key.protocol, listener.service->workloadId, listener.problem});
      }
    }
    const auto text = [](const std::vector<PortProblem>& list) {
      std::string all;
      for (const PortProblem& problem : list) {
        all += problem.message + '\n' + problem.workloadId.str() + '\n';
      }
      return all;
    };
    bool changed = false;
    {
      const std::lock_guard lock(m_mutex);
      changed = text(m_problems) != text(problems);
      m_problems = std::move(problems);
      m_counters = std::move(counters);
    }
    if (changed) {
      m_executor.post([weak = m_problemCallback] {
        if (const auto callback = weak.lock(); callback && *callback) {
          (*callback)();
        }
      });
    }
  }

  void open(Listener& listener) {
    const PortKey& key = listener.service->key;
    const std::string before = std::exchange(listener.problem, {});
    std::vector<asio::ip::address> addresses;
    if (key.address.empty()) {
      addresses = {asio::ip::address_v4::any(), asio::ip::address_v6::any()};
    } else {
      error_code error;
      const asio::ip::address address = asio::ip::make_address(key.address, error);
      if (error) {
        listener.problem =
            "\"" + key.address + "\" is not an IP address to publish port " + std::to_string(key.port) + " on";
        return;
      }
      addresses = {address};
    }
    for (const asio::ip::address& address : addresses) {
      const error_code error =
          key.protocol == model::Protocol::Tcp ? openTcp(listener, address) : openUdp(listener, address);
      if (!error) {
        continue;
      }
      // A machine without IPv6 is still served over IPv4.
      if (key.address.empty() && address.is_v6() &&
          (error == asio::error::address_family_not_supported || error == boost::system::errc::address_not_available)) {
        continue;
      }
      listener.close();
      listener.problem = explain(key, error);
      if (listener.problem != before) { // once, not at every retry
        base::log::warning("service", "a port could not be published",
                           {{"port", std::to_string(key.port)}, {"why", listener.problem}});
      }
      return;
    }
    listener.open = true;
  }

  std::string explain(const PortKey& key, const error_code& error) const {
    const std::string port = "port " + std::to_string(key.port);
    if (error == asio::error::address_in_use) {
      for (const auto& [other, listener] : m_listeners) {
        if (listener.open && other.port == key.port && other.protocol == key.protocol) {
          return port + " is already published by the workload " + listener.service->workloadName;
        }
      }
      return port + " is used by another program on this node";
    }
    if (error == asio::error::access_denied) {
      return port + " needs more rights than this node has: use one above 1023 or grant CAP_NET_BIND_SERVICE";
    }
    if (error == boost::system::errc::address_not_available) {
      return "this node has no address " + key.address + " to publish " + port + " on";
    }
    return port + " could not be opened: " + error.message();
  }

  template <class Endpoint>
  std::optional<int> takeHanded(bool stream, const Endpoint& endpoint) {
    return m_options.handed ? m_options.handed->take(base::HandedSocket::Use::Port, stream,
                                                     endpoint.address().to_string(), endpoint.port())
                            : std::nullopt;
  }

  error_code openTcp(Listener& listener, const asio::ip::address& address) {
    error_code error;
    const tcp::endpoint endpoint(address, listener.service->key.port);
    auto acceptor = std::make_shared<tcp::acceptor>(m_io);
    if (const auto handed = takeHanded(true, endpoint)) {
      acceptor->assign(endpoint.protocol(), *handed, error);
    } else {
      acceptor->open(endpoint.protocol(), error);
      if (!error) {
        acceptor->set_option(tcp::acceptor::reuse_address(true), error);
      }
      if (!error && address.is_v6()) {
        acceptor->set_option(asio::ip::v6_only(true), error);
      }
      if (!error) {
        acceptor->bind(endpoint, error);
      }
      if (!error) {
        acceptor->listen(asio::socket_base::max_listen_connections, error);
      }
    }
    if (error) {
      return error;
    }
    listener.acceptors.push_back(acceptor);
    accept(acceptor, listener.service);
    return {};
  }

  error_code openUdp(Listener& listener, const asio::ip::address& address) {
    error_code error;
    const udp::endpoint endpoint(address, listener.service->key.port);
    udp::socket socket(m_io);
    if (const auto handed = takeHanded(false, endpoint)) {
      socket.assign(endpoint.protocol(), *handed, error);
    } else {
      socket.open(endpoint.protocol(), error);
      if (!error && address.is_v6()) {
        socket.set_option(asio::ip::v6_only(true), error);
      }
      if (!error) {
        socket.bind(endpoint, error); // no reuse_address: for UDP it would share the port with another program
      }
    }
    if (error) {
      return error;
    }
    auto relay = std::make_shared<UdpRelay>(m_io, m_options, m_table, m_scratch, std::move(socket), listener.service);
    listener.relays.push_back(relay);
    relay->start();
    return {};
  }

  void accept(const std::shared_ptr<tcp::acceptor>& acceptor, const std::shared_ptr<PortService>& service) {
    acceptor->async_accept([this, acceptor, service](const error_code& error, tcp::socket client) {
      // A client that was accepted before the socket was handed over is still ours.
      if (error == asio::error::operation_aborted || (!acceptor->is_open() && (error || !m_leaving))) {
        return;
      }
      if (error) {
        if (error == asio::error::no_descriptors || error == boost::system::errc::too_many_files_open_in_system ||
            error == asio::error::no_buffer_space || error == asio::error::no_memory) {
          const auto pause = std::make_shared<asio::steady_timer>(m_io, kAcceptPause);
          pause->async_wait([this, acceptor, service, pause](const error_code&) {
            if (acceptor->is_open()) {
              accept(acceptor, service);
            }
          });
          return;
        }
      } else {
        admit(std::move(client), service);
      }
      if (acceptor->is_open()) {
        accept(acceptor, service);
      }
    });
  }

  void admit(tcp::socket client, const std::shared_ptr<PortService>& service) {
    service->counters->total.fetch_add(1, std::memory_order_relaxed);
    if (!m_table.admit()) {
      service->counters->failed.fetch_add(1, std::memory_order_relaxed);
      error_code ignored;
      client.close(ignored);
      return;
    }
    service->counters->open.fetch_add(1, std::memory_order_relaxed);
    const auto session = std::make_shared<TcpSession>(m_context, std::move(client), service);
    m_sessions.insert(session);
    session->start();
  }

  void scheduleSweep() {
    m_sweepTimer.expires_after(kSweepEvery);
    m_sweepTimer.async_wait([this](const error_code& error) {
      if (error) {
        return;
      }
      const SteadyTime now = steady_clock::now();
      const std::vector<std::shared_ptr<TcpSession>> sessions(m_sessions.begin(), m_sessions.end());
      for (const auto& session : sessions) {
        session->sweep(now);
      }
      bool reopened = false;
      for (auto& [key, listener] : m_listeners) {
        for (const auto& relay : listener.relays) {
          relay->sweep(now);
        }
        if (!listener.open && !m_leaving && now >= m_reopenAt) {
          open(listener);
          reopened = true;
        }
      }
      endHandOverWhenIdle(now);
      if (reopened) {
        m_reopenAt = now + kReopenEvery;
        publish();
      }
      scheduleSweep();
    });
  }

  const ForwarderOptions m_options;
  base::Executor& m_executor;
  std::shared_ptr<std::function<void()>> m_onProblem;
  std::weak_ptr<std::function<void()>> m_problemCallback = m_onProblem;
  ConnectionTable m_table;
  asio::io_context m_io{1};
  asio::executor_work_guard<asio::io_context::executor_type> m_work;
  std::array<char, 64 * 1024> m_scratch;
  asio::steady_timer m_sweepTimer;
  SessionContext m_context;
  // I/O thread only.
  std::map<PortKey, Listener> m_listeners;
  std::vector<PortProblem> m_duplicates;
  std::set<std::shared_ptr<TcpSession>> m_sessions;
  SteadyTime m_reopenAt{};
  std::optional<HandOver> m_leaving;
  // Shared with callers.
  mutable std::mutex m_mutex;
  std::vector<PortProblem> m_problems;
  std::map<PortKey, std::shared_ptr<PortCounters>> m_counters;
  std::thread m_thread;
};

} // namespace

std::unique_ptr<PublishedPorts> makePublishedPorts(const ForwarderOptions& options, base::Executor& executor,
                                                   std::function<void()> onProblem) {
  return std::make_unique<Forwarder>(options, executor, std::move(onProblem));
}

} // namespace univrs::service
