// Cancelling work that blocks on another thread. The owner keeps a CancelSource, the worker polls the CancelToken and,
// where it sleeps in a system call, registers a waker that interrupts it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace univrs::base {

// Shared between a source and its tokens; not for use outside this file.
struct CancelState {
  std::mutex mutex; // held while wakers run, so that an unregistered waker never runs afterwards
  bool cancelled = false;
  uint64_t nextId = 1;
  std::map<uint64_t, std::function<void()>> wakers;
};

// While it lives, the waker given to CancelToken::onCancel may be called; after its destructor it is not.
class CancelRegistration {
public:
  CancelRegistration() = default;
  CancelRegistration(std::shared_ptr<CancelState> state, uint64_t id) : m_state(std::move(state)), m_id(id) {}
  CancelRegistration(CancelRegistration&& other) noexcept { swap(other); }
  CancelRegistration& operator=(CancelRegistration&& other) noexcept {
    CancelRegistration old(std::move(*this));
    swap(other);
    return *this;
  }
  ~CancelRegistration() {
    if (m_state) {
      const std::lock_guard lock(m_state->mutex);
      m_state->wakers.erase(m_id);
    }
  }

private:
  void swap(CancelRegistration& other) noexcept {
    std::swap(m_state, other.m_state);
    std::swap(m_id, other.m_id);
  }
  std::shared_ptr<CancelState> m_state;
  uint64_t m_id = 0;
};

// Copyable, thread safe. A default one is never cancelled.
class CancelToken {
public:
  CancelToken() = default;
  explicit CancelToken(std::shared_ptr<CancelState> state) : m_state(std::move(state)) {}

  [[nodiscard]] bool cancelled() const {
    if (!m_state) {
      return false;
    }
    const std::lock_guard lock(m_state->mutex);
    return m_state->cancelled;
  }

  // Calls `wake` once when cancelled (at once when it already is), on the cancelling thread, under a lock: it must be
  // short and must not touch this token. Used to interrupt a blocking call, as by shutdown(2) on its socket.
  [[nodiscard]] CancelRegistration onCancel(std::function<void()> wake) const {
    if (!m_state) {
      return {};
    }
    const std::lock_guard lock(m_state->mutex);
    if (m_state->cancelled) {
      wake();
      return {};
    }
    const uint64_t id = m_state->nextId++;
    m_state->wakers.emplace(id, std::move(wake));
    return {m_state, id};
  }

private:
  std::shared_ptr<CancelState> m_state;
};

// Cancels on destruction too. Movable; thread safe.
class CancelSource {
public:
  CancelSource() : m_state(std::make_shared<CancelState>()) {}
  CancelSource(CancelSource&&) = default;
  CancelSource& operator=(CancelSource&& other) noexcept {
    cancel();
    m_state = std::move(other.m_state);
    return *this;
  }
  ~CancelSource() { cancel(); }

  [[nodiscard]] CancelToken token() const { return CancelToken(m_state); }

  void cancel() {
    if (!m_state) {
      return; // moved from
    }
    const std::lock_guard lock(m_state->mutex);
    if (std::exchange(m_state->cancelled, true)) {
      return;
    }
    for (auto& [id, wake] : m_state->wakers) {
      wake();
    }
    m_state->wakers.clear();
  }

private:
  std::shared_ptr<CancelState> m_state;
};

} // namespace univrs::base
