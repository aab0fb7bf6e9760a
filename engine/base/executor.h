// Where work runs. Parts that must be called on one thread say which executor; posting is how one gets there.
#pragma once

#include <functional>
#include <memory>

namespace univrs::base {

class Executor {
public:
  virtual ~Executor() = default;
  // Queues `task`; it runs later, on the executor's thread, after tasks posted before it. Callable from any thread.
  virtual void post(std::function<void()> task) = 0;
};

// An object whose destruction ends what it stands for (a watch, a log follow). May be destroyed on any thread unless
// its maker says otherwise; after the destructor returns, no further callback starts on the thread that destroyed it.
class Subscription {
public:
  virtual ~Subscription() = default;
};

} // namespace univrs::base
