#include "engine/api/http_server.h"

#include "engine/api/http_connection.h"
#include "engine/base/log.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include <pthread.h>
#include <signal.h>
#include <thread>

namespace univrs::api {

namespace {
namespace asio = boost::asio;
using asio::ip::tcp;
using base::ErrorCode;
using base::makeError;

constexpr std::chrono::milliseconds kAcceptPause{100}; // after the process ran out of descriptors
constexpr std::chrono::milliseconds kStopGrace{1'000};
constexpr std::string_view kTooMany =
    "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nConnection: close\r\n"
    "Retry-After: 1\r\nContent-Length: 86\r\n\r\n"
    "{\"error\":\"too many connections: all are in use\",\"code\":\"UNAVAILABLE\",\"details\":null}\n";

base::Result<std::shared_ptr<asio::ssl::context>> loadTls(const ServerConfig& config) {
  auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_server);
  boost::system::error_code failed;
  context->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_sslv2 |
                           asio::ssl::context::no_sslv3 | asio::ssl::context::no_tlsv1 | asio::ssl::context::no_tlsv1_1,
                       failed);
  context->use_certificate_chain_file(config.tlsCertificateFile, failed);
  if (failed) {
    return makeError(ErrorCode::BadRequest, "the API was not started",
                     "the certificate " + config.tlsCertificateFile + " could not be read: " + failed.message(),
                     "it must be PEM, the server's own first");
  }
  context->use_private_key_file(config.tlsKeyFile, asio::ssl::context::pem, failed);
  if (failed) {
    return makeError(ErrorCode::BadRequest, "the API was not started",
                     "the key " + config.tlsKeyFile +
                         " could not be read, or does not belong to the certificate: " + failed.message());
  }
  SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
  return context;
}

base::Result<asio::ip::address> addressOf(const ServerConfig& config) {
  if (equalIgnoringCase(config.host, "localhost")) {
    return asio::ip::address(asio::ip::address_v4::loopback());
  }
  std::string text = config.host;
  if (text.size() > 2 && text.front() == '[' && text.back() == ']') {
    text = text.substr(1, text.size() - 2);
  }
  boost::system::error_code failed;
  const auto address = asio::ip::make_address(text, failed);
  if (failed) {
    return makeError(ErrorCode::Validation, "the API was not started", "'" + config.host + "' is not an IP address",
                     "write 127.0.0.1, [::1], localhost, or an address of this machine");
  }
  return address;
}

base::Result<void> checkConfig(const ServerConfig& config, const asio::ip::address& address) {
  const bool tls = !config.tlsCertificateFile.empty() && !config.tlsKeyFile.empty();
  if (config.tlsCertificateFile.empty() != config.tlsKeyFile.empty()) {
    return makeError(ErrorCode::Validation, "the API was not started", "only one of TLS certificate and key is given");
  }
  if (!address.is_loopback() && !tls) {
    return makeError(ErrorCode::Validation, "the API was not started",
                     address.to_string() + " can be reached from other machines, and there is no TLS certificate",
                     "listen on 127.0.0.1, or give --tls-cert and --tls-key");
  }
  if (!address.is_loopback() && config.authNone) {
    return makeError(ErrorCode::Validation, "the API was not started",
                     "without authentication it may listen on loopback only", "leave out --api-auth none");
  }
  if (!config.authNone && config.token.empty() && config.trustedKeys.empty()) {
    return makeError(ErrorCode::Validation, "the API was not started", "there is neither a token nor a trusted key");
  }
  return {};
}
} // namespace

