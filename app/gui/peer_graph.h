// The peers and who is connected to whom, as a picture to be drawn: nodes with places, edges, what is chosen, pinned,
// left out or under the pointer. Only connections somebody reported are in it. Holds no timer: whoever shows it calls
// step() while `moving`, and nothing at all when it is not.
#pragma once

#include "app/gui/graph_layout.h"
#include "app/gui/peer_filter.h"
#include "app/gui/peer_list_model.h"

#include <QObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <cstdint>
#include <vector>

namespace univrs::gui {

struct GraphNode {
  enum class Kind { Own, Direct, Relayed, Elsewhere };
  QString id;
  QString name;
  Kind kind = Kind::Elsewhere;
  bool dimmed = false; // left out by the filter
  std::vector<int> edges;
};

struct GraphEdge {
  int a = 0;
  int b = 0;
  bool own = false; // one end is this node
  bool relayed = false;
  int weight = 0;  // 0…kMaxWeight, by traffic
  QString latency; // empty = not known
};

// A message on its way along an edge.
struct GraphPulse {
  int from = 0;
  int to = 0;
  int64_t startedAt = 0; // steady ms
};

class PeerGraph : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(bool moving READ moving NOTIFY movingChanged)
  Q_PROPERTY(int nodeCount READ nodeCount NOTIFY graphChanged)
  Q_PROPERTY(int edgeCount READ edgeCount NOTIFY graphChanged)
  Q_PROPERTY(QString current READ current NOTIFY currentChanged) // the id the keyboard is at
  Q_PROPERTY(QString spoken READ spoken NOTIFY currentChanged)   // the same for a screen reader
  Q_PROPERTY(int pinnedCount READ pinnedCount NOTIFY pinsChanged)
public:
  static constexpr int kMaxWeight = 4;
  static constexpr size_t kMaxPulses = 64;    // under way; more messages show none
  static constexpr int64_t kPulseMs = 700;    // from one end to the other
  static constexpr int64_t kPulseGapMs = 120; // between two on one edge
  static constexpr int kRebuildMs = 250;      // changes of who is connected to whom come together
  static constexpr int64_t kStepBudgetMs = 3; // small graphs take several steps a frame, to be calm soon
  static constexpr int kStepsAtOnce = 4;
  static constexpr int64_t kSlowestFrameMs = 100;

  PeerGraph(PeerListModel& peers, PeerFilter& filter, const base::Clock& clock, QObject* parent = nullptr);

  // This node.
  void setOwn(const QString& id, const QString& name);
  // Messages as they pass: each draws along the edge it came by.
  void message(const model::GossipMessage& message);

  [[nodiscard]] const std::vector<GraphNode>& nodes() const { return m_nodes; }
  [[nodiscard]] const std::vector<GraphEdge>& edges() const { return m_edges; }
  [[nodiscard]] const GraphLayout& layout() const { return m_layout; }
  [[nodiscard]] int indexOf(const QString& id) const { return m_indexOf.value(id, -1); }
  [[nodiscard]] int nodeCount() const { return int(m_nodes.size()); }
  [[nodiscard]] int edgeCount() const { return int(m_edges.size()); }
  [[nodiscard]] bool moving() const { return !m_layout.settled(); }
  // Moves on for one frame. False when it is settled: then nothing was done.
  bool step();
  // At once to where it comes to rest, for those who want no motion; at most so many ms, false when it needs more.
  bool settleFor(int ms);

  [[nodiscard]] const std::vector<GraphPulse>& pulses() const { return m_pulses; }
  // Forgets those that arrived; true while any is under way.
  bool agePulses();
  void setPulsing(bool pulsing); // nobody looks, or wants no motion: none are kept

  [[nodiscard]] QString current() const { return m_current; }
  void setCurrent(const QString& id);
  [[nodiscard]] QString spoken() const;
  // From the current node to the neighbour (else to any node) that lies most nearly in this direction.
  Q_INVOKABLE void go(double dx, double dy);
  Q_INVOKABLE void goHome(); // to this node
  [[nodiscard]] QString selected() const { return m_selected; }
  void setSelected(const QString& id);

  [[nodiscard]] int pinnedCount() const { return m_pins; }
  [[nodiscard]] bool pinned(int node) const { return m_layout.pinned(size_t(node)); }
  void drag(int node, LayoutPoint to); // pins it there; the others follow
  Q_INVOKABLE void togglePin(const QString& id);
  Q_INVOKABLE void unpinAll();

Q_SIGNALS:
  void graphChanged(); // nodes or edges are others
  void looksChanged(); // only how they look
  void movingChanged();
  void currentChanged();
  void pinsChanged();
  void pulsed();

private:
  void rebuild();
  void takeLooks();
  bool readFigures(); // true when one looks different
  bool readFilter();
  void noteMoving();
  void countPins();
  PeerListModel& m_peers;
  PeerFilter& m_filter;
  const base::Clock& m_clock;
  QString m_ownId;
  QString m_ownName;
  std::vector<GraphNode> m_nodes;
  std::vector<GraphEdge> m_edges;
  QHash<QString, int> m_indexOf;
  QHash<QString, int> m_ownEdgeTo; // peer id -> edge
  GraphLayout m_layout;
  std::vector<GraphPulse> m_pulses;
  std::vector<int64_t> m_pulsedAt; // by edge
  bool m_pulsing = true;
  bool m_wasMoving = false;
  int64_t m_steppedAt = 0; // steady ms
  QString m_current;
  QString m_selected;
  int m_pins = 0;
  QTimer m_rebuild;
  QTimer m_looks;
};

} // namespace univrs::gui
