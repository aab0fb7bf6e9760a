// A RuntimeDriver that lives in the test's memory, thread safe as a real one must be: what the agent's shell is tried
// with. Its containers run until told otherwise; exec answers with what it was given.
#pragma once

#include "engine/agent/runtime_driver.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace univrs::agent::test {

// Outlives the drivers, as an engine outlives the agent's process.
struct TestEngine {
  struct Container {
    ContainerStatus status;
    std::vector<LogLine> lines;
  };
  std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, Container> containers;
  std::vector<EngineEvent> events;
  bool up = true;
  bool pullBlocks = false;
  bool pullCancelled = false;
  int pullProgress = 0;
  int nextId = 0;
  std::function<base::Result<Usage>(const std::string& id)> usage; // absent: 7 bytes of memory

  void exit(const std::string& id, int code) {
    const std::lock_guard lock(mutex);
    ContainerStatus& s = containers.at(id).status;
    s.phase = ContainerPhase::Exited;
    s.exitCode = code;
    events.push_back({id, "die", s.labels});
    changed.notify_all();
  }
  void print(const std::string& id, const std::string& text) {
    const std::lock_guard lock(mutex);
    auto& lines = containers.at(id).lines;
    lines.push_back({base::Timestamp{1'000 + static_cast<int64_t>(lines.size())}, false, text});
    changed.notify_all();
  }
  std::vector<std::string> running() {
    const std::lock_guard lock(mutex);
    std::vector<std::string> out;
    for (const auto& [id, c] : containers) {
      if (c.status.phase == ContainerPhase::Running) {
        out.push_back(id);
      }
    }
    return out;
  }
  size_t count() {
    const std::lock_guard lock(mutex);
    return containers.size();
  }
  void set(bool value) {
    const std::lock_guard lock(mutex);
    up = value;
    changed.notify_all();
  }
};

class TestDriver final : public RuntimeDriver {
public:
  explicit TestDriver(std::shared_ptr<TestEngine> engine) : m(std::move(engine)) {}

  std::string name() const override { return "test"; }
  base::Result<model::EngineInfo> open() override {
    const std::lock_guard lock(m->mutex);
    if (!m->up) {
      return away();
    }
    model::EngineInfo info;
    info.driver = "test";
    return info;
  }
  base::Result<ImageInfo> pull(const ImagePull&, const std::function<void(const PullProgress&)>& progress,
                               const base::CancelToken& cancel) override {
    for (int i = 0; i < m->pullProgress; ++i) {
      progress({"downloading", i, m->pullProgress, ""});
    }
    const auto wake = wakeOn(cancel);
    std::unique_lock lock(m->mutex);
    m->changed.wait(lock, [&] { return !m->pullBlocks || *wake.first; });
    if (*wake.first) {
      m->pullCancelled = true;
      return base::makeError(base::ErrorCode::Cancelled, "cancelled");
    }
    return ImageInfo{"sha256:1", "sha256:2", "amd64", "linux", 1};
  }
  base::Result<std::vector<LocalImage>> images(const base::CancelToken&) override {
    return std::vector<LocalImage>{{"sha256:1", {"docker.io/library/nginx:1"}, "amd64", 1, {1}}};
  }
  base::Result<std::vector<LocalImage>> loadArchive(const std::string& path,
                                                    const std::function<void(const PullProgress&)>& progress,
                                                    const base::CancelToken& cancel) override {
    for (int i = 0; i < m->pullProgress; ++i) {
      progress({"sending", i, m->pullProgress, ""});
    }
    const auto wake = wakeOn(cancel);
    std::unique_lock lock(m->mutex);
    m->changed.wait(lock, [&] { return !m->pullBlocks || *wake.first; });
    if (*wake.first) {
      return base::makeError(base::ErrorCode::Cancelled, "Loading was cancelled");
    }
    if (path.find("bad") != std::string::npos) {
      return base::makeError(base::ErrorCode::Validation, "not loaded", "it is a text file");
    }
    return std::vector<LocalImage>{{"sha256:9", {"docker.io/library/loaded:1"}, "amd64", 1, {1}}};
  }
  base::Result<std::string> create(const ContainerRequest& request) override {
    const std::lock_guard lock(m->mutex);
    if (!m->up) {
      return away();
    }
    for (const auto& [id, c] : m->containers) {
      if (c.status.name == request.name) {
        return base::makeError(base::ErrorCode::Conflict, "taken");
      }
    }
    const std::string id = "c" + std::to_string(++m->nextId);
    ContainerStatus& s = m->containers[id].status;
    s.id = id;
    s.name = request.name;
    s.labels = request.labels;
    s.phase = ContainerPhase::Created;
    return id;
  }
  base::Result<void> start(const std::string& id) override {
    return change(id, [this, &id](ContainerStatus& s) {
      s.phase = ContainerPhase::Running;
      s.startedAt = base::Timestamp{1};
      m->events.push_back({id, "start", s.labels});
    });
  }
  base::Result<void> stop(const std::string& id, int64_t) override {
    const auto done = change(id, [this, &id](ContainerStatus& s) {
      if (s.phase == ContainerPhase::Running) {
        s.phase = ContainerPhase::Exited;
        s.exitCode = 143;
        m->events.push_back({id, "die", s.labels});
      }
    });
    return done || done.error().code == base::ErrorCode::NotFound ? base::Result<void>() : done;
  }
  base::Result<void> remove(const std::string& id) override {
    const std::lock_guard lock(m->mutex);
    if (!m->up) {
      return away();
    }
    m->containers.erase(id);
    m->changed.notify_all();
    return {};
  }
  base::Result<ContainerStatus> inspect(const std::string& id) override {
    const std::lock_guard lock(m->mutex);
    if (!m->up) {
      return away();
    }
    const auto it = m->containers.find(id);
    if (it == m->containers.end()) {
      return base::makeError(base::ErrorCode::NotFound, "no such container");
    }
    return it->second.status;
  }
  base::Result<std::vector<ContainerStatus>> list(const std::string&) override {
    const std::lock_guard lock(m->mutex);
    if (!m->up) {
      return away();
    }
    std::vector<ContainerStatus> out;
    for (const auto& [id, c] : m->containers) {
      out.push_back(c.status);
    }
    return out;
  }
  base::Result<void> logs(const LogRequest& request, const std::function<bool(const LogLine&)>& sink,
                          const base::CancelToken& cancel) override {
    const auto wake = wakeOn(cancel);
    std::unique_lock lock(m->mutex);
    if (m->containers.count(request.containerId) == 0) {
      return base::makeError(base::ErrorCode::NotFound, "no such container");
    }
    size_t at = 0;
    for (;;) {
      m->changed.wait(lock, [&] {
        const auto it = m->containers.find(request.containerId);
        return *wake.first || it == m->containers.end() || it->second.lines.size() > at || !m->up || !request.follow ||
               it->second.status.phase == ContainerPhase::Exited;
      });
      const auto it = m->containers.find(request.containerId);
      if (*wake.first) {
        return base::makeError(base::ErrorCode::Cancelled, "cancelled");
      }
      if (it == m->containers.end()) {
        return base::makeError(base::ErrorCode::NotFound, "removed while it was read");
      }
      if (!m->up) {
        return away();
      }
      if (at == it->second.lines.size()) {
        return {};
      }
      const LogLine line = it->second.lines[at++];
      lock.unlock();
      const bool more = line.time < request.since || sink(line);
      lock.lock();
      if (!more) {
        return {};
      }
    }
  }
  base::Result<Usage> usage(const std::string& id) override {
    if (m->usage) {
      return m->usage(id);
    }
    Usage u;
    u.memoryBytes = 7;
    return u;
  }

  struct Echo final : ExecStream {
    ExecHandlers handlers;
    explicit Echo(ExecHandlers h) : handlers(std::move(h)) {}
    base::Result<void> write(std::string_view bytes) override {
      handlers.onOutput(bytes, false);
      return {};
    }
    void closeInput() override { handlers.onExit(base::Result<int>(3)); }
    void resize(int columns, int rows) override {
      handlers.onOutput(std::to_string(columns) + "x" + std::to_string(rows), true);
    }
  };
  base::Result<std::unique_ptr<ExecStream>> exec(const ExecRequest& request, ExecHandlers handlers) override {
    if (request.command.at(0) == "true") {
      handlers.onExit(base::Result<int>(0));
    } else if (request.command.at(0) == "false") {
      handlers.onOutput("no good\n", true);
      handlers.onExit(base::Result<int>(1));
    }
    return std::unique_ptr<ExecStream>(std::make_unique<Echo>(std::move(handlers)));
  }
  base::Result<void> events(const std::string&, const std::function<void(const EngineEvent&)>& sink,
                            const base::CancelToken& cancel) override {
    const auto wake = wakeOn(cancel);
    std::unique_lock lock(m->mutex);
    size_t at = m->events.size();
    for (;;) {
      m->changed.wait(lock, [&] { return *wake.first || !m->up || m->events.size() > at; });
      if (*wake.first) {
        return base::makeError(base::ErrorCode::Cancelled, "cancelled");
      }
      if (!m->up) {
        return away();
      }
      const EngineEvent event = m->events[at++];
      lock.unlock();
      sink(event);
      lock.lock();
    }
  }

private:
  static base::Error away() { return base::makeError(base::ErrorCode::Unavailable, "the engine is away"); }
  std::pair<std::shared_ptr<bool>, base::CancelRegistration> wakeOn(const base::CancelToken& cancel) {
    auto flag = std::make_shared<bool>(false);
    auto registration = cancel.onCancel([engine = m, flag] {
      const std::lock_guard lock(engine->mutex);
      *flag = true;
      engine->changed.notify_all();
    });
    return {flag, std::move(registration)};
  }
  base::Result<void> change(const std::string& id, const std::function<void(ContainerStatus&)>& how) {
    const std::lock_guard lock(m->mutex);
    if (!m->up) {
      return away();
    }
    const auto it = m->containers.find(id);
    if (it == m->containers.end()) {
      return base::makeError(base::ErrorCode::NotFound, "no such container");
    }
    how(it->second.status);
    m->changed.notify_all();
    return {};
  }
  const std::shared_ptr<TestEngine> m;
};

} // namespace univrs::agent::test
