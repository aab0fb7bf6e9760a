// After a deploy: how what was deployed comes up, told in the message that said so, until it is healthy or needs a
// person.
#pragma once

#include "app/gui/actions.h"
#include "app/gui/workload_list_model.h"
#include "engine/base/clock.h"

#include <QObject>
#include <QSet>
#include <QStringList>
#include <QTimer>

namespace univrs::gui {

class DeployProgress : public QObject {
  Q_OBJECT
public:
  static constexpr int kMaxWatched = 100;       // workloads of one deploy; the message tells of these
  static constexpr int kGiveUpMs = 15 * 60'000; // a message does not stay longer
  static constexpr int kTellMs = 200;           // at most this often

  DeployProgress(Actions& actions, const WorkloadListModel& workloads, const base::Clock& clock,
                 QObject* parent = nullptr);
  // From now on about these, in message `toast` of Actions.
  void watch(const QStringList& workloadIds, int toast);
  [[nodiscard]] bool watching() const { return !m_ids.isEmpty(); }

private:
  void tellSoon();
  void tell();
  Actions& m_actions;
  const WorkloadListModel& m_workloads;
  const base::Clock& m_clock;
  QStringList m_ids;
  QSet<QString> m_there; // were seen: gone now means removed
  int m_toast = 0;
  base::Monotonic m_since;
  QTimer m_soon;
};

} // namespace univrs::gui
