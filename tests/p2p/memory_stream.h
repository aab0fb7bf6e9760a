// Streams in memory, with an event loop that only runs when told to: for tests of what speaks over streams. They keep
// the rules of stream.h: handlers are called from the loop, unread bytes hold the sender back.
#pragma once

#include "engine/p2p/stream.h"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <functional>
#include <utility>

namespace univrs::p2p {

class MemoryLoop {
public:
  void post(std::function<void()> task) { m_tasks.push_back(std::move(task)); }
  void run() {
    while (!m_tasks.empty()) {
      const auto task = std::move(m_tasks.front());
      m_tasks.pop_front();
      task();
    }
  }

private:
  std::deque<std::function<void()>> m_tasks;
};

class MemoryStream final : public Stream {
public:
  MemoryStream(MemoryLoop& loop, uint64_t id, bool outbound, size_t window)
      : m_loop(loop), m_id(id), m_outbound(outbound), m_window(window) {}
  static void join(MemoryStream& a, MemoryStream& b) {
    a.m_peer = &b;
    b.m_peer = &a;
  }

  Connection* owner = nullptr; // what connection() answers
  size_t maxUnsent = kMaxUnsent;
  std::function<void()> whenGone; // told from the loop once both halves are over

  [[nodiscard]] uint64_t id() const override { return m_id; }
  [[nodiscard]] bool isOutbound() const override { return m_outbound; }
  [[nodiscard]] Connection& connection() override {
    if (owner == nullptr) {
      std::abort();
    }
    return *owner;
  }
  [[nodiscard]] std::span<const uint8_t> received() const override { return m_in; }
  void consume(size_t count) override {
    if (count > m_in.size() || m_gone) {
      std::abort(); // a rule was broken
    }
    m_in.erase(m_in.begin(), m_in.begin() + ptrdiff_t(count));
    m_loop.post([peer = m_peer] { peer->transfer(); });
    if (m_in.empty() && m_inEnd) {
      m_loop.post([this] { tellEnd(); });
    }
  }
  [[nodiscard]] bool receivedEnd() const override { return m_inEnd; }
  size_t write(std::span<const uint8_t> bytes) override {
    if (m_outEnd || m_gone) {
      return 0;
    }
    const size_t take = std::min(bytes.size(), maxUnsent - std::min(maxUnsent, m_out.size()));
    m_out.insert(m_out.end(), bytes.begin(), bytes.begin() + ptrdiff_t(take));
    m_short = take < bytes.size();
    m_loop.post([this] { transfer(); });
    return take;
  }
  [[nodiscard]] size_t unsent() const override { return m_out.size(); }
  void closeWrite() override {
    m_outEnd = true;
    m_loop.post([this] { transfer(); });
  }
  void stopReading() override {
    m_discard = true;
    m_in.clear();
  }
  void reset(uint64_t = 0) override {
    if (std::exchange(m_gone, true)) {
      return;
    }
    wasReset = true;
    m_loop.post([this] { m_handler.reset(); });
    m_loop.post([peer = m_peer] { peer->end(base::makeError(base::ErrorCode::Unavailable, "the stream was reset")); });
    tellGone();
  }
  void attach(std::unique_ptr<StreamHandler> handler) override {
    std::shared_ptr<StreamHandler> old = std::exchange(m_handler, std::move(handler));
    m_loop.post([this, old] {
      tellData();
      tellEnd();
    });
  }
  // As when the connection under it breaks.
  void end(const base::Error& error) {
    if (std::exchange(m_gone, true)) {
      return;
    }
    if (const auto handler = m_handler) {
      handler->onClosed(error);
    }
    m_loop.post([this] { m_handler.reset(); });
    tellGone();
  }
  [[nodiscard]] bool gone() const { return m_gone; }
  bool wasReset = false;

private:
  void transfer() {
    if (m_gone) {
      return;
    }
    if (!m_out.empty() && !m_peer->m_gone) {
      const size_t room = m_peer->m_window - std::min(m_peer->m_window, m_peer->m_in.size());
      const size_t take = std::min(room, m_out.size());
      if (!m_peer->m_discard) {
        m_peer->m_in.insert(m_peer->m_in.end(), m_out.begin(), m_out.begin() + ptrdiff_t(take));
      }
      m_out.erase(m_out.begin(), m_out.begin() + ptrdiff_t(take));
      if (take > 0) {
        m_loop.post([peer = m_peer] { peer->tellData(); });
        if (std::exchange(m_short, false)) {
          m_loop.post([this] {
            if (const auto handler = m_handler; handler && !m_gone) {
              handler->onWritable();
            }
          });
        }
      }
    }
    if (m_out.empty() && m_outEnd && !std::exchange(m_endSent, true)) {
      m_peer->m_inEnd = true;
      m_loop.post([peer = m_peer] { peer->tellEnd(); });
    }
    finishIfBoth();
  }
  void tellData() {
    if (const auto handler = m_handler; handler && !m_gone && !m_in.empty()) {
      handler->onData();
    }
  }
  void tellEnd() {
    if (const auto handler = m_handler; handler && !m_gone && m_inEnd && m_in.empty() && !m_endTold) {
      m_endTold = true;
      handler->onEnd();
    }
    finishIfBoth();
  }
  void finishIfBoth() {
    if (!m_gone && m_endSent && m_endTold) {
      end({});
    }
  }
  void tellGone() {
    if (whenGone) {
      m_loop.post(std::exchange(whenGone, nullptr));
    }
  }

  MemoryLoop& m_loop;
  MemoryStream* m_peer = nullptr;
  uint64_t m_id;
  bool m_outbound;
  size_t m_window;
  base::Bytes m_in, m_out;
  bool m_inEnd = false, m_endTold = false, m_outEnd = false, m_endSent = false;
  bool m_gone = false, m_discard = false, m_short = false;
  std::shared_ptr<StreamHandler> m_handler;
};

struct MemoryPair {
  explicit MemoryPair(MemoryLoop& loop, size_t window = 256 * 1024)
      : a(loop, 1, true, window), b(loop, 1, false, window) {
    MemoryStream::join(a, b);
  }
  MemoryStream a, b;
};

} // namespace univrs::p2p
