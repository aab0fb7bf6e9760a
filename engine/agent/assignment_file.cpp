#include "engine/agent/assignment_file.h"

#include "engine/model/fields.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

#include <limits>

namespace univrs::agent {

namespace {
constexpr int64_t kMaxFileBytes = 512LL << 20;
constexpr int64_t kMaxCounter = int64_t(1) << 53;
constexpr int kVersion = 1;

QString q(const std::string& s) {
  return QString::fromStdString(s);
}

base::Result<PersistedState> fromJson(const QJsonObject& json) {
  model::FaultList faults;
  model::FieldReader reader(json, {}, faults);
  PersistedState state;
  reader.require("version");
  reader.require("instances");
  reader.integer("version", kVersion, kVersion);
  state.revision = reader.integer("revision", 0, kMaxCounter).value_or(0);
  reader.objects("instances", kMaxAssignments, [&](const QJsonObject& o, const std::string& path) {
    model::FieldReader item(o, path, faults);
    PersistedInstance p;
    item.require("assignment");
    if (const auto assignment = item.object("assignment")) {
      auto read = assignmentFromJson(*assignment);
      if (read) {
        p.assignment = std::move(*read);
      } else {
        faults.append(read.error().fields, path + ".assignment");
      }
    }
    p.attempt = static_cast<int>(item.integer("attempt", 0, 1'000'000'000).value_or(0));
    const auto known = model::instanceStateFromName(item.string("state", 32).value_or("assigned"));
    p.state = known.value_or(model::InstanceState::Assigned);
    p.message = item.string("message", 65'536).value_or("");
    p.cancelled = item.boolean("cancelled").value_or(false);
    p.finishedAt.ms = item.integer("finished_at_ms", 0, kMaxCounter).value_or(0);
    item.finish();
    state.instances.push_back(std::move(p));
  });
  reader.finish();
  if (faults.hasErrors()) {
    return faults.toError("the file cannot be read");
  }
  return state;
}
} // namespace

AssignmentFile::AssignmentFile(std::string folder) : m_path(std::move(folder) + "/assignments.json") {}

base::Result<std::optional<PersistedState>> AssignmentFile::load() {
  QFile file(q(m_path));
  if (!file.exists()) {
    return std::optional<PersistedState>();
  }
  if (!file.open(QIODevice::ReadOnly)) {
    return base::makeError(base::ErrorCode::Unavailable, m_path + " was not read", file.errorString().toStdString(),
                           "Check who owns it");
  }
  std::string why;
  if (file.size() > std::min<int64_t>(kMaxFileBytes, std::numeric_limits<int>::max())) {
    why = "it is too large";
  } else {
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &fault);
    if (!document.isObject()) {
      why = fault.error == QJsonParseError::NoError ? "it holds no object" : fault.errorString().toStdString();
    } else {
      auto state = fromJson(document.object());
      if (state) {
        return std::optional<PersistedState>(std::move(*state));
      }
      why = state.error().text();
    }
  }
  file.close();
  const QString damaged = q(m_path + ".damaged");
  QFile::remove(damaged);
  QFile::rename(q(m_path), damaged);
  return base::makeError(base::ErrorCode::Corrupt, m_path + " is damaged", why,
                         "Running containers are left alone until control sends its list; the file was kept as " +
                             damaged.toStdString());
}

base::Result<void> AssignmentFile::save(const PersistedState& state) {
  QJsonArray items;
  for (const PersistedInstance& p : state.instances) {
    QJsonObject o;
    o[QStringLiteral("assignment")] = toJson(p.assignment);
    o[QStringLiteral("attempt")] = p.attempt;
    o[QStringLiteral("state")] = q(std::string(model::name(p.state)));
    o[QStringLiteral("message")] = q(p.message.substr(0, 16'384));
    o[QStringLiteral("cancelled")] = p.cancelled;
    o[QStringLiteral("finished_at_ms")] = static_cast<qint64>(p.finishedAt.ms);
    items.append(o);
  }
  QJsonObject root;
  root[QStringLiteral("version")] = kVersion;
  root[QStringLiteral("revision")] = static_cast<qint64>(state.revision);
  root[QStringLiteral("instances")] = items;
  const QByteArray bytes = QJsonDocument(root).toJson(QJsonDocument::Compact);

  // QSaveFile writes a temporary file beside it, syncs it and renames it into place.
  QSaveFile file(q(m_path));
  file.setDirectWriteFallback(false);
  const auto failed = [&] {
    return base::makeError(base::ErrorCode::NoSpace, m_path + " was not written", file.errorString().toStdString(),
                           "Check free space and rights of the data folder");
  };
  if (!file.open(QIODevice::WriteOnly)) {
    return failed();
  }
  file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
  if (file.write(bytes) != bytes.size() || !file.commit()) {
    return failed();
  }
  return {};
}

} // namespace univrs::agent
