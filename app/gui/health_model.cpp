#include "app/gui/health_model.h"

#include "app/gui/display_text.h"

#include <QPointer>

#include <algorithm>

namespace univrs::gui {
namespace {

using interfaces::PartHealth;

QString toneOf(PartHealth h) {
  switch (h) {
  case PartHealth::Healthy:
    return QStringLiteral("good");
  case PartHealth::Degraded:
    return QStringLiteral("warn");
  case PartHealth::Unhealthy:
    return QStringLiteral("bad");
  case PartHealth::Unknown:
    break;
  }
  return QStringLiteral("idle");
}

} // namespace

HealthModel::HealthModel(interfaces::Admin& admin, const ConnectionModel& connection,
                         const WorkloadListModel& workloads, QObject* parent)
    : QObject(parent), m_admin(admin), m_connection(connection), m_workloads(workloads) {
  m_again.setInterval(kRefreshMs);
  connect(&m_again, &QTimer::timeout, this, &HealthModel::refresh);
  connect(&connection, &ConnectionModel::changed, this, [this] {
    const bool now = m_connection.connected();
    if (now && !m_wasConnected) {
      m_again.start();
      refresh();
    } else if (!now) {
      m_again.stop(); // nothing wakes up for a node that is not there
    }
    m_wasConnected = now;
    Q_EMIT changed();
  });
  connect(&workloads, &WorkloadListModel::countsChanged, this, &HealthModel::changed);
}

void HealthModel::refresh() {
  if (m_asking) {
    return;
  }
  m_asking = true;
  m_admin.health([self = QPointer(this)](const base::Result<interfaces::HealthReport>& report) {
    if (!self) {
      return;
    }
    self->m_asking = false;
    if (report.ok()) {
      self->m_known = true;
      self->m_report = report.value();
      self->m_report.parts.resize(std::min(self->m_report.parts.size(), kMaxParts));
      Q_EMIT self->changed();
    }
  });
}

QString HealthModel::tone() const {
  if (!m_connection.connected()) {
    return m_connection.tone();
  }
  if (m_known && m_report.status == PartHealth::Unhealthy) {
    return QStringLiteral("bad");
  }
  if (m_workloads.degraded() > 0 || (m_known && m_report.status == PartHealth::Degraded)) {
    return QStringLiteral("warn");
  }
  return m_workloads.progressing() > 0 ? QStringLiteral("busy") : QStringLiteral("good");
}

QString HealthModel::word() const {
  if (!m_connection.connected()) {
    return m_connection.word();
  }
  if (m_known && m_report.status == PartHealth::Unhealthy) {
    return tr("Node not ready");
  }
  if (m_workloads.degraded() > 0) {
    return m_workloads.degraded() == 1 ? tr("1 needs you") : tr("%n need you", nullptr, m_workloads.degraded());
  }
  if (m_known && m_report.status == PartHealth::Degraded) {
    return tr("Node degraded");
  }
  return m_workloads.progressing() > 0 ? tr("Progressing") : tr("Healthy");
}

QString HealthModel::summary() const {
  if (!m_workloads.complete()) {
    return {};
  }
  return m_workloads.total() == 0 ? tr("Nothing is deployed")
                                  : tr("%1 healthy · %2 progressing · %3 degraded")
                                        .arg(m_workloads.healthy())
                                        .arg(m_workloads.progressing())
                                        .arg(m_workloads.degraded());
}

QVariantList HealthModel::parts() const {
  QVariantList list;
  for (const interfaces::HealthPart& p : m_report.parts) {
    const std::string_view word = interfaces::name(p.status);
    QString shown = fromUtf8(word);
    if (!shown.isEmpty()) {
      shown[0] = shown[0].toUpper();
    }
    list.append(QVariantMap{{QStringLiteral("name"), plainLine(p.name)},
                            {QStringLiteral("tone"), toneOf(p.status)},
                            {QStringLiteral("word"), shown},
                            {QStringLiteral("message"), plainLine(p.message)}});
  }
  return list;
}

bool HealthModel::runtimeUp() const {
  return std::any_of(m_report.parts.begin(), m_report.parts.end(), [](const interfaces::HealthPart& p) {
    return p.name == "runtime" && p.status == PartHealth::Healthy;
  });
}

QString HealthModel::runtimeMessage() const {
  for (const interfaces::HealthPart& p : m_report.parts) {
    if (p.name == "runtime") {
      return plainLine(p.message);
    }
  }
  return {};
}

} // namespace univrs::gui
