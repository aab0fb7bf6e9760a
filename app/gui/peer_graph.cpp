#include "app/gui/peer_graph.h"

#include <QElapsedTimer>

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

namespace univrs::gui {
namespace {

uint64_t keyOf(const QString& id) { // FNV-1a; two of one key only begin at one place
  uint64_t hash = 0xcbf29ce484222325U;
  for (const QChar c : id) {
    hash = (hash ^ c.unicode()) * 0x100000001b3U;
  }
  return hash;
}

GraphNode::Kind kindOf(PeerStanding standing) {
  switch (standing) {
  case PeerStanding::Direct:
    return GraphNode::Kind::Direct;
  case PeerStanding::Relayed:
    return GraphNode::Kind::Relayed;
  case PeerStanding::Elsewhere:
    break;
  }
  return GraphNode::Kind::Elsewhere;
}

// By factors of ten from 1 KB/s on: a line ten times as busy is one step wider.
int weightOf(double bytesPerSecond) {
  if (bytesPerSecond < 1'000) {
    return 0;
  }
  return std::clamp(int(std::log10(bytesPerSecond)) - 2, 1, PeerGraph::kMaxWeight);
}

} // namespace

PeerGraph::PeerGraph(PeerListModel& peers, PeerFilter& filter, const base::Clock& clock, QObject* parent)
    : QObject(parent), m_peers(peers), m_filter(filter), m_clock(clock) {
  m_rebuild.setSingleShot(true);
  m_rebuild.setInterval(kRebuildMs);
  connect(&m_rebuild, &QTimer::timeout, this, &PeerGraph::rebuild);
  m_looks.setSingleShot(true);
  m_looks.setInterval(kRebuildMs);
  connect(&m_looks, &QTimer::timeout, this, &PeerGraph::takeLooks);
  connect(&peers, &PeerListModel::topologyChanged, this, [this] {
    if (m_nodes.size() < 2) {
      rebuild(); // the first picture at once
    } else if (!m_rebuild.isActive()) {
      m_rebuild.start();
    }
  });
  const auto looksSoon = [this] {
    if (!m_looks.isActive()) {
      m_looks.start();
    }
  };
  connect(&peers, &PeerListModel::dataChanged, this, looksSoon);
  connect(&filter, &PeerFilter::filterChanged, this, [this] {
    m_filter.flush();
    takeLooks();
  });
}

void PeerGraph::setOwn(const QString& id, const QString& name) {
  if (id != m_ownId || name != m_ownName) {
    m_ownId = id;
    m_ownName = name;
    rebuild();
  }
}

void PeerGraph::rebuild() {
  m_rebuild.stop();
  m_nodes.clear();
  m_edges.clear();
  m_indexOf.clear();
  m_ownEdgeTo.clear();
  const auto& rows = m_peers.rows();
  m_nodes.reserve(rows.size() + 1);
  const auto add = [this](const QString& id, const QString& name, GraphNode::Kind kind) {
    m_indexOf.insert(id, int(m_nodes.size()));
    m_nodes.push_back({id, name, kind, false, {}});
  };
  if (!m_ownId.isEmpty()) {
    add(m_ownId, m_ownName.isEmpty() ? shortId(m_ownId) : m_ownName, GraphNode::Kind::Own);
  }
  for (const PeerRow& row : rows) {
    if (m_nodes.size() >= GraphLayout::kMaxNodes) {
      break;
    }
    if (!m_indexOf.contains(row.id)) {
      add(row.id, m_peers.labelOf(row), kindOf(row.standing));
    }
  }
  std::set<std::pair<int, int>> known; // an edge that both ends report is one
  const auto join = [&](int a, int b, bool own, bool relayed, const QString& latency) {
    if (a < 0 || b < 0 || a == b || m_edges.size() >= GraphLayout::kMaxEdges ||
        !known.insert(std::minmax(a, b)).second) {
      return false;
    }
    const int edge = int(m_edges.size());
    m_edges.push_back({a, b, own, relayed, 0, latency});
    m_nodes[size_t(a)].edges.push_back(edge);
    m_nodes[size_t(b)].edges.push_back(edge);
    return true;
  };
  const int own = indexOf(m_ownId);
  for (const PeerRow& row : rows) {
    if (own >= 0 && row.standing != PeerStanding::Elsewhere &&
        join(own, indexOf(row.id), true, row.standing == PeerStanding::Relayed, {})) {
      m_ownEdgeTo.insert(row.id, int(m_edges.size()) - 1);
    }
  }
  for (const PeerRow& row : rows) {
    const int from = indexOf(row.id);
    for (const model::PeerLink& link : row.peer.neighbours) {
      const int to = indexOf(plainLine(link.id));
      if (to == own && own >= 0) {
        continue; // of our own connections we know more
      }
      join(from, to, false, link.relayed, link.rttMicros < 0 ? QString() : latencyText(link.rttMicros));
    }
  }
  std::vector<uint64_t> keys;
  keys.reserve(m_nodes.size());
  for (const GraphNode& node : m_nodes) {
    keys.push_back(keyOf(node.id));
  }
  std::vector<LayoutEdge> links;
  links.reserve(m_edges.size());
  for (const GraphEdge& edge : m_edges) {
    links.push_back({edge.a, edge.b});
  }
  m_layout.setGraph(keys, links);
  m_pulses.clear(); // their ends have other numbers now
  m_pulsedAt.assign(m_edges.size(), 0);
  readFigures();
  readFilter();
  if (indexOf(m_current) < 0) {
    m_current.clear();
    Q_EMIT currentChanged();
  }
  countPins();
  Q_EMIT graphChanged();
  noteMoving();
}

void PeerGraph::takeLooks() {
  const bool figures = readFigures();
  if (readFilter() || figures) {
    Q_EMIT looksChanged();
  }
}

bool PeerGraph::readFigures() {
  bool changed = false;
  for (auto it = m_ownEdgeTo.cbegin(); it != m_ownEdgeTo.cend(); ++it) {
    const PeerRow* row = m_peers.find(it.key());
    if (!row) {
      continue;
    }
    GraphEdge& edge = m_edges[size_t(it.value())];
    const int weight = weightOf(row->receivedRate + row->sentRate);
    const QString latency = row->rttMicros < 0 ? QString() : latencyText(row->rttMicros);
    if (weight != edge.weight || latency != edge.latency) {
      edge.weight = weight;
      edge.latency = latency;
      changed = true;
    }
    GraphNode& node = m_nodes[size_t(indexOf(it.key()))];
    if (const QString name = m_peers.labelOf(*row); name != node.name) {
      node.name = name;
      changed = true;
    }
  }
  return changed;
}

bool PeerGraph::readFilter() {
  bool changed = false;
  const bool narrowed = m_filter.narrowed();
  for (GraphNode& node : m_nodes) {
    const bool dimmed = narrowed && node.kind != GraphNode::Kind::Own && m_filter.rowOf(node.id) < 0;
    if (dimmed != node.dimmed) {
      node.dimmed = dimmed;
      changed = true;
    }
  }
  return changed;
}

void PeerGraph::noteMoving() {
  if (moving() != m_wasMoving) {
    m_wasMoving = moving();
    Q_EMIT movingChanged();
  }
}

bool PeerGraph::step() {
  // Where frames are slow it takes larger strides, so as to be calm after about the same time.
  const int64_t now = m_clock.now().steady.ms;
  const int64_t between = std::clamp<int64_t>(now - std::exchange(m_steppedAt, now), 0, kSlowestFrameMs);
  const int64_t budget = std::max<int64_t>(kStepBudgetMs, between / 4);
  QElapsedTimer spent;
  spent.start();
  bool any = false;
  for (int i = 0; i < kStepsAtOnce && (i == 0 || spent.elapsed() < budget); ++i) {
    any = m_layout.step() || any;
  }
  noteMoving();
  return any;
}

bool PeerGraph::settleFor(int ms) {
  QElapsedTimer spent;
  spent.start();
  while (m_layout.step()) {
    if (spent.elapsed() >= ms) {
      return false;
    }
  }
  noteMoving();
  return true;
}

void PeerGraph::message(const model::GossipMessage& message) {
  if (!m_pulsing || message.receivedFrom.empty() || m_pulses.size() >= kMaxPulses) {
    return;
  }
  const QString from = plainLine(message.receivedFrom);
  const auto edge = m_ownEdgeTo.constFind(from);
  const int64_t now = m_clock.now().steady.ms;
  if (edge == m_ownEdgeTo.cend() || now - m_pulsedAt[size_t(*edge)] < kPulseGapMs) {
    return;
  }
  m_pulsedAt[size_t(*edge)] = now;
  m_pulses.push_back({indexOf(from), indexOf(m_ownId), now});
  Q_EMIT pulsed();
}

bool PeerGraph::agePulses() {
  const int64_t now = m_clock.now().steady.ms;
  std::erase_if(m_pulses, [now](const GraphPulse& p) { return now - p.startedAt >= kPulseMs; });
  return !m_pulses.empty();
}

void PeerGraph::setPulsing(bool pulsing) {
  m_pulsing = pulsing;
  if (!pulsing) {
    m_pulses.clear();
  }
}

void PeerGraph::setCurrent(const QString& id) {
  if (id != m_current && (id.isEmpty() || indexOf(id) >= 0)) {
    m_current = id;
    Q_EMIT currentChanged();
  }
}

QString PeerGraph::spoken() const {
  const int node = indexOf(m_current);
  if (node < 0) {
    return tr("%n peers", nullptr, int(m_nodes.size())) + QStringLiteral(", ") +
           tr("%n connections", nullptr, int(m_edges.size()));
  }
  const GraphNode& n = m_nodes[size_t(node)];
  const PeerRow* row = m_peers.find(n.id);
  QStringList parts{n.name};
  parts << (n.kind == GraphNode::Kind::Own ? tr("this node") : row ? standingWord(row->standing) : QString());
  parts << tr("%n connections", nullptr, int(n.edges.size()));
  if (row && row->rttMicros >= 0) {
    parts << latencyText(row->rttMicros);
  }
  parts.removeAll(QString());
  return parts.join(QStringLiteral(", "));
}

void PeerGraph::go(double dx, double dy) {
  if (m_nodes.empty()) {
    return;
  }
  const int from = indexOf(m_current);
  if (from < 0) {
    return goHome();
  }
  const LayoutPoint here = m_layout.at(size_t(from));
  int best = -1;
  double bestScore = 0;
  const auto consider = [&](int node) {
    const LayoutPoint there = m_layout.at(size_t(node));
    const double x = there.x - here.x;
    const double y = there.y - here.y;
    const double length = std::sqrt(x * x + y * y);
    const double along = length > 0 ? (x * dx + y * dy) / length : 0; // the cosine of what lies between
    if (node != from && along > 0.35) {
      const double score = along / (1 + length / 600);
      if (score > bestScore) {
        bestScore = score;
        best = node;
      }
    }
  };
  for (const int edge : m_nodes[size_t(from)].edges) {
    const GraphEdge& e = m_edges[size_t(edge)];
    consider(e.a == from ? e.b : e.a);
  }
  if (best < 0) { // no neighbour lies there
    for (int node = 0; node < int(m_nodes.size()); ++node) {
      consider(node);
    }
  }
  if (best >= 0) {
    setCurrent(m_nodes[size_t(best)].id);
  }
}

void PeerGraph::goHome() {
  if (!m_nodes.empty()) {
    setCurrent(indexOf(m_ownId) >= 0 ? m_ownId : m_nodes.front().id);
  }
}

void PeerGraph::setSelected(const QString& id) {
  if (id != m_selected) {
    m_selected = id;
    if (!id.isEmpty()) {
      setCurrent(id);
    }
    Q_EMIT looksChanged();
  }
}

void PeerGraph::countPins() {
  int pins = 0;
  for (size_t i = 0; i < m_layout.size(); ++i) {
    pins += m_layout.pinned(i) ? 1 : 0;
  }
  if (pins != m_pins) {
    m_pins = pins;
    Q_EMIT pinsChanged();
  }
}

void PeerGraph::drag(int node, LayoutPoint to) {
  if (node >= 0 && size_t(node) < m_layout.size()) {
    m_layout.pin(size_t(node), to);
    m_layout.reheat(0.25);
    countPins();
    noteMoving();
  }
}

void PeerGraph::togglePin(const QString& id) {
  const int node = indexOf(id);
  if (node < 0 || size_t(node) >= m_layout.size()) {
    return;
  }
  const auto i = size_t(node);
  if (m_layout.pinned(i)) {
    m_layout.unpin(i);
    m_layout.reheat(0.15);
  } else {
    m_layout.pin(i, m_layout.at(i));
  }
  countPins();
  Q_EMIT looksChanged();
  noteMoving();
}

void PeerGraph::unpinAll() {
  for (size_t i = 0; i < m_layout.size(); ++i) {
    m_layout.unpin(i);
  }
  m_layout.reheat(0.3);
  countPins();
  Q_EMIT looksChanged();
  noteMoving();
}

} // namespace univrs::gui
