#include "app/gui/workload_details.h"

#include "app/gui/display_text.h"

#include <QStringList>

#include <algorithm>

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
    list << tr("%1 CPU").arg(localFigure(model::formatCpu(asked.cpuMillicores)));
  }
  if (asked.memoryBytes > 0) {
    list << localFigure(model::formatBytes(asked.memoryBytes));
  }
  return list.join(QStringLiteral(" · "));
}

QString WorkloadDetails::createdAt() const {
  return fromUtf8(m_workload.createdAt.iso());
}

QString WorkloadDetails::image() const {
  return m_workload.spec.containers.empty() ? QString() : plainLine(m_workload.spec.containers.front().image);
}

double WorkloadDetails::rollout() const {
  const model::WorkloadStatus& s = m_workload.status;
  // A first start or a scaling up is no rollout: there is nothing of another form.
  if (m_workload.deleting || s.health == model::Health::Healthy || m_workload.spec.replicas <= 0 ||
      s.total <= s.updated) {
    return -1;
  }
  return std::clamp(double(s.updated) / m_workload.spec.replicas, 0.0, 1.0);
}

QString WorkloadDetails::rolloutText() const {
  if (rollout() < 0) {
    return {};
  }
  QString to; // the tag when only the image changed, as nearly always
  const auto& now = m_workload.spec.containers;
  if (m_workload.previous && !now.empty() && !m_workload.previous->containers.empty() &&
      now.front().image != m_workload.previous->containers.front().image) {
    const QString name = image();
    const qsizetype at = name.lastIndexOf(QLatin1Char(':'));
    to = at > name.lastIndexOf(QLatin1Char('/')) ? name.mid(at + 1) : name;
    if (name.contains(QLatin1Char('@'))) {
      to = to.left(12);
    }
  }
  return (to.isEmpty() ? tr("Rolling out generation %1").arg(generation()) : tr("Rolling to %1").arg(to)) +
         QStringLiteral(" · ") + tr("%1 of %2").arg(updated()).arg(replicas());
}

QStringList WorkloadDetails::cliLines() const {
  const QString word = shellWord(name());
  return {QStringLiteral("univrs ps %1").arg(word),
          QStringLiteral("univrs logs %1 --follow").arg(word),
          QStringLiteral("univrs restart %1").arg(word),
          QStringLiteral("univrs scale %1 %2").arg(word).arg(replicas()),
          QStringLiteral("univrs update %1 --image %2").arg(word, shellWord(image())),
          QStringLiteral("univrs undo %1").arg(word),
          QStringLiteral("univrs remove %1").arg(word)};
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
