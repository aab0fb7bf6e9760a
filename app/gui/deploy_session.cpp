#include "app/gui/deploy_session.h"

#include <QJsonArray>
#include <QPointer>

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

DeploySession::DeploySession(interfaces::Commands& commands, interfaces::Images& images, bool remote, QObject* parent)
    : QObject(parent), m_commands(commands), m_images(images), m_remote(remote) {
  m_delay.setSingleShot(true);
  m_delay.setInterval(kCheckDelayMs);
  connect(&m_delay, &QTimer::timeout, this, &DeploySession::checkNow);
}

void DeploySession::addDocument(SourceDocument source) {
  Document& document = m_documents.emplace_back();
  document.id = m_nextId++;
  document.source = std::move(source);
}

void DeploySession::start(DroppedSources sources) {
  if (busy()) {
    return;
  }
  if (!m_active) {
    m_documents.clear();
    m_archives.clear();
    m_unreadable.clear();
    m_current = 0;
  }
  // A document that is there but empty was only the invitation to type.
  if (!sources.documents.empty() && m_documents.size() == 1 && m_documents.front().source.text.trimmed().isEmpty()) {
    m_documents.clear();
  }
  m_unreadable = std::move(sources.problems);
  const size_t first = m_documents.size();
  for (SourceDocument& source : sources.documents) {
    if (m_documents.size() >= size_t(kMaxDroppedFiles)) {
      m_unreadable.emplace_back(tr("%1 was left out").arg(source.fileName), tr("the sheet is full"), QString());
      continue;
    }
    addDocument(std::move(source));
  }
  for (SourceArchive& source : sources.archives) {
    if (m_archives.size() >= size_t(kMaxDroppedFiles)) {
      m_unreadable.emplace_back(tr("%1 was left out").arg(source.fileName), tr("the sheet is full"), QString());
      continue;
    }
    Archive& archive = m_archives.emplace_back();
    archive.id = m_nextId++;
    archive.source = std::move(source);
  }
  for (Archive& archive : m_archives) {
    load(archive);
  }
  if (m_documents.empty()) {
    addDocument({});
  }
  m_current = int(std::min(first, m_documents.size() - 1));
  if (!m_active) {
    m_active = true;
    Q_EMIT activeChanged();
  }
  Q_EMIT documentsChanged();
  Q_EMIT currentChanged();
  Q_EMIT textChanged();
  checkNow();
}

void DeploySession::load(Archive& archive) {
  if (archive.loading || archive.problem.present() || !archive.done.isEmpty()) {
    return;
  }
  if (m_remote) {
    archive.problem = {tr("%1 was not loaded").arg(archive.source.fileName),
                       tr("the node is another computer, and an archive is read from the node's own disk"),
                       tr("Push the image to a registry and deploy it by name, or load it on the node itself.")};
    return;
  }
  archive.loading = true;
  m_images.loadImageArchive(archive.source.path.toStdString(),
                            [self = QPointer(this), session = m_session,
                             id = archive.id](const base::Result<std::vector<interfaces::StoredImage>>& images) {
                              if (!self || self->m_session != session) {
                                return;
                              }
                              const auto it = std::find_if(self->m_archives.begin(), self->m_archives.end(),
                                                           [id](const Archive& a) { return a.id == id; });
                              if (it == self->m_archives.end()) {
                                return;
                              }
                              it->loading = false;
                              if (images.ok()) {
                                self->takeImages(*it, images.value());
                              } else {
                                it->problem = Problem(images.error());
                              }
                              Q_EMIT self->documentsChanged();
                              Q_EMIT self->currentChanged();
                              Q_EMIT self->textChanged();
                              self->checkNow();
                            });
}

void DeploySession::takeImages(Archive& archive, const std::vector<interfaces::StoredImage>& images) {
  QStringList names;
  for (const interfaces::StoredImage& image : images) {
    for (const std::string& tag : image.tags) {
      names << one(tag);
    }
  }
  if (names.isEmpty()) {
    archive.problem = {tr("%1 was loaded, but cannot be deployed").arg(archive.source.fileName),
                       tr("its images have no name"), tr("Save it with a name: docker save NAME:TAG.")};
    return;
  }
  archive.done = names.join(QStringLiteral(", "));
  // What was only the invitation to type gives way to the image.
  if (m_documents.size() == 1 && m_documents.front().source.text.trimmed().isEmpty()) {
    m_documents.clear();
  }
  for (const QString& name : names) {
    const bool known = std::any_of(m_documents.begin(), m_documents.end(),
                                   [&](const Document& d) { return d.source.text.trimmed() == name; });
    if (!known && m_documents.size() < size_t(kMaxDroppedFiles)) {
      addDocument({{}, {}, name});
    }
  }
  m_current = std::clamp(m_current, 0, int(m_documents.size()) - 1);
}

bool DeploySession::loadingArchives() const {
  return std::any_of(m_archives.begin(), m_archives.end(), [](const Archive& a) { return a.loading; });
}

QVariantList DeploySession::archives() const {
  QVariantList out;
  for (const Archive& a : m_archives) {
    const bool failed = a.problem.present();
    out << QVariantMap{{QStringLiteral("name"), a.source.fileName},
                       {QStringLiteral("tone"), failed      ? QStringLiteral("bad")
                                                : a.loading ? QStringLiteral("busy")
                                                            : QStringLiteral("good")},
                       {QStringLiteral("what"), failed      ? a.problem.what
                                                : a.loading ? tr("Loading %1").arg(a.source.fileName)
                                                            : tr("%1 is loaded").arg(a.source.fileName)},
                       {QStringLiteral("why"), failed      ? a.problem.why
                                               : a.loading ? localFigure(model::formatBytes(a.source.bytes))
                                                           : a.done},
                       {QStringLiteral("hint"), failed ? a.problem.hint : QString()}};
  }
  return out;
}

