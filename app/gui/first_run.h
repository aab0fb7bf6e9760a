// The screen for a cluster on which nothing was ever deployed: whether to show it, and what it begins with.
#pragma once

#include "app/gui/connection_model.h"
#include "app/gui/workload_list_model.h"

#include <QObject>

namespace univrs::gui {

class FirstRun : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(bool shown READ shown NOTIFY changed)
  Q_PROPERTY(QString example READ example CONSTANT)
public:
  FirstRun(const ConnectionModel& connection, const WorkloadListModel& workloads, QObject* parent = nullptr);
  [[nodiscard]] bool shown() const;
  // The manifest of resources/examples/hello.yaml.
  [[nodiscard]] QString example() const;

Q_SIGNALS:
  void changed();

private:
  void update();
  const ConnectionModel& m_connection;
  const WorkloadListModel& m_workloads;
  QString m_nodeId;        // for which m_deployed was read
  QString m_kept;          // for which it was written
  bool m_deployed = false; // at least once
};

} // namespace univrs::gui
