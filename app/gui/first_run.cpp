#include "app/gui/first_run.h"

#include <QFile>
#include <QSettings>

namespace univrs::gui {
namespace {
QString keyOf(const QString& nodeId) {
  return QStringLiteral("deployed/") + nodeId.left(128);
}
} // namespace

FirstRun::FirstRun(const ConnectionModel& connection, const WorkloadListModel& workloads, QObject* parent)
    : QObject(parent), m_connection(connection), m_workloads(workloads) {
  connect(&connection, &ConnectionModel::changed, this, &FirstRun::update);
  connect(&workloads, &WorkloadListModel::countsChanged, this, &FirstRun::update);
}

void FirstRun::update() {
  const QString id = m_connection.nodeId();
  if (id != m_nodeId) {
    m_nodeId = id;
    m_deployed = m_deployed || QSettings().value(keyOf(id)).toBool();
  }
  if (m_workloads.total() > 0 && !m_nodeId.isEmpty() && m_kept != m_nodeId) {
    m_kept = m_nodeId;
    QSettings().setValue(keyOf(m_nodeId), true);
  }
  m_deployed = m_deployed || m_workloads.total() > 0;
  Q_EMIT changed();
}

bool FirstRun::shown() const {
  return m_workloads.complete() && m_workloads.total() == 0 && !m_deployed && !m_nodeId.isEmpty();
}

QString FirstRun::example() const {
  QFile file(QStringLiteral(":/univrs/examples/hello.yaml")); // compiled in
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace univrs::gui
