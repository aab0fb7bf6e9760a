// The instances of the selected workload, a row each. Holds all instances the watch tells of, so that selecting another
// workload shows its rows at once.
#pragma once

#include "engine/base/clock.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSet>
#include <QtQml/qqmlregistration.h>

#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace univrs::gui {

class InstanceListModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
public:
  static constexpr size_t kMaxInstances = 200'000; // of all workloads together

  enum Role {
    IdRole = Qt::UserRole + 1,
    StateRole,
    ToneRole,
    MessageRole,
    RestartsRole,
    NodeRole,
    PlaceRole, // node, and where its ports are reached there: "laptop · 127.0.0.1:41235 → 80/tcp"
    AgeRole,
    SinceRole,
    DetailRole, // one line for the accessible description
    NodeIdRole,
    DecisionRole,   // id of the placement that put it there; may be empty
    ContainersRole, // a list of {name, state, tone, detail}
    NextRestartRole // "restarts in 12 s"; empty when it does not wait
  };

  explicit InstanceListModel(const base::Clock& clock, QObject* parent = nullptr);

  // Deltas of topics instances and nodes, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  void select(const QString& workloadId);
  void refreshAges();
  [[nodiscard]] int count() const { return int(m_rows.size()); }
  Q_INVOKABLE [[nodiscard]] QString idAt(int row) const;
  // All ids of the selected workload, in the rows' order.
  Q_INVOKABLE [[nodiscard]] QStringList ids() const;
  // "laptop +2": the nodes a workload's live instances are on, the one with most first.
  [[nodiscard]] QString nodesOf(const QString& workloadId) const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();
  // After a batch: workloads whose instances came, went, ended or moved (also when a node's name became known).
  void placed(const QSet<QString>& workloadIds);

private:
  using Key = std::pair<int64_t, std::string>; // creation time, id: the order of rows, which no update changes
  static Key keyOf(const model::Instance& i) { return {i.createdAt.ms, i.id.str()}; }
  void put(const model::Instance& instance);
  void remove(const std::string& id);
  [[nodiscard]] int rowOf(const Key& key) const;
  const base::Clock& m_clock;
  std::string m_workload;
  std::unordered_map<std::string, model::Instance> m_all;
  std::unordered_map<std::string, std::set<Key>> m_byWorkload;
  std::vector<Key> m_rows;
  std::unordered_map<std::string, std::string> m_nodeNames;
  std::set<std::string> m_moved; // workloads for placed()
  bool m_inSnapshot = false;
  std::set<std::string> m_seen;
};

} // namespace univrs::gui
