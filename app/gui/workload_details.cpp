#include "app/gui/workload_details.h"

#include "app/gui/display_text.h"

#include <QStringList>

namespace univrs::gui {

WorkloadDetails::WorkloadDetails(QString host, QObject* parent) : QObject(parent), m_host(std::move(host)) {}

void WorkloadDetails::show(const model::Workload* workload) {
  model::Workload next = workload ? *workload : model::Workload();
  if (!(next == m_workload)) {
    m_workload = std::move(next);
    Q_EMIT changed();
  }
}

QString WorkloadDetails::id() const {
  return fromUtf8(m_workload.id.str());
}
QString WorkloadDetails::name() const {
  return plainLine(m_workload.spec.name);
}
QString WorkloadDetails::stateWord() const {
  return gui::stateWord(m_workload).word;
}
QString WorkloadDetails::tone() const {
  return gui::stateWord(m_workload).tone;
}
QString WorkloadDetails::reason() const {
  return plainLine(m_workload.status.reason);
}

QString WorkloadDetails::images() const {
  QStringList list;
  for (const model::Container& c : m_workload.spec.containers) {
    list << plainLine(c.image);
  }
  return list.join(QStringLiteral(", "));
}

QString WorkloadDetails::limits() const {
  const model::Resources asked = m_workload.spec.requestsPerInstance();
  QStringList list;
  if (asked.cpuMillicores > 0) {
    list << tr("%1 CPU").arg(fromUtf8(model::formatCpu(asked.cpuMillicores)));
  }
  if (asked.memoryBytes > 0) {
    list << fromUtf8(model::formatBytes(asked.memoryBytes));
  }
  return list.join(QStringLiteral(" · "));
}

QString WorkloadDetails::createdAt() const {
  return fromUtf8(m_workload.createdAt.iso());
}

QVariantList WorkloadDetails::ports() const {
  QVariantList out;
  for (const model::Container& c : m_workload.spec.containers) {
    for (const model::Port& p : c.ports) {
      const QString protocol = fromUtf8(model::name(p.protocol));
      QVariantMap row{{QStringLiteral("address"), QString()}, {QStringLiteral("url"), QString()}};
      if (p.hostPort) {
        const bool everywhere = p.hostAddress.empty() || p.hostAddress == "0.0.0.0" || p.hostAddress == "::";
        QString host = everywhere ? m_host : plainLine(p.hostAddress);
        if (host.contains(QLatin1Char(':'))) {
          host = QLatin1Char('[') + host + QLatin1Char(']');
        }
        const QString address = QStringLiteral("%1:%2").arg(host).arg(*p.hostPort);
        row[QStringLiteral("address")] = address;
        row[QStringLiteral("text")] = QStringLiteral("%1 → %2/%3").arg(address).arg(p.containerPort).arg(protocol);
        if (p.protocol == model::Protocol::Tcp) {
          row[QStringLiteral("url")] =
              (*p.hostPort == 443 || *p.hostPort == 8443 ? QStringLiteral("https://") : QStringLiteral("http://")) +
              address;
        }
      } else {
        row[QStringLiteral("text")] = tr("%1/%2, not published").arg(p.containerPort).arg(protocol);
      }
      out << row;
    }
  }
  return out;
}

} // namespace univrs::gui