std::string BoundAddress::url() const {
  const bool v6 = host.find(':') != std::string::npos;
  return std::string(tls ? "https://" : "http://") + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

struct HttpServer::Impl {
  interfaces::Engine& engine;
  base::Executor& executor;
  PrometheusMetrics* metrics;
  const base::Clock& clock;
  ServerConfig config;

  std::unique_ptr<asio::io_context> io; // destroyed after everything that lives on it
  std::shared_ptr<EngineDoor> door;
  std::shared_ptr<ServerState> state;
  std::shared_ptr<asio::ssl::context> tls;
  std::unique_ptr<tcp::acceptor> acceptor;
  std::unique_ptr<asio::steady_timer> pause;
  std::unique_ptr<asio::steady_timer> watchdog;
  std::thread thread;

  void accept() {
    acceptor->async_accept([this](boost::system::error_code failed, tcp::socket socket) {
      if (failed == asio::error::operation_aborted || state->stopping || (failed && state->leaving)) {
        return;
      }
      if (failed) {
        base::log::warning("api", "a connection could not be accepted", {{"why", failed.message()}});
        pause->expires_after(kAcceptPause);
        pause->async_wait([this](boost::system::error_code stopped) {
          if (!stopped && !state->leaving) {
            accept();
          }
        });
        return;
      }
      serve(std::move(socket)); // also when the listening socket was given away meanwhile: this one was ours
      if (!state->leaving) {
        accept();
      }
    });
  }

  void serve(tcp::socket socket) {
    if (state->connections >= config.limits.connections) {
      boost::system::error_code ignored;
      socket.non_blocking(true, ignored);
      if (!tls) {
        socket.write_some(asio::buffer(kTooMany.data(), kTooMany.size()), ignored);
      }
      socket.shutdown(tcp::socket::shutdown_send, ignored);
      if (metrics != nullptr) {
        metrics->count("univrs_http_refused_connections_total");
      }
      return;
    }
    if (tls) {
      std::make_shared<HttpConnection<TlsStream>>(TlsStream(std::move(socket), *tls), state)->start();
    } else {
      std::make_shared<HttpConnection<PlainStream>>(PlainStream(std::move(socket)), state)->start();
    }
  }

  // I/O thread.
  void beginHandOver(base::HandedSockets& into, std::chrono::milliseconds grace, std::function<void()> done) {
    state->leaving = true;
    pause->cancel();
    boost::system::error_code failed;
    const int fd = acceptor->release(failed);
    if (!failed) {
      into.give(base::HandedSocket::Use::Api, fd);
    }
    // A turn later: what was accepted before is there then.
    asio::post(*io, [this, grace, end = std::move(done)] {
      if (state->stopping) {
        return;
      }
      const std::vector<LiveConnection*> all(state->live.begin(), state->live.end());
      for (LiveConnection* connection : all) {
        if (state->live.count(connection) > 0) {
          connection->leave();
        }
      }
      if (state->connections == 0) {
        return end();
      }
      state->onLastGone = [this] { watchdog->cancel(); };
      watchdog->expires_after(grace);
      watchdog->async_wait([this, end](boost::system::error_code) {
        if (!state->stopping) {
          end();
        }
      });
    });
  }

  // I/O thread.
  void beginStop() {
    state->stopping = true;
    boost::system::error_code ignored;
    acceptor->close(ignored);
    pause->cancel();
    if (state->connections == 0) {
      return;
    }
    state->onLastGone = [this] { watchdog->cancel(); };
    watchdog->expires_after(kStopGrace);
    watchdog->async_wait([this](boost::system::error_code failed) {
      if (!failed) {
        io->stop();
      }
    });
    const std::vector<LiveConnection*> all(state->live.begin(), state->live.end());
    for (LiveConnection* connection : all) {
      if (state->live.count(connection) > 0) {
        connection->shutDown();
      }
    }
  }
};

HttpServer::HttpServer(interfaces::Engine& engine, base::Executor& executor, PrometheusMetrics* metrics,
                       const base::Clock& clock, ServerConfig config)
    : m_impl(new Impl{engine, executor, metrics, clock, std::move(config), {}, {}, {}, {}, {}, {}, {}, {}}) {}

HttpServer::~HttpServer() {
  stop();
}

base::Result<BoundAddress> HttpServer::start() {
  Impl& s = *m_impl;
  if (s.io) {
    return makeError(ErrorCode::Conflict, "the API was not started", "it runs already");
  }
  const auto address = addressOf(s.config);
  if (!address) {
    return address.error();
  }
  if (auto fine = checkConfig(s.config, *address); !fine) {
    return fine.error();
  }
  if (!s.config.tlsCertificateFile.empty()) {
    auto loaded = loadTls(s.config);
    if (!loaded) {
      return std::move(loaded).error();
    }
    s.tls = std::move(loaded).value();
  }
  auto io = std::make_unique<asio::io_context>(1);
  auto acceptor = std::make_unique<tcp::acceptor>(*io);
  boost::system::error_code failed;
  const tcp::endpoint endpoint(*address, s.config.port);
  const auto handed =
      s.config.handed ? s.config.handed->take(base::HandedSocket::Use::Api, true, address->to_string(), s.config.port)
                      : std::nullopt;
  if (handed) {
    acceptor->assign(endpoint.protocol(), *handed, failed);
  } else {
    if (s.config.handed) {
      s.config.handed->closeAll(base::HandedSocket::Use::Api); // it may hold the same port on another address
    }
    acceptor->open(endpoint.protocol(), failed);
    if (!failed) {
      acceptor->set_option(asio::socket_base::reuse_address(true), failed);
      acceptor->bind(endpoint, failed);
    }
    if (!failed) {
      acceptor->listen(asio::socket_base::max_listen_connections, failed);
    }
  }
  if (failed) {
    return makeError(ErrorCode::Unavailable, "the API was not started",
                     address->to_string() + " port " + std::to_string(s.config.port) + ": " + failed.message(),
                     failed == asio::error::address_in_use ? "another program uses it: choose another port with --api"
                                                           : "");
  }
  const BoundAddress bound{acceptor->local_endpoint(failed).address().to_string(),
                           acceptor->local_endpoint(failed).port(), s.tls != nullptr};
  s.io = std::move(io);
  s.acceptor = std::move(acceptor);
  s.pause = std::make_unique<asio::steady_timer>(*s.io);
  s.watchdog = std::make_unique<asio::steady_timer>(*s.io);
  s.door = std::make_shared<EngineDoor>(s.engine, s.executor,
                                        [io = s.io.get()](EngineDoor::Task task) { asio::post(*io, std::move(task)); });
  s.state = std::make_shared<ServerState>(s.config, s.door, s.metrics, s.clock);
  s.state->guard = HostGuard(bound.host, bound.port, bound.tls, s.config.names);
  s.accept();
  // Signals belong to the main thread.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  s.thread = std::thread([io = s.io.get()] {
    for (;;) {
      try {
        io->run();
        return;
      } catch (const std::exception& e) { // from a library: one connection's trouble must not end the others
        base::log::error("api", "a connection failed unexpectedly", {{"why", e.what()}});
      }
    }
  });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return bound;
}

void HttpServer::handOver(std::shared_ptr<base::HandedSockets> into, std::chrono::milliseconds grace,
                          std::function<void()> done) {
  Impl& s = *m_impl;
  if (!s.io) {
    s.executor.post(std::move(done));
    return;
  }
  asio::post(*s.io, [&s, into = std::move(into), grace, done = std::move(done)] {
    if (!s.state->stopping && !s.state->leaving) {
      s.beginHandOver(*into, grace, [&s, done] { s.executor.post(done); });
    }
  });
}

void HttpServer::stop() {
  Impl& s = *m_impl;
  if (!s.io) {
    return;
  }
  asio::post(*s.io, [&s] { s.beginStop(); });
  s.thread.join();
  s.door->close();
  s.state->onLastGone = nullptr;
  s.acceptor.reset();
  s.pause.reset();
  s.watchdog.reset();
  s.io.reset(); // ends what the grace period did not; connections find state and door still there
  s.state.reset();
  s.door.reset();
}

} // namespace univrs::api
