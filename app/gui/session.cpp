#include "app/gui/session.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QPointer>
#include <QThreadPool>

namespace univrs::gui {
namespace {

// Where published ports are reached: this computer, or the machine the endpoint's URL names.
QString hostOf(const QString& endpoint, bool remote) {
  const QString host = remote ? QUrl(endpoint).host() : QString();
  return host.isEmpty() ? QStringLiteral("localhost") : host;
}

} // namespace

Session::Session(interfaces::Engine& engine, const QString& endpoint, bool remote, QObject* parent)
    : QObject(parent), m_engine(engine), m_connection(endpoint, remote), m_consoles(engine), m_workloads(m_clock),
      m_list(m_workloads), m_instances(m_clock), m_cluster(engine, m_clock, m_workloads), m_network(engine, m_clock),
      m_details(hostOf(endpoint, remote)), m_pointed(hostOf(endpoint, remote)),
      m_deploy(engine.commands(), engine.images(), remote), m_log(engine.logs()),
      m_actions(engine.commands(), m_workloads), m_health(engine.admin(), m_connection, m_workloads),
      m_firstRun(m_connection, m_workloads), m_events(engine.events(), m_clock),
      m_manifest(engine.commands(), m_actions), m_marked(m_list, "workloadId"), m_thumbs(engine.usage()),
      m_deployProgress(m_actions, m_workloads, m_clock) {
  connect(&m_cluster, &ClusterViews::nodeSelectionChanged, this, &Session::nodeSelectionChanged);
  connect(&m_cluster, &ClusterViews::decisionSelectionChanged, this, &Session::decisionSelectionChanged);
  connect(&m_network, &NetworkViews::peerSelectionChanged, this, &Session::peerSelectionChanged);
  connect(m_network.gossip(), &GossipLog::selectionChanged, this, &Session::messageSelectionChanged);
  connect(&m_connection, &ConnectionModel::changed, this, [this] { m_network.setOwnName(m_connection.nodeName()); });
  m_workloads.setThumbs(m_thumbs);
  connect(&m_instances, &InstanceListModel::placed, this, [this](const QSet<QString>& ids) {
    for (const QString& id : ids) {
      m_workloads.setNodes(id, m_instances.nodesOf(id));
    }
  });
  connect(&m_log, &LogModel::saved, this, [this](const QString& path, qint64 lines) {
    m_actions.tell(tr("%n lines saved as %1", nullptr, int(lines)).arg(path));
  });
  connect(&m_log, &LogModel::saveFailed, this, [this](const Problem& problem) { m_actions.tellProblem(problem); });
  connect(&m_operations, &OperationsModel::progress, &m_workloads, &WorkloadListModel::setProgress);
  connect(&m_deploy, &DeploySession::deployed, this,
          [this](const QString& summary, const std::vector<QJsonObject>& undo, const QStringList& workloadIds) {
            m_deployProgress.watch(workloadIds, m_actions.tell(summary, undo));
            const QString workloadId = workloadIds.value(0);
            if (m_workloads.find(workloadId)) {
              go(QStringLiteral("workloads"), workloadId);
            } else {
              m_selectWhenThere = workloadId;
            }
          });
  connect(&m_workloads, &WorkloadListModel::applied, this, [this](const QSet<QString>& ids) {
    if (!m_selectWhenThere.isEmpty() && ids.contains(m_selectWhenThere) && m_workloads.find(m_selectWhenThere)) {
      go(QStringLiteral("workloads"), QString(m_selectWhenThere)); // a copy: select() clears the member
    } else if (ids.contains(m_selected)) {
      refreshSelected();
    }
    if (ids.contains(m_pointed.id())) {
      point(m_pointed.id());
    }
    if (m_marked.count() > 0) {
      QSet<QString> gone;
      for (const QString& id : ids) {
        if (!m_workloads.find(id)) {
          gone.insert(id);
        }
      }
      m_marked.forget(gone);
    }
  });
  m_ages.setInterval(kAgeRefreshMs);
  connect(&m_ages, &QTimer::timeout, this, [this] {
    m_workloads.refreshAges();
    m_instances.refreshAges();
    m_cluster.refreshAges();
    m_network.refreshAges();
    m_events.refreshAges();
  });
  m_ages.start();
  m_openLog.setSingleShot(true);
  m_openLog.setInterval(kLogDelayMs);
  connect(&m_openLog, &QTimer::timeout, this, [this] {
    m_log.open(m_selected, m_details.name());
    m_events.open(m_selected);
  });

  using interfaces::Topic;
  interfaces::WatchHandlers handlers;
  handlers.onDeltas = [this](const std::vector<interfaces::Delta>& deltas) { onDeltas(deltas); };
  handlers.onConnection = [this](bool connected, const std::string& why) { onConnection(connected, plainLine(why)); };
  m_watch = engine.events().watch({{Topic::Nodes, Topic::Workloads, Topic::Instances, Topic::Operations, Topic::Events,
                                    Topic::Decisions, Topic::Peers},
                                   0},
                                  std::move(handlers));
}

Session::~Session() {
  m_watch.reset();
}

void Session::onDeltas(const std::vector<interfaces::Delta>& deltas) {
  if (!m_connection.connected()) {
    onConnection(true, {}); // what speaks is there
  }
  m_instances.apply(deltas);
  m_workloads.apply(deltas);
  m_operations.apply(deltas);
  m_index.apply(deltas);
  m_cluster.apply(deltas);
  m_network.apply(deltas);
  m_events.apply(deltas);
  for (const interfaces::Delta& d : deltas) {
    m_connection.setRevision(d.revision);
  }
  Q_EMIT deltasArrived(deltas);
}

void Session::onConnection(bool connected, const QString& why) {
  const bool was = m_connection.connected();
  m_connection.setConnected(connected, why);
  if (connected == was) {
    return;
  }
  m_deploy.setConnected(connected);
  m_network.setConnected(connected);
  if (!connected) {
    m_operations.clear();
    return;
  }
  m_engine.admin().nodeInfo([self = QPointer(this)](const base::Result<interfaces::NodeInfo>& info) {
    if (self && info.ok()) {
      self->m_connection.setNodeInfo(info.value());
    }
  });
  m_cluster.refresh();
  if (m_log.problem().present()) {
    m_log.reopen();
  }
  m_events.reload();
}

void Session::selectNode(const QString& nodeId) {
  m_cluster.selectNode(nodeId);
}

void Session::selectDecision(const QString& decisionId) {
  m_cluster.selectDecision(decisionId);
}

void Session::selectPeer(const QString& peerId) {
  m_network.selectPeer(peerId);
}

void Session::selectMessage(const QString& messageKey) {
  m_network.gossip()->select(messageKey);
}

void Session::go(const QString& view, const QString& id) {
  if (view == QLatin1String("workloads")) {
    select(id);
  } else if (view == QLatin1String("nodes")) {
    selectNode(id);
  } else if (view == QLatin1String("scheduler")) {
    selectDecision(id);
  } else if (view == QLatin1String("peers")) {
    selectPeer(id);
  } else if (view == QLatin1String("gossip")) {
    selectMessage(id);
  }
  Q_EMIT goRequested(view, id);
}

void Session::select(const QString& workloadId) {
  m_selectWhenThere.clear();
  if (workloadId == m_selected) {
    return;
  }
  m_selected = workloadId;
  m_instances.select(workloadId);
  refreshSelected();
  if (m_selected == workloadId) {
    m_log.open({});
    m_events.open({});
    m_openLog.start();
    Q_EMIT selectionChanged();
  }
}

void Session::point(const QString& workloadId) {
  m_pointed.show(m_workloads.find(workloadId));
}

void Session::showTab(const QString& tab) {
  static const QStringList known{QStringLiteral("instances"), QStringLiteral("logs"),     QStringLiteral("charts"),
                                 QStringLiteral("events"),    QStringLiteral("manifest"), QStringLiteral("console")};
  if (tab != m_tab && known.contains(tab)) {
    m_tab = tab;
    Q_EMIT tabChanged();
  }
}

void Session::edit(const QString& workloadId, const QString& part) {
  select(workloadId);
  if (!m_selected.isEmpty()) {
    Q_EMIT editRequested(part);
  }
}

void Session::refreshSelected() {
  const model::Workload* workload = m_selected.isEmpty() ? nullptr : m_workloads.find(m_selected);
  m_details.show(workload);
  m_manifest.show(workload);
  if (!workload && !m_selected.isEmpty()) { // it was removed
    m_selected.clear();
    m_instances.select({});
    m_log.open({});
    m_events.open({});
    Q_EMIT selectionChanged();
  }
}

void Session::openFiles(const QList<QUrl>& urls) {
  if (urls.isEmpty()) {
    return;
  }
  ++m_reading;
  Q_EMIT readingChanged();
  QThreadPool::globalInstance()->start([self = QPointer(this), urls, app = QCoreApplication::instance()] {
    auto sources = std::make_shared<DroppedSources>(readSources(urls));
    QMetaObject::invokeMethod(app, [self, sources] {
      if (!self) {
        return;
      }
      --self->m_reading;
      Q_EMIT self->readingChanged();
      if (sources->documents.empty() && sources->archives.empty() && sources->problems.size() == 1 &&
          !self->m_deploy.active()) {
        self->m_actions.tellProblem(sources->problems.front());
      } else {
        self->m_deploy.start(std::move(*sources));
      }
    });
  });
}

void Session::openText(const QString& text) {
  auto source = sourceFromText(text);
  if (!source) {
    m_actions.tellProblem(Problem(source.error()));
    return;
  }
  DroppedSources sources;
  sources.documents.push_back(std::move(source).value());
  m_deploy.start(std::move(sources));
}

void Session::paste() {
  const QMimeData* data = QGuiApplication::clipboard()->mimeData();
  if (data && data->hasUrls() && data->urls().front().isLocalFile()) {
    openFiles(data->urls());
  } else if (data && data->hasText()) {
    openText(data->text());
  } else {
    m_actions.tellProblem({tr("Nothing was pasted"), tr("the clipboard holds neither text nor files"),
                           tr("Copy a manifest or an image name first.")});
  }
}

void Session::copy(const QString& text) {
  QGuiApplication::clipboard()->setText(text);
}

void Session::setListShown(bool shown) {
  m_thumbs.setActive(shown);
}

void Session::copyLog() {
  QGuiApplication::clipboard()->setText(m_log.text());
}

} // namespace univrs::gui
