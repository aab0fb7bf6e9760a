// Everything one window shows, fed by one watch on the engine: the root of the view models.
#pragma once

#include "app/gui/actions.h"
#include "app/gui/cluster_views.h"
#include "app/gui/connection_model.h"
#include "app/gui/console_list.h"
#include "app/gui/deploy_form.h"
#include "app/gui/deploy_progress.h"
#include "app/gui/deploy_session.h"
#include "app/gui/event_list_model.h"
#include "app/gui/first_run.h"
#include "app/gui/health_model.h"
#include "app/gui/instance_list_model.h"
#include "app/gui/log_model.h"
#include "app/gui/network_views.h"
#include "app/gui/object_index.h"
#include "app/gui/operations_model.h"
#include "app/gui/row_selection.h"
#include "app/gui/usage_thumbs.h"
#include "app/gui/workload_details.h"
#include "app/gui/workload_filter_model.h"
#include "app/gui/workload_list_model.h"
#include "app/gui/workload_manifest.h"
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
  // What a menu was opened on; the selection stays.
  Q_PROPERTY(univrs::gui::WorkloadDetails* pointed READ pointed CONSTANT)
  Q_PROPERTY(univrs::gui::DeploySession* deploy READ deploy CONSTANT)
  Q_PROPERTY(univrs::gui::LogModel* log READ log CONSTANT)
  Q_PROPERTY(univrs::gui::DeployForm* deployForm READ deployForm CONSTANT)
  Q_PROPERTY(univrs::gui::EventListModel* events READ events CONSTANT)
  Q_PROPERTY(univrs::gui::WorkloadManifest* manifest READ manifest CONSTANT)
  Q_PROPERTY(univrs::gui::RowSelection* marked READ marked CONSTANT)
  Q_PROPERTY(univrs::gui::Actions* actions READ actions CONSTANT)
  Q_PROPERTY(univrs::gui::ObjectIndex* index READ index CONSTANT)
  Q_PROPERTY(univrs::gui::HealthModel* health READ health CONSTANT)
  Q_PROPERTY(univrs::gui::FirstRun* firstRun READ firstRun CONSTANT)
  Q_PROPERTY(univrs::gui::NodeListModel* nodes READ nodes CONSTANT)
  Q_PROPERTY(univrs::gui::NodeFilter* nodeRows READ nodeRows CONSTANT)
  Q_PROPERTY(univrs::gui::NodeDetails* nodeDetails READ nodeDetails CONSTANT)
  Q_PROPERTY(univrs::gui::DecisionListModel* decisions READ decisions CONSTANT)
  Q_PROPERTY(univrs::gui::DecisionFilter* decisionRows READ decisionRows CONSTANT)
  Q_PROPERTY(univrs::gui::DecisionDetails* decisionDetails READ decisionDetails CONSTANT)
  Q_PROPERTY(univrs::gui::Overview* overview READ overview CONSTANT)
  Q_PROPERTY(univrs::gui::NetworkViews* network READ network CONSTANT)
  Q_PROPERTY(QString selectedId READ selectedId NOTIFY selectionChanged)
  // The part of the selected workload that is shown; kept while one walks through the list.
  Q_PROPERTY(QString tab READ tab WRITE showTab NOTIFY tabChanged)
  Q_PROPERTY(QString selectedNodeId READ selectedNodeId NOTIFY nodeSelectionChanged)
  Q_PROPERTY(QString selectedDecisionId READ selectedDecisionId NOTIFY decisionSelectionChanged)
  Q_PROPERTY(QString selectedPeerId READ selectedPeerId NOTIFY peerSelectionChanged)
  Q_PROPERTY(QString selectedMessageId READ selectedMessageId NOTIFY messageSelectionChanged)
  Q_PROPERTY(bool reading READ reading NOTIFY readingChanged)
