#include "app/gui/workload_manifest.h"

#include "app/gui/actions.h"
#include "engine/manifest/manifest.h"

#include <QPointer>

namespace univrs::gui {

WorkloadManifest::WorkloadManifest(interfaces::Commands& commands, Actions& actions, QObject* parent)
    : QObject(parent), m_commands(commands), m_actions(actions) {
  m_delay.setSingleShot(true);
  m_delay.setInterval(kCheckDelayMs);
  connect(&m_delay, &QTimer::timeout, this, &WorkloadManifest::check);
}

void WorkloadManifest::show(const model::Workload* workload) {
  const model::Workload next = workload ? *workload : model::Workload();
  const bool same = next.id == m_workload.id;
  if (same && next.revision == m_workload.revision && next.spec == m_workload.spec &&
      next.deleting == m_workload.deleting) {
    m_workload = next;
    return;
  }
  const bool keep = same && dirty();
  m_workload = next;
  m_stored = next.id.empty() ? QString() : plainText(manifest::toYaml(next.spec));
  if (!keep) {
    m_text = m_stored;
    m_baseRevision = next.revision;
    forget();
  }
  Q_EMIT textChanged();
  Q_EMIT checked();
}

void WorkloadManifest::forget() {
  ++m_round;
  m_delay.stop();
  m_asking = false;
  m_planned = false;
  m_plan = {};
  m_problem = {};
  m_markers.clear();
}

void WorkloadManifest::reset() {
  m_text = m_stored;
  m_baseRevision = m_workload.revision;
  forget();
  Q_EMIT textChanged();
  Q_EMIT checked();
}

bool WorkloadManifest::editable() const {
  return !m_workload.id.empty() && !m_workload.deleting && m_stored.size() <= kMaxEdited && !m_applying;
}

void WorkloadManifest::setText(const QString& text) {
  if (!editable() || text == m_text) {
    return;
  }
  m_text = text;
  forget();
  if (dirty()) {
    m_delay.start();
  } else {
    m_baseRevision = m_workload.revision;
  }
  Q_EMIT textChanged();
  Q_EMIT checked();
}

void WorkloadManifest::fail(const base::Error& error) {
  m_problem = Problem(error);
  m_markers.clear();
  for (const base::FieldError& f : error.fields) {
    if (m_markers.size() < kMaxShownChanges) {
      m_markers << QVariantMap{{QStringLiteral("line"), f.line},
                               {QStringLiteral("tone"), f.warning ? QStringLiteral("warn") : QStringLiteral("bad")},
                               {QStringLiteral("message"), plainLine(f.text())}};
    }
  }
  if (!error.fields.empty()) {
    QStringList lines;
    for (const QVariant& marker : std::as_const(m_markers)) {
      const QVariantMap m = marker.toMap();
      const int line = m.value(QStringLiteral("line")).toInt();
      const QString text = m.value(QStringLiteral("message")).toString();
      lines << (line > 0 ? tr("Line %1: %2").arg(line).arg(text) : text);
    }
    m_problem.why = lines.mid(0, 8).join(QLatin1Char('\n'));
  }
  Q_EMIT checked();
}

void WorkloadManifest::check() {
  if (m_text.size() > kMaxEdited) {
    fail(base::makeError(base::ErrorCode::TooLarge, tr("The manifest is too long").toStdString(),
                         tr("more than %1 characters").arg(kMaxEdited).toStdString(),
                         tr("Deploy it as a file.").toStdString()));
    return;
  }
  manifest::Options options;
  options.format = manifest::Format::Univrs;
  const auto parsed = manifest::parse(m_text.toStdString(), options);
  if (!parsed.ok()) {
    fail(parsed.error());
    return;
  }
  const auto& workloads = parsed->workloads;
  if (workloads.size() != 1 || workloads.front().name != m_workload.spec.name) {
    fail(base::makeError(
        base::ErrorCode::Validation, tr("This changes %1 only").arg(plainLine(m_workload.spec.name)).toStdString(),
        workloads.size() != 1 ? tr("the text describes %1 workloads").arg(workloads.size()).toStdString()
                              : tr("a workload cannot be renamed").toStdString(),
        tr("Deploy other workloads with Deploy.").toStdString()));
    return;
  }
  m_spec = model::toJson(workloads.front());
  m_asking = true;
  interfaces::CommandRequest request;
  request.name = "replace";
  request.args = {{QStringLiteral("workload"), fromUtf8(m_workload.id.str())}, {QStringLiteral("spec"), m_spec}};
  request.dryRun = true;
  request.door = "gui";
  m_commands.runCommand(std::move(request),
                        [self = QPointer(this), round = m_round](const base::Result<interfaces::CommandOutcome>& r) {
                          if (!self || self->m_round != round) {
                            return;
                          }
                          self->m_asking = false;
                          if (!r.ok()) {
                            self->fail(r.error());
                            return;
                          }
                          self->m_plan = r.value();
                          self->m_planned = true;
                          for (const base::FieldError& f : r->warnings) {
                            self->m_markers << QVariantMap{{QStringLiteral("line"), f.line},
                                                           {QStringLiteral("tone"), QStringLiteral("warn")},
                                                           {QStringLiteral("message"), plainLine(f.text())}};
                          }
                          Q_EMIT self->checked();
                        });
  Q_EMIT checked();
}

QString WorkloadManifest::blockedBy() const {
  if (m_workload.id.empty() || !dirty()) {
    return tr("Nothing is changed");
  }
  if (m_applying) {
    return tr("Applying");
  }
  if (m_problem.present()) {
    return m_problem.what;
  }
  if (outdated()) {
    return tr("It was changed meanwhile: discard your edit to see how it is now");
  }
  if (!m_planned) {
    return tr("Checking");
  }
  return m_plan.changed ? QString() : tr("This means the same as what is stored");
}

void WorkloadManifest::apply() {
  if (!canApply()) {
    return;
  }
  m_applying = true;
  Q_EMIT checked();
  Q_EMIT textChanged();
  m_actions.command(QStringLiteral("replace"),
                    {{QStringLiteral("workload"), fromUtf8(m_workload.id.str())},
                     {QStringLiteral("spec"), m_spec},
                     {QStringLiteral("expect_revision"), qint64(m_baseRevision)}},
                    [self = QPointer(this), id = m_workload.id](bool ok) {
                      if (!self) {
                        return;
                      }
                      self->m_applying = false;
                      if (ok && self->m_workload.id == id) { // the watch brings what is stored now
                        self->m_stored = self->m_text;
                        self->forget();
                      }
                      Q_EMIT self->textChanged();
                      Q_EMIT self->checked();
                    });
}

QVariantList WorkloadManifest::changes() const {
  QVariantList out;
  for (const interfaces::FieldChange& c : m_plan.changes) {
    if (out.size() >= kMaxShownChanges) {
      break;
    }
    out << QVariantMap{{QStringLiteral("path"), plainLine(c.path)},
                       {QStringLiteral("before"), plainLine(c.before)},
                       {QStringLiteral("after"), plainLine(c.after)}};
  }
  return out;
}

QVariantList WorkloadManifest::steps() const {
  QVariantList out;
  for (const interfaces::PlanStep& s : m_plan.plan) {
    if (out.size() >= kMaxShownChanges) {
      break;
    }
    out << QVariantMap{{QStringLiteral("action"), plainLine(s.action).replace(QLatin1Char('_'), QLatin1Char(' '))},
                       {QStringLiteral("object"), plainLine(s.object)},
                       {QStringLiteral("detail"), plainLine(s.detail)}};
  }
  return out;
}

QString WorkloadManifest::cliLine() const {
  return m_workload.id.empty() ? QString()
                               : QStringLiteral("univrs update %1 --file %2")
                                     .arg(shellWord(plainLine(m_workload.spec.name)),
                                          shellWord(plainLine(m_workload.spec.name) + QStringLiteral(".yaml")));
}

} // namespace univrs::gui
