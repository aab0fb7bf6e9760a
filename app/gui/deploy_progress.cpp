#include "app/gui/deploy_progress.h"

#include <algorithm>

namespace univrs::gui {

DeployProgress::DeployProgress(Actions& actions, const WorkloadListModel& workloads, const base::Clock& clock,
                               QObject* parent)
    : QObject(parent), m_actions(actions), m_workloads(workloads), m_clock(clock) {
  m_soon.setSingleShot(true);
  m_soon.setInterval(kTellMs);
  connect(&m_soon, &QTimer::timeout, this, &DeployProgress::tell);
  connect(&workloads, &WorkloadListModel::applied, this, [this](const QSet<QString>& ids) {
    if (std::any_of(m_ids.cbegin(), m_ids.cend(), [&](const QString& id) { return ids.contains(id); })) {
      tellSoon();
    }
  });
  connect(&workloads, &QAbstractItemModel::dataChanged, this,
          [this](const QModelIndex&, const QModelIndex&, const QList<int>& roles) {
            if (!m_ids.isEmpty() && roles.contains(WorkloadListModel::ProgressRole)) {
              tellSoon();
            }
          });
}

void DeployProgress::watch(const QStringList& workloadIds, int toast) {
  m_ids = workloadIds.mid(0, kMaxWatched);
  m_there.clear();
  m_toast = toast;
  m_since = m_clock.now().steady;
  if (!m_ids.isEmpty()) {
    tellSoon();
  }
}

void DeployProgress::tellSoon() {
  if (!m_soon.isActive()) {
    m_soon.start();
  }
}

void DeployProgress::tell() {
  if (m_ids.isEmpty()) {
    return;
  }
  int ready = 0;
  int desired = 0;
  int healthy = 0;
  int known = 0;
  QString pulling;
  QString trouble;
  QStringList names;
  for (const QString& id : std::as_const(m_ids)) {
    const model::Workload* w = m_workloads.find(id);
    if (!w || w->deleting) {
      if (m_there.contains(id)) { // taken back meanwhile
        m_ids.clear();
        m_actions.amend(m_toast, m_actions.toastText(), -1);
        return;
      }
      continue;
    }
    m_there.insert(id);
    ++known;
    names << plainLine(w->spec.name);
    ready += std::min(w->status.ready, w->spec.replicas);
    desired += w->spec.replicas;
    healthy += w->status.health == model::Health::Healthy && w->status.updated >= w->spec.replicas ? 1 : 0;
    if (w->status.health == model::Health::Degraded && trouble.isEmpty()) {
      trouble = plainLine(w->spec.name) + QStringLiteral(": ") + plainLine(w->status.reason);
    }
    if (pulling.isEmpty()) {
      pulling = m_workloads.progressTextOf(id);
    }
  }
  const base::Millis took = m_clock.now().steady - m_since;
  const QString what = names.size() == 1 ? names.front() : tr("%n workloads", nullptr, int(m_ids.size()));
  if (known == m_ids.size() && healthy == known) {
    m_actions.amend(m_toast,
                    tr("%1: healthy, %2 of %3 ready after %4")
                        .arg(what)
                        .arg(ready)
                        .arg(desired)
                        .arg(localFigure(base::humanDuration(took))),
                    -1);
    m_ids.clear();
    return;
  }
  if (took.count() > kGiveUpMs) {
    m_actions.amend(m_toast, tr("%1: %2 of %3 ready; it goes on in the list").arg(what).arg(ready).arg(desired), -1);
    m_ids.clear();
    return;
  }
  QString text = tr("%1: %2 of %3 ready").arg(names.isEmpty() ? tr("Starting") : what).arg(ready).arg(desired);
  if (!trouble.isEmpty()) {
    text += QStringLiteral(" · ") + trouble;
  } else if (!pulling.isEmpty()) {
    text += QStringLiteral(" · ") + pulling;
  }
  if (!m_actions.amend(m_toast, text, desired > 0 ? double(ready) / desired : -2)) {
    m_ids.clear(); // the message was closed: nobody asks any more
  }
}

} // namespace univrs::gui
