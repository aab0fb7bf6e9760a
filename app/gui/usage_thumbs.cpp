#include "app/gui/usage_thumbs.h"

#include "app/gui/display_text.h"

#include <QPointer>

#include <algorithm>

namespace univrs::gui {

UsageThumbs::UsageThumbs(interfaces::Usage& usage, QObject* parent) : QObject(parent), m_usage(usage) {
  m_gather.setSingleShot(true);
  m_gather.setInterval(kGatherMs);
  m_refresh.setInterval(kRefreshMs);
  connect(&m_gather, &QTimer::timeout, this, &UsageThumbs::ask);
  connect(&m_refresh, &QTimer::timeout, this, [this] {
    // Rows still on screen read again when told so, and only they are asked for.
    const QStringList shown = m_looked;
    m_looked.clear();
    for (const QString& id : shown) {
      m_thumbs[id].askedAt = 0;
    }
    Q_EMIT changed(shown);
  });
}

void UsageThumbs::setActive(bool active) {
  if (active == m_active) {
    return;
  }
  m_active = active;
  if (active) {
    m_gather.start();
    m_refresh.start();
  } else {
    m_gather.stop();
    m_refresh.stop();
  }
}

void UsageThumbs::look(const QString& id) const {
  m_looked.removeOne(id);
  m_looked << id;
  if (m_looked.size() > kMaxAsked) {
    m_looked.removeFirst();
  }
  const auto it = m_thumbs.constFind(id);
  if (m_active && (it == m_thumbs.cend() || it->askedAt == 0) && !m_gather.isActive()) {
    m_gather.start();
  }
}

QVariantList UsageThumbs::cpu(const QString& id) const {
  look(id);
  return m_thumbs.value(id).cpu;
}

QString UsageThumbs::memory(const QString& id) const {
  look(id);
  return m_thumbs.value(id).memory;
}

void UsageThumbs::ask() {
  if (!m_active || m_asking) {
    return;
  }
  interfaces::UsageQuery query;
  query.maxPoints = kPoints;
  const int64_t now = base::SystemClock().now().wall.ms;
  for (const QString& id : std::as_const(m_looked)) {
    Thumb& thumb = m_thumbs[id];
    if (thumb.askedAt == 0) {
      thumb.askedAt = now;
      query.ids.push_back(id.toStdString());
    }
  }
  if (query.ids.empty()) {
    return;
  }
  if (m_thumbs.size() > kMaxKept) {
    const QSet<QString> keep(m_looked.cbegin(), m_looked.cend());
    m_thumbs.removeIf([&](const auto& entry) { return !keep.contains(entry.key()); });
  }
  m_asking = true;
  m_usage.readUsage(
      std::move(query), [self = QPointer(this)](const base::Result<std::vector<interfaces::UsageSeries>>& answer) {
        if (!self) {
          return;
        }
        self->m_asking = false;
        QStringList fresh;
        if (answer.ok()) {
          for (const interfaces::UsageSeries& s : answer.value()) {
            const auto it = self->m_thumbs.find(fromUtf8(s.id));
            if (it == self->m_thumbs.end()) {
              continue;
            }
            it->cpu.clear();
            const size_t skip = s.points.size() > size_t(kPoints) * 2 ? s.points.size() - size_t(kPoints) * 2 : 0;
            for (size_t i = skip; i < s.points.size(); ++i) {
              it->cpu << double(std::max<int64_t>(s.points[i].cpuMillicores, 0));
            }
            it->memory = s.points.empty() ? QString() : localFigure(model::formatBytes(s.points.back().memoryBytes));
            fresh << it.key();
          }
        }
        if (!fresh.isEmpty()) {
          Q_EMIT self->changed(fresh);
        }
        // Rows that came into sight meanwhile.
        const bool more = std::any_of(self->m_looked.cbegin(), self->m_looked.cend(),
                                      [&](const QString& id) { return self->m_thumbs.value(id).askedAt == 0; });
        if (more && self->m_active) {
          self->m_gather.start();
        }
      });
}

} // namespace univrs::gui
