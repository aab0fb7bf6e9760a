// What the buttons of a workload or node do, each by a named command, and the toast that tells what happened and takes
// it back.
#pragma once

#include "app/gui/display_text.h"
#include "engine/interfaces/commands.h"

#include <QHash>
#include <QJsonObject>
#include <QObject>
#include <QStringList>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <functional>
#include <memory>
#include <vector>

namespace univrs::gui {

class WorkloadListModel;

class Actions : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(bool toastShown READ toastShown NOTIFY toastChanged)
  Q_PROPERTY(QString toastText READ toastText NOTIFY toastChanged)
  Q_PROPERTY(double toastFraction READ toastFraction NOTIFY toastChanged) // as amend() has it
  Q_PROPERTY(univrs::gui::Problem toastProblem READ toastProblem NOTIFY toastChanged)
  Q_PROPERTY(bool undoable READ undoable NOTIFY toastChanged)
  Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
public:
  static constexpr int kToastMs = 10'000; // a toast with news
  static constexpr int kMaxRunning = 64;  // commands under way
  static constexpr int kGroupRunning = 8; // of them for one group
  static constexpr int kMaxGroup = 10'000;
  static constexpr int kRemovedAtOnce = 256; // limits::kMaxWorkloadsPerManifest: undoing deploys as many

  Actions(interfaces::Commands& commands, const WorkloadListModel& workloads, QObject* parent = nullptr);

  // One more or one fewer replica than desired, or than asked for a moment ago. 0…limits::kMaxReplicas.
  Q_INVOKABLE void scaleBy(const QString& workloadId, int step);
  Q_INVOKABLE void scaleTo(const QString& workloadId, int replicas);
  Q_INVOKABLE void restart(const QString& workloadId);
  Q_INVOKABLE void remove(const QString& workloadId);
  // Closes a node for new instances, or opens it again.
  Q_INVOKABLE void cordon(const QString& nodeId, bool closed);
  // The same for many at once, with one message and one undo for all. replicas: 0…limits::kMaxReplicas.
  Q_INVOKABLE void restartAll(const QStringList& workloadIds);
  Q_INVOKABLE void scaleAll(const QStringList& workloadIds, int replicas);
  Q_INVOKABLE void removeAll(const QStringList& workloadIds);
  Q_INVOKABLE void updateImage(const QString& workloadId, const QString& container, const QString& image);
  // Back to the spec before the last change.
  Q_INVOKABLE void rollBack(const QString& workloadId);
  Q_INVOKABLE void cancelOperation(const QString& operationId);
  // Any command; tells what happened, takes it back where the answer says how. `then`: whether it went well.
  void command(const QString& name, const QJsonObject& args, std::function<void(bool)> then = {});
  Q_INVOKABLE void undo();
  Q_INVOKABLE void dismiss();
  // The toast stays while the pointer or focus is on it.
  Q_INVOKABLE void holdToast(bool hold);
  // Gives a number by which amend() finds the message while it is shown.
  int tell(const QString& text, std::vector<QJsonObject> undo = {});
  // Changes the text of a message that is still shown: of something that goes on. `fraction` as the progress bar has
  // it, 0…1, -2 = not known, -1 = over: only then it goes by itself. False: it is gone.
  bool amend(int number, const QString& text, double fraction);
  void tellProblem(const Problem& problem);

  [[nodiscard]] bool toastShown() const { return !m_text.isEmpty() || m_problem.present(); }
  [[nodiscard]] QString toastText() const { return m_text; }
  [[nodiscard]] double toastFraction() const { return m_fraction; }
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
  // A command for each of many objects, some at a time.
  struct Group {
    std::function<QString(int)> done; // "3 workloads restarted"
    std::string name;
    std::vector<QJsonObject> args;
    size_t next = 0;
    int running = 0;
    int succeeded = 0;
    std::vector<QJsonObject> undo;
    std::vector<Problem> problems;
  };
  void runGroup(const std::shared_ptr<Group>& group);
  void endGroup(Group& group);
  interfaces::Commands& m_commands;
  const WorkloadListModel& m_workloads;
  QString m_text;
  double m_fraction = -1;
  int m_number = 0;
  Problem m_problem;
  std::vector<QJsonObject> m_undo; // {name, args}, to run in this order
  QHash<QString, int> m_scaling;   // asked, not answered yet
  int m_running = 0;
  QTimer m_hide;
};

} // namespace univrs::gui