void DeploySession::startEmpty() {
  if (!m_active) {
    start({});
  }
}

void DeploySession::close() {
  if (m_active && !busy()) {
    finish();
  }
}

void DeploySession::finish() {
  m_delay.stop();
  ++m_session;
  m_deploying = -1;
  m_active = false;
  m_documents.clear();
  m_archives.clear();
  m_unreadable.clear();
  m_current = 0;
  Q_EMIT activeChanged();
  Q_EMIT documentsChanged();
  Q_EMIT currentChanged();
  Q_EMIT textChanged();
  Q_EMIT resultChanged();
}

void DeploySession::removeDocument(int index) {
  if (busy() || index < 0 || size_t(index) >= m_documents.size() || m_documents.size() == 1) {
    return;
  }
  m_documents.erase(m_documents.begin() + index);
  m_current = std::min(m_current > index ? m_current - 1 : m_current, int(m_documents.size()) - 1);
  Q_EMIT documentsChanged();
  Q_EMIT currentChanged();
  Q_EMIT textChanged();
  Q_EMIT resultChanged();
}

void DeploySession::setConnected(bool connected) {
  if (connected == m_connected) {
    return;
  }
  m_connected = connected;
  if (connected) {
    for (Document& d : m_documents) { // what was known may have changed meanwhile, and answers may be lost
      if (!d.done) {
        ++d.round;
        d.check = Check::Needed;
      }
    }
    checkNow();
  }
  Q_EMIT resultChanged();
}

const DeploySession::Document* DeploySession::here() const {
  return m_documents.empty() ? nullptr : &m_documents[size_t(m_current)];
}

DeploySession::Document* DeploySession::byId(uint64_t id) {
  const auto it = std::find_if(m_documents.begin(), m_documents.end(), [id](const Document& d) { return d.id == id; });
  return it == m_documents.end() ? nullptr : &*it;
}

QJsonObject DeploySession::argsOf(const Document& document) {
  QJsonObject args{{QStringLiteral("manifest"), document.source.text},
                   {QStringLiteral("format"), QStringLiteral("auto")}};
  if (!document.source.fileName.isEmpty()) {
    args.insert(QStringLiteral("file_name"), document.source.fileName);
  }
  return args;
}

void DeploySession::checkNow() {
  if (!m_active || !m_connected || busy()) {
    return;
  }
  for (Document& d : m_documents) {
    if (d.check != Check::Needed || d.source.text.trimmed().isEmpty()) {
      continue;
    }
    d.check = Check::Running;
    interfaces::CommandRequest request;
    request.name = "deploy";
    request.args = argsOf(d);
    request.dryRun = true;
    request.door = "gui";
    m_commands.runCommand(std::move(request), [self = QPointer(this), id = d.id,
                                               round = d.round](base::Result<interfaces::CommandOutcome> r) {
      Document* document = self ? self->byId(id) : nullptr;
      if (!document || document->round != round) {
        return;
      }
      if (r.ok()) {
        document->check = Check::Passed;
        document->outcome = std::move(r).value();
        document->error = {};
      } else {
        document->check = Check::Failed;
        document->error = r.error();
        document->outcome = {};
      }
      Q_EMIT self->documentsChanged();
      Q_EMIT self->resultChanged();
    });
  }
  Q_EMIT documentsChanged();
  Q_EMIT resultChanged();
}

void DeploySession::deploy() {
  if (!canDeploy()) {
    return;
  }
  m_summaries.clear();
  m_undo.clear();
  m_workloadIds.clear();
  m_deploying = 0;
  deployNext();
}

void DeploySession::deployNext() {
  while (size_t(m_deploying) < m_documents.size() &&
         (m_documents[size_t(m_deploying)].done || m_documents[size_t(m_deploying)].source.text.trimmed().isEmpty())) {
    ++m_deploying;
  }
  if (size_t(m_deploying) >= m_documents.size()) {
    const QString summary = m_summaries.size() > 3 ? tr("%n manifests deployed", nullptr, int(m_summaries.size()))
                                                   : m_summaries.join(QStringLiteral("; "));
    std::reverse(m_undo.begin(), m_undo.end()); // the last change is taken back first
    finish();
    Q_EMIT deployed(summary, m_undo, m_workloadIds);
    return;
  }
  const Document& d = m_documents[size_t(m_deploying)];
  interfaces::CommandRequest request;
  request.name = "deploy";
  request.args = argsOf(d);
  request.door = "gui";
  Q_EMIT resultChanged();
  m_commands.runCommand(std::move(request), [self = QPointer(this), id = d.id,
                                             session = m_session](base::Result<interfaces::CommandOutcome> r) {
    Document* document = self && self->m_session == session ? self->byId(id) : nullptr;
    if (!document) {
      return;
    }
    if (!r.ok()) {
      document->check = Check::Failed;
      document->error = r.error();
      document->outcome = {};
      self->m_current = int(document - self->m_documents.data());
      self->m_deploying = -1;
      Q_EMIT self->documentsChanged();
      Q_EMIT self->currentChanged();
      Q_EMIT self->textChanged();
      Q_EMIT self->resultChanged();
      return;
    }
    const interfaces::CommandOutcome& outcome = r.value();
    document->done = true;
    self->m_summaries << one(outcome.summary);
    if (!outcome.undo.isEmpty()) {
      self->m_undo.push_back(outcome.undo);
    }
    for (const QJsonObject& object : outcome.objects) {
      if (const QString workload = object.value(QLatin1String("id")).toString(); !workload.isEmpty()) {
        self->m_workloadIds << workload;
      }
    }
    ++self->m_deploying;
    self->deployNext();
  });
}

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
