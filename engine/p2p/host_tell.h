// Inside of the host: calling all observers, who may come and go meanwhile.
#pragma once

#include "engine/p2p/host_core.h"

namespace univrs::p2p {

template <class Call>
void HostCore::tell(Call call) {
  ++m_telling;
  // By index: an observer may add others.
  for (size_t i = 0; i < m_observers.size(); ++i) {
    if (HostObserver* observer = m_observers[i]) {
      call(*observer);
    }
  }
  if (--m_telling == 0) {
    std::erase(m_observers, nullptr);
  }
}

} // namespace univrs::p2p
