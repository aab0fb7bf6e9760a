// The engine's interfaces for another thread (the window's): calls hop to the engine thread, answers hop back. It
// exists before the engine does: calls made while the engine starts wait for it, and fail when it cannot start.
//
// A watcher that falls behind its bounded queue is cut off and gets a new snapshot when it has caught up; a slow log
// reader is told how many lines it missed.
#pragma once

#include "engine/base/executor.h"
#include "engine/interfaces/engine.h"

#include <memory>

namespace univrs::node {

class ThreadBridge {
public:
  // `engine` runs the engine's thread, `client` the thread that uses engine(). Both must outlive the bridge.
  ThreadBridge(base::Executor& engine, base::Executor& client);
  ~ThreadBridge();
  ThreadBridge(const ThreadBridge&) = delete;
  ThreadBridge& operator=(const ThreadBridge&) = delete;

  // For the client thread.
  [[nodiscard]] interfaces::Engine& engine();

  // On the engine thread: the engine is up, could not start, or is about to go.
  void engineStarted(interfaces::Engine& engine);
  void engineFailed(const base::Error& error);
  void engineStopping();

private:
  struct Shared;
  class Face;
  std::shared_ptr<Shared> m_shared;
  std::unique_ptr<Face> m_face;
};

} // namespace univrs::node
