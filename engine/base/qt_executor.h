// An Executor over a thread's Qt event loop.
#pragma once

#include "engine/base/executor.h"

#include <QObject>

namespace univrs::base {

// Lives on the thread that makes it (or that its context is moved to); post() may be called from any thread. Tasks
// still queued when it is destroyed are dropped.
class QtExecutor final : public Executor {
public:
  QtExecutor() : m_context(std::make_unique<QObject>()) {}
  ~QtExecutor() override = default;

  void post(std::function<void()> task) override {
    QMetaObject::invokeMethod(m_context.get(), std::move(task), Qt::QueuedConnection);
  }
  // The object whose thread runs the tasks; for QObject::moveToThread before use.
  [[nodiscard]] QObject* context() const { return m_context.get(); }

private:
  std::unique_ptr<QObject> m_context;
};

} // namespace univrs::base
