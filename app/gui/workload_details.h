// The selected workload, as the inspector shows it.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/workload.h"

#include <QObject>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class WorkloadDetails : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(QString id READ id NOTIFY changed)
  Q_PROPERTY(bool present READ present NOTIFY changed)
  Q_PROPERTY(QString name READ name NOTIFY changed)
  Q_PROPERTY(QString stateWord READ stateWord NOTIFY changed)
  Q_PROPERTY(QString tone READ tone NOTIFY changed)
  Q_PROPERTY(QString reason READ reason NOTIFY changed)
  Q_PROPERTY(QString images READ images NOTIFY changed)
  Q_PROPERTY(int replicas READ replicas NOTIFY changed)
  Q_PROPERTY(int ready READ ready NOTIFY changed)
  Q_PROPERTY(int desired READ desired NOTIFY changed)
  Q_PROPERTY(int updated READ updated NOTIFY changed)
  Q_PROPERTY(int total READ total NOTIFY changed)
  Q_PROPERTY(int restarts READ restarts NOTIFY changed)
  Q_PROPERTY(QString generation READ generation NOTIFY changed)
  Q_PROPERTY(QString limits READ limits NOTIFY changed)
  Q_PROPERTY(QString createdAt READ createdAt NOTIFY changed)
  Q_PROPERTY(bool deleting READ deleting NOTIFY changed)
  Q_PROPERTY(QString image READ image NOTIFY changed) // of the first container
  Q_PROPERTY(bool canRollBack READ canRollBack NOTIFY changed)
  Q_PROPERTY(double rollout READ rollout NOTIFY changed)          // 0…1; -1 = nothing rolls
  Q_PROPERTY(QString rolloutText READ rolloutText NOTIFY changed) // "Rolling to 1.9.3 · 3 of 5"
  Q_PROPERTY(QStringList cliLines READ cliLines NOTIFY changed)   // what the buttons do, as commands
  Q_PROPERTY(QVariantList ports READ ports NOTIFY changed) // {text, address, url}; url only for published TCP ports
public:
  // `host` is where published ports are reached from here.
  explicit WorkloadDetails(QString host, QObject* parent = nullptr);
  void show(const model::Workload* workload); // nullptr = nothing selected

  [[nodiscard]] bool present() const { return !m_workload.id.empty(); }
  [[nodiscard]] QString id() const;
  [[nodiscard]] QString name() const;
  [[nodiscard]] QString stateWord() const;
  [[nodiscard]] QString tone() const;
  [[nodiscard]] QString reason() const;
  [[nodiscard]] QString images() const;
  [[nodiscard]] int replicas() const { return m_workload.spec.replicas; }
  [[nodiscard]] int ready() const { return m_workload.status.ready; }
  [[nodiscard]] int desired() const { return m_workload.status.desired; }
  [[nodiscard]] int updated() const { return m_workload.status.updated; }
  [[nodiscard]] int total() const { return m_workload.status.total; }
  [[nodiscard]] int restarts() const { return m_workload.status.restarts; }
  [[nodiscard]] QString generation() const { return QString::number(m_workload.generation); }
  [[nodiscard]] QString limits() const; // "250m CPU · 64 MiB", asked by one instance
  [[nodiscard]] QString createdAt() const;
  [[nodiscard]] bool deleting() const { return m_workload.deleting; }
  [[nodiscard]] QString image() const;
  [[nodiscard]] bool canRollBack() const { return m_workload.previous.has_value() && !m_workload.deleting; }
  [[nodiscard]] double rollout() const;
  [[nodiscard]] QString rolloutText() const;
  [[nodiscard]] QStringList cliLines() const;
  [[nodiscard]] QVariantList ports() const;

Q_SIGNALS:
  void changed();

private:
  const QString m_host;
  model::Workload m_workload;
};

} // namespace univrs::gui
