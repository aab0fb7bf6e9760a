// The one way from the server's I/O thread to the engine and back. Calls run on the engine's executor, answers are
// posted to the I/O thread. It also owns what outlives one call: watches, log follows and exec sessions, which live on
// the engine thread only and are all ended when the door closes.
#pragma once

#include "engine/base/executor.h"
#include "engine/interfaces/engine.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace univrs::api {

class EngineDoor : public std::enable_shared_from_this<EngineDoor> {
public:
  using Task = std::function<void()>;

  // `postToIo` queues a task for the I/O thread; callable from any thread until close().
  EngineDoor(interfaces::Engine& engine, base::Executor& executor, std::function<void(Task)> postToIo);

  // Runs `task` on the engine thread; dropped once the door is closed. Any thread.
  void onEngine(std::function<void(interfaces::Engine&)> task);
  // Runs `task` on the I/O thread; dropped once the door is closed. Any thread.
  void onIo(Task task);

  // A number for something held. Any thread.
  uint64_t nextId() { return m_nextId.fetch_add(1); }
  // Keeps `subscription` until released. Engine thread.
  void hold(uint64_t id, std::unique_ptr<base::Subscription> subscription);
  // What is held under `id`, or null. Engine thread.
  [[nodiscard]] base::Subscription* held(uint64_t id) const;
  // Ends what is held under `id`; ids that are not held are fine. Any thread.
  void release(uint64_t id);

  // Ends everything; afterwards nothing reaches the engine or the I/O thread any more. Engine thread.
  void close();

private:
  interfaces::Engine& m_engine;
  base::Executor& m_executor;
  std::mutex m_mutex; // guards m_postToIo
  std::function<void(Task)> m_postToIo;
  std::atomic<bool> m_closed{false};
  std::atomic<uint64_t> m_nextId{1};
  std::unordered_map<uint64_t, std::unique_ptr<base::Subscription>> m_held; // engine thread
};

} // namespace univrs::api
