#include "tests/api/scripted_engine.h"

#include "engine/base/random.h"

#include <algorithm>

namespace univrs::api {

using base::ErrorCode;
using base::makeError;
using interfaces::Delta;

ThreadExecutor::ThreadExecutor() : m_thread([this] { loop(); }) {}

ThreadExecutor::~ThreadExecutor() {
  {
    const std::lock_guard lock(m_mutex);
    m_stop = true;
  }
  m_wake.notify_all();
  m_thread.join();
}

void ThreadExecutor::post(std::function<void()> task) {
  {
    const std::lock_guard lock(m_mutex);
    m_tasks.push_back(std::move(task));
  }
  m_wake.notify_one();
}

void ThreadExecutor::run(const std::function<void()>& task) {
  std::promise<void> done;
  post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}

void ThreadExecutor::loop() {
  std::unique_lock lock(m_mutex);
  for (;;) {
    m_wake.wait(lock, [this] { return m_stop || !m_tasks.empty(); });
    if (m_tasks.empty()) {
      return;
    }
    auto task = std::move(m_tasks.front());
    m_tasks.pop_front();
    lock.unlock();
    task();
    task = nullptr;
    lock.lock();
  }
}

class Watcher final : public base::Subscription {
public:
  Watcher(ScriptedEngine& e, interfaces::WatchRequest r, interfaces::WatchHandlers h)
      : engine(e), request(std::move(r)), handlers(std::move(h)) {
    engine.m_watchers.insert(this);
    ++engine.openSubscriptions;
  }
  ~Watcher() override {
    engine.m_watchers.erase(this);
    --engine.openSubscriptions;
  }
  ScriptedEngine& engine;
  interfaces::WatchRequest request;
  interfaces::WatchHandlers handlers;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  bool ready = false; // its snapshot is out
};

class Follower final : public base::Subscription {
public:
  Follower(ScriptedEngine& e, interfaces::LogHandlers h) : engine(e), handlers(std::move(h)) {
    engine.m_followers.insert(this);
    ++engine.openSubscriptions;
  }
  ~Follower() override {
    engine.m_followers.erase(this);
    --engine.openSubscriptions;
  }
  ScriptedEngine& engine;
  interfaces::LogHandlers handlers;
};

// Echoes its input; "exit N" as input ends it with N.
class Session final : public interfaces::ExecSession {
public:
  Session(ScriptedEngine& e, interfaces::ExecSessionHandlers h) : engine(e), handlers(std::move(h)) {
    ++engine.openSubscriptions;
  }
  ~Session() override { --engine.openSubscriptions; }
  void write(std::string bytes) override {
    engine.execInput += bytes;
    if (bytes.rfind("exit ", 0) == 0) {
      engine.m_executor.post([exit = handlers.onExit, code = std::stoi(bytes.substr(5))] { exit(code); });
    } else {
      engine.m_executor.post([output = handlers.onOutput, bytes] { output(bytes, bytes == "oops"); });
    }
  }
  void closeInput() override {
    engine.m_executor.post([exit = handlers.onExit] { exit(0); });
  }
  void resize(int columns, int) override { engine.execColumns = columns; }
  ScriptedEngine& engine;
  interfaces::ExecSessionHandlers handlers;
};

ScriptedEngine::ScriptedEngine(base::Executor& executor) : m_executor(executor) {
  report.status = interfaces::PartHealth::Healthy;
  report.ready = true;
  report.parts.push_back({"store", interfaces::PartHealth::Healthy, "", base::Timestamp{1'700'000'000'000}});
}

void ScriptedEngine::addWorkload(const std::string& workloadName) {
  model::Workload w;
  w.id = model::WorkloadId(base::SystemRandom().uuid());
  w.spec.name = workloadName;
  model::Container c;
  c.name = workloadName;
  c.image = "docker.io/library/nginx:1.25";
  w.spec.containers.push_back(c);
  w.revision = ++revision;
  w.createdAt = w.updatedAt = base::Timestamp{1'700'000'000'000};
  w.status = {model::Health::Healthy, "", 1, 1, 1, 1, 1, 0};
  m_workloads[workloadName] = w;
}

void ScriptedEngine::addInstance(const std::string& id, const std::string& workload) {
  model::Instance i;
  i.id = model::InstanceId(id);
  i.workloadId = m_workloads.at(workload).id;
  i.workloadName = workload;
  i.state = model::InstanceState::Running;
  i.revision = ++revision;
  m_instances[id] = i;
}

const model::Workload* ScriptedEngine::find(const std::string& ref) const {
  for (const auto& [workloadName, w] : m_workloads) {
    if (workloadName == ref || w.id.str() == ref) {
      return &w;
    }
  }
  return nullptr;
}

void ScriptedEngine::pushDeltas(const std::vector<Delta>& deltas) {
  const auto all = m_watchers;
  for (Watcher* w : all) {
    std::vector<Delta> mine;
    for (const Delta& d : deltas) {
      if (std::find(w->request.topics.begin(), w->request.topics.end(), d.topic) != w->request.topics.end()) {
        mine.push_back(d);
      }
    }
    if (!mine.empty() && w->ready) {
      w->handlers.onDeltas(mine);
    }
  }
}

void ScriptedEngine::pushLines(const std::vector<interfaces::LogEntry>& lines) {
  for (Follower* f : m_followers) {
    f->handlers.onLines(lines);
  }
}

void ScriptedEngine::endLogs(base::Result<void> result) {
  const auto all = m_followers;
  for (Follower* f : all) {
    f->handlers.onEnd(result);
  }
}

void ScriptedEngine::releaseReplies() {
  holdReplies = false;
  for (auto& task : std::exchange(m_held, {})) {
    m_executor.post(std::move(task));
  }
}

void ScriptedEngine::listWorkloads(interfaces::ListQuery query,
                                   interfaces::Reply<interfaces::ItemPage<model::Workload>> reply) {
  interfaces::ItemPage<model::Workload> page;
  page.revision = revision;
  const size_t limit = query.limit == 0 ? 1'000 : size_t(query.limit);
  for (const auto& [workloadName, w] : m_workloads) {
    if (workloadName.find(query.nameFilter) == std::string::npos) {
      continue;
    }
    ++page.total;
    if (workloadName <= query.after && !query.after.empty()) {
      continue;
    }
    if (page.items.size() < limit) {
      page.items.push_back(w);
    } else {
      page.next = page.items.back().spec.name;
    }
  }
  answer(std::move(reply), base::Result(std::move(page)));
}

void ScriptedEngine::getWorkload(std::string ref, interfaces::Reply<model::Workload> reply) {
  const auto* w = find(ref);
  answer(std::move(reply), w != nullptr ? base::Result<model::Workload>(*w)
                                        : makeError(ErrorCode::NotFound, "there is no workload " + ref));
}

void ScriptedEngine::listInstances(interfaces::ListQuery query,
                                   interfaces::Reply<interfaces::ItemPage<model::Instance>> reply) {
  interfaces::ItemPage<model::Instance> page;
  page.revision = revision;
  const auto* w = query.workload.empty() ? nullptr : find(query.workload);
  if (w == nullptr && !query.workload.empty()) {
    return answer(std::move(reply), base::Result<interfaces::ItemPage<model::Instance>>(
                                        makeError(ErrorCode::NotFound, "there is no workload " + query.workload)));
  }
  for (const auto& [id, i] : m_instances) {
    if (w == nullptr || i.workloadId == w->id) {
      page.items.push_back(i);
      ++page.total;
    }
  }
  answer(std::move(reply), base::Result(std::move(page)));
}

void ScriptedEngine::getInstance(std::string id, interfaces::Reply<model::Instance> reply) {
  const auto it = m_instances.find(id);
  answer(std::move(reply), it != m_instances.end() ? base::Result<model::Instance>(it->second)
                                                   : makeError(ErrorCode::NotFound, "there is no instance " + id));
}

namespace {
model::Node theNode() {
  model::Node n;
  n.id = model::NodeId("12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq");
  n.name = "here";
  n.status = model::NodeStatus::Ready;
  n.capacity.cpuMillicores = 4'000;
  return n;
}
model::Decision theDecision() {
  model::Decision d;
  d.id = "d-1";
  d.time = base::Timestamp{1'700'000'000'000};
  d.summary = "placed on here";
  d.nodesTotal = 1;
  d.nodesFit = 1;
  return d;
}
} // namespace

void ScriptedEngine::listNodes(interfaces::ListQuery, interfaces::Reply<interfaces::ItemPage<model::Node>> reply) {
  answer(std::move(reply), base::Result(interfaces::ItemPage<model::Node>{{theNode()}, 1, "", revision}));
}

void ScriptedEngine::getNode(std::string ref, interfaces::Reply<model::Node> reply) {
  answer(std::move(reply), ref == "here" ? base::Result<model::Node>(theNode())
                                         : makeError(ErrorCode::NotFound, "there is no node " + ref));
}

void ScriptedEngine::clusterStatus(interfaces::Reply<model::ClusterStatus> reply) {
  model::ClusterStatus s;
  s.totalNodes = s.readyNodes = 1;
  s.totalWorkloads = int(m_workloads.size());
  s.revision = revision;
  answer(std::move(reply), base::Result(s));
}

void ScriptedEngine::listDecisions(interfaces::DecisionQuery,
                                   interfaces::Reply<interfaces::ItemPage<model::Decision>> reply) {
  answer(std::move(reply), base::Result(interfaces::ItemPage<model::Decision>{{theDecision()}, 1, "", revision}));
}

void ScriptedEngine::getDecision(std::string id, interfaces::Reply<model::Decision> reply) {
  answer(std::move(reply), id == "d-1" ? base::Result<model::Decision>(theDecision())
                                       : makeError(ErrorCode::NotFound, "there is no decision " + id));
}

void ScriptedEngine::listEvents(interfaces::EventQuery, interfaces::Reply<interfaces::ItemPage<model::Event>> reply) {
  model::Event e;
  e.id = "e-1";
  e.type = "workload_created";
  e.time = base::Timestamp{1'700'000'000'000};
  answer(std::move(reply), base::Result(interfaces::ItemPage<model::Event>{{e}, 1, "", revision}));
}

void ScriptedEngine::snapshot(interfaces::Topic topic, std::vector<Delta>& out) const {
  out.push_back({Delta::Kind::SnapshotBegin, topic, revision, "", {}});
  if (topic == interfaces::Topic::Workloads) {
    for (const auto& [workloadName, w] : m_workloads) {
      out.push_back({Delta::Kind::Put, topic, revision, w.id.str(), w});
    }
  }
  if (topic == interfaces::Topic::Peers) {
    const model::Peer peer = thePeer();
    out.push_back({Delta::Kind::Put, topic, revision, peer.id, peer});
  }
  out.push_back({Delta::Kind::SnapshotEnd, topic, revision, "", {}});
}

std::unique_ptr<base::Subscription> ScriptedEngine::watch(interfaces::WatchRequest request,
                                                          interfaces::WatchHandlers handlers) {
  ++watches;
  watchRequests.push_back(request);
  auto watcher = std::make_unique<Watcher>(*this, request, handlers);
  watcher->ready = request.fromRevision != 0;
  if (request.fromRevision == 0) {
    std::vector<Delta> deltas;
    for (const auto topic : request.topics) {
      if (topic != interfaces::Topic::Events) {
        snapshot(topic, deltas);
      }
    }
    m_executor.post([w = watcher.get(), alive = std::weak_ptr<bool>(watcher->alive), handlers, deltas] {
      if (alive.expired()) {
        return;
      }
      w->ready = true;
      if (!deltas.empty()) {
        handlers.onDeltas(deltas);
      }
    });
  }
  return watcher;
}

std::unique_ptr<base::Subscription> ScriptedEngine::readLogs(interfaces::LogQuery query,
                                                             interfaces::LogHandlers handlers) {
  auto follower = std::make_unique<Follower>(*this, handlers);
  m_executor.post([this, handlers, follow = query.follow] {
    if (!storedLines.empty()) {
      handlers.onLines(storedLines);
    }
    if (!follow) {
      handlers.onEnd({});
    }
  });
  return follower;
}

std::unique_ptr<interfaces::ExecSession> ScriptedEngine::startExec(interfaces::ExecQuery query,
                                                                   interfaces::ExecSessionHandlers handlers) {
  ++execs;
  execColumns = query.columns;
  if (m_instances.count(query.instance) == 0) {
    m_executor.post([handlers] { handlers.onExit(makeError(ErrorCode::NotFound, "there is no such instance")); });
  } else {
    m_executor.post([handlers] { handlers.onStarted(); });
  }
  return std::make_unique<Session>(*this, handlers);
}

void ScriptedEngine::runCommand(interfaces::CommandRequest request,
                                interfaces::Reply<interfaces::CommandOutcome> reply) {
  seen.push_back(request);
  const auto text = [&request](const char* key) {
    return request.args.value(QLatin1String(key)).toString().toStdString();
  };
  interfaces::CommandOutcome outcome;
  outcome.command = request.name;
  outcome.dryRun = request.dryRun;
  outcome.changed = !request.dryRun;
  outcome.summary = "done";
  if (request.name == "deploy") {
    const std::string named = request.args.value(QStringLiteral("workload"))
                                  .toObject()
                                  .value(QStringLiteral("name"))
                                  .toString()
                                  .toStdString();
    const std::string wanted = named.empty() ? "from-manifest" : named;
    if (find(wanted) != nullptr) {
      return answer(std::move(reply), base::Result<interfaces::CommandOutcome>(makeError(
                                          ErrorCode::Conflict, wanted + " was not created", "the name is taken")));
    }
    if (!request.dryRun) {
      addWorkload(wanted);
      outcome.objects.push_back(model::toJson(*find(wanted)));
    }
  } else if (request.name == "cordon" || request.name == "uncordon" || request.name == "restart_node") {
    outcome.objects.push_back(model::toJson(theNode()));
  } else if (request.name == "cancel_operation") {
    outcome.summary = "cancelled";
  } else if (request.name == "create_token" || request.name == "revoke_token" || request.name == "remove_member") {
    outcome.summary = "done";
  } else if (const auto* w = find(text("workload")); w == nullptr) {
    return answer(std::move(reply), base::Result<interfaces::CommandOutcome>(
                                        makeError(ErrorCode::NotFound, "there is no workload " + text("workload"))));
  } else {
    const auto expected = request.args.value(QStringLiteral("expect_revision")).toInteger(-1);
    if (expected >= 0 && expected != w->revision) {
      return answer(std::move(reply), base::Result<interfaces::CommandOutcome>(makeError(
                                          ErrorCode::Conflict, "nothing was changed", "it changed meanwhile")));
    }
    if (request.name == "remove" && !request.dryRun) {
      m_workloads.erase(w->spec.name);
    } else {
      outcome.objects.push_back(model::toJson(*w));
    }
  }
  outcome.revision = revision;
  answer(std::move(reply), base::Result(std::move(outcome)));
}

void ScriptedEngine::clusterInfo(interfaces::Reply<interfaces::ClusterInfo> reply) {
  interfaces::ClusterInfo info;
  info.state = interfaces::MembershipState::Founder;
  info.id = "uc7Zz";
  info.roles = {"control", "worker"};
  info.certificateExpires = {1'800'000'000'000};
  info.members = 2;
  answer(std::move(reply), base::Result(std::move(info)));
}

void ScriptedEngine::listMembers(interfaces::Reply<std::vector<interfaces::Member>> reply) {
  interfaces::Member member;
  member.peerId = theNode().id.str();
  member.name = theNode().name;
  member.roles = {"worker"};
  member.joinedAt = member.certificateExpires = {1'800'000'000'000};
  member.connected = true;
  answer(std::move(reply), base::Result(std::vector{std::move(member)}));
}

void ScriptedEngine::listTokens(interfaces::Reply<std::vector<interfaces::JoinTokenInfo>> reply) {
  interfaces::JoinTokenInfo token;
  token.id = "0123456789abcdef";
  token.state = "valid";
  token.roles = {"worker"};
  token.createdAt = token.expiresAt = {1'800'000'000'000};
  token.uses = 5;
  token.used = 1;
  token.note = "for the cloud";
  answer(std::move(reply), base::Result(std::vector{std::move(token)}));
}

void ScriptedEngine::networkInfo(interfaces::Reply<interfaces::NetworkInfo> reply) {
  interfaces::NetworkInfo info;
  info.peerId = theNode().id.str();
  info.did = "did:key:z6Mk";
  info.agent = "univrs/0.1.0";
  info.addresses = {"/ip4/127.0.0.1/udp/9000/quic-v1/p2p/" + info.peerId};
  info.topics = {"/univrs/1.0.0/test"};
  info.connectedPeers = 1;
  info.messagesReceived = 3;
  info.messagesPublished = 2;
  info.refused = {{"peer streams", 4}};
  answer(std::move(reply), base::Result(std::move(info)));
}

model::Peer thePeer() {
  model::Peer peer;
  peer.id = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
  peer.connected = true;
  peer.agent = "js-libp2p/2.10.0";
  peer.protocols = {"/ipfs/ping/1.0.0"};
  peer.addresses = {"/ip4/127.0.0.1/udp/9001/quic-v1"};
  model::PeerConnection connection;
  connection.id = "7";
  connection.inbound = true;
  connection.remote = "/ip4/127.0.0.1/udp/9001/quic-v1";
  connection.transport = "quic-v1";
  connection.rttMicros = 250;
  peer.connections = {connection};
  return peer;
}

void ScriptedEngine::listPeers(interfaces::Reply<std::vector<model::Peer>> reply) {
  answer(std::move(reply), base::Result(std::vector<model::Peer>{thePeer()}));
}

void ScriptedEngine::pingPeer(std::string peer, interfaces::Reply<interfaces::PingResult> reply) {
  if (peer != thePeer().id) {
    return answer<interfaces::PingResult>(
        std::move(reply), base::makeError(base::ErrorCode::NotFound, "Nobody was pinged", "there is no such peer"));
  }
  answer(std::move(reply), base::Result(interfaces::PingResult{peer, "/ip4/127.0.0.1/udp/9001/quic-v1", 250}));
}

void ScriptedEngine::nodeInfo(interfaces::Reply<interfaces::NodeInfo> reply) {
  interfaces::NodeInfo info;
  info.version = "0.1.0";
  info.name = "here";
  info.peerId = theNode().id.str();
  answer(std::move(reply), base::Result(std::move(info)));
}

void ScriptedEngine::health(interfaces::Reply<interfaces::HealthReport> reply) {
  answer(std::move(reply), base::Result(report));
}

void ScriptedEngine::audit(int, interfaces::Reply<std::vector<interfaces::AuditEntry>> reply) {
  answer(std::move(reply), base::Result(std::vector<interfaces::AuditEntry>{
                               {base::Timestamp{1'700'000'000'000}, "token", "rest", "scale", {}, true, "done", "c"}}));
}

void ScriptedEngine::readUsage(interfaces::UsageQuery query,
                               interfaces::Reply<std::vector<interfaces::UsageSeries>> reply) {
  std::vector<interfaces::UsageSeries> series;
  for (std::string& id : query.ids) {
    series.push_back({std::move(id), 10'000, 0, 0, {}});
  }
  answer(std::move(reply), base::Result(std::move(series)));
}

void ScriptedEngine::listImages(interfaces::Reply<std::vector<interfaces::StoredImage>> reply) {
  answer(std::move(reply), base::Result(std::vector<interfaces::StoredImage>{}));
}

void ScriptedEngine::loadImageArchive(std::string path, interfaces::Reply<std::vector<interfaces::StoredImage>> reply) {
  answer(std::move(reply), base::Result(std::vector<interfaces::StoredImage>{{std::move(path), {}, {}, 0, {}}}));
}

void ScriptedEngine::backup(std::string path, interfaces::Reply<std::string> reply) {
  answer(std::move(reply), base::Result(std::move(path)));
}

} // namespace univrs::api
