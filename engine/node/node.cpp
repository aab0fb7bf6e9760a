#include "engine/node/node.h"

#include "engine/agent/driver_loader.h"
#include "engine/api/http_server.h"
#include "engine/api/metrics.h"
#include "engine/base/log.h"
#include "engine/commands/local_engine.h"
#include "engine/control/rollout_progress.h"
#include "engine/node/cluster_part.h"
#include "engine/node/data_folder.h"
#include "engine/node/host_facts.h"
#include "engine/node/local_link.h"
#include "engine/node/port_wiring.h"
#include "engine/p2p/identity.h"

#include <QFile>
#include <QTimer>

#include <algorithm>
#include <optional>
#include <utility>

namespace univrs::node {

namespace {

constexpr int kUsageMs = 5'000; // how often figures that nothing else triggers are taken

using interfaces::HealthReport;
using interfaces::PartHealth;

// Keys that may sign requests: DIR/trusted_keys, one PeerId or base64 Ed25519 key a line, '#' begins a comment.
base::Result<std::vector<p2p::PublicKey>> readTrustedKeys(const std::string& path) {
  std::vector<p2p::PublicKey> keys;
  QFile f(QString::fromStdString(path));
  if (!f.open(QIODevice::ReadOnly)) {
    return keys;
  }
  int number = 0;
  for (QByteArray line : f.read(1 << 20).split('\n')) {
    ++number;
    line = line.left(line.indexOf('#') < 0 ? line.size() : line.indexOf('#')).trimmed();
    if (line.isEmpty()) {
      continue;
    }
    auto key = p2p::publicKeyOfPeerId(line.toStdString());
    if (!key) {
      if (const auto raw = base::fromBase64(line.toStdString()); raw && raw->size() == 32) {
        key.emplace();
        std::copy(raw->begin(), raw->end(), key->begin());
      }
    }
    if (!key) {
      return base::makeError(base::ErrorCode::Validation, path + ":" + std::to_string(number) + " is not a key",
                             "a PeerId (12D3KooW…) or 32 bytes in base64 is expected", "correct or remove the line");
    }
    keys.push_back(*key);
  }
  return keys;
}

class NodeImpl final : public Node {
public:
  NodeImpl(NodeOptions options, base::Executor& executor, DataFolder folder, p2p::Identity identity)
      : m_options(std::move(options)), m_executor(executor), m_folder(std::move(folder)),
        m_identity(std::move(identity)), m_id(m_identity.peerId()), m_link(m_id, m_clock) {}
  ~NodeImpl() override { *m_alive = false; }
  NodeImpl(const NodeImpl&) = delete;
  NodeImpl& operator=(const NodeImpl&) = delete;

  base::Result<void> bringUp();
  interfaces::Engine& engine() override { return *m_engine; }
  std::string apiUrl() const override { return m_apiUrl; }
  std::string networkAddress() const override { return m_network ? m_network->address() : std::string(); }
  void shutdown(std::function<void()> done) override;
  void handOver(std::shared_ptr<base::HandedSockets> into, std::function<void()> done) override;
  void stopWorkloadsAtShutdown() override { m_options.stopWorkloads = true; }

private:
  base::Result<void> openState();
  base::Result<void> makeAgent();
  base::Result<void> joinNetwork();
  base::Result<void> openDoors();
  void refreshNode();
  void refreshPorts();
  void refreshPortsSoon();
  void takeFigures();
  void kick();
  void runControl();
  void endParts(bool stopWorkloads, std::function<void()> done);
  interfaces::NodeInfo info() const;
  HealthReport health() const;

  NodeOptions m_options;
  base::Executor& m_executor;
  DataFolder m_folder;
  p2p::Identity m_identity;
  model::NodeId m_id;
  base::SystemClock m_clock;
  base::SystemRandom m_random;
  api::PrometheusMetrics m_metrics;
  std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
  base::Timestamp m_startedAt;
  HostFacts m_facts;
  model::EngineInfo m_engineInfo;
  bool m_engineUp = false;
  std::string m_engineWhy = "the container engine is being looked for";

