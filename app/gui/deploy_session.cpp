#include "app/gui/deploy_session.h"

#include <QPointer>

#include <algorithm>

namespace univrs::gui {
namespace {

QString one(const std::string& text) {
  return plainLine(text);
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

} // namespace univrs::gui
