#include "app/gui/overview.h"

#include <algorithm>

namespace univrs::gui {

namespace {

void addPart(QVariantList& parts, int value, const char* tone, const QString& label) {
  if (value > 0) {
    parts << QVariantMap{{QStringLiteral("value"), value},
                         {QStringLiteral("tone"), QLatin1String(tone)},
                         {QStringLiteral("label"), label}};
  }
}

QVariantMap resource(const QString& name, int64_t reserved, int64_t allocatable, std::string (*format)(int64_t)) {
  const int64_t left = std::max<int64_t>(0, allocatable - reserved);
  return {{QStringLiteral("name"), name},
          {QStringLiteral("parts"), reservedParts(reserved, allocatable)},
          {QStringLiteral("limit"), double(std::max(allocatable, reserved))},
          {QStringLiteral("text"),
           Overview::tr("%1 of %2 reserved, %3 free")
               .arg(localFigure(format(reserved)), localFigure(format(allocatable)), localFigure(format(left)))}};
}

} // namespace

Overview::Overview(interfaces::Events& engine, const base::Clock& clock, const WorkloadListModel& workloads,
                   NodeListModel& nodes, const InstanceIndex& instances, DecisionListModel& decisions, QObject* parent)
    : QObject(parent), m_workloads(workloads), m_nodes(nodes), m_instances(instances), m_decisions(decisions),
      m_events(engine, clock, kEvents), m_refused(decisions), m_coalescer([this] { compute(); }, kRefreshMs) {
  m_refused.setRefusedOnly(true);
  connect(&m_workloads, &WorkloadListModel::countsChanged, this, &Overview::refresh);
  connect(&m_nodes, &NodeListModel::countsChanged, this, &Overview::refresh);
  connect(&m_decisions, &DecisionListModel::countsChanged, this, &Overview::refresh);
}

void Overview::compute() {
  m_complete = m_workloads.complete() && m_nodes.complete();
  m_workloadCount = m_workloads.total();
  m_workloadParts.clear();
  addPart(m_workloadParts, m_workloads.healthy(), "good", tr("healthy"));
  addPart(m_workloadParts, m_workloads.progressing(), "busy", tr("progressing"));
  addPart(m_workloadParts, m_workloads.degraded(), "warn", tr("degraded"));
  const InstanceIndex::Counts& c = m_instances.counts();
  m_instanceParts.clear();
  addPart(m_instanceParts, c.running, "good", tr("running"));
  addPart(m_instanceParts, c.underway, "busy", tr("on the way"));
  addPart(m_instanceParts, c.unhealthy, "warn", tr("unhealthy"));
  addPart(m_instanceParts, c.failed, "bad", tr("failed"));
  addPart(m_instanceParts, c.ended, "idle", tr("ended"));
  m_nodeParts.clear();
  addPart(m_nodeParts, m_nodes.ready(), "good", tr("ready"));
  addPart(m_nodeParts, m_nodes.cordoned(), "idle", tr("cordoned"));
  addPart(m_nodeParts, m_nodes.notReady(), "bad", tr("not ready"));
  computeNeeds();
  computeResources();

  const int degraded = m_workloads.degraded();
  const int away = m_nodes.notReady();
  if (!m_complete) {
    m_word.clear();
    m_tone = QStringLiteral("idle");
    m_sentence.clear();
  } else if (degraded + away > 0) {
    m_word = tr("Degraded");
    m_tone = QStringLiteral("warn");
    for (int row = 0; row < m_needs.count(); ++row) {
      if (m_needs.index(row).data(NeedsModel::ToneRole).toString() == QLatin1String("bad")) {
        m_tone = QStringLiteral("bad");
        break;
      }
    }
    QStringList what;
    if (degraded > 0) {
      what << tr("%n of %1 workloads", nullptr, degraded).arg(m_workloadCount);
    }
    if (away > 0) {
      what << tr("%n of %1 nodes", nullptr, away).arg(nodeCount());
    }
    m_sentence = degraded + away == 1 ? tr("%1 needs you").arg(what.join(QString()))
                                      : tr("%1 need you").arg(what.join(tr(" and ")));
  } else if (m_workloads.progressing() > 0) {
    m_word = tr("Progressing");
    m_tone = QStringLiteral("busy");
    m_sentence = tr("%n of %1 workloads are changing; nothing needs you", nullptr, m_workloads.progressing())
                     .arg(m_workloadCount);
  } else if (m_workloadCount == 0) {
    m_word = tr("Nothing deployed yet");
    m_tone = QStringLiteral("idle");
    m_sentence =
        nodeCount() == 1 ? tr("1 node is ready for work") : tr("%n nodes are ready for work", nullptr, m_nodes.ready());
  } else {
    m_word = tr("Healthy");
    m_tone = QStringLiteral("good");
    m_sentence = m_workloadCount == 1 ? tr("The one workload runs as wished")
                                      : tr("All %n workloads run as wished", nullptr, m_workloadCount);
  }
  Q_EMIT changed();
}

void Overview::computeNeeds() {
  std::vector<Need> needs;
  int total = 0;
  const auto take = [&](const auto& thing) {
    ++total;
    if (needs.size() < size_t(NeedsModel::kMaxRows)) {
      needs.push_back(needOf(thing));
    }
  };
  for (int row = 0; row < m_nodes.total(); ++row) {
    if (m_nodes.at(row).status != model::NodeStatus::Ready) {
      take(m_nodes.at(row));
    }
  }
  for (const bool nothingReady : {true, false}) { // those that do nothing at all first
    for (int row = 0; row < m_workloads.total(); ++row) {
      const model::Workload& w = m_workloads.at(row);
      if (w.status.health == model::Health::Degraded && !w.deleting && (w.status.ready == 0) == nothingReady) {
        take(w);
      }
    }
  }
  m_needs.show(std::move(needs), total);
}

Need Overview::needOf(const model::Workload& w) const {
  Need n;
  const StateWord state = stateWord(w);
  n.key = QStringLiteral("workload ") + fromUtf8(w.id.str());
  n.tone = state.tone;
  n.kind = tr("Workload");
  n.name = plainLine(w.spec.name);
  n.word = tr("%1 of %2 ready").arg(w.status.ready).arg(w.status.desired);
  n.cause = plainLine(w.status.reason);
  n.view = QStringLiteral("workloads");
  n.target = fromUtf8(w.id.str());
  n.action = tr("Open");
  n.cli = QStringLiteral("univrs why ") + shellWord(n.name);
  bool unplaced = false;
  bool crashLoop = false;
  bool outOfMemory = false;
  for (const InstanceIndex::Entry* e : m_instances.ofWorkload(w.id.str())) {
    unplaced = unplaced || (e->state == model::InstanceState::Pending && e->nodeId.empty());
    crashLoop = crashLoop || e->crashLoop;
    outOfMemory = outOfMemory || (e->outOfMemory && !(e->state == model::InstanceState::Running && e->ready));
  }
  const model::Decision* refusal = m_decisions.standingRefusal(w.id.str());
  if (refusal && (unplaced || w.status.ready < w.status.desired) && !crashLoop && !outOfMemory) {
    n.step = tr("See which nodes refused it, then make room, add a node or ask for less.");
    n.action = tr("Why");
    n.view = QStringLiteral("scheduler");
    n.target = fromUtf8(refusal->id);
    if (n.cause.isEmpty()) {
      n.cause = plainLine(refusal->summary);
    }
  } else if (outOfMemory) {
    n.step = tr("Raise its memory limit, or make it use less.");
  } else if (crashLoop) {
    n.step = tr("Read the last lines of its log, then update or undo it.");
    n.cli = QStringLiteral("univrs logs ") + shellWord(n.name);
  } else {
    n.step = tr("Look at its instances and events.");
  }
  return n;
}

Need Overview::needOf(const model::Node& node) {
  Need n;
  const StateWord state = stateWord(node);
  n.key = QStringLiteral("node ") + fromUtf8(node.id.str());
  n.tone = state.tone;
  n.kind = tr("Node");
  n.name = plainLine(node.name.empty() ? node.id.str() : node.name);
  n.word = state.word;
  n.cause = plainLine(node.statusReason);
  n.step = node.status == model::NodeStatus::NotReady
               ? tr("Its container engine or Univrs itself has trouble: look at its events.")
               : tr("Check that the machine is on, reachable, and runs Univrs.");
  n.action = tr("Open");
  n.view = QStringLiteral("nodes");
  n.target = fromUtf8(node.id.str());
  n.cli = QStringLiteral("univrs nodes ") + shellWord(n.name);
  return n;
}

void Overview::computeResources() {
  model::Resources reserved;
  model::Resources allocatable;
  QStringList ids;
  for (int row = 0; row < m_nodes.total(); ++row) {
    const model::Node& n = m_nodes.at(row);
    if (n.status == model::NodeStatus::Ready) {
      reserved += n.reserved;
      allocatable += n.allocatable;
      if (ids.size() < kMaxChartNodes) {
        ids << fromUtf8(n.id.str());
      }
    }
  }
  m_resources.clear();
  if (!allocatable.isZero()) {
    m_resources << resource(tr("CPU"), reserved.cpuMillicores, allocatable.cpuMillicores, model::formatCpu)
                << resource(tr("Memory"), reserved.memoryBytes, allocatable.memoryBytes, model::formatBytes);
  }
  if (ids != m_nodeIds) {
    m_nodeIds = ids;
    Q_EMIT nodeIdsChanged();
  }
}

} // namespace univrs::gui
