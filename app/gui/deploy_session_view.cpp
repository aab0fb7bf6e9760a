// What the deploy sheet says of its documents: read only, all from the last answers.
#include "app/gui/deploy_session.h"

#include <QJsonArray>

#include <algorithm>

namespace univrs::gui {
namespace {

QString one(const std::string& text) {
  return plainLine(text);
}

// Workload JSON of an outcome, as the sheet's card shows it.
QVariantMap workloadCard(const QJsonObject& w) {
  QStringList images;
  QStringList ports;
  for (const QJsonValue& c : w.value(QLatin1String("containers")).toArray()) {
    const QJsonObject container = c.toObject();
    images << plainLine(container.value(QLatin1String("image")).toString().toStdString());
    for (const QJsonValue& p : container.value(QLatin1String("ports")).toArray()) {
      const QJsonObject port = p.toObject();
      const int inside = port.value(QLatin1String("container_port")).toInt();
      const int outside = port.value(QLatin1String("host_port")).toInt();
      ports << (outside > 0 ? QStringLiteral("%1 → %2").arg(outside).arg(inside) : QString::number(inside));
    }
  }
  return {{QStringLiteral("name"), plainLine(w.value(QLatin1String("name")).toString().toStdString())},
          {QStringLiteral("image"), images.join(QStringLiteral(", "))},
          {QStringLiteral("replicas"), w.value(QLatin1String("replicas")).toInt(1)},
          {QStringLiteral("ports"), ports.join(QStringLiteral(", "))}};
}

QString actionTone(const std::string& action) {
  if (action == "create" || action == "start_instance") {
    return QStringLiteral("good");
  }
  if (action == "remove" || action == "stop_instance") {
    return QStringLiteral("warn");
  }
  return action == "no_change" ? QStringLiteral("idle") : QStringLiteral("busy");
}

QString actionWord(const std::string& action) {
  QString word = one(action);
  word.replace(QLatin1Char('_'), QLatin1Char(' '));
  return word;
}

} // namespace

QVariantList DeploySession::documents() const {
  QVariantList out;
  for (const Document& d : m_documents) {
    const QString tone = d.done ? QStringLiteral("good")
                         : d.check == Check::Passed
                             ? (d.outcome.warnings.empty() ? QStringLiteral("good") : QStringLiteral("warn"))
                         : d.check == Check::Failed  ? QStringLiteral("bad")
                         : d.check == Check::Running ? QStringLiteral("busy")
                                                     : QStringLiteral("idle");
    out << QVariantMap{{QStringLiteral("name"), d.source.fileName.isEmpty() ? tr("text") : d.source.fileName},
                       {QStringLiteral("tone"), tone}};
  }
  return out;
}

void DeploySession::setCurrent(int index) {
  if (index != m_current && index >= 0 && size_t(index) < m_documents.size()) {
    m_current = index;
    Q_EMIT currentChanged();
    Q_EMIT textChanged();
    Q_EMIT resultChanged();
  }
}

bool DeploySession::editable() const {
  return here() && !busy() && here()->source.text.size() <= kMaxEdited;
}

QString DeploySession::text() const {
  return here() ? here()->source.text.left(kMaxEdited) : QString();
}

void DeploySession::setText(const QString& text) {
  if (!editable() || text == here()->source.text) {
    return;
  }
  Document& d = m_documents[size_t(m_current)];
  d.source.text = text;
  ++d.round;
  d.check = Check::Needed;
  d.done = false;
  m_delay.start();
  Q_EMIT textChanged();
  Q_EMIT documentsChanged();
  Q_EMIT resultChanged();
}

QString DeploySession::title() const {
  if (m_documents.size() > 1) {
    return tr("Deploy %n files", nullptr, int(m_documents.size()));
  }
  return here() && !here()->source.fileName.isEmpty() ? tr("Deploy %1").arg(here()->source.fileName) : tr("Deploy");
}

QString DeploySession::summary() const {
  const Document* d = here();
  if (!d || d->check != Check::Passed) {
    return {};
  }
  int replicas = 0;
  for (const QJsonObject& w : d->outcome.objects) {
    replicas += w.value(QLatin1String("replicas")).toInt(1);
  }
  return (d->outcome.objects.size() == 1 ? tr("1 workload")
                                         : tr("%n workloads", nullptr, int(d->outcome.objects.size()))) +
         QStringLiteral(" · ") + (replicas == 1 ? tr("1 replica") : tr("%n replicas", nullptr, replicas));
}

bool DeploySession::checking() const {
  const Document* d = here();
  return d && m_connected && (d->check == Check::Running || (d->check == Check::Needed && m_delay.isActive()));
}

QString DeploySession::actionText() const {
  if (busy()) {
    return tr("Deploying");
  }
  bool anyChange = false;
  bool known = true;
  for (const Document& d : m_documents) {
    anyChange = anyChange || d.outcome.changed;
    known = known && d.check == Check::Passed;
  }
  return known && !anyChange ? tr("Nothing to change") : tr("Deploy");
}

QString DeploySession::blockedBy() const {
  if (!m_connected) {
    return tr("Not connected: the plan follows once the node answers");
  }
  if (loadingArchives()) {
    return tr("Loading the image archive");
  }
  bool any = false;
  for (const Document& d : m_documents) {
    if (d.source.text.trimmed().isEmpty()) {
      continue;
    }
    any = true;
    const QString name = d.source.fileName.isEmpty() ? tr("The text") : d.source.fileName;
    if (d.check == Check::Failed) {
      return tr("%1 has errors").arg(name);
    }
    if (d.check != Check::Passed) {
      return tr("Checking");
    }
  }
  return any ? QString() : tr("Write or paste a manifest, or an image name");
}

Problem DeploySession::problem() const {
  const Document* d = here();
  return d && d->check == Check::Failed ? Problem(d->error) : Problem();
}

QString DeploySession::problemText() const {
  QStringList lines{problem().text()};
  for (const QVariant& f : findings()) {
    lines << f.toMap().value(QStringLiteral("text")).toString();
  }
  return lines.join(QLatin1Char('\n'));
}

QVariantList DeploySession::unreadable() const {
  QVariantList out;
  for (const Problem& p : m_unreadable) {
    out << QVariantMap{
        {QStringLiteral("what"), p.what}, {QStringLiteral("why"), p.why}, {QStringLiteral("hint"), p.hint}};
  }
  return out;
}

std::optional<model::WorkloadSpec> DeploySession::onlySpec() const {
  const Document* d = here();
  if (!d || d->check != Check::Passed || d->outcome.objects.size() != 1) {
    return std::nullopt;
  }
  const auto workload = model::workloadFromJson(d->outcome.objects.front());
  return workload.ok() ? std::optional(workload->spec) : std::nullopt;
}

QVariantList DeploySession::workloads() const {
  QVariantList out;
  if (const Document* d = here(); d && d->check == Check::Passed) {
    for (const QJsonObject& w : d->outcome.objects) {
      out << workloadCard(w);
    }
  }
  return out;
}

QVariantList DeploySession::findings() const {
  QVariantList out;
  const Document* d = here();
  const auto add = [&](const base::FieldError& f) {
    if (out.size() < kMaxShownFindings) {
      out << QVariantMap{{QStringLiteral("path"), one(f.path)},  {QStringLiteral("message"), one(f.message)},
                         {QStringLiteral("hint"), one(f.hint)},  {QStringLiteral("line"), f.line},
                         {QStringLiteral("warning"), f.warning}, {QStringLiteral("text"), one(f.text())}};
    }
  };
  if (!d) {
    return out;
  }
  for (const bool warnings : {false, true}) {
    for (const base::FieldError& f : d->error.fields) {
      if (f.warning == warnings) {
        add(f);
      }
    }
  }
  for (base::FieldError f : d->outcome.warnings) {
    f.warning = true;
    add(f);
  }
  return out;
}

QVariantList DeploySession::steps() const {
  QVariantList out;
  if (const Document* d = here(); d && d->check == Check::Passed) {
    for (const interfaces::PlanStep& s : d->outcome.plan) {
      if (out.size() >= kMaxShownSteps) {
        break;
      }
      out << QVariantMap{{QStringLiteral("action"), actionWord(s.action)},
                         {QStringLiteral("object"), one(s.object)},
                         {QStringLiteral("detail"), one(s.detail)},
                         {QStringLiteral("tone"), actionTone(s.action)}};
    }
  }
  return out;
}

QVariantList DeploySession::decisions() const {
  QVariantList out;
  const Document* d = here();
  if (!d || d->check != Check::Passed) {
    return out;
  }
  for (const model::Decision& decision : d->outcome.decisions) {
    if (out.size() >= kMaxShownDecisions) {
      break;
    }
    QVariantList nodes;
    for (const model::NodeVerdict& v : decision.nodes) {
      if (nodes.size() >= kMaxShownNodes) {
        break;
      }
      const bool chosen = decision.chosen && *decision.chosen == v.nodeId;
      const QString name = v.nodeName.empty() ? shortId(one(v.nodeId.str())) : one(v.nodeName);
      nodes << QVariantMap{{QStringLiteral("name"), name},
                           {QStringLiteral("fits"), v.fits},
                           {QStringLiteral("chosen"), chosen},
                           {QStringLiteral("score"), std::clamp(v.score, 0.0, 1.0)},
                           {QStringLiteral("reason"), v.fits ? (chosen ? tr("chosen") : tr("fits")) : one(v.reason)}};
    }
    out << QVariantMap{
        {QStringLiteral("workload"), one(decision.workloadName)}, {QStringLiteral("chosen"), one(decision.chosenName)},
        {QStringLiteral("placed"), decision.chosen.has_value()},  {QStringLiteral("summary"), one(decision.summary)},
        {QStringLiteral("strategy"), one(decision.strategy)},     {QStringLiteral("nodes"), nodes}};
  }
  return out;
}

QVariantList DeploySession::markers() const {
  QVariantList out;
  for (const QVariant& finding : findings()) {
    const QVariantMap f = finding.toMap();
    if (f.value(QStringLiteral("line")).toInt() > 0) {
      out << QVariantMap{{QStringLiteral("line"), f.value(QStringLiteral("line"))},
                         {QStringLiteral("tone"),
                          f.value(QStringLiteral("warning")).toBool() ? QStringLiteral("warn") : QStringLiteral("bad")},
                         {QStringLiteral("message"), f.value(QStringLiteral("text"))}};
    }
  }
  return out;
}

int DeploySession::errorCount() const {
  const Document* d = here();
  if (!d || d->check != Check::Failed) {
    return 0;
  }
  const auto errors =
      std::count_if(d->error.fields.begin(), d->error.fields.end(), [](const auto& f) { return !f.warning; });
  return errors > 0 ? int(errors) : 1;
}

int DeploySession::warningCount() const {
  const Document* d = here();
  return d ? int(d->outcome.warnings.size()) + int(std::count_if(d->error.fields.begin(), d->error.fields.end(),
                                                                 [](const auto& f) { return f.warning; }))
           : 0;
}

QString DeploySession::cliLine() const {
  QStringList words{QStringLiteral("univrs"), QStringLiteral("deploy")};
  for (const Document& d : m_documents) {
    const QString text = d.source.text.trimmed();
    if (!d.source.path.isEmpty()) {
      words << shellWord(d.source.path);
    } else if (!text.isEmpty() && !text.contains(QLatin1Char('\n')) && !text.contains(QLatin1Char(' '))) {
      words << shellWord(text); // an image's name
    } else {
      words << QStringLiteral("-");
    }
  }
  return words.join(QLatin1Char(' '));
}

} // namespace univrs::gui
