#include "engine/node/thread_bridge.h"

#include "engine/interfaces/one_object_engine.h"

#include <atomic>
#include <optional>
#include <utility>
#include <vector>

namespace univrs::node {

namespace {
using namespace interfaces;
constexpr int kMaxPendingBatches = 256;           // deltas or log lines posted to the client and not taken yet
constexpr size_t kMaxWaitingCalls = 1'000;        // while the engine starts
constexpr size_t kMaxPendingExecBytes = 4u << 20; // output of one exec posted to the client and not taken yet
} // namespace

// Shared by both threads; members are used on the engine thread only unless said otherwise.
struct ThreadBridge::Shared {
  Shared(base::Executor& engineThread, base::Executor& clientThread) : engine(engineThread), client(clientThread) {}
  base::Executor& engine;
  base::Executor& client;
  std::atomic<bool> clientAlive{true}; // written by the client thread
  Engine* target = nullptr;
  std::optional<base::Error> failure;
  std::vector<std::function<void()>> waiting; // calls made before the engine was up

  // Runs `work` on the engine thread once the engine is up or has failed.
  static void onEngine(const std::shared_ptr<Shared>& self, std::function<void()> work) {
    self->engine.post([self, work = std::move(work)]() mutable {
      if (self->target != nullptr || self->failure || self->waiting.size() >= kMaxWaitingCalls) {
        work();
      } else {
        self->waiting.push_back(std::move(work));
      }
    });
  }
  static void onClient(const std::shared_ptr<Shared>& self, std::function<void()> work) {
    self->client.post([self, work = std::move(work)] {
      if (self->clientAlive) {
        work();
      }
    });
  }
  [[nodiscard]] base::Error notUp() const {
    return failure.value_or(base::makeError(base::ErrorCode::Unavailable, "the engine is not running"));
  }
  void runWaiting() {
    for (auto& work : std::exchange(waiting, {})) {
      work();
    }
  }
};

namespace {

// What lives on the engine thread on behalf of a client's handle; made and destroyed there.
template <class T>
struct Slot {
  std::unique_ptr<T> inner;
  bool closed = false;
};

} // namespace

class ThreadBridge::Face final : public OneObjectEngine {
public:
  explicit Face(std::shared_ptr<Shared> shared) : m_shared(std::move(shared)) {}

  void listWorkloads(ListQuery q, Reply<ItemPage<model::Workload>> r) override {
    call(std::move(r), [q](Engine& e, auto back) { e.workloads().listWorkloads(q, back); });
  }
  void getWorkload(std::string ref, Reply<model::Workload> r) override {
    call(std::move(r), [ref](Engine& e, auto back) { e.workloads().getWorkload(ref, back); });
  }
  void listInstances(ListQuery q, Reply<ItemPage<model::Instance>> r) override {
    call(std::move(r), [q](Engine& e, auto back) { e.workloads().listInstances(q, back); });
  }
  void getInstance(std::string id, Reply<model::Instance> r) override {
    call(std::move(r), [id](Engine& e, auto back) { e.workloads().getInstance(id, back); });
  }
  void listNodes(ListQuery q, Reply<ItemPage<model::Node>> r) override {
    call(std::move(r), [q](Engine& e, auto back) { e.nodes().listNodes(q, back); });
  }
  void getNode(std::string ref, Reply<model::Node> r) override {
    call(std::move(r), [ref](Engine& e, auto back) { e.nodes().getNode(ref, back); });
  }
  void clusterStatus(Reply<model::ClusterStatus> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.nodes().clusterStatus(back); });
  }
  void listDecisions(DecisionQuery q, Reply<ItemPage<model::Decision>> r) override {
    call(std::move(r), [q](Engine& e, auto back) { e.decisions().listDecisions(q, back); });
  }
  void getDecision(std::string id, Reply<model::Decision> r) override {
    call(std::move(r), [id](Engine& e, auto back) { e.decisions().getDecision(id, back); });
  }
  void listEvents(EventQuery q, Reply<ItemPage<model::Event>> r) override {
    call(std::move(r), [q](Engine& e, auto back) { e.events().listEvents(q, back); });
  }
  void runCommand(CommandRequest q, Reply<CommandOutcome> r) override {
    call(std::move(r), [q](Engine& e, auto back) { e.commands().runCommand(q, back); });
  }
  void readUsage(UsageQuery q, Reply<std::vector<UsageSeries>> r) override {
    call(std::move(r), [q](Engine& e, auto back) { e.usage().readUsage(q, back); });
  }
  void listImages(Reply<std::vector<StoredImage>> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.images().listImages(back); });
  }
  void loadImageArchive(std::string path, Reply<std::vector<StoredImage>> r) override {
    call(std::move(r), [path](Engine& e, auto back) { e.images().loadImageArchive(path, back); });
  }
  void networkInfo(Reply<NetworkInfo> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.network().networkInfo(back); });
  }
  void listPeers(Reply<std::vector<model::Peer>> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.network().listPeers(back); });
  }
  void pingPeer(std::string peer, Reply<PingResult> r) override {
    call(std::move(r), [peer](Engine& e, auto back) { e.network().pingPeer(peer, back); });
  }
  void clusterInfo(Reply<ClusterInfo> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.membership().clusterInfo(back); });
  }
  void listMembers(Reply<std::vector<Member>> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.membership().listMembers(back); });
  }
  void listTokens(Reply<std::vector<JoinTokenInfo>> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.membership().listTokens(back); });
  }
  void nodeInfo(Reply<NodeInfo> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.admin().nodeInfo(back); });
  }
  void health(Reply<HealthReport> r) override {
    call(std::move(r), [](Engine& e, auto back) { e.admin().health(back); });
  }
  void audit(int limit, Reply<std::vector<AuditEntry>> r) override {
    call(std::move(r), [limit](Engine& e, auto back) { e.admin().audit(limit, back); });
  }
  void backup(std::string path, Reply<std::string> r) override {
    call(std::move(r), [path](Engine& e, auto back) { e.admin().backup(path, back); });
  }

  std::unique_ptr<base::Subscription> watch(WatchRequest request, WatchHandlers handlers) override;
  std::unique_ptr<base::Subscription> readLogs(LogQuery query, LogHandlers handlers) override;
  std::unique_ptr<ExecSession> startExec(ExecQuery query, ExecSessionHandlers handlers) override;

