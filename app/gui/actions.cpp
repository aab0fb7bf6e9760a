#include "app/gui/actions.h"

#include "app/gui/workload_list_model.h"
#include "engine/base/limits.h"

#include <QPointer>

#include <algorithm>

namespace univrs::gui {

Actions::Actions(interfaces::Commands& commands, const WorkloadListModel& workloads, QObject* parent)
    : QObject(parent), m_commands(commands), m_workloads(workloads) {
  m_hide.setSingleShot(true);
  m_hide.setInterval(kToastMs);
  connect(&m_hide, &QTimer::timeout, this, &Actions::dismiss);
}

void Actions::run(const std::string& name, const QJsonObject& args,
                  std::function<void(const base::Result<interfaces::CommandOutcome>&)> then) {
  if (m_running >= kMaxRunning) {
    tellProblem({tr("Nothing more was asked of the node"), tr("%1 commands are still without an answer").arg(m_running),
                 tr("Wait for them, or check the connection.")});
    return;
  }
  ++m_running;
  Q_EMIT busyChanged();
  interfaces::CommandRequest request;
  request.name = name;
  request.args = args;
  request.door = "gui";
  m_commands.runCommand(std::move(request), [self = QPointer(this), then = std::move(then)](
                                                const base::Result<interfaces::CommandOutcome>& result) {
    if (!self) {
      return;
    }
    --self->m_running;
    Q_EMIT self->busyChanged();
    then(result);
  });
}

void Actions::scaleBy(const QString& workloadId, int step) {
  const model::Workload* w = m_workloads.find(workloadId);
  if (w) {
    scaleTo(workloadId, m_scaling.value(workloadId, w->spec.replicas) + step);
  }
}

void Actions::scaleTo(const QString& workloadId, int replicas) {
  const int wanted = std::clamp(replicas, 0, base::limits::kMaxReplicas);
  const model::Workload* w = m_workloads.find(workloadId);
  if (!w || wanted == m_scaling.value(workloadId, w->spec.replicas)) {
    return;
  }
  m_scaling.insert(workloadId, wanted);
  run("scale", {{QStringLiteral("workload"), workloadId}, {QStringLiteral("replicas"), wanted}},
      [this, workloadId, wanted](const base::Result<interfaces::CommandOutcome>& r) {
        if (m_scaling.value(workloadId, -1) == wanted) {
          m_scaling.remove(workloadId);
        }
        if (!r.ok()) {
          tellProblem(Problem(r.error()));
        } else {
          tell(plainLine(r->summary),
               r->undo.isEmpty() ? std::vector<QJsonObject>{} : std::vector<QJsonObject>{r->undo});
        }
      });
}

void Actions::restart(const QString& workloadId) {
  run("restart", {{QStringLiteral("workload"), workloadId}}, [this](const base::Result<interfaces::CommandOutcome>& r) {
    if (r.ok()) {
      tell(plainLine(r->summary));
    } else {
      tellProblem(Problem(r.error()));
    }
  });
}

void Actions::remove(const QString& workloadId) {
  QJsonObject fallback; // what brings it back should the answer not say
  if (const model::Workload* w = m_workloads.find(workloadId)) {
    fallback = {{QStringLiteral("name"), QStringLiteral("deploy")},
                {QStringLiteral("args"), QJsonObject{{QStringLiteral("workload"), model::toJson(w->spec)}}}};
  }
  run("remove", {{QStringLiteral("workload"), workloadId}},
      [this, fallback](const base::Result<interfaces::CommandOutcome>& r) {
        if (!r.ok()) {
          tellProblem(Problem(r.error()));
          return;
        }
        const QJsonObject undo = r->undo.isEmpty() ? fallback : r->undo;
        tell(plainLine(r->summary), undo.isEmpty() ? std::vector<QJsonObject>{} : std::vector<QJsonObject>{undo});
      });
}

void Actions::cordon(const QString& nodeId, bool closed) {
  run(closed ? "cordon" : "uncordon", {{QStringLiteral("node"), nodeId}},
      [this](const base::Result<interfaces::CommandOutcome>& r) {
        if (r.ok()) {
          tell(plainLine(r->summary),
               r->undo.isEmpty() ? std::vector<QJsonObject>{} : std::vector<QJsonObject>{r->undo});
        } else {
          tellProblem(Problem(r.error()));
        }
      });
}

void Actions::undo() {
  std::vector<QJsonObject> steps;
  steps.swap(m_undo);
  if (!steps.empty()) {
    dismiss();
    runUndo(std::move(steps), {});
  }
}

void Actions::runUndo(std::vector<QJsonObject> rest, const QString& told) {
  if (rest.empty()) {
    tell(tr("Taken back: %1").arg(told));
    return;
  }
  const QJsonObject step = rest.front();
  rest.erase(rest.begin());
  run(step.value(QLatin1String("name")).toString().toStdString(), step.value(QLatin1String("args")).toObject(),
      [this, rest = std::move(rest), told](const base::Result<interfaces::CommandOutcome>& r) {
        if (!r.ok()) {
          tellProblem(Problem(r.error()));
          return;
        }
        const QString now = plainLine(r->summary);
        runUndo(rest, told.isEmpty() ? now : told + QStringLiteral("; ") + now);
      });
}

void Actions::tell(const QString& text, std::vector<QJsonObject> undo) {
  m_text = text;
  m_problem = {};
  m_undo = std::move(undo);
  m_hide.start();
  Q_EMIT toastChanged();
}

void Actions::tellProblem(const Problem& problem) {
  m_text.clear();
  m_problem = problem;
  m_undo.clear();
  m_hide.stop(); // a problem stays until it is read
  Q_EMIT toastChanged();
}

void Actions::holdToast(bool hold) {
  if (hold) {
    m_hide.stop();
  } else if (toastShown() && !m_problem.present()) {
    m_hide.start();
  }
}

void Actions::dismiss() {
  m_hide.stop();
  if (toastShown()) {
    m_text.clear();
    m_problem = {};
    m_undo.clear();
    Q_EMIT toastChanged();
  }
}

} // namespace univrs::gui
