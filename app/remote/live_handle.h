// What a caller holds of something live (a watch, a log stream): destroying it ends the thing, also from inside one of
// its own handlers.
#pragma once

#include "engine/base/executor.h"

#include <QPointer>

namespace univrs::remote {

template <class Live>
class LiveHandle final : public base::Subscription {
public:
  explicit LiveHandle(Live* live) : m_live(live) {}
  ~LiveHandle() override {
    if (m_live) {
      m_live->stop();
      m_live->deleteLater();
    }
  }
  LiveHandle(const LiveHandle&) = delete;
  LiveHandle& operator=(const LiveHandle&) = delete;

private:
  QPointer<Live> m_live;
};

} // namespace univrs::remote