private:
  template <class T, class Work>
  void call(Reply<T> reply, Work work) {
    auto back = [shared = m_shared, reply = std::move(reply)](base::Result<T> result) {
      Shared::onClient(shared, [reply, result = std::move(result)]() mutable { reply(std::move(result)); });
    };
    Shared::onEngine(m_shared, [shared = m_shared, work = std::move(work), back = std::move(back)] {
      if (shared->target == nullptr) {
        back(shared->notUp());
        return;
      }
      work(*shared->target, Reply<T>(back));
    });
  }

  std::shared_ptr<Shared> m_shared;

  class WatchHandle;
  class LogHandle;
  class ExecHandle;
};

// A watch whose client has bounded patience: `pending` counts batches posted and not yet handled.
class ThreadBridge::Face::WatchHandle final : public base::Subscription {
public:
  struct State {
    std::shared_ptr<Shared> shared;
    Slot<base::Subscription> slot; // engine thread
    WatchRequest request;          // engine thread
    bool cutOff = false;           // engine thread: waits for the client to catch up
    WatchHandlers handlers;        // client thread
    bool open = true;              // client thread
    std::atomic<int> pending{0};
  };

  WatchHandle(std::shared_ptr<Shared> shared, WatchRequest request, WatchHandlers handlers)
      : m_state(std::make_shared<State>()) {
    m_state->shared = std::move(shared);
    m_state->request = std::move(request);
    m_state->handlers = std::move(handlers);
    const auto connection = [](const std::shared_ptr<State>& s, bool up, std::string why) {
      Shared::onClient(s->shared, [s, up, why = std::move(why)] {
        if (s->open && s->handlers.onConnection) {
          s->handlers.onConnection(up, why);
        }
      });
    };
    connection(m_state, false, "the engine is starting");
    Shared::onEngine(m_state->shared, [s = m_state, connection] {
      if (s->slot.closed) {
        return;
      }
      if (s->shared->target == nullptr) {
        connection(s, false, s->shared->notUp().text());
        return;
      }
      open(s);
    });
  }
  ~WatchHandle() override {
    m_state->open = false;
    Shared::onEngine(m_state->shared, [s = m_state] {
      s->slot.closed = true;
      s->slot.inner.reset();
    });
  }
  WatchHandle(const WatchHandle&) = delete;
  WatchHandle& operator=(const WatchHandle&) = delete;

private:
  static void open(const std::shared_ptr<State>& s) { // engine thread
    WatchHandlers inner;
    inner.onDeltas = [weak = std::weak_ptr(s)](const std::vector<Delta>& deltas) {
      if (const auto state = weak.lock()) {
        forward(state, deltas);
      }
    };
    inner.onConnection = [weak = std::weak_ptr(s)](bool up, const std::string& why) {
      if (const auto state = weak.lock()) {
        Shared::onClient(state->shared, [state, up, why] {
          if (state->open && state->handlers.onConnection) {
            state->handlers.onConnection(up, why);
          }
        });
      }
    };
    s->slot.inner = s->shared->target->events().watch(s->request, std::move(inner));
  }

