#include "engine/agent/engine_watch.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace univrs::agent {

namespace {
constexpr int64_t kRetryFirstMs = 250;
constexpr int64_t kRetryMaxMs = 15'000;
constexpr int64_t kStableMs = 10'000; // a connection that lasted this long starts the back-off anew
constexpr int64_t kPollMs = 10'000;   // for an engine without events
} // namespace

bool sleepUnlessCancelled(int64_t ms, const base::CancelToken& cancel) {
  std::mutex mutex;
  std::condition_variable wake;
  bool cancelled = false;
  const auto registration = cancel.onCancel([&] {
    const std::lock_guard lock(mutex);
    cancelled = true;
    wake.notify_all();
  });
  std::unique_lock lock(mutex);
  return !wake.wait_for(lock, std::chrono::milliseconds(ms), [&] { return cancelled; });
}

EngineWatch::EngineWatch(RuntimeDriver& driver, std::string nodeId, Callbacks callbacks)
    : m_driver(driver), m_nodeId(std::move(nodeId)), m_callbacks(std::move(callbacks)) {}

EngineWatch::~EngineWatch() {
  cancel();
  join();
}

void EngineWatch::start() {
  if (!m_thread.joinable()) {
    m_thread = std::thread([this] { run(); });
  }
}

void EngineWatch::join() {
  if (m_thread.joinable()) {
    m_thread.join();
  }
}

bool EngineWatch::sleep(int64_t ms) {
  return sleepUnlessCancelled(ms, m_cancel.token());
}

void EngineWatch::run() {
  const base::CancelToken token = m_cancel.token();
  int64_t wait = kRetryFirstMs;
  std::string lastWhy;
  while (!token.cancelled()) {
    auto info = m_driver.open();
    if (token.cancelled()) {
      return;
    }
    if (!info) {
      if (info.error().text() != lastWhy) {
        lastWhy = info.error().text();
        m_callbacks.onDown(info.error());
      }
      if (!sleep(wait)) {
        return;
      }
      wait = std::min(wait * 2, kRetryMaxMs);
      continue;
    }
    lastWhy.clear();
    m_callbacks.onUp(*info);
    const auto since = std::chrono::steady_clock::now();
    base::Result<void> end = m_driver.events(m_nodeId, m_callbacks.onEvent, token);
    while (!end && end.error().code == base::ErrorCode::Unsupported) {
      // No events from this engine: the core's resync finds changes; here only whether it still answers.
      if (!sleep(kPollMs)) {
        return;
      }
      if (const auto again = m_driver.open(); !again) {
        end = again.error();
      }
    }
    if (token.cancelled()) {
      return;
    }
    const base::Error why =
        end ? base::makeError(base::ErrorCode::Unavailable, "the container engine ended its events") : end.error();
    lastWhy = why.text();
    m_callbacks.onDown(why);
    if (std::chrono::steady_clock::now() - since >= std::chrono::milliseconds(kStableMs)) {
      wait = kRetryFirstMs;
    }
    if (!sleep(wait)) {
      return;
    }
    wait = std::min(wait * 2, kRetryMaxMs);
  }
}

} // namespace univrs::agent
