#include "tests/gui/scripted_engine.h"

#include <QCoreApplication>
#include <QTimer>

namespace univrs::gui::test {
namespace {

using interfaces::Delta;
using interfaces::Topic;

template <class T>
base::Result<T> notScripted() {
  return base::makeError(base::ErrorCode::Unsupported, "not answered", "this test scripted no answer");
}

class OnEnd final : public base::Subscription {
public:
  explicit OnEnd(std::function<void()> end) : m_end(std::move(end)) {}
  ~OnEnd() override { m_end(); }

private:
  std::function<void()> m_end;
};

} // namespace

ScriptedEngine::ScriptedEngine() {
  info = test::nodeInfo();
}
ScriptedEngine::~ScriptedEngine() {
  *m_alive = false;
}

void ScriptedEngine::later(std::function<void()> task) {
  QTimer::singleShot(0, QCoreApplication::instance(), [alive = m_alive, task = std::move(task)] {
    if (*alive) {
      task();
    }
  });
}

void ScriptedEngine::connect(bool up, const std::string& why) {
  m_spoke = true;
  if (m_watch.onConnection) {
    m_watch.onConnection(up, why);
  }
}

void ScriptedEngine::send(std::vector<Delta> deltas) {
  m_spoke = true;
  if (m_watch.onDeltas) {
    m_watch.onDeltas(deltas);
  }
}

void ScriptedEngine::snapshot(const std::vector<model::Workload>& workloads,
                              const std::vector<model::Instance>& instances, const std::vector<model::Node>& nodes) {
  std::vector<Delta> deltas;
  ++m_revision;
  const auto mark = [&](Delta::Kind kind, Topic topic) {
    Delta d;
    d.kind = kind;
    d.topic = topic;
    d.revision = m_revision;
    deltas.push_back(d);
  };
  const auto add = [&](Topic topic, const auto& objects) {
    mark(Delta::Kind::SnapshotBegin, topic);
    for (const auto& o : objects) {
      deltas.push_back(Delta{Delta::Kind::Put, topic, m_revision, o.id.str(), o});
    }
    mark(Delta::Kind::SnapshotEnd, topic);
  };
  add(Topic::Nodes, nodes);
  add(Topic::Workloads, workloads);
  add(Topic::Instances, instances);
  send(std::move(deltas));
}

void ScriptedEngine::put(const model::Workload& w) {
  send({Delta{Delta::Kind::Put, Topic::Workloads, ++m_revision, w.id.str(), w}});
}
void ScriptedEngine::put(const model::Instance& i) {
  send({Delta{Delta::Kind::Put, Topic::Instances, ++m_revision, i.id.str(), i}});
}
void ScriptedEngine::put(const model::Operation& o) {
  send({Delta{Delta::Kind::Put, Topic::Operations, ++m_revision, o.id, o}});
}
void ScriptedEngine::put(const model::Node& n) {
  send({Delta{Delta::Kind::Put, Topic::Nodes, ++m_revision, n.id.str(), n}});
}
void ScriptedEngine::put(const model::Event& e) {
  send({Delta{Delta::Kind::Put, Topic::Events, ++m_revision, e.id, e}});
}
void ScriptedEngine::put(const model::Decision& d) {
  send({Delta{Delta::Kind::Put, Topic::Decisions, ++m_revision, d.id, d}});
}
void ScriptedEngine::put(const model::Peer& p) {
  send({Delta{Delta::Kind::Put, Topic::Peers, ++m_revision, p.id, p}});
}
void ScriptedEngine::put(const model::GossipMessage& m) {
  if (m_gossip.onDeltas) {
    m_gossip.onDeltas({Delta{Delta::Kind::Put, Topic::Gossip, ++m_revision, m.id, m}});
  }
}
void ScriptedEngine::peers(const std::vector<model::Peer>& all) {
  ++m_revision;
  std::vector<Delta> deltas{Delta{Delta::Kind::SnapshotBegin, Topic::Peers, m_revision, {}, {}}};
  for (const model::Peer& p : all) {
    deltas.push_back(Delta{Delta::Kind::Put, Topic::Peers, m_revision, p.id, p});
  }
  deltas.push_back(Delta{Delta::Kind::SnapshotEnd, Topic::Peers, m_revision, {}, {}});
  send(std::move(deltas));
}
void ScriptedEngine::removePeer(const std::string& id) {
  send({Delta{Delta::Kind::Remove, Topic::Peers, ++m_revision, id, {}}});
}
void ScriptedEngine::removeWorkload(const std::string& id) {
  send({Delta{Delta::Kind::Remove, Topic::Workloads, ++m_revision, id, {}}});
}

void ScriptedEngine::log(const std::vector<std::string>& lines, const std::string& instance) {
  std::vector<interfaces::LogEntry> entries;
  int64_t ms = 1'795'000'000'000;
  for (const std::string& text : lines) {
    entries.push_back({instance, "main", "c0ffee", base::Timestamp{ms += 137}, text.rfind("ERR", 0) == 0, text});
  }
  if (m_log.onLines) {
    m_log.onLines(entries);
  }
}

void ScriptedEngine::endLog(base::Result<void> result) {
  if (m_log.onEnd) {
    m_log.onEnd(std::move(result));
  }
}

void ScriptedEngine::release() {
  holdCommands = false;
  std::deque<std::function<void()>> held;
  held.swap(m_held);
  for (auto& task : held) {
    later(std::move(task));
  }
}

void ScriptedEngine::runCommand(interfaces::CommandRequest request,
                                interfaces::Reply<interfaces::CommandOutcome> reply) {
  commandLog.push_back(request);
  auto task = [this, request = std::move(request), reply = std::move(reply)] {
    reply(onCommand ? onCommand(request) : notScripted<interfaces::CommandOutcome>());
  };
  if (holdCommands) {
    m_held.push_back(std::move(task));
  } else {
    later(std::move(task));
  }
}

std::unique_ptr<base::Subscription> ScriptedEngine::watch(interfaces::WatchRequest request,
                                                          interfaces::WatchHandlers handlers) {
  if (request.topics == std::vector{Topic::Gossip}) {
    m_gossip = std::move(handlers);
    return std::make_unique<OnEnd>([this, alive = m_alive] {
      if (*alive) {
        m_gossip = {};
      }
    });
  }
  m_watch = std::move(handlers);
  later([this] {
    if (m_watch.onConnection && !m_spoke) {
      m_watch.onConnection(false, "starting…");
    }
  });
  return std::make_unique<OnEnd>([this, alive = m_alive] {
    if (*alive) {
      m_watch = {};
    }
  });
}

std::unique_ptr<base::Subscription> ScriptedEngine::readLogs(interfaces::LogQuery query,
                                                             interfaces::LogHandlers handlers) {
  if (!query.follow) {
    const auto wanted = std::make_shared<bool>(true);
    later([this, wanted, query, handlers = std::move(handlers)] {
      if (*wanted) {
        handlers.onLines(onPastLogs ? onPastLogs(query) : std::vector<interfaces::LogEntry>{});
        handlers.onEnd({});
      }
    });
    return std::make_unique<OnEnd>([wanted] { *wanted = false; });
  }
  logQueries.push_back(std::move(query));
  m_log = std::move(handlers);
  return std::make_unique<OnEnd>([this, alive = m_alive] {
    if (*alive) {
      m_log = {};
    }
  });
}

std::unique_ptr<interfaces::ExecSession> ScriptedEngine::startExec(interfaces::ExecQuery query,
                                                                   interfaces::ExecSessionHandlers handlers) {
  return onExec ? onExec(std::move(query), std::move(handlers)) : nullptr;
}

void ScriptedEngine::nodeInfo(interfaces::Reply<interfaces::NodeInfo> reply) {
  later([this, reply = std::move(reply)] {
    if (infoFault) {
      reply(*infoFault);
    } else {
      reply(info);
    }
  });
}

void ScriptedEngine::readUsage(interfaces::UsageQuery query,
                               interfaces::Reply<std::vector<interfaces::UsageSeries>> reply) {
  later([this, query = std::move(query), reply = std::move(reply)] {
    reply(onUsage ? base::Result(onUsage(query)) : notScripted<std::vector<interfaces::UsageSeries>>());
  });
}

#define UNIVRS_NOT_SCRIPTED(type) later([reply = std::move(reply)] { reply(notScripted<type>()); })
void ScriptedEngine::listWorkloads(interfaces::ListQuery,
                                   interfaces::Reply<interfaces::ItemPage<model::Workload>> reply) {
  UNIVRS_NOT_SCRIPTED(interfaces::ItemPage<model::Workload>);
}
void ScriptedEngine::getWorkload(std::string, interfaces::Reply<model::Workload> reply) {
  UNIVRS_NOT_SCRIPTED(model::Workload);
}
void ScriptedEngine::listInstances(interfaces::ListQuery,
                                   interfaces::Reply<interfaces::ItemPage<model::Instance>> reply) {
  UNIVRS_NOT_SCRIPTED(interfaces::ItemPage<model::Instance>);
}
void ScriptedEngine::getInstance(std::string, interfaces::Reply<model::Instance> reply) {
  UNIVRS_NOT_SCRIPTED(model::Instance);
}
void ScriptedEngine::listNodes(interfaces::ListQuery, interfaces::Reply<interfaces::ItemPage<model::Node>> reply) {
  UNIVRS_NOT_SCRIPTED(interfaces::ItemPage<model::Node>);
}
void ScriptedEngine::getNode(std::string, interfaces::Reply<model::Node> reply) {
  UNIVRS_NOT_SCRIPTED(model::Node);
}
void ScriptedEngine::clusterStatus(interfaces::Reply<model::ClusterStatus> reply) {
  UNIVRS_NOT_SCRIPTED(model::ClusterStatus);
}
void ScriptedEngine::listDecisions(interfaces::DecisionQuery query,
                                   interfaces::Reply<interfaces::ItemPage<model::Decision>> reply) {
  later([this, query = std::move(query), reply = std::move(reply)] {
    reply(onDecisions ? onDecisions(query) : notScripted<interfaces::ItemPage<model::Decision>>());
  });
}
void ScriptedEngine::getDecision(std::string id, interfaces::Reply<model::Decision> reply) {
  later([this, id = std::move(id), reply = std::move(reply)] {
    reply(onDecision ? onDecision(id) : notScripted<model::Decision>());
  });
}
void ScriptedEngine::listEvents(interfaces::EventQuery query,
                                interfaces::Reply<interfaces::ItemPage<model::Event>> reply) {
  later([this, query = std::move(query), reply = std::move(reply)] {
    reply(onEvents ? onEvents(query) : notScripted<interfaces::ItemPage<model::Event>>());
  });
}
void ScriptedEngine::health(interfaces::Reply<interfaces::HealthReport> reply) {
  if (healthReport) {
    later([this, reply = std::move(reply)] { reply(*healthReport); });
    return;
  }
  UNIVRS_NOT_SCRIPTED(interfaces::HealthReport);
}
void ScriptedEngine::audit(int, interfaces::Reply<std::vector<interfaces::AuditEntry>> reply) {
  UNIVRS_NOT_SCRIPTED(std::vector<interfaces::AuditEntry>);
}
void ScriptedEngine::backup(std::string, interfaces::Reply<std::string> reply) {
  UNIVRS_NOT_SCRIPTED(std::string);
}
void ScriptedEngine::listImages(interfaces::Reply<std::vector<interfaces::StoredImage>> reply) {
  UNIVRS_NOT_SCRIPTED(std::vector<interfaces::StoredImage>);
}
void ScriptedEngine::clusterInfo(interfaces::Reply<interfaces::ClusterInfo> reply) {
  UNIVRS_NOT_SCRIPTED(interfaces::ClusterInfo);
}
void ScriptedEngine::listMembers(interfaces::Reply<std::vector<interfaces::Member>> reply) {
  UNIVRS_NOT_SCRIPTED(std::vector<interfaces::Member>);
}
void ScriptedEngine::listTokens(interfaces::Reply<std::vector<interfaces::JoinTokenInfo>> reply) {
  UNIVRS_NOT_SCRIPTED(std::vector<interfaces::JoinTokenInfo>);
}
void ScriptedEngine::networkInfo(interfaces::Reply<interfaces::NetworkInfo> reply) {
  if (network) {
    later([this, reply = std::move(reply)] { reply(*network); });
    return;
  }
  UNIVRS_NOT_SCRIPTED(interfaces::NetworkInfo);
}
void ScriptedEngine::listPeers(interfaces::Reply<std::vector<model::Peer>> reply) {
  UNIVRS_NOT_SCRIPTED(std::vector<model::Peer>);
}
void ScriptedEngine::pingPeer(std::string peer, interfaces::Reply<interfaces::PingResult> reply) {
  later([this, peer = std::move(peer), reply = std::move(reply)] {
    reply(onPing ? onPing(peer) : notScripted<interfaces::PingResult>());
  });
}
void ScriptedEngine::loadImageArchive(std::string path, interfaces::Reply<std::vector<interfaces::StoredImage>> reply) {
  later([this, path = std::move(path), reply = std::move(reply)] {
    reply(onImageArchive ? onImageArchive(path) : notScripted<std::vector<interfaces::StoredImage>>());
  });
}
#undef UNIVRS_NOT_SCRIPTED

model::Workload workload(const std::string& name, model::Health health, int ready, int desired,
                         const std::string& image) {
  model::Workload w;
  w.id = model::WorkloadId("id-" + name);
  w.spec.name = name;
  w.spec.replicas = desired;
  model::Container c;
  c.name = "main";
  c.image = image;
  model::Port p;
  p.containerPort = 80;
  p.hostPort = 8080;
  c.ports.push_back(p);
  c.requests.cpuMillicores = 250;
  c.requests.memoryBytes = 64 << 20;
  w.spec.containers.push_back(c);
  w.status.health = health;
  w.status.ready = ready;
  w.status.desired = desired;
  w.createdAt = base::Timestamp{base::SystemClock().now().wall.ms - 3 * 3'600'000};
  return w;
}

model::Instance instance(const std::string& workloadName, const std::string& suffix, model::InstanceState state,
                         const std::string& message) {
  model::Instance i;
  i.id = model::InstanceId(workloadName + "-" + suffix);
  i.workloadId = model::WorkloadId("id-" + workloadName);
  i.workloadName = workloadName;
  i.nodeId = model::NodeId("12D3KooWBtg3aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaR3pq");
  i.state = state;
  i.message = message;
  i.ready = state == model::InstanceState::Running;
  i.createdAt = base::Timestamp{base::SystemClock().now().wall.ms - 120'000};
  i.startedAt = i.createdAt;
  return i;
}

interfaces::NodeInfo nodeInfo() {
  interfaces::NodeInfo info;
  info.version = "0.1.0";
  info.name = "laptop";
  info.peerId = "12D3KooWBtg3aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaR3pq";
  info.engine.product = "Podman 4.3.1";
  return info;
}

model::Node node(const std::string& name) {
  model::Node n;
  n.id = model::NodeId("12D3KooWBtg3aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaR3pq");
  n.name = name;
  n.status = model::NodeStatus::Ready;
  return n;
}

model::Node clusterNode(const std::string& name, model::NodeStatus status) {
  model::Node n;
  n.id = model::NodeId("id-" + name);
  n.name = name;
  n.status = status;
  n.roles = {"worker"};
  n.capacity = {4'000, int64_t(8) << 30, int64_t(100) << 30, 0, {}};
  n.allocatable = {3'800, int64_t(7) << 30, int64_t(90) << 30, 0, {}};
  n.reserved = {950, int64_t(7) << 28, 0, 0, {}};
  n.engine.driver = "docker";
  n.engine.product = "Docker 24.0.7";
  n.engine.os = "linux";
  n.engine.arch = "amd64";
  n.engine.cpuLimits = n.engine.memoryLimits = n.engine.pidsLimits = true;
  n.version = "0.1.0";
  n.startedAt = base::Timestamp{base::SystemClock().now().wall.ms - 86'400'000};
  return n;
}

model::Decision decision(const std::string& id, const std::string& workloadName, const std::string& nodeName,
                         int64_t ago) {
  model::Decision d;
  d.id = id;
  d.time = base::Timestamp{base::SystemClock().now().wall.ms - ago};
  d.trigger = "deploy";
  d.workloadId = model::WorkloadId("id-" + workloadName);
  d.workloadName = workloadName;
  d.instanceId = model::InstanceId(workloadName + "-" + id);
  d.strategy = "mycelial";
  d.nodesTotal = 3;
  if (nodeName.empty()) {
    d.summary = "no node fits: 2 lack memory, 1 is cordoned";
  } else {
    d.chosen = model::NodeId("id-" + nodeName);
    d.chosenName = nodeName;
    d.nodesFit = 2;
    d.summary = "placed on " + nodeName + " (0.82); 2 of 3 nodes fit";
  }
  return d;
}

model::Event event(const std::string& id, const std::string& message, int64_t ago, model::Severity severity) {
  model::Event e;
  e.id = id;
  e.time = base::Timestamp{base::SystemClock().now().wall.ms - ago};
  e.severity = severity;
  e.type = "node_ready";
  e.objectKind = "node";
  e.objectId = "id-a";
  e.objectName = "a";
  e.message = message;
  return e;
}

} // namespace univrs::gui::test
