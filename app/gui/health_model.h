// How one node and what runs on it are, in one word: the chip in the top bar, the tray, and the list behind it.
#pragma once

#include "app/gui/connection_model.h"
#include "app/gui/workload_list_model.h"

#include <QObject>
#include <QTimer>
#include <QVariantList>

namespace univrs::gui {

class HealthModel : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(QString tone READ tone NOTIFY changed)
  Q_PROPERTY(QString word READ word NOTIFY changed)
  Q_PROPERTY(QString summary READ summary NOTIFY changed)
  Q_PROPERTY(QVariantList parts READ parts NOTIFY changed)
  Q_PROPERTY(bool known READ known NOTIFY changed)
  Q_PROPERTY(bool runtimeUp READ runtimeUp NOTIFY changed)
  Q_PROPERTY(QString runtimeMessage READ runtimeMessage NOTIFY changed)
public:
  static constexpr int kRefreshMs = 30'000;
  static constexpr size_t kMaxParts = 32;

  HealthModel(interfaces::Admin& admin, const ConnectionModel& connection, const WorkloadListModel& workloads,
              QObject* parent = nullptr);
  // Asks now; by itself every kRefreshMs while connected.
  Q_INVOKABLE void refresh();

  [[nodiscard]] QString tone() const;
  [[nodiscard]] QString word() const;
  [[nodiscard]] QString summary() const;    // "12 workloads: 10 healthy, 1 progressing, 1 degraded"
  [[nodiscard]] QVariantList parts() const; // of {name, tone, word, message}
  [[nodiscard]] bool known() const { return m_known; }
  // The container engine answers. Meaningful when known.
  [[nodiscard]] bool runtimeUp() const;
  [[nodiscard]] QString runtimeMessage() const;

Q_SIGNALS:
  void changed();

private:
  interfaces::Admin& m_admin;
  const ConnectionModel& m_connection;
  const WorkloadListModel& m_workloads;
  interfaces::HealthReport m_report;
  bool m_known = false;
  bool m_asking = false;
  bool m_wasConnected = false;
  QTimer m_again;
};

} // namespace univrs::gui
