#include "engine/agent/probe_runner.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <istream>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace univrs::agent {

namespace {
namespace asio = boost::asio;
using asio::ip::tcp;

constexpr int64_t kMaxTimeoutMs = 60'000;
constexpr size_t kMaxStatusLine = 8'192;
constexpr size_t kMaxExecOutput = 256; // of what a failing command says

base::Error unhealthy(std::string why) {
  return base::makeError(base::ErrorCode::Unavailable, "the probe failed", std::move(why));
}
base::Error timedOut(int64_t ms) {
  return base::makeError(base::ErrorCode::Timeout, "the probe failed",
                         "no answer within " + std::to_string(ms) + " ms");
}

bool plain(std::string_view text, bool spaces) {
  return std::all_of(text.begin(), text.end(), [spaces](char c) {
    const auto u = static_cast<unsigned char>(c);
    return (u > 0x20 && u != 0x7f) || (spaces && (c == ' ' || c == '\t'));
  });
}

base::Result<std::string> httpRequest(const model::Probe& probe, const ProbeTarget& target) {
  const std::string path = probe.path.empty() ? "/" : probe.path;
  if (path.front() != '/' || !plain(path, false)) {
    return unhealthy("the probe's path is not valid");
  }
  std::string host = target.address.find(':') != std::string::npos ? "[" + target.address + "]" : target.address;
  host += ":" + std::to_string(target.port);
  std::string headers;
  for (const auto& [key, value] : probe.headers) {
    if (key.empty() || !plain(key, false) || key.find(':') != std::string::npos || !plain(value, true)) {
      return unhealthy("the probe's header \"" + key + "\" is not valid");
    }
    std::string lower = key;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(c | 0x20); });
    if (lower == "host") {
      host = value;
    } else {
      headers += key + ": " + value + "\r\n";
    }
  }
  return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: univrs-probe/1\r\nAccept: */*\r\n" +
         "Connection: close\r\n" + headers + "\r\n";
}

// "HTTP/1.1 204 No Content" -> 204; 0 when it is not such a line.
int statusOf(const std::string& line) {
  if (line.size() < 12 || line.compare(0, 7, "HTTP/1.") != 0 || line[8] != ' ') {
    return 0;
  }
  int status = 0;
  for (size_t i = 9; i < 12; ++i) {
    if (line[i] < '0' || line[i] > '9') {
      return 0;
    }
    status = status * 10 + (line[i] - '0');
  }
  return status;
}

base::Result<void> network(const model::Probe& probe, const ProbeTarget& target, int64_t timeoutMs,
                           const base::CancelToken& cancel) {
  if (target.address.empty() || target.port == 0) {
    return unhealthy("port " + std::to_string(probe.port) + " is not reachable from this node");
  }
  boost::system::error_code bad;
  const auto address = asio::ip::make_address(target.address, bad);
  if (bad) {
    return unhealthy("\"" + target.address + "\" is not an address");
  }
  std::string request;
  if (probe.kind == model::ProbeKind::Http) {
    auto made = httpRequest(probe, target);
    if (!made) {
      return made.error();
    }
    request = std::move(*made);
  }

  asio::io_context context(1);
  tcp::socket socket(context);
  asio::streambuf answer(kMaxStatusLine);
  std::optional<base::Result<void>> result;
  const auto refused = [&result](const boost::system::error_code& error, const char* doing) {
    result = unhealthy(std::string(doing) + ": " + error.message());
  };
  const auto readStatus = [&](const boost::system::error_code& error, size_t) {
    // The server may close right after a short answer: what matters is whether the first line is there.
    std::istream stream(&answer);
    std::string line;
    if (std::getline(stream, line) && statusOf(line) != 0) {
      const int status = statusOf(line);
      result = status >= 200 && status <= 399 ? base::Result<void>()
                                              : base::Result<void>(unhealthy("HTTP status " + std::to_string(status)));
    } else if (error && error != asio::error::eof && error != asio::error::not_found) {
      refused(error, "reading the answer");
    } else {
      result = unhealthy("the answer is not HTTP");
    }
  };
  socket.async_connect(tcp::endpoint(address, target.port), [&](const boost::system::error_code& error) {
    if (error) {
      refused(error, "connecting");
      return;
    }
    if (request.empty()) {
      result = base::Result<void>();
      return;
    }
    asio::async_write(socket, asio::buffer(request), [&](const boost::system::error_code& writeError, size_t) {
      if (writeError) {
        refused(writeError, "sending the request");
        return;
      }
      asio::async_read_until(socket, answer, "\n", readStatus);
    });
  });
  {
    const auto wake = cancel.onCancel([&context] { context.stop(); });
    context.run_for(std::chrono::milliseconds(timeoutMs));
  }
  boost::system::error_code ignored;
  socket.close(ignored);
  if (result) {
    return *result;
  }
  if (cancel.cancelled()) {
    return base::makeError(base::ErrorCode::Cancelled, "the probe was cancelled");
  }
  return timedOut(timeoutMs);
}

// Shared with the driver's callbacks, which may outlive the wait.
struct ExecOutcome {
  std::mutex mutex;
  std::condition_variable wake;
  std::optional<base::Result<int>> exit;
  std::string output;
  bool cancelled = false;
};

base::Result<void> command(const model::Probe& probe, const ProbeTarget& target, RuntimeDriver& driver,
                           int64_t timeoutMs, const base::CancelToken& cancel) {
  const auto outcome = std::make_shared<ExecOutcome>();
  ExecRequest request;
  request.containerId = target.containerId;
  request.command = probe.command;
  ExecHandlers handlers;
  handlers.onOutput = [outcome](std::string_view bytes, bool) {
    const std::lock_guard lock(outcome->mutex);
    outcome->output += bytes.substr(0, kMaxExecOutput - std::min(kMaxExecOutput, outcome->output.size()));
  };
  handlers.onExit = [outcome](base::Result<int> exit) {
    const std::lock_guard lock(outcome->mutex);
    outcome->exit = std::move(exit);
    outcome->wake.notify_all();
  };
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(timeoutMs);
  auto stream = driver.exec(request, std::move(handlers));
  if (!stream) {
    return unhealthy(stream.error().text());
  }
  const auto wake = cancel.onCancel([outcome] {
    const std::lock_guard lock(outcome->mutex);
    outcome->cancelled = true;
    outcome->wake.notify_all();
  });
  std::unique_lock lock(outcome->mutex);
  outcome->wake.wait_until(lock, deadline, [&] { return outcome->exit.has_value() || outcome->cancelled; });
  if (!outcome->exit) {
    if (outcome->cancelled) {
      return base::makeError(base::ErrorCode::Cancelled, "the probe was cancelled");
    }
    return timedOut(timeoutMs);
  }
  if (!outcome->exit->ok()) {
    return unhealthy(outcome->exit->error().text());
  }
  if (outcome->exit->value() == 0) {
    return {};
  }
  std::string text = outcome->output;
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) {
    text.pop_back();
  }
  return unhealthy("exit code " + std::to_string(outcome->exit->value()) + (text.empty() ? "" : ": " + text));
}
} // namespace

base::Result<void> runProbe(const model::Probe& probe, const ProbeTarget& target, RuntimeDriver& driver,
                            const base::CancelToken& cancel) {
  const int64_t timeoutMs = std::clamp<int64_t>(probe.timeoutMs, 1, kMaxTimeoutMs);
  if (probe.kind == model::ProbeKind::Exec) {
    return command(probe, target, driver, timeoutMs, cancel);
  }
  return network(probe, target, timeoutMs, cancel);
}

} // namespace univrs::agent
