// Everything one window shows, fed by one watch on the engine: the root of the view models.
#pragma once

#include "app/gui/actions.h"
#include "app/gui/appearance.h"
#include "app/gui/connection_model.h"
#include "app/gui/console_list.h"
#include "app/gui/deploy_session.h"
#include "app/gui/instance_list_model.h"
#include "app/gui/log_model.h"
#include "app/gui/operations_model.h"
#include "app/gui/workload_details.h"
#include "app/gui/workload_list_model.h"
#include "engine/interfaces/engine.h"

#include <QList>
#include <QObject>
#include <QTimer>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

#include <memory>

namespace univrs::gui {

class Session : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by the program")
  Q_PROPERTY(univrs::gui::ConnectionModel* connection READ connection CONSTANT)
  Q_PROPERTY(univrs::gui::ConsoleList* consoles READ consoles CONSTANT)
  Q_PROPERTY(univrs::gui::WorkloadListModel* workloads READ workloads CONSTANT)
  Q_PROPERTY(univrs::gui::WorkloadFilterModel* list READ list CONSTANT)
  Q_PROPERTY(univrs::gui::InstanceListModel* instances READ instances CONSTANT)
  Q_PROPERTY(univrs::gui::OperationsModel* operations READ operations CONSTANT)
  Q_PROPERTY(univrs::gui::WorkloadDetails* selected READ selected CONSTANT)
  Q_PROPERTY(univrs::gui::DeploySession* deploy READ deploy CONSTANT)
  Q_PROPERTY(univrs::gui::LogModel* log READ log CONSTANT)
  Q_PROPERTY(univrs::gui::Actions* actions READ actions CONSTANT)
  Q_PROPERTY(univrs::gui::Appearance* appearance READ appearance CONSTANT)
  Q_PROPERTY(QString selectedId READ selectedId NOTIFY selectionChanged)
  Q_PROPERTY(bool reading READ reading NOTIFY readingChanged)
public:
  static constexpr int kAgeRefreshMs = 5'000;
  static constexpr int kLogDelayMs = 120;

  // `engine` answers on this thread and outlives this. `endpoint` is for people: "this computer" or a URL.
  Session(interfaces::Engine& engine, const QString& endpoint, bool remote, QObject* parent = nullptr);
  ~Session() override;

  [[nodiscard]] ConnectionModel* connection() { return &m_connection; }
  [[nodiscard]] ConsoleList* consoles() { return &m_consoles; }
  [[nodiscard]] WorkloadListModel* workloads() { return &m_workloads; }
  [[nodiscard]] WorkloadFilterModel* list() { return &m_list; }
  [[nodiscard]] InstanceListModel* instances() { return &m_instances; }
  [[nodiscard]] OperationsModel* operations() { return &m_operations; }
  [[nodiscard]] WorkloadDetails* selected() { return &m_details; }
  [[nodiscard]] DeploySession* deploy() { return &m_deploy; }
  [[nodiscard]] LogModel* log() { return &m_log; }
  [[nodiscard]] Actions* actions() { return &m_actions; }
  [[nodiscard]] Appearance* appearance() { return &m_appearance; }
  [[nodiscard]] interfaces::Usage& usage() { return m_engine.usage(); }
  [[nodiscard]] QString selectedId() const { return m_selected; }
  [[nodiscard]] bool reading() const { return m_reading > 0; } // files are being read

  Q_INVOKABLE void select(const QString& workloadId); // empty = nothing
  Q_INVOKABLE void openFiles(const QList<QUrl>& urls);
  Q_INVOKABLE void openText(const QString& text);
  // What is on the clipboard: files or text.
  Q_INVOKABLE void paste();
  Q_INVOKABLE void copy(const QString& text);
  Q_INVOKABLE void copyLog();

Q_SIGNALS:
  void selectionChanged();
  void readingChanged();

private:
  void onDeltas(const std::vector<interfaces::Delta>& deltas);
  void onConnection(bool connected, const QString& why);
  void refreshSelected();
  interfaces::Engine& m_engine;
  base::SystemClock m_clock;
  ConnectionModel m_connection;
  ConsoleList m_consoles;
  WorkloadListModel m_workloads;
  WorkloadFilterModel m_list;
  InstanceListModel m_instances;
  OperationsModel m_operations;
  WorkloadDetails m_details;
  DeploySession m_deploy;
  LogModel m_log;
  Actions m_actions;
  Appearance m_appearance;
  QString m_selected;
  QString m_selectWhenThere; // a workload just deployed that the watch has not told of yet
  int m_reading = 0;
  QTimer m_ages;
  QTimer m_openLog; // walking through the list by arrow keys opens only the log one stops at
  std::unique_ptr<base::Subscription> m_watch;
};

} // namespace univrs::gui
