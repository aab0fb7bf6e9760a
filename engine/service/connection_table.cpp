#include "engine/service/connection_table.h"

namespace univrs::service {

bool ConnectionTable::admit() {
  const std::lock_guard lock(m_mutex);
  if (m_open >= m_limit) {
    return false;
  }
  ++m_open;
  return true;
}

void ConnectionTable::release() {
  const std::lock_guard lock(m_mutex);
  --m_open;
}

void ConnectionTable::addTo(const model::InstanceId& id) {
  const std::lock_guard lock(m_mutex);
  ++m_perInstance[id];
}

void ConnectionTable::removeFrom(const model::InstanceId& id) {
  const std::lock_guard lock(m_mutex);
  const auto found = m_perInstance.find(id);
  if (found != m_perInstance.end() && --found->second <= 0) {
    m_perInstance.erase(found);
  }
}

int64_t ConnectionTable::openTo(const model::InstanceId& id) const {
  const std::lock_guard lock(m_mutex);
  const auto found = m_perInstance.find(id);
  return found == m_perInstance.end() ? 0 : found->second;
}

} // namespace univrs::service
