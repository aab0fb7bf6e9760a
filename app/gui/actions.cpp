#include "app/gui/actions.h"

#include "app/gui/workload_list_model.h"
#include "engine/base/limits.h"

#include <QJsonArray>
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
    tellProblem({tr("Nothing more was asked of the node"),
                 tr("%n commands are still without an answer", nullptr, int(m_running)),
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

void Actions::command(const QString& name, const QJsonObject& args, std::function<void(bool)> then) {
  run(name.toStdString(), args, [this, then = std::move(then)](const base::Result<interfaces::CommandOutcome>& r) {
    if (r.ok()) {
      tell(plainLine(r->summary), r->undo.isEmpty() ? std::vector<QJsonObject>{} : std::vector<QJsonObject>{r->undo});
    } else {
      tellProblem(Problem(r.error()));
    }
    if (then) {
      then(r.ok());
    }
  });
}

void Actions::updateImage(const QString& workloadId, const QString& container, const QString& image) {
  QJsonObject args{{QStringLiteral("workload"), workloadId}, {QStringLiteral("image"), image.trimmed()}};
  if (!container.isEmpty()) {
    args.insert(QStringLiteral("container"), container);
  }
  command(QStringLiteral("update"), args);
}

void Actions::rollBack(const QString& workloadId) {
  command(QStringLiteral("undo"), {{QStringLiteral("workload"), workloadId}});
}

void Actions::cancelOperation(const QString& operationId) {
  command(QStringLiteral("cancel_operation"), {{QStringLiteral("operation"), operationId}});
}

void Actions::restartAll(const QStringList& workloadIds) {
  const auto group = std::make_shared<Group>();
  group->name = "restart";
  group->done = [](int count) { return tr("%n workloads restarted", nullptr, count); };
  for (const QString& id : workloadIds.mid(0, kMaxGroup)) {
    group->args.push_back({{QStringLiteral("workload"), id}});
  }
  runGroup(group);
}

void Actions::scaleAll(const QStringList& workloadIds, int replicas) {
  const int wanted = std::clamp(replicas, 0, base::limits::kMaxReplicas);
  const auto group = std::make_shared<Group>();
  group->name = "scale";
  group->done = [wanted](int count) {
    return wanted == 1 ? tr("%n workloads scaled to 1 replica", nullptr, count)
                       : tr("%n workloads scaled to %1 replicas", nullptr, count).arg(wanted);
  };
  for (const QString& id : workloadIds.mid(0, kMaxGroup)) {
    group->args.push_back({{QStringLiteral("workload"), id}, {QStringLiteral("replicas"), wanted}});
  }
  runGroup(group);
}

void Actions::removeAll(const QStringList& workloadIds) {
  const auto group = std::make_shared<Group>();
  group->name = "remove";
  group->done = [](int count) { return tr("%n workloads are being removed", nullptr, count); };
  for (qsizetype i = 0; i < std::min<qsizetype>(workloadIds.size(), kMaxGroup); i += kRemovedAtOnce) {
    group->args.push_back(
        {{QStringLiteral("workloads"), QJsonArray::fromStringList(workloadIds.mid(i, kRemovedAtOnce))}});
  }
  runGroup(group);
}

void Actions::runGroup(const std::shared_ptr<Group>& group) {
  if (group->args.empty()) {
    return;
  }
  while (group->running < kGroupRunning && group->next < group->args.size() && m_running < kMaxRunning) {
    const QJsonObject args = group->args[group->next++];
    const auto many = std::max<qsizetype>(1, args.value(QLatin1String("workloads")).toArray().size());
    ++group->running;
    run(group->name, args, [this, group, many](const base::Result<interfaces::CommandOutcome>& r) {
      --group->running;
      if (r.ok()) {
        group->succeeded += int(many);
        if (!r->undo.isEmpty()) {
          group->undo.push_back(r->undo);
        }
      } else {
        group->problems.emplace_back(r.error());
      }
      if (group->running == 0 && group->next >= group->args.size()) {
        endGroup(*group);
      } else {
        runGroup(group);
      }
    });
  }
  if (group->running == 0 && group->next < group->args.size()) { // others took all there is
    group->problems.emplace_back(tr("Too many commands are still without an answer"), QString(),
                                 tr("Try again when they are done."));
    endGroup(*group);
  }
}

void Actions::endGroup(Group& group) {
  const QString done = group.done(group.succeeded);
  if (group.problems.empty()) {
    tell(done, std::move(group.undo));
    return;
  }
  QStringList whys;
  for (size_t i = 0; i < group.problems.size() && i < 5; ++i) {
    whys << group.problems[i].what +
                (group.problems[i].why.isEmpty() ? QString() : QStringLiteral(": ") + group.problems[i].why);
  }
  if (group.problems.size() > 5) {
    whys << tr("and %1 more").arg(group.problems.size() - 5);
  }
  std::vector<QJsonObject> undo = std::move(group.undo);
  tellProblem({group.succeeded > 0 ? tr("%1; %2 refused").arg(done).arg(group.problems.size())
                                   : tr("Nothing was changed: %1 refused").arg(group.problems.size()),
               whys.join(QLatin1Char('\n')), group.problems.front().hint});
  m_undo = std::move(undo); // what was done can be taken back all the same
  Q_EMIT toastChanged();
}

bool Actions::amend(int number, const QString& text, double fraction) {
  if (number != m_number || m_text.isEmpty()) {
    return false;
  }
  m_text = text;
  m_fraction = fraction;
  if (fraction == -1) {
    m_hide.start();
  } else {
    m_hide.stop();
  }
  Q_EMIT toastChanged();
  return true;
}

int Actions::tell(const QString& text, std::vector<QJsonObject> undo) {
  ++m_number;
  m_fraction = -1;
  m_text = text;
  m_problem = {};
  m_undo = std::move(undo);
  m_hide.start();
  Q_EMIT toastChanged();
  return m_number;
}

void Actions::tellProblem(const Problem& problem) {
  ++m_number;
  m_fraction = -1;
  m_text.clear();
  m_problem = problem;
  m_undo.clear();
  m_hide.stop(); // a problem stays until it is read
  Q_EMIT toastChanged();
}

void Actions::holdToast(bool hold) {
  if (hold) {
    m_hide.stop();
  } else if (toastShown() && !m_problem.present() && m_fraction == -1) {
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
