#include "engine/api/engine_door.h"

#include <utility>

namespace univrs::api {

EngineDoor::EngineDoor(interfaces::Engine& engine, base::Executor& executor, std::function<void(Task)> postToIo)
    : m_engine(engine), m_executor(executor), m_postToIo(std::move(postToIo)) {}

void EngineDoor::onEngine(std::function<void(interfaces::Engine&)> task) {
  if (m_closed) {
    return;
  }
  m_executor.post([self = shared_from_this(), task = std::move(task)] {
    if (!self->m_closed) { // close() runs on this thread, so the engine lives as long as the door is open
      task(self->m_engine);
    }
  });
}

void EngineDoor::onIo(Task task) {
  const std::lock_guard lock(m_mutex);
  if (m_postToIo) {
    m_postToIo(std::move(task));
  }
}

void EngineDoor::hold(uint64_t id, std::unique_ptr<base::Subscription> subscription) {
  if (!m_closed) {
    m_held[id] = std::move(subscription);
  }
}

base::Subscription* EngineDoor::held(uint64_t id) const {
  const auto it = m_held.find(id);
  return it == m_held.end() ? nullptr : it->second.get();
}

void EngineDoor::release(uint64_t id) {
  onEngine([self = shared_from_this(), id](interfaces::Engine&) {
    auto node = self->m_held.extract(id); // destroyed after the map is whole again: its end may call back
  });
}

void EngineDoor::close() {
  m_closed = true;
  {
    const std::lock_guard lock(m_mutex);
    m_postToIo = nullptr;
  }
  auto held = std::exchange(m_held, {});
  held.clear();
}

} // namespace univrs::api
