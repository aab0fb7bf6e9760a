#include "app/gui/deploy_form.h"

#include "engine/base/limits.h"
#include "engine/manifest/manifest.h"

#include <algorithm>

namespace univrs::gui {
namespace {

// "256Mi": what parseByteQuantity reads back exactly.
QString quantity(int64_t bytes) {
  if (bytes <= 0) {
    return {};
  }
  return bytes % (1 << 20) == 0 ? QStringLiteral("%1Mi").arg(bytes >> 20) : QString::number(bytes);
}

bool readPort(QStringView text, uint16_t& out) {
  bool ok = false;
  const int value = text.trimmed().toInt(&ok);
  out = uint16_t(std::clamp(value, 0, 65'535));
  return ok && value >= 1 && value <= 65'535;
}

} // namespace

DeployForm::DeployForm(DeploySession& deploy, QObject* parent) : QObject(parent), m_deploy(deploy) {
  connect(&deploy, &DeploySession::resultChanged, this, &DeployForm::read);
  connect(&deploy, &DeploySession::currentChanged, this, &DeployForm::read);
  connect(&deploy, &DeploySession::activeChanged, this, [this] {
    m_written.clear();
    read();
  });
}

void DeployForm::read() {
  const QString text = m_deploy.text();
  if (!m_written.isEmpty() && text == m_written) { // our own
    m_available = m_deploy.editable();
    Q_EMIT changed();
    return;
  }
  if (text.trimmed().isEmpty()) {
    m_available = m_deploy.editable();
    show({});
  } else if (const auto spec = m_deploy.onlySpec()) {
    m_available = m_deploy.editable();
    show(*spec);
  } else if (!m_deploy.checking()) {
    m_available = false;
  }
  Q_EMIT changed();
}

void DeployForm::show(const model::WorkloadSpec& spec) {
  m_spec = spec;
  m_portsProblem.clear();
  m_envProblem.clear();
  m_cpuProblem.clear();
  m_memoryProblem.clear();
  QStringList ports;
  QStringList env;
  model::Resources limits;
  if (!spec.containers.empty()) {
    const model::Container& c = spec.containers.front();
    for (const model::Port& p : c.ports) {
      ports << (p.hostPort ? QStringLiteral("%1:").arg(*p.hostPort) : QString()) + QString::number(p.containerPort) +
                   (p.protocol == model::Protocol::Udp ? QStringLiteral("/udp") : QString());
    }
    for (const auto& [key, value] : c.env) {
      env << plainLine(key) + QLatin1Char('=') + plainLine(value);
    }
    limits = c.limits;
  }
  m_ports = ports.join(QStringLiteral(", "));
  m_env = env.join(QLatin1Char('\n'));
  m_cpu = limits.cpuMillicores > 0 ? fromUtf8(model::formatCpu(limits.cpuMillicores)) : QString();
  m_memory = quantity(limits.memoryBytes);
}

void DeployForm::write() {
  m_written = plainText(manifest::toYaml(m_spec));
  m_deploy.setText(m_written);
  Q_EMIT changed();
}

model::Container& DeployForm::container() {
  if (m_spec.containers.empty()) {
    m_spec.containers.emplace_back().name = "main";
  }
  return m_spec.containers.front();
}

QString DeployForm::unavailableBecause() const {
  return m_available ? QString()
                     : tr("The form shows a text that is understood and describes one workload. Mend the text first.");
}

bool DeployForm::losesComments() const {
  return m_available && m_deploy.text() != m_written && m_deploy.text().contains(QLatin1Char('#'));
}

QString DeployForm::name() const {
  return plainLine(m_spec.name);
}

void DeployForm::setName(const QString& name) {
  if (m_available && name != this->name()) {
    m_spec.name = name.trimmed().toStdString();
    write();
  }
}

QString DeployForm::image() const {
  return m_spec.containers.empty() ? QString() : plainLine(m_spec.containers.front().image);
}

void DeployForm::setImage(const QString& image) {
  if (!m_available || image == this->image()) {
    return;
  }
  container().image = image.trimmed().toStdString();
  if (m_spec.name.empty()) { // "ghcr.io/acme/shop:2.1" -> "shop": a beginning that can be changed
    QString guess = image.section(QLatin1Char('/'), -1).section(QLatin1Char(':'), 0, 0).section(QLatin1Char('@'), 0, 0);
    m_spec.name = guess.toLower().toStdString();
  }
  write();
}

void DeployForm::setReplicas(int replicas) {
  const int wanted = std::clamp(replicas, 0, base::limits::kMaxReplicas);
  if (m_available && wanted != m_spec.replicas) {
    m_spec.replicas = wanted;
    write();
  }
}

void DeployForm::setPorts(const QString& text) {
  if (!m_available || text == m_ports) {
    return;
  }
  m_ports = text;
  m_portsProblem.clear();
  const std::vector<model::Port> before = m_spec.containers.empty() ? std::vector<model::Port>() : container().ports;
  std::vector<model::Port> ports;
  for (const QString& piece : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
    QString rest = piece.trimmed();
    if (rest.isEmpty()) {
      continue;
    }
    model::Port port;
    if (rest.endsWith(QLatin1String("/udp")) || rest.endsWith(QLatin1String("/tcp"))) {
      port.protocol = rest.endsWith(QLatin1String("/udp")) ? model::Protocol::Udp : model::Protocol::Tcp;
      rest.chop(4);
    }
    const QStringList parts = rest.split(QLatin1Char(':'));
    uint16_t host = 0;
    if (parts.size() > 2 || !readPort(parts.last(), port.containerPort) ||
        (parts.size() == 2 && !readPort(parts.first(), host))) {
      m_portsProblem = tr("“%1” is no port: write 8080:80, or 80").arg(piece.trimmed());
      Q_EMIT changed();
      return;
    }
    if (host > 0) {
      port.hostPort = host;
    }
    for (const model::Port& old : before) { // a name and an address to publish on stay
      if (old.containerPort == port.containerPort && old.protocol == port.protocol) {
        port.name = old.name;
        port.hostAddress = old.hostAddress;
      }
    }
    ports.push_back(std::move(port));
  }
  container().ports = std::move(ports);
  write();
}

void DeployForm::setEnv(const QString& text) {
  if (!m_available || text == m_env) {
    return;
  }
  m_env = text;
  m_envProblem.clear();
  std::map<std::string, std::string> env;
  for (const QString& line : text.split(QLatin1Char('\n'))) {
    if (line.trimmed().isEmpty()) {
      continue;
    }
    const qsizetype at = line.indexOf(QLatin1Char('='));
    if (at <= 0) {
      m_envProblem = tr("“%1” has no value: write KEY=VALUE").arg(line.trimmed());
      Q_EMIT changed();
      return;
    }
    env[line.left(at).trimmed().toStdString()] = line.mid(at + 1).toStdString();
  }
  container().env = std::move(env);
  write();
}

void DeployForm::setCpu(const QString& text) {
  if (!m_available || text == m_cpu) {
    return;
  }
  m_cpu = text;
  const auto value = text.trimmed().isEmpty() ? base::Result<int64_t>(int64_t(0))
                                              : model::parseCpuQuantity(text.trimmed().toStdString());
  m_cpuProblem = value.ok() ? QString() : tr("write 0.5 or 500m");
  if (!value.ok()) {
    Q_EMIT changed();
    return;
  }
  model::Container& c = container();
  c.limits.cpuMillicores = value.value();
  c.requests.cpuMillicores =
      value.value() > 0 ? std::min(c.requests.cpuMillicores, value.value()) : c.requests.cpuMillicores;
  write();
}

void DeployForm::setMemory(const QString& text) {
  if (!m_available || text == m_memory) {
    return;
  }
  m_memory = text;
  const auto value = text.trimmed().isEmpty() ? base::Result<int64_t>(int64_t(0))
                                              : model::parseByteQuantity(text.trimmed().toStdString());
  m_memoryProblem = value.ok() ? QString() : tr("write 256Mi or 1G");
  if (!value.ok()) {
    Q_EMIT changed();
    return;
  }
  model::Container& c = container();
  c.limits.memoryBytes = value.value();
  c.requests.memoryBytes = value.value() > 0 ? std::min(c.requests.memoryBytes, value.value()) : c.requests.memoryBytes;
  write();
}

} // namespace univrs::gui
