// An engine for the server's tests: it answers from plain maps on a thread of its own, and lets a test hold answers
// back, fail them, and push deltas, log lines and output.
#pragma once

#include "engine/interfaces/one_object_engine.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace univrs::api {

class ThreadExecutor final : public base::Executor {
public:
  ThreadExecutor();
  ~ThreadExecutor() override;
  void post(std::function<void()> task) override;
  // Runs `task` on the thread and waits for it.
  void run(const std::function<void()>& task);

private:
  void loop();
  std::mutex m_mutex;
  std::condition_variable m_wake;
  std::deque<std::function<void()>> m_tasks;
  bool m_stop = false;
  std::thread m_thread;
};

model::Peer thePeer(); // whom the scripted engine is connected to

// All methods on the executor's thread, but for the atomics.
class ScriptedEngine final : public interfaces::OneObjectEngine {
public:
  explicit ScriptedEngine(base::Executor& executor);

  void addWorkload(const std::string& name);
  void addInstance(const std::string& id, const std::string& workload);
  // To every watcher of their topic.
  void pushDeltas(const std::vector<interfaces::Delta>& deltas);
  void pushLines(const std::vector<interfaces::LogEntry>& lines); // to every follower
  void endLogs(base::Result<void> result);

  bool holdReplies = false; // answers wait for releaseReplies()
  void releaseReplies();
  std::optional<base::Error> failWith; // every reading call
  interfaces::HealthReport report;
  std::vector<interfaces::LogEntry> storedLines;
  std::vector<interfaces::CommandRequest> seen;
  int64_t revision = 10;
  std::vector<interfaces::WatchRequest> watchRequests;
  std::atomic<int> openSubscriptions{0};
  std::atomic<int> watches{0};
  std::atomic<int> execs{0};
  std::string execInput;
  int execColumns = 0;

private:
  friend class Watcher;
  friend class Follower;
  friend class Session;

  template <class T>
  void answer(interfaces::Reply<T> reply, base::Result<T> value) {
    if (failWith) {
      value = *failWith;
    }
    auto task = [reply = std::move(reply), value = std::move(value)] { reply(value); };
    if (holdReplies) {
      m_held.push_back(std::move(task));
    } else {
      m_executor.post(std::move(task));
    }
  }
  const model::Workload* find(const std::string& ref) const;
  void snapshot(interfaces::Topic topic, std::vector<interfaces::Delta>& out) const;

  void listWorkloads(interfaces::ListQuery query,
                     interfaces::Reply<interfaces::ItemPage<model::Workload>> reply) override;
  void getWorkload(std::string ref, interfaces::Reply<model::Workload> reply) override;
  void listInstances(interfaces::ListQuery query,
                     interfaces::Reply<interfaces::ItemPage<model::Instance>> reply) override;
  void getInstance(std::string id, interfaces::Reply<model::Instance> reply) override;
  void listNodes(interfaces::ListQuery query, interfaces::Reply<interfaces::ItemPage<model::Node>> reply) override;
  void getNode(std::string ref, interfaces::Reply<model::Node> reply) override;
  void clusterStatus(interfaces::Reply<model::ClusterStatus> reply) override;
  void listDecisions(interfaces::DecisionQuery query,
                     interfaces::Reply<interfaces::ItemPage<model::Decision>> reply) override;
  void getDecision(std::string id, interfaces::Reply<model::Decision> reply) override;
  void listEvents(interfaces::EventQuery query, interfaces::Reply<interfaces::ItemPage<model::Event>> reply) override;
  std::unique_ptr<base::Subscription> watch(interfaces::WatchRequest request,
                                            interfaces::WatchHandlers handlers) override;
  std::unique_ptr<base::Subscription> readLogs(interfaces::LogQuery query, interfaces::LogHandlers handlers) override;
  std::unique_ptr<interfaces::ExecSession> startExec(interfaces::ExecQuery query,
                                                     interfaces::ExecSessionHandlers handlers) override;
  void runCommand(interfaces::CommandRequest request, interfaces::Reply<interfaces::CommandOutcome> reply) override;
  void readUsage(interfaces::UsageQuery query, interfaces::Reply<std::vector<interfaces::UsageSeries>> reply) override;
  void listImages(interfaces::Reply<std::vector<interfaces::StoredImage>> reply) override;
  void loadImageArchive(std::string path, interfaces::Reply<std::vector<interfaces::StoredImage>> reply) override;
  void clusterInfo(interfaces::Reply<interfaces::ClusterInfo> reply) override;
  void listMembers(interfaces::Reply<std::vector<interfaces::Member>> reply) override;
  void listTokens(interfaces::Reply<std::vector<interfaces::JoinTokenInfo>> reply) override;
  void networkInfo(interfaces::Reply<interfaces::NetworkInfo> reply) override;
  void listPeers(interfaces::Reply<std::vector<model::Peer>> reply) override;
  void pingPeer(std::string peer, interfaces::Reply<interfaces::PingResult> reply) override;
  void nodeInfo(interfaces::Reply<interfaces::NodeInfo> reply) override;
  void health(interfaces::Reply<interfaces::HealthReport> reply) override;
  void audit(int limit, interfaces::Reply<std::vector<interfaces::AuditEntry>> reply) override;
  void backup(std::string path, interfaces::Reply<std::string> reply) override;

  base::Executor& m_executor;
  std::map<std::string, model::Workload> m_workloads; // by name
  std::map<std::string, model::Instance> m_instances;
  std::set<class Watcher*> m_watchers;
  std::set<class Follower*> m_followers;
  std::vector<std::function<void()>> m_held;
};

} // namespace univrs::api
