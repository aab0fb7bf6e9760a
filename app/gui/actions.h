// What the buttons of a workload or node do, each by a named command, and the toast that tells what happened and takes
// it back.
#pragma once

#include "app/gui/display_text.h"
#include "engine/interfaces/commands.h"

#include <QHash>
#include <QJsonObject>
#include <QObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <vector>

namespace univrs::gui {

class WorkloadListModel;

class Actions : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(bool toastShown READ toastShown NOTIFY toastChanged)
  Q_PROPERTY(QString toastText READ toastText NOTIFY toastChanged)
  Q_PROPERTY(univrs::gui::Problem toastProblem READ toastProblem NOTIFY toastChanged)
  Q_PROPERTY(bool undoable READ undoable NOTIFY toastChanged)
  Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
public:
  static constexpr int kToastMs = 10'000; // a toast with news
  static constexpr int kMaxRunning = 64;  // commands under way

  Actions(interfaces::Commands& commands, const WorkloadListModel& workloads, QObject* parent = nullptr);

  // One more or one fewer replica than desired, or than asked for a moment ago. 0…limits::kMaxReplicas.
  Q_INVOKABLE void scaleBy(const QString& workloadId, int step);
  Q_INVOKABLE void scaleTo(const QString& workloadId, int replicas);
  Q_INVOKABLE void restart(const QString& workloadId);
  Q_INVOKABLE void remove(const QString& workloadId);
  // Closes a node for new instances, or opens it again.
  Q_INVOKABLE void cordon(const QString& nodeId, bool closed);
  Q_INVOKABLE void undo();
  Q_INVOKABLE void dismiss();
  // The toast stays while the pointer or focus is on it.
  Q_INVOKABLE void holdToast(bool hold);
  void tell(const QString& text, std::vector<QJsonObject> undo = {});
  void tellProblem(const Problem& problem);

  [[nodiscard]] bool toastShown() const { return !m_text.isEmpty() || m_problem.present(); }
  [[nodiscard]] QString toastText() const { return m_text; }
  [[nodiscard]] Problem toastProblem() const { return m_problem; }
  [[nodiscard]] bool undoable() const { return !m_undo.empty(); }
  [[nodiscard]] bool busy() const { return m_running > 0; }

Q_SIGNALS:
  void toastChanged();
  void busyChanged();

private:
  void run(const std::string& name, const QJsonObject& args,
           std::function<void(const base::Result<interfaces::CommandOutcome>&)> then);
  void runUndo(std::vector<QJsonObject> rest, const QString& told);
  interfaces::Commands& m_commands;
  const WorkloadListModel& m_workloads;
  QString m_text;
  Problem m_problem;
  std::vector<QJsonObject> m_undo; // {name, args}, to run in this order
  QHash<QString, int> m_scaling;   // asked, not answered yet
  int m_running = 0;
  QTimer m_hide;
};

} // namespace univrs::gui
