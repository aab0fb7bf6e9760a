// All nodes, a row each, kept by id: deltas change only the rows they concern, and are put together when they come
// faster than ten times a second.
#pragma once

#include "app/gui/coalescer.h"
#include "app/gui/display_text.h"
#include "app/gui/instance_index.h"
#include "engine/base/clock.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSet>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <vector>

namespace univrs::gui {

StateWord stateWord(const model::Node& node);
// Why it is in that state; empty when there is nothing to say.
QString stateReason(const model::Node& node);
// "Podman 4.3.1", "Docker 24.0.7": product with version once.
QString runtimeText(const model::EngineInfo& engine);
// Parts of a meter {value, tone, label}: what instances reserve. The tone warns from 90 % of `allocatable` on.
QVariantList reservedParts(int64_t reserved, int64_t allocatable);

class NodeListModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int total READ total NOTIFY countsChanged)
  Q_PROPERTY(int ready READ ready NOTIFY countsChanged)       // and open for new instances
  Q_PROPERTY(int cordoned READ cordoned NOTIFY countsChanged) // ready, but takes no new ones
  Q_PROPERTY(int notReady READ notReady NOTIFY countsChanged)
  Q_PROPERTY(bool complete READ complete NOTIFY countsChanged)
public:
  static constexpr int kMaxRows = 100'000; // more a cluster never has; a peer's excess is dropped
  static constexpr int kMaxRanges = 16;    // of changed rows told one by one; more are told as one

  enum Role {
    IdRole = Qt::UserRole + 1,
    NameRole,
    StateRole,
    StateSortRole, // what needs a person first
    ToneRole,
    ReasonRole,
    RolesRole,
    RegionRole,
    ZoneRole,
    CloudRole,
    ArchRole,
    LabelsRole,
    RuntimeRole,
    VersionRole,
    AddressRole,
    CpuTextRole, // "1.5 of 4"
    CpuSortRole, // share reserved
    CpuPartsRole,
    CpuLimitRole,
    MemoryTextRole,
    MemorySortRole,
    MemoryPartsRole,
    MemoryLimitRole,
    InstancesRole,
    UpRole,
    UpSortRole,
    StartedRole
  };

  NodeListModel(const base::Clock& clock, const InstanceIndex& instances, QObject* parent = nullptr);

  // Deltas of topic nodes, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  // Their instances changed.
  void touch(const QSet<QString>& nodeIds);
  void refreshAges();

  [[nodiscard]] const model::Node* find(const QString& id) const;
  [[nodiscard]] const model::Node& at(int row) const { return m_rows[size_t(row)].node; }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
  [[nodiscard]] int total() const { return int(m_rows.size()); }
  [[nodiscard]] int ready() const { return m_ready; }
  [[nodiscard]] int cordoned() const { return m_cordoned; }
  [[nodiscard]] int notReady() const { return total() - m_ready - m_cordoned; }
  // A whole snapshot has been seen.
  [[nodiscard]] bool complete() const { return m_complete; }

Q_SIGNALS:
  void countsChanged();
  // The nodes that are new, changed (themselves or their instances) or gone.
  void applied(const QSet<QString>& ids);

private:
  struct Row {
    QString id;
    QString name;
    model::Node node;
  };
  void show();
  void removeRows(std::vector<int> rows);
  void tellChanged(std::vector<int> rows);
  void count();
  const base::Clock& m_clock;
  const InstanceIndex& m_instances;
  std::vector<Row> m_rows;
  QHash<QString, int> m_rowOf;
  QHash<QString, std::optional<model::Node>> m_waiting; // newest word on each; nothing = gone
  QSet<QString> m_touched;
  bool m_inSnapshot = false;
  bool m_complete = false;
  QSet<QString> m_seen; // in the snapshot under way
  int m_ready = 0;
  int m_cordoned = 0;
  Coalescer m_coalescer;
};

} // namespace univrs::gui
