// The store in memory: the plain statement of the rules, which the durable stores are tested against.
#include "engine/base/encoding.h"
#include "engine/store/input_rules.h"
#include "engine/store/store_options.h"
#include "engine/store/watch_hub.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <map>

namespace univrs::store {
namespace {

using base::ErrorCode;
using base::makeError;
using base::Result;

class MemoryStore final : public StateStore, private HistoryReader {
public:
  explicit MemoryStore(const StoreOptions& options) : m_options(options), m_hub(*this) {}

  int64_t revision() const override { return m_revision; }

  Result<std::optional<Entry>> get(std::string_view key) override {
    if (auto ok = checkKey(key); !ok) {
      return ok.error();
    }
    const auto it = m_entries.find(key);
    return it == m_entries.end() ? std::optional<Entry>() : std::optional<Entry>(it->second);
  }

  Result<Page> list(std::string_view prefix, std::string_view after, size_t limit) override {
    if (auto ok = checkPrefix(prefix); !ok) {
      return ok.error();
    }
    Page page;
    page.revision = m_revision;
    auto it = after < prefix ? m_entries.lower_bound(prefix) : m_entries.upper_bound(after);
    for (; it != m_entries.end() && std::string_view(it->first).substr(0, prefix.size()) == prefix; ++it) {
      if (limit != 0 && page.entries.size() == limit) {
        page.next = page.entries.back().key;
        break;
      }
      page.entries.push_back(it->second);
    }
    return page;
  }

  Result<int64_t> put(std::string_view key, std::string_view value) override {
    return apply({}, {Op::put(std::string(key), std::string(value))});
  }

  Result<int64_t> remove(std::string_view key) override {
    const int64_t before = m_revision;
    auto result = apply({}, {Op::remove(std::string(key))});
    return result && *result == before ? Result<int64_t>(0) : result;
  }

  Result<int64_t> compareAndSwap(std::string_view key, int64_t expected, std::string_view value) override {
    return apply({{std::string(key), expected}}, {Op::put(std::string(key), std::string(value))});
  }

  Result<int64_t> transact(const std::vector<Compare>& compares, const std::vector<Op>& ops) override {
    return apply(compares, ops);
  }

  Result<std::unique_ptr<base::Subscription>> watch(std::string prefix, int64_t from, WatchCallback callback) override {
    if (auto ok = checkPrefix(prefix); !ok) {
      return ok.error();
    }
    if (auto ok = checkWatchStart(from, m_compacted, m_revision); !ok) {
      return ok.error();
    }
    return m_hub.add(std::move(prefix), from, std::move(callback));
  }

  size_t deliver() override { return m_hub.deliver(m_revision); }

  Result<void> backup(const std::string& path) override {
    std::error_code ignored;
    if (std::filesystem::exists(std::filesystem::symlink_status(path, ignored))) {
      return makeError(ErrorCode::Conflict, "The backup was not written", path + " exists already",
                       "Choose another name");
    }
    QJsonArray entries;
    for (const auto& [key, entry] : m_entries) {
      entries.append(QJsonObject{
          {QStringLiteral("key"), QString::fromStdString(key)},
          {QStringLiteral("value_base64"), QString::fromStdString(base::base64(base::asBytes(entry.value)))},
          {QStringLiteral("create_revision"), qint64(entry.createRevision)},
          {QStringLiteral("mod_revision"), qint64(entry.modRevision)},
          {QStringLiteral("version"), qint64(entry.version)}});
    }
    const QJsonObject root{{QStringLiteral("revision"), qint64(m_revision)}, {QStringLiteral("entries"), entries}};
    const QByteArray text = QJsonDocument(root).toJson();
    QSaveFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
        file.write(text) != text.size() || !file.commit()) {
      return makeError(ErrorCode::Unavailable, "The backup was not written to " + path,
                       file.errorString().toStdString(), "Check the folder and its permissions");
    }
    return {};
  }

  std::string description() const override { return "memory (nothing is kept after the end of the program)"; }

private:
  Result<int64_t> apply(const std::vector<Compare>& compares, const std::vector<Op>& ops) {
    if (auto ok = checkTransaction(compares, ops); !ok) {
      return ok.error();
    }
    for (const Compare& compare : compares) {
      const auto it = m_entries.find(compare.key);
      const int64_t actual = it == m_entries.end() ? 0 : it->second.modRevision;
      if (actual != compare.modRevision) {
        return conflictError(compare.key, compare.modRevision, actual);
      }
    }
    const int64_t next = m_revision + 1;
    size_t changed = 0;
    for (const Op& op : ops) {
      WatchEvent event;
      event.revision = next;
      const auto it = m_entries.find(op.key);
      if (op.kind == Op::Kind::Put) {
        Entry& entry = it == m_entries.end() ? m_entries[op.key] : it->second;
        if (it == m_entries.end()) {
          entry.key = op.key;
          entry.createRevision = next;
        }
        entry.value = op.value;
        entry.modRevision = next;
        ++entry.version;
        event.entry = entry;
      } else {
        if (it == m_entries.end()) {
          continue;
        }
        m_entries.erase(it);
        event.kind = WatchEvent::Kind::Delete;
        event.entry.key = op.key;
        event.entry.modRevision = next;
      }
      ++changed;
      m_historyBytes += bytesOf(event);
      m_history.push_back(std::move(event));
    }
    if (changed > 0) {
      m_revision = next;
      compact();
    }
    return m_revision;
  }

  static int64_t bytesOf(const WatchEvent& event) {
    return static_cast<int64_t>(event.entry.key.size() + event.entry.value.size());
  }

  void compact() {
    const int64_t told = m_hub.deliveredThrough(m_revision - 1);
    while (!m_history.empty()) {
      const WatchEvent& oldest = m_history.front();
      const bool tooMany = oldest.revision <= m_revision - m_options.keptRevisions;
      const bool tooLarge = m_historyBytes > m_options.keptHistoryBytes;
      const bool begun = oldest.revision <= m_compacted;
      if (oldest.revision > told || !(tooMany || tooLarge || begun)) {
        return;
      }
      m_compacted = oldest.revision;
      m_historyBytes -= bytesOf(oldest);
      m_history.pop_front();
    }
  }

  Result<HistoryBatch> readHistory(const std::string& prefix, int64_t after, int64_t until) override {
    HistoryBatch batch;
    batch.through = until;
    size_t bytes = 0;
    auto it = std::upper_bound(m_history.begin(), m_history.end(), after,
                               [](int64_t rev, const WatchEvent& event) { return rev < event.revision; });
    for (; it != m_history.end() && it->revision <= until; ++it) {
      const bool full = batch.events.size() >= kBatchEvents || bytes >= kBatchBytes;
      if (full && it->revision != batch.events.back().revision) {
        batch.through = batch.events.back().revision;
        break;
      }
      if (it->entry.key.compare(0, prefix.size(), prefix) == 0) {
        bytes += it->entry.value.size();
        batch.events.push_back(*it);
      }
    }
    return batch;
  }

  StoreOptions m_options;
  std::map<std::string, Entry, std::less<>> m_entries;
  std::deque<WatchEvent> m_history;
  int64_t m_historyBytes = 0;
  int64_t m_revision = 0;
  int64_t m_compacted = 0; // changes up to here may be gone
  WatchHub m_hub;
};

} // namespace

std::unique_ptr<StateStore> openMemoryStore(const StoreOptions& options) {
  return std::make_unique<MemoryStore>(options);
}
std::unique_ptr<StateStore> openMemoryStore() {
  return openMemoryStore(StoreOptions{});
}

} // namespace univrs::store