  // In the order they depend on each other; destroyed in reverse.
  std::unique_ptr<store::StateStore> m_store;
  std::optional<control::ClusterState> m_state;
  std::optional<schedule::Scheduler> m_scheduler;
  LocalLink m_link;
  std::optional<control::Controller> m_controller;
  std::optional<commands::AuditLog> m_audit;
  std::optional<commands::WatchHub> m_hub;
  std::optional<control::RolloutProgress> m_rollouts;
  std::optional<commands::Runner> m_runner;
  std::unique_ptr<service::PublishedPorts> m_ports;
  std::unique_ptr<agent::Agent> m_agent;
  std::unique_ptr<NetworkPart> m_network;
  std::unique_ptr<ClusterPart> m_cluster;
  std::unique_ptr<interfaces::Engine> m_engine;
  std::unique_ptr<api::HttpServer> m_server;
  std::string m_apiUrl;
  QTimer m_controlTimer;
  QTimer m_figuresTimer;
  bool m_kicked = false;
  bool m_portsQueued = false;
  bool m_nodeStale = false;
  bool m_leaving = false; // the listening sockets are given away
  bool m_shuttingDown = false;
};

base::Result<void> NodeImpl::openState() {
  auto store = store::openSqliteStore(m_folder.file(kStateFile));
  if (!store) {
    return store.error();
  }
  m_store = std::move(*store);
  m_state.emplace(*m_store, m_random);
  if (auto r = m_state->load(); !r) {
    return r;
  }
  m_scheduler.emplace(m_options.strategy.empty() ? std::string("spread") : m_options.strategy);
  m_controller.emplace(*m_state, *m_scheduler, m_link, m_random, m_metrics, m_clock);
  m_audit.emplace(*m_store);
  if (auto r = m_audit->open(); !r) {
    return r;
  }
  m_hub.emplace(*m_state, m_executor, m_clock);
  m_runner.emplace(
      *m_state, *m_controller, *m_audit, m_random, m_metrics, m_clock, [this] { kick(); },
      commands::NodeActions{m_id, m_options.checkRestart, m_options.restart});
  m_rollouts.emplace(*m_state, m_clock, [this](const model::Operation& operation) { m_hub->onOperation(operation); });
  m_runner->setLongWork({[this](const std::string& id) { return m_hub->operation(id); },
                         [this](const model::Operation& operation, const std::string& by) {
                           return m_agent->cancelOperation(operation.id, by);
                         }});
  m_state->observe([this](const control::Changes& c) {
    if (!c.instances.empty() || !c.removedInstances.empty() || !c.workloads.empty() || !c.removedWorkloads.empty()) {
      refreshPortsSoon();
    }
  });
  return {};
}

base::Result<void> NodeImpl::makeAgent() {
  agent::AgentOptions options;
  options.nodeId = m_id.str();
  auto folder = m_folder.subfolder("agent");
  auto driverFolder = m_folder.subfolder("runtime");
  if (!folder) {
    return folder.error();
  }
  if (!driverFolder) {
    return driverFolder.error();
  }
  options.dataFolder = *folder;
  agent::DriverOptions driverOptions;
  driverOptions.nodeId = m_id.str();
  driverOptions.dataFolder = *driverFolder;
  driverOptions.socket = m_options.engineSocket;
  const std::string driverName = m_options.runtime == "auto" ? "docker" : m_options.runtime;
  auto folders = agent::pluginFolders();
  folders.insert(folders.begin(), m_options.pluginFolders.begin(), m_options.pluginFolders.end());
  auto driver = agent::loadDriver(driverName, driverOptions, folders);
  if (!driver) {
    return driver.error();
  }
  service::ForwarderOptions forwarder;
  forwarder.handed = m_options.handed;
  m_ports = service::makePublishedPorts(forwarder, m_executor, [this, alive = m_alive] {
    if (*alive) {
      for (const auto& p : m_ports->problems()) {
        model::Event e;
        e.type = "port_not_published";
        e.severity = model::Severity::Error;
        e.objectKind = "workload";
        e.objectId = p.workloadId.str();
        e.workloadId = p.workloadId.str();
        if (const auto* w = m_state->workload(p.workloadId)) {
          e.objectName = w->spec.name;
        }
        e.message = p.message;
        control::Batch batch;
        batch.add(std::move(e));
        if (const auto r = m_state->commit(std::move(batch), m_clock.now().wall); !r) {
          base::log::warning("node", "cannot record an event", {{"error", r.error().text()}});
        }
      }
    }
  });
  agent::AgentCallbacks callbacks;
  callbacks.onReport = [this](const agent::InstanceReport& report) {
    m_controller->onReport(m_id, report);
    kick();
  };
  callbacks.onOperation = [this](const model::Operation& operation) {
    auto op = operation;
    op.nodeId = m_id.str();
    m_hub->onOperation(op);
  };
  callbacks.onEvent = [this](const model::Event& event) {
    control::Batch batch;
    m_metrics.count("orchestrator_cluster_events_total", {{"event_type", event.type}});
    batch.add(event);
    if (const auto r = m_state->commit(std::move(batch), m_clock.now().wall); !r) {
      base::log::warning("node", "cannot record an event", {{"error", r.error().text()}});
    }
  };
  callbacks.onEngine = [this](bool up, const std::string& why, const model::EngineInfo& engineInfo) {
    m_engineUp = up;
    m_engineWhy = why;
    if (up) {
      m_engineInfo = engineInfo;
      base::log::info("node", "container engine is up", {{"engine", engineInfo.product}});
    } else {
      base::log::warning("node", "container engine is not available", {{"why", why}});
    }
    refreshNode();
    kick();
  };
  m_agent =
      agent::makeAgent(options, std::move(*driver), std::move(callbacks), m_executor, m_clock, m_random, m_metrics);
  m_link.connect(*m_agent, *m_ports, [this] { refreshPorts(); });
  return {};
}

base::Result<void> NodeImpl::joinNetwork() {
  auto folder = m_folder.subfolder("network");
  if (!folder) {
    return folder.error();
  }
  NetworkOptions options = m_options.network;
  options.nodeName = m_options.nodeName.empty() ? m_facts.hostName : m_options.nodeName;
  auto network = NetworkPart::start(options, m_identity, *folder, *m_hub, m_clock, m_random);
  if (!network) {
    return network.error();
  }
  m_network = std::move(*network);
  ClusterOptions membership;
  membership.found = options.bootstrap;
  membership.joinToken = m_options.joinToken;
  membership.joinSecretFile = m_options.joinSecretFile;
  membership.nodeName = options.nodeName;
  membership.connect = options.connect;
  auto part =
      ClusterPart::start(membership, m_folder.file("cluster.pem"), m_network->host(), *m_store, m_clock, m_random);
  if (!part) {
    return part.error();
  }
  m_cluster = std::move(*part);
  m_network->setMembers([this](const p2p::PeerId& peer) { return m_cluster && m_cluster->members().isMember(peer); });
  m_runner->setAdmission(m_cluster.get());
  return {};
}

base::Result<void> NodeImpl::openDoors() {
  commands::NodeFacts facts;
  facts.info = [this] { return info(); };
  facts.health = [this] { return health(); };
  m_engine = commands::makeLocalEngine(commands::LocalParts{*m_state, *m_hub, *m_runner, *m_audit, *m_store, *m_agent,
                                                            m_executor, m_network.get(), m_cluster.get()},
                                       std::move(facts));
  auto token = m_folder.apiToken(m_random);
  if (!token) {
    return token.error();
  }
  auto keys = readTrustedKeys(m_folder.file("trusted_keys"));
  if (!keys) {
    return keys.error();
  }
  api::ServerConfig config;
  config.host = m_options.apiHost;
  config.port = m_options.apiPort;
  config.token = *token;
  config.trustedKeys = std::move(*keys);
  config.authNone = m_options.apiAuthNone;
  config.metricsOpen = m_options.metricsOpen;
  config.tlsCertificateFile = m_options.tlsCertificateFile;
  config.tlsKeyFile = m_options.tlsKeyFile;
  config.handed = m_options.handed;
  m_server = std::make_unique<api::HttpServer>(*m_engine, m_executor, &m_metrics, m_clock, std::move(config));
  auto bound = m_server->start();
  if (!bound) {
    return bound.error();
  }
  m_apiUrl = bound->url();
  return m_folder.writeApiAddress(m_apiUrl);
}

base::Result<void> NodeImpl::bringUp() {
  m_startedAt = m_clock.now().wall;
  m_facts = readHostFacts(m_folder.path());
  if (auto r = openState(); !r) {
    return r;
  }
  if (auto r = makeAgent(); !r) {
    return r;
  }
  m_controlTimer.setSingleShot(true);
  QObject::connect(&m_controlTimer, &QTimer::timeout, &m_controlTimer, [this] { runControl(); });
  QObject::connect(&m_figuresTimer, &QTimer::timeout, &m_figuresTimer, [this] { takeFigures(); });
  refreshNode();
  // The agent first learns what it had, then control tells it what should be.
  m_agent->start();
  m_controller->start(m_clock.now());
  m_rollouts->start();
  refreshPorts();
  if (auto r = joinNetwork(); !r) {
    return r;
  }
  if (auto r = openDoors(); !r) {
    return r;
  }
  if (m_options.handed) {
    m_options.handed->closeAll(); // what is no longer published
  }
  refreshNode(); // its address is known now
  m_figuresTimer.start(kUsageMs);
  kick();
  return {};
}

void NodeImpl::refreshNode() {
  if (m_shuttingDown) {
    return;
  }
  const auto* old = m_state->node(m_id);
  model::Node n;
  n.id = m_id;
  n.name = m_options.nodeName.empty() ? m_facts.hostName : m_options.nodeName;
  n.address = m_apiUrl.empty() && old != nullptr ? old->address : m_apiUrl;
  n.cordoned = old != nullptr && old->cordoned;
  n.taints = old != nullptr ? old->taints : std::vector<model::Taint>{};
  n.roles = {"control", "worker"};
  n.labels = {{"arch", m_facts.arch}, {"os", m_facts.os}, {"hostname", m_facts.hostName}};
  for (const auto& [k, v] : m_options.labels) {
    n.labels[k] = v;
  }
  n.capacity = m_facts.capacity;
  n.allocatable = allocatableOf(m_facts.capacity);
  n.engine = m_engineInfo;
  n.version = UNIVRS_VERSION;
  n.startedAt = m_startedAt;
  n.status = m_engineUp ? model::NodeStatus::Ready : model::NodeStatus::NotReady;
  n.statusReason = m_engineUp ? std::string() : m_engineWhy;
  const auto r = m_controller->setNode(std::move(n), m_clock.now());
  m_nodeStale = !r;
  if (!r) {
    base::log::error("node", "cannot record this node", {{"error", r.error().text()}});
  }
}

void NodeImpl::refreshPorts() {
  m_portsQueued = false;
  if (m_ports && !m_shuttingDown) {
    m_ports->setPorts(publishedPorts(*m_state, m_id));
  }
}

void NodeImpl::refreshPortsSoon() {
  if (std::exchange(m_portsQueued, true)) {
    return;
  }
  m_executor.post([this, alive = m_alive] {
    if (*alive && m_portsQueued) {
      refreshPorts();
    }
  });
}

void NodeImpl::takeFigures() {
  if (m_nodeStale) {
    refreshNode(); // its last change could not be written
    kick();
  }
  for (const auto& s : m_ports->stats()) {
    const std::string port = std::to_string(s.port);
    m_metrics.gauge("univrs_published_port_connections", double(s.openConnections), {{"port", port}});
    m_metrics.gauge("univrs_published_port_connections_total", double(s.totalConnections), {{"port", port}});
  }
}

void NodeImpl::kick() {
  if (m_shuttingDown || std::exchange(m_kicked, true)) {
    return;
  }
  m_executor.post([this, alive = m_alive] {
    if (*alive) {
      m_kicked = false;
      runControl();
    }
  });
}

void NodeImpl::runControl() {
  if (m_shuttingDown) {
    return;
  }
  const auto now = m_clock.now();
  const auto next = m_controller->pass(now);
  m_store->deliver();
  constexpr int64_t kMaxWaitMs = 60'000;
  m_controlTimer.start(int(std::clamp<int64_t>((next - now.steady).count(), 1, kMaxWaitMs)));
}

interfaces::NodeInfo NodeImpl::info() const {
  interfaces::NodeInfo i;
  i.version = UNIVRS_VERSION;
  const auto* node = m_state->node(m_id);
  i.name = node != nullptr ? node->name : m_facts.hostName;
  i.peerId = m_identity.peerId();
  i.did = m_identity.did();
  i.dataFolder = m_folder.path();
  i.startedAt = m_startedAt;
  i.engine = m_engineInfo;
  i.config = m_options.config;
  return i;
}

HealthReport NodeImpl::health() const {
  HealthReport report;
  const auto now = m_clock.now().wall;
  const auto add = [&](std::string name, PartHealth status, std::string message) {
    report.parts.push_back({std::move(name), status, std::move(message), now});
  };
  // Measured, not remembered: the store is read, the loops' last errors are asked for.
  const auto read = m_store->get("/nodes/" + m_id.str());
  const auto& storeError = m_controller->storeError();
  const auto& historyError = m_state->historyError();
  if (!read) {
    add("store", PartHealth::Unhealthy, read.error().text());
  } else if (storeError) {
    add("store", PartHealth::Unhealthy, storeError->text());
  } else if (historyError) {
    add("store", PartHealth::Degraded, "events are not kept: " + historyError->text());
  } else {
    add("store", PartHealth::Healthy, m_store->description());
  }
  add("runtime", m_engineUp ? PartHealth::Healthy : PartHealth::Degraded,
      m_engineUp ? m_engineInfo.product : m_engineWhy);
  const auto problems = m_ports->problems();
  add("ports", problems.empty() ? PartHealth::Healthy : PartHealth::Degraded,
      problems.empty() ? std::string() : problems.front().message);
  const std::string network = m_network->problem();
  add("network", network.empty() ? PartHealth::Healthy : PartHealth::Degraded,
      network.empty() ? m_network->address() : network);
  add("cluster", m_cluster->problem().empty() ? PartHealth::Healthy : PartHealth::Degraded,
      m_cluster->problem().empty() ? m_cluster->summary() : m_cluster->problem());
  add("control", PartHealth::Healthy, std::to_string(m_state->workloads().size()) + " workloads");
  report.status = PartHealth::Healthy;
  for (const auto& p : report.parts) {
    if (p.status == PartHealth::Unhealthy ||
        (p.status == PartHealth::Degraded && report.status == PartHealth::Healthy)) {
      report.status = p.status;
    }
  }
  report.ready = report.status != PartHealth::Unhealthy && m_engineUp;
  if (!report.ready) {
    report.reason = m_engineUp ? "the state cannot be written" : m_engineWhy;
  }
  return report;
}

void NodeImpl::shutdown(std::function<void()> done) {
  m_folder.removeApiAddress();
  if (m_shuttingDown) {
    return;
  }
  endParts(m_options.stopWorkloads, std::move(done));
}

void NodeImpl::handOver(std::shared_ptr<base::HandedSockets> into, std::function<void()> done) {
  if (m_shuttingDown || std::exchange(m_leaving, true)) {
    return;
  }
  const auto open = std::make_shared<int>(2);
  const auto next = [this, alive = m_alive, open, done = std::move(done)] {
    if (*alive && --*open == 0 && !m_shuttingDown) {
      endParts(false, done);
    }
  };
  m_server->handOver(into, std::chrono::milliseconds(m_options.restartGraceMs), next);
  m_ports->handOver(into, m_options.restartGraceMs, next);
}

void NodeImpl::endParts(bool stopWorkloads, std::function<void()> done) {
  m_shuttingDown = true;
  m_controlTimer.stop();
  m_figuresTimer.stop();
  if (m_server) {
    m_server->stop();
  }
  m_agent->shutdown(stopWorkloads, std::move(done));
}

} // namespace

base::Result<std::unique_ptr<Node>> Node::start(NodeOptions options, base::Executor& executor) {
  auto folder = DataFolder::open(options.dataFolder);
  if (!folder) {
    return folder.error();
  }
  auto identity = p2p::Identity::loadOrCreate(folder->file("identity.pem"));
  if (!identity) {
    return identity.error();
  }
  auto node = std::make_unique<NodeImpl>(std::move(options), executor, std::move(*folder), std::move(*identity));
  if (auto r = node->bringUp(); !r) {
    return r.error();
  }
  return std::unique_ptr<Node>(std::move(node));
}

} // namespace univrs::node
