#include "engine/commands/audit.h"

#include "engine/base/encoding.h"
#include "engine/control/cluster_state.h"
#include "engine/control/stored.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace univrs::commands {

namespace {

constexpr int kMaxText = 256; // longer argument texts are recorded by digest

QString digestOf(const QByteArray& bytes) {
  return QStringLiteral("sha256:%1 (%2 bytes)")
      .arg(QString::fromStdString(base::sha256Hex(bytes.toStdString())))
      .arg(bytes.size());
}

base::Result<interfaces::AuditEntry> entryFrom(const QJsonObject& o) {
  interfaces::AuditEntry e;
  const auto text = [&o](const char* key) { return o.value(QLatin1String(key)).toString().toStdString(); };
  e.time = base::Timestamp::fromIso(text("time")).value_or(base::Timestamp{});
  e.actor = text("actor");
  e.door = text("door");
  e.command = text("command");
  e.args = o.value(QLatin1String("args")).toObject();
  e.ok = o.value(QLatin1String("ok")).toBool();
  e.result = text("result");
  e.correlationId = text("correlation_id");
  return e;
}

} // namespace

QJsonObject auditableArgs(const QJsonObject& args) {
  QJsonObject out;
  for (auto it = args.begin(); it != args.end(); ++it) {
    const auto v = it.value();
    if (v.isObject()) {
      out.insert(it.key(), digestOf(QJsonDocument(v.toObject()).toJson(QJsonDocument::Compact)));
    } else if (v.isArray() && it.key() == QLatin1String("workloads") && !v.toArray().isEmpty() &&
               v.toArray().first().isObject()) {
      out.insert(it.key(), digestOf(QJsonDocument(v.toArray()).toJson(QJsonDocument::Compact)));
    } else if (v.isString() && (it.key() == QLatin1String("manifest") || v.toString().size() > kMaxText)) {
      out.insert(it.key(), digestOf(v.toString().toUtf8()));
    } else {
      out.insert(it.key(), v);
    }
  }
  return out;
}

AuditLog::AuditLog(store::StateStore& store) : m_store(store) {}

base::Result<void> AuditLog::open() {
  std::string after;
  bool first = true;
  do {
    auto page = m_store.list(control::kAuditPrefix, after, 1000);
    if (!page) {
      return page.error();
    }
    for (const auto& entry : page->entries) {
      const uint64_t sequence = control::sequenceOf(entry.key);
      m_first = first ? sequence : m_first;
      first = false;
      m_next = sequence + 1;
    }
    after = page->next;
  } while (!after.empty());
  m_first = std::max<uint64_t>(1, m_first);
  return {};
}

base::Result<void> AuditLog::add(interfaces::AuditEntry entry) {
  entry.args = auditableArgs(entry.args);
  std::vector<store::Op> ops{
      store::Op::put(control::sequenceKey(control::kAuditPrefix, m_next), control::encode(toJson(entry)))};
  const bool full = m_next - m_first >= control::kKeptAudit;
  if (full) {
    ops.push_back(store::Op::remove(control::sequenceKey(control::kAuditPrefix, m_first)));
  }
  auto r = m_store.transact({}, ops);
  if (!r) {
    return r.error();
  }
  ++m_next;
  m_first += full ? 1 : 0;
  return {};
}

base::Result<std::vector<interfaces::AuditEntry>> AuditLog::list(int limit) const {
  std::vector<interfaces::AuditEntry> out;
  for (uint64_t sequence = m_next; sequence-- > m_first && int(out.size()) < limit;) {
    const auto key = control::sequenceKey(control::kAuditPrefix, sequence);
    auto entry = m_store.get(key);
    if (!entry) {
      return entry.error();
    }
    if (!*entry) {
      continue;
    }
    auto json = control::decode(key, (*entry)->value);
    if (!json) {
      return json.error();
    }
    auto e = entryFrom(*json);
    if (e) {
      out.push_back(std::move(*e));
    }
  }
  return out;
}

} // namespace univrs::commands