public:
  static constexpr int kAgeRefreshMs = 5'000;
  static constexpr int kLogDelayMs = 120;

  // `engine` answers on this thread and outlives this. `endpoint` is for people: "this computer" or a URL.
  Session(interfaces::Engine& engine, const QString& endpoint, bool remote, QObject* parent = nullptr);
  ~Session() override;

  [[nodiscard]] ConnectionModel* connection() { return &m_connection; }
  [[nodiscard]] ConsoleList* consoles() { return &m_consoles; }
  [[nodiscard]] const ConnectionModel* connection() const { return &m_connection; }
  [[nodiscard]] WorkloadListModel* workloads() { return &m_workloads; }
  [[nodiscard]] WorkloadFilterModel* list() { return &m_list; }
  [[nodiscard]] InstanceListModel* instances() { return &m_instances; }
  [[nodiscard]] OperationsModel* operations() { return &m_operations; }
  [[nodiscard]] WorkloadDetails* selected() { return &m_details; }
  [[nodiscard]] WorkloadDetails* pointed() { return &m_pointed; }
  [[nodiscard]] DeploySession* deploy() { return &m_deploy; }
  [[nodiscard]] LogModel* log() { return &m_log; }
  [[nodiscard]] DeployForm* deployForm() { return &m_deployForm; }
  [[nodiscard]] EventListModel* events() { return &m_events; }
  [[nodiscard]] WorkloadManifest* manifest() { return &m_manifest; }
  [[nodiscard]] RowSelection* marked() { return &m_marked; }
  [[nodiscard]] Actions* actions() { return &m_actions; }
  [[nodiscard]] ObjectIndex* index() { return &m_index; }
  [[nodiscard]] HealthModel* health() { return &m_health; }
  [[nodiscard]] const HealthModel* health() const { return &m_health; }
  [[nodiscard]] FirstRun* firstRun() { return &m_firstRun; }
  [[nodiscard]] interfaces::Usage& usage() { return m_engine.usage(); }
  [[nodiscard]] NodeListModel* nodes() { return m_cluster.nodes(); }
  [[nodiscard]] NodeFilter* nodeRows() { return m_cluster.nodeRows(); }
  [[nodiscard]] NodeDetails* nodeDetails() { return m_cluster.nodeDetails(); }
  [[nodiscard]] DecisionListModel* decisions() { return m_cluster.decisions(); }
  [[nodiscard]] DecisionFilter* decisionRows() { return m_cluster.decisionRows(); }
  [[nodiscard]] DecisionDetails* decisionDetails() { return m_cluster.decisionDetails(); }
  [[nodiscard]] NetworkViews* network() { return &m_network; }
  [[nodiscard]] Overview* overview() { return m_cluster.overview(); }
  [[nodiscard]] QString selectedId() const { return m_selected; }
  [[nodiscard]] QString tab() const { return m_tab; }
  [[nodiscard]] QString selectedNodeId() const { return m_cluster.selectedNode(); }
  [[nodiscard]] QString selectedDecisionId() const { return m_cluster.selectedDecision(); }
  [[nodiscard]] QString selectedPeerId() { return m_network.details()->id(); }
  [[nodiscard]] QString selectedMessageId() { return m_network.gossip()->selectedId(); }
  [[nodiscard]] bool reading() const { return m_reading > 0; } // files are being read

  Q_INVOKABLE void select(const QString& workloadId); // empty = nothing
  Q_INVOKABLE void point(const QString& workloadId);  // empty = at nothing
  // "instances", "logs", "charts", "events", "manifest" or "console"; others are ignored.
  Q_INVOKABLE void showTab(const QString& tab);
  // Selects it and asks for what changes its "replicas" or its "image".
  Q_INVOKABLE void edit(const QString& workloadId, const QString& part);
  Q_INVOKABLE void selectNode(const QString& nodeId);
  Q_INVOKABLE void selectDecision(const QString& decisionId);
  Q_INVOKABLE void selectPeer(const QString& peerId);
  Q_INVOKABLE void selectMessage(const QString& messageKey);
  // Shows `view` (an id of frame.h) with the object `id` selected in it; empty = nothing selected.
  Q_INVOKABLE void go(const QString& view, const QString& id);
  Q_INVOKABLE void openFiles(const QList<QUrl>& urls);
  Q_INVOKABLE void openText(const QString& text);
  // What is on the clipboard: files or text.
  Q_INVOKABLE void paste();
  Q_INVOKABLE void copy(const QString& text);
  Q_INVOKABLE void copyLog();
  // The list is looked at: its small charts are fed.
  Q_INVOKABLE void setListShown(bool shown);

Q_SIGNALS:
  void selectionChanged();
  void tabChanged();
  void editRequested(const QString& part);
  void nodeSelectionChanged();
  void decisionSelectionChanged();
  void peerSelectionChanged();
  void messageSelectionChanged();
  void goRequested(const QString& view, const QString& id);
  void deltasArrived(const std::vector<univrs::interfaces::Delta>& deltas); // direct connections only
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
  ClusterViews m_cluster;
  NetworkViews m_network;
  WorkloadDetails m_details;
  WorkloadDetails m_pointed;
  DeploySession m_deploy;
  DeployForm m_deployForm{m_deploy};
  LogModel m_log;
  Actions m_actions;
  ObjectIndex m_index;
  HealthModel m_health;
  FirstRun m_firstRun;
  EventListModel m_events;
  WorkloadManifest m_manifest;
  RowSelection m_marked;
  UsageThumbs m_thumbs;
  DeployProgress m_deployProgress;
  QString m_selected;
  QString m_tab = QStringLiteral("instances");
  QString m_selectWhenThere; // a workload just deployed that the watch has not told of yet
  int m_reading = 0;
  QTimer m_ages;
  QTimer m_openLog; // walking through the list by arrow keys opens only the log one stops at
  std::unique_ptr<base::Subscription> m_watch;
};

} // namespace univrs::gui