  static void forward(const std::shared_ptr<State>& s, const std::vector<Delta>& deltas) { // engine thread
    if (s->cutOff) {
      return;
    }
    if (s->pending >= kMaxPendingBatches) {
      s->cutOff = true; // the inner watch is replaced when the client has caught up
      return;
    }
    ++s->pending;
    Shared::onClient(s->shared, [s, deltas] {
      if (s->open && s->handlers.onDeltas) {
        s->handlers.onDeltas(deltas);
      }
      if (--s->pending == 0) {
        Shared::onEngine(s->shared, [s] {
          if (std::exchange(s->cutOff, false) && !s->slot.closed && s->shared->target != nullptr) {
            s->request.fromRevision = 0;
            open(s);
          }
        });
      }
    });
  }

  std::shared_ptr<State> m_state;
};

class ThreadBridge::Face::LogHandle final : public base::Subscription {
public:
  struct State {
    std::shared_ptr<Shared> shared;
    Slot<base::Subscription> slot; // engine thread
    size_t missed = 0;             // engine thread
    LogHandlers handlers;          // client thread
    bool open = true;              // client thread
    std::atomic<int> pending{0};
  };

  LogHandle(std::shared_ptr<Shared> shared, const LogQuery& query, LogHandlers handlers)
      : m_state(std::make_shared<State>()) {
    m_state->shared = std::move(shared);
    m_state->handlers = std::move(handlers);
    Shared::onEngine(m_state->shared, [s = m_state, query] {
      if (s->slot.closed) {
        return;
      }
      LogHandlers inner;
      inner.onLines = [weak = std::weak_ptr(s)](const std::vector<LogEntry>& lines) {
        if (const auto state = weak.lock()) {
          forward(state, lines);
        }
      };
      inner.onEnd = [weak = std::weak_ptr(s)](base::Result<void> result) {
        if (const auto state = weak.lock()) {
          end(state, std::move(result));
        }
      };
      if (s->shared->target == nullptr) {
        end(s, s->shared->notUp());
        return;
      }
      s->slot.inner = s->shared->target->logs().readLogs(query, std::move(inner));
    });
  }
  ~LogHandle() override {
    m_state->open = false;
    Shared::onEngine(m_state->shared, [s = m_state] {
      s->slot.closed = true;
      s->slot.inner.reset();
    });
  }
  LogHandle(const LogHandle&) = delete;
  LogHandle& operator=(const LogHandle&) = delete;

private:
  static void forward(const std::shared_ptr<State>& s, std::vector<LogEntry> lines) { // engine thread
    if (s->pending >= kMaxPendingBatches) {
      s->missed += lines.size();
      return;
    }
    if (s->missed > 0) {
      LogEntry note;
      note.time = lines.empty() ? base::Timestamp{} : lines.front().time;
      note.isStderr = true;
      note.text = "… " + std::to_string(std::exchange(s->missed, 0)) +
                  " lines were skipped: they came faster than they could be shown";
      lines.insert(lines.begin(), std::move(note));
    }
    ++s->pending;
    Shared::onClient(s->shared, [s, lines = std::move(lines)] {
      --s->pending;
      if (s->open && s->handlers.onLines) {
        s->handlers.onLines(lines);
      }
    });
  }
  static void end(const std::shared_ptr<State>& s, base::Result<void> result) { // engine thread
    Shared::onClient(s->shared, [s, result = std::move(result)] {
      if (s->open && s->handlers.onEnd) {
        s->handlers.onEnd(result);
      }
    });
  }

  std::shared_ptr<State> m_state;
};

class ThreadBridge::Face::ExecHandle final : public ExecSession {
public:
  struct State {
    std::shared_ptr<Shared> shared;
    Slot<ExecSession> slot;       // engine thread
    ExecSessionHandlers handlers; // client thread
    bool open = true;             // client thread
    size_t missed = 0;            // engine thread: output left out because the client fell behind
    std::atomic<size_t> pending{0};
  };

