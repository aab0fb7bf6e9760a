// An engine for tests of the window only: it answers what the test tells it to answer, later and on this thread, as the
// interface promises. It decides nothing by itself and is never part of the program.
#pragma once

#include "engine/interfaces/one_object_engine.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace univrs::gui::test {

class ScriptedEngine final : public interfaces::OneObjectEngine {
public:
  using Outcome = base::Result<interfaces::CommandOutcome>;

  ScriptedEngine();
  ~ScriptedEngine() override;

  // What the next commands answer; absent: an "Unsupported" error.
  std::function<Outcome(const interfaces::CommandRequest&)> onCommand;
  // What readUsage answers; absent: an "Unsupported" error.
  std::function<std::vector<interfaces::UsageSeries>(const interfaces::UsageQuery&)> onUsage;
  // What questions about decisions and events answer; absent: an "Unsupported" error.
  std::function<base::Result<interfaces::ItemPage<model::Decision>>(const interfaces::DecisionQuery&)> onDecisions;
  std::function<base::Result<model::Decision>(const std::string&)> onDecision;
  std::function<base::Result<interfaces::ItemPage<model::Event>>(const interfaces::EventQuery&)> onEvents;
  std::function<base::Result<std::vector<interfaces::StoredImage>>(const std::string&)> onImageArchive;
  // What reading a log without following it answers.
  std::function<std::vector<interfaces::LogEntry>(const interfaces::LogQuery&)> onPastLogs;
  std::optional<interfaces::NetworkInfo> network; // absent: "Unsupported"
  std::function<base::Result<interfaces::PingResult>(const std::string&)> onPing;
  bool holdCommands = false; // keep answers until release()
  void release();
  std::vector<interfaces::CommandRequest> commandLog;
  interfaces::NodeInfo info;
  std::optional<base::Error> infoFault;                 // the answer to nodeInfo instead
  std::optional<interfaces::HealthReport> healthReport; // absent: "Unsupported"

  // What the watch tells.
  void connect(bool up, const std::string& why = {});
  void send(std::vector<interfaces::Delta> deltas);
  void snapshot(const std::vector<model::Workload>& workloads, const std::vector<model::Instance>& instances = {},
                const std::vector<model::Node>& nodes = {});
  void put(const model::Workload& workload);
  void put(const model::Instance& instance);
  void put(const model::Operation& operation);
  void put(const model::Node& node);
  void put(const model::Event& event);
  void put(const model::Decision& decision);
  void put(const model::Peer& peer);
  void put(const model::GossipMessage& message);
  // All peers there are.
  void peers(const std::vector<model::Peer>& all);
  void removePeer(const std::string& id);
  void removeWorkload(const std::string& id);
  [[nodiscard]] bool watched() const { return bool(m_watch.onDeltas); }
  [[nodiscard]] bool gossipWatched() const { return bool(m_gossip.onDeltas); }

  // What the next consoles run; absent: they never start.
  std::function<std::unique_ptr<interfaces::ExecSession>(interfaces::ExecQuery, interfaces::ExecSessionHandlers)>
      onExec;

  // What the log follow tells.
  void log(const std::vector<std::string>& lines, const std::string& instance = "web-aaaaaa");
  void endLog(base::Result<void> result);
  std::vector<interfaces::LogQuery> logQueries;

  void listWorkloads(interfaces::ListQuery, interfaces::Reply<interfaces::ItemPage<model::Workload>> reply) override;
  void getWorkload(std::string, interfaces::Reply<model::Workload> reply) override;
  void listInstances(interfaces::ListQuery, interfaces::Reply<interfaces::ItemPage<model::Instance>> reply) override;
  void getInstance(std::string, interfaces::Reply<model::Instance> reply) override;
  void listNodes(interfaces::ListQuery, interfaces::Reply<interfaces::ItemPage<model::Node>> reply) override;
  void getNode(std::string, interfaces::Reply<model::Node> reply) override;
  void clusterStatus(interfaces::Reply<model::ClusterStatus> reply) override;
  void listDecisions(interfaces::DecisionQuery query,
                     interfaces::Reply<interfaces::ItemPage<model::Decision>> reply) override;
  void getDecision(std::string id, interfaces::Reply<model::Decision> reply) override;
  void listEvents(interfaces::EventQuery query, interfaces::Reply<interfaces::ItemPage<model::Event>> reply) override;
  std::unique_ptr<base::Subscription> watch(interfaces::WatchRequest, interfaces::WatchHandlers handlers) override;
  std::unique_ptr<base::Subscription> readLogs(interfaces::LogQuery query, interfaces::LogHandlers handlers) override;
  std::unique_ptr<interfaces::ExecSession> startExec(interfaces::ExecQuery, interfaces::ExecSessionHandlers) override;
  void runCommand(interfaces::CommandRequest request, interfaces::Reply<interfaces::CommandOutcome> reply) override;
  void readUsage(interfaces::UsageQuery query, interfaces::Reply<std::vector<interfaces::UsageSeries>> reply) override;
  void listImages(interfaces::Reply<std::vector<interfaces::StoredImage>> reply) override;
  void loadImageArchive(std::string, interfaces::Reply<std::vector<interfaces::StoredImage>> reply) override;
  void clusterInfo(interfaces::Reply<interfaces::ClusterInfo> reply) override;
  void listMembers(interfaces::Reply<std::vector<interfaces::Member>> reply) override;
  void listTokens(interfaces::Reply<std::vector<interfaces::JoinTokenInfo>> reply) override;
  void networkInfo(interfaces::Reply<interfaces::NetworkInfo> reply) override;
  void listPeers(interfaces::Reply<std::vector<model::Peer>> reply) override;
  void pingPeer(std::string, interfaces::Reply<interfaces::PingResult> reply) override;
  void nodeInfo(interfaces::Reply<interfaces::NodeInfo> reply) override;
  void health(interfaces::Reply<interfaces::HealthReport> reply) override;
  void audit(int, interfaces::Reply<std::vector<interfaces::AuditEntry>> reply) override;
  void backup(std::string, interfaces::Reply<std::string> reply) override;

private:
  void later(std::function<void()> task); // on this thread, not after destruction
  interfaces::WatchHandlers m_watch;
  interfaces::WatchHandlers m_gossip; // a watch of its own: it begins when somebody looks
  interfaces::LogHandlers m_log;
  std::deque<std::function<void()>> m_held;
  int64_t m_revision = 100;
  bool m_spoke = false; // the test said something: `starting…` is over
  std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

// Pieces of a state to show.
model::Workload workload(const std::string& name, model::Health health = model::Health::Healthy, int ready = 1,
                         int desired = 1, const std::string& image = "docker.io/library/nginx:1.27-alpine");
model::Instance instance(const std::string& workload, const std::string& suffix, model::InstanceState state,
                         const std::string& message = {});
interfaces::NodeInfo nodeInfo();
model::Node node(const std::string& name);
// One of several nodes, with id "id-NAME", 4 CPU and 8 GiB, a quarter of it reserved.
model::Node clusterNode(const std::string& name, model::NodeStatus status = model::NodeStatus::Ready);
// Of a workload made by workload(); without a node nothing fitted. `ago` in ms orders them.
model::Decision decision(const std::string& id, const std::string& workload, const std::string& node,
                         int64_t ago = 1'000);
model::Event event(const std::string& id, const std::string& message, int64_t ago = 1'000,
                   model::Severity severity = model::Severity::Info);

} // namespace univrs::gui::test
