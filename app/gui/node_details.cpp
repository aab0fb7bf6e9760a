#include "app/gui/node_details.h"

#include "app/gui/node_list_model.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace univrs::gui {

namespace {

QVariantMap fact(const QString& name, const QString& value) {
  return {{QStringLiteral("name"), name}, {QStringLiteral("value"), value}};
}

QVariantMap resource(const QString& name, int64_t reserved, int64_t allocatable, int64_t capacity,
                     const std::function<QString(int64_t)>& format) {
  QVariantList parts = reservedParts(reserved, allocatable);
  const int64_t kept = std::max<int64_t>(0, capacity - allocatable);
  QString text = NodeDetails::tr("%1 of %2 reserved, %3 free")
                     .arg(format(reserved), format(allocatable), format(std::max<int64_t>(0, allocatable - reserved)));
  if (reserved > allocatable) {
    text = NodeDetails::tr("%1 reserved, only %2 to give").arg(format(reserved), format(allocatable));
  }
  if (kept > 0) {
    text += NodeDetails::tr(" · %1 kept for the system").arg(format(kept));
  }
  return {{QStringLiteral("name"), name},
          {QStringLiteral("parts"), parts},
          {QStringLiteral("limit"), double(std::max(allocatable, reserved))},
          {QStringLiteral("text"), text}};
}

QString startedText(base::Timestamp at) {
  return at.isSet() ? QLocale().toString(QDateTime::fromMSecsSinceEpoch(at.ms), QLocale::ShortFormat) : QString();
}

} // namespace

NodeDetails::NodeDetails(interfaces::Events& engine, const base::Clock& clock, const InstanceIndex& instances,
                         QObject* parent)
    : QObject(parent), m_instances(clock, instances), m_events(engine, clock, kEvents) {}

void NodeDetails::show(const model::Node* node) {
  model::Node next = node ? *node : model::Node();
  if (next == m_node) {
    return;
  }
  const bool other = next.id != m_node.id;
  m_node = std::move(next);
  if (other) {
    m_instances.setNode(m_node.id.str());
    m_events.setObject(m_node.id.str());
  }
  Q_EMIT changed();
}

QString NodeDetails::id() const {
  return fromUtf8(m_node.id.str());
}
QString NodeDetails::name() const {
  return plainLine(m_node.name.empty() ? m_node.id.str() : m_node.name);
}
QString NodeDetails::stateWord() const {
  return gui::stateWord(m_node).word;
}
QString NodeDetails::tone() const {
  return gui::stateWord(m_node).tone;
}
QString NodeDetails::reason() const {
  return stateReason(m_node);
}

QVariantList NodeDetails::facts() const {
  QVariantList out;
  const auto add = [&](const QString& name, const QString& value) {
    if (!value.isEmpty()) {
      out << fact(name, value);
    }
  };
  QStringList roles;
  for (const std::string& role : m_node.roles) {
    roles << plainLine(role);
  }
  add(tr("Roles"), roles.join(QStringLiteral(", ")));
  add(tr("Address"), plainLine(m_node.address));
  const model::EngineInfo& e = m_node.engine;
  add(tr("Platform"), e.os.empty() || e.arch.empty() ? plainLine(e.os + e.arch) : plainLine(e.os + "/" + e.arch));
  add(tr("Runtime"), runtimeText(e) + (e.socket.empty() ? QString() : QStringLiteral(" · ") + plainLine(e.socket)));
  if (!e.driver.empty()) {
    QStringList limits;
    for (const auto& [has, word] : {std::pair(e.cpuLimits, tr("CPU")), std::pair(e.memoryLimits, tr("memory")),
                                    std::pair(e.pidsLimits, tr("processes"))}) {
      if (has) {
        limits << word;
      }
    }
    add(tr("Enforces"), limits.isEmpty() ? tr("no limits") : tr("limits of %1").arg(limits.join(QStringLiteral(", "))));
  }
  add(tr("Univrs"), plainLine(m_node.version));
  add(tr("Up since"), startedText(m_node.startedAt));
  return out;
}

QVariantList NodeDetails::resources() const {
  const model::Resources& r = m_node.reserved;
  const model::Resources& a = m_node.allocatable;
  const model::Resources& c = m_node.capacity;
  const auto cpu = [](int64_t v) { return localFigure(model::formatCpu(v)); };
  const auto bytes = [](int64_t v) { return localFigure(model::formatBytes(v)); };
  const auto count = [](int64_t v) { return QString::number(v); };
  QVariantList out;
  out << resource(tr("CPU"), r.cpuMillicores, a.cpuMillicores, c.cpuMillicores, cpu);
  out << resource(tr("Memory"), r.memoryBytes, a.memoryBytes, c.memoryBytes, bytes);
  if (a.diskBytes > 0 || r.diskBytes > 0) {
    out << resource(tr("Disk"), r.diskBytes, a.diskBytes, c.diskBytes, bytes);
  }
  if (a.gpus > 0 || r.gpus > 0) {
    out << resource(tr("GPUs"), r.gpus, a.gpus, c.gpus, count);
  }
  for (const auto& [name, all] : a.extended) {
    const auto value = [&name = name](const model::Resources& of) {
      const auto it = of.extended.find(name);
      return it == of.extended.end() ? 0 : it->second;
    };
    out << resource(plainLine(name), value(r), all, value(c), count);
  }
  return out;
}

QStringList NodeDetails::labels() const {
  QStringList out;
  for (const auto& [key, value] : m_node.labels) {
    out << plainLine(key + "=" + value);
  }
  return out;
}

QStringList NodeDetails::taints() const {
  QStringList out;
  for (const model::Taint& t : m_node.taints) {
    out << plainLine(t.key + (t.value.empty() ? "" : "=" + t.value) + ":" + std::string(model::name(t.effect)));
  }
  return out;
}

QString NodeDetails::cliLine() const {
  return present()
             ? (m_node.cordoned ? QStringLiteral("univrs node uncordon ") : QStringLiteral("univrs node cordon ")) +
                   shellWord(name())
             : QString();
}

} // namespace univrs::gui