  ExecHandle(std::shared_ptr<Shared> shared, const ExecQuery& query, ExecSessionHandlers handlers)
      : m_state(std::make_shared<State>()) {
    m_state->shared = std::move(shared);
    m_state->handlers = std::move(handlers);
    Shared::onEngine(m_state->shared, [s = m_state, query] {
      if (s->slot.closed) {
        return;
      }
      const auto exited = [weak = std::weak_ptr(s)](base::Result<int> code) {
        if (const auto state = weak.lock()) {
          Shared::onClient(state->shared, [state, code = std::move(code)] {
            if (state->open && state->handlers.onExit) {
              state->handlers.onExit(code);
            }
          });
        }
      };
      if (s->shared->target == nullptr) {
        exited(s->shared->notUp());
        return;
      }
      ExecSessionHandlers inner;
      inner.onStarted = [weak = std::weak_ptr(s)] {
        if (const auto state = weak.lock()) {
          Shared::onClient(state->shared, [state] {
            if (state->open && state->handlers.onStarted) {
              state->handlers.onStarted();
            }
          });
        }
      };
      inner.onOutput = [weak = std::weak_ptr(s)](std::string bytes, bool isStderr) {
        if (const auto state = weak.lock()) {
          forward(state, std::move(bytes), isStderr);
        }
      };
      inner.onExit = exited;
      s->slot.inner = s->shared->target->exec().startExec(query, std::move(inner));
    });
  }
  ~ExecHandle() override {
    m_state->open = false;
    Shared::onEngine(m_state->shared, [s = m_state] {
      s->slot.closed = true;
      s->slot.inner.reset();
    });
  }
  ExecHandle(const ExecHandle&) = delete;
  ExecHandle& operator=(const ExecHandle&) = delete;

  void write(std::string bytes) override {
    onInner([bytes = std::move(bytes)](ExecSession& e) { e.write(bytes); });
  }
  void closeInput() override {
    onInner([](ExecSession& e) { e.closeInput(); });
  }
  void resize(int columns, int rows) override {
    onInner([columns, rows](ExecSession& e) { e.resize(columns, rows); });
  }

private:
  static void forward(const std::shared_ptr<State>& s, std::string bytes, bool isStderr) { // engine thread
    if (s->pending + bytes.size() > kMaxPendingExecBytes) {
      s->missed += bytes.size();
      return;
    }
    if (s->missed > 0) {
      bytes.insert(0, "\r\n[… " + std::to_string(std::exchange(s->missed, 0)) + " bytes were skipped]\r\n");
    }
    const size_t size = bytes.size();
    s->pending += size;
    Shared::onClient(s->shared, [s, bytes = std::move(bytes), isStderr, size] {
      s->pending -= size;
      if (s->open && s->handlers.onOutput) {
        s->handlers.onOutput(bytes, isStderr);
      }
    });
  }
  void onInner(std::function<void(ExecSession&)> work) {
    Shared::onEngine(m_state->shared, [s = m_state, work = std::move(work)] {
      if (s->slot.inner) {
        work(*s->slot.inner);
      }
    });
  }
  std::shared_ptr<State> m_state;
};

std::unique_ptr<base::Subscription> ThreadBridge::Face::watch(WatchRequest request, WatchHandlers handlers) {
  return std::make_unique<WatchHandle>(m_shared, std::move(request), std::move(handlers));
}
std::unique_ptr<base::Subscription> ThreadBridge::Face::readLogs(LogQuery query, LogHandlers handlers) {
  return std::make_unique<LogHandle>(m_shared, std::move(query), std::move(handlers));
}
std::unique_ptr<ExecSession> ThreadBridge::Face::startExec(ExecQuery query, ExecSessionHandlers handlers) {
  return std::make_unique<ExecHandle>(m_shared, std::move(query), std::move(handlers));
}

ThreadBridge::ThreadBridge(base::Executor& engine, base::Executor& client)
    : m_shared(std::make_shared<Shared>(engine, client)), m_face(std::make_unique<Face>(m_shared)) {}

ThreadBridge::~ThreadBridge() {
  m_shared->clientAlive = false;
}

interfaces::Engine& ThreadBridge::engine() {
  return *m_face;
}

void ThreadBridge::engineStarted(interfaces::Engine& engine) {
  m_shared->target = &engine;
  m_shared->runWaiting();
}

void ThreadBridge::engineFailed(const base::Error& error) {
  m_shared->failure = error;
  m_shared->runWaiting();
}

void ThreadBridge::engineStopping() {
  m_shared->target = nullptr;
  m_shared->failure = base::makeError(base::ErrorCode::Unavailable, "the engine has stopped");
}

} // namespace univrs::node
