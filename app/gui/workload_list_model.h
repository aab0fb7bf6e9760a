// All workloads, a row each, kept by id: a snapshot and deltas change only the rows they concern, so that 10,000 rows
// can be updated without rebuilding anything.
#pragma once

#include "engine/base/clock.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSet>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace univrs::gui {

class UsageThumbs;

class WorkloadListModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int total READ total NOTIFY countsChanged)
  Q_PROPERTY(int healthy READ healthy NOTIFY countsChanged)
  Q_PROPERTY(int progressing READ progressing NOTIFY countsChanged)
  Q_PROPERTY(int degraded READ degraded NOTIFY countsChanged)
  Q_PROPERTY(bool complete READ complete NOTIFY countsChanged)
public:
  static constexpr int kMaxRows = 100'000; // more than that a node never has; a peer's excess is dropped

  enum Role {
    IdRole = Qt::UserRole + 1,
    NameRole,
    StateRole,
    ToneRole,
    ReasonRole,
    ReadyRole,
    DesiredRole,
    ImageRole,
    RestartsRole,
    AgeRole,
    CreatedRole,
    ProgressRole,     // 0…1, -1 = nothing under way, -2 = under way, amount not known
    ProgressTextRole, // "pulling nginx:1.25 · 12 of 40 MiB"
    ReadyTextRole,    // "3/5"
    NodesRole,        // "laptop +2"
    PortsRole,        // "8080 → 80, 443"
    LabelsRole,       // "app=web, tier=front"
    OwnerRole,
    CpuRole,     // a list of millicores over the last hour
    CpuTextRole, // the newest of them, "180 m"
    MemoryRole,  // "128 MiB"
    // What is compared where the text would sort wrongly.
    StateSortRole, // what needs a person comes first
    ReadySortRole,
    AgeSortRole
  };
  enum Health { AnyHealth, HealthyOnly, NeedsAttention };
  Q_ENUM(Health)

  explicit WorkloadListModel(const base::Clock& clock, QObject* parent = nullptr);

  // Deltas of topic workloads, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  void setProgress(const QString& workloadId, double fraction, const QString& text);
  void clearProgress();
  // Which nodes it is on, for the column.
  void setNodes(const QString& workloadId, const QString& text);
  // Where CpuRole and MemoryRole come from; outlives this.
  void setThumbs(const UsageThumbs& thumbs);
  // Ages grow; called now and then.
  void refreshAges();

  // What is under way for it, as ProgressTextRole; empty when nothing is.
  [[nodiscard]] QString progressTextOf(const QString& workloadId) const;
  [[nodiscard]] const model::Workload* find(const QString& id) const;
  [[nodiscard]] const model::Workload& at(int row) const { return m_rows[size_t(row)].workload; }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
  [[nodiscard]] int total() const { return int(m_rows.size()); }
  [[nodiscard]] int healthy() const { return m_healthy; }
  [[nodiscard]] int progressing() const { return m_progressing; }
  [[nodiscard]] int degraded() const { return m_degraded; }
  // A whole snapshot has been seen: an empty list means that there is nothing.
  [[nodiscard]] bool complete() const { return m_complete; }

Q_SIGNALS:
  void countsChanged();
  // After a batch: the workloads that are new, changed or gone.
  void applied(const QSet<QString>& ids);

private:
  struct Row {
    QString id;
    QString name;
    QString image;
    QString ports;
    QString labels;
    QString nodes;
    model::Workload workload;
    double progress = -1;
    QString progressText;
  };
  void put(const model::Workload& workload, QSet<int>& changed, std::vector<Row>& added, QHash<QString, int>& addedAt);
  void flush(QSet<int>& changed, std::vector<Row>& added, QHash<QString, int>& addedAt);
  void removeRowsOf(const QSet<QString>& ids);
  void count();
  const base::Clock& m_clock;
  const UsageThumbs* m_thumbs = nullptr;
  QHash<QString, QString> m_nodesOf; // also of rows that are not there yet: instances may be told of first
  std::vector<Row> m_rows;
  QHash<QString, int> m_rowOf;
  bool m_inSnapshot = false;
  bool m_complete = false;
  QSet<QString> m_seen; // in the snapshot under way
  int m_healthy = 0;
  int m_progressing = 0;
  int m_degraded = 0;
};

} // namespace univrs::gui
