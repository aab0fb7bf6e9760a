#include "engine/agent/usage_store.h"

#include "engine/agent/usage_codec.h"
#include "engine/agent/usage_rollup.h"
#include "engine/base/log.h"

#include <QFile>

#include <algorithm>
#include <string_view>
#include <utility>

namespace univrs::agent {

namespace {

using base::ErrorCode;
using base::Result;

constexpr std::string_view kArea = "usage";
constexpr const char* kOldest = "SELECT start FROM blocks WHERE tier = ?1 ORDER BY start LIMIT 1";
constexpr const char* kNotRead = "The usage history could not be read";
constexpr int kMaxRoomSteps = 1'000; // more deletions than blocks of time there can be
constexpr int64_t kCoarseInBlock = 36;
constexpr int64_t kHeadBlocks = 3;        // blocks of time kept in memory while the file cannot be written
constexpr int64_t kFutureMs = 86'400'000; // written by a clock that was wrong: not kept

// In the history's own words: the hints of a damaged state file do not fit here.
base::Error told(const base::Error& cause, const char* what) {
  base::Error error = base::makeError(cause.code, what, cause.why);
  if (cause.code != ErrorCode::Corrupt) {
    error.hint = cause.hint;
  }
  return error;
}

int64_t seriesChecksum(int64_t id, const UsageKey& key) {
  return checksum(std::to_string(id) + "/" + std::to_string(int64_t(key.kind)) + "/" + key.id);
}

} // namespace

UsageStore::UsageStore(std::string folder, UsageStoreOptions options)
    : m_folder(std::move(folder)), m_options(options) {}
UsageStore::~UsageStore() = default;

int64_t UsageStore::blockMs(Tier tier) const {
  return tier == Fine ? coarseMs() : coarseMs() * kCoarseInBlock;
}

Result<void> UsageStore::open(base::Timestamp now) {
  if (m_db) {
    return {};
  }
  auto done = openFile(now);
  if (!done && done.error().code == ErrorCode::Corrupt) {
    setAside(done.error());
    done = openFile(now);
  }
  if (!done) {
    m_db.reset();
  }
  return done;
}

Result<void> UsageStore::openFile(base::Timestamp now) {
  auto db =
      UsageDatabase::open(m_folder, file(), std::max<int64_t>(16, m_options.maxBytes / UsageDatabase::kPageBytes));
  if (!db) {
    return db.error();
  }
  m_db = std::move(*db);
  if (auto r = loadRecent(); !r) {
    return r;
  }
  return m_db->transaction([&] { return forgetOld(now); });
}

Result<void> UsageStore::loadRecent() {
  std::map<int64_t, std::vector<UsageSample>> bySeries;
  auto done = m_db->run("SELECT slot, data FROM recent ORDER BY id", {}, [&](const store::Statement& row) {
    for (const auto& [series, sample] : decodeFrame(row.text(1), row.integer(0))) {
      bySeries[series].push_back(sample);
    }
  });
  for (const auto& entry : bySeries) { // no structured binding: Clang 14 cannot capture one
    if (!done) {
      break;
    }
    const int64_t id = entry.first;
    const std::vector<UsageSample>& samples = entry.second;
    done = m_db->run("SELECT kind, name, checksum FROM series WHERE id = ?1", {id}, [&](const store::Statement& row) {
      const UsageKey key{UsageKind(row.integer(0)), row.text(1)};
      if (row.integer(2) == seriesChecksum(id, key)) {
        Head& head = m_head[key];
        head.samples.insert(head.samples.begin(), samples.begin(), samples.end());
      }
    });
  }
  return done;
}

void UsageStore::setAside(const base::Error& why) {
  m_db.reset();
  for (auto& [key, head] : m_head) {
    head.row.reset();
  }
  const QString path = QString::fromStdString(file());
  const QString aside = path + QStringLiteral(".damaged");
  for (const char* part : {"-wal", "-shm", "-journal"}) {
    QFile::remove(path + QLatin1String(part));
  }
  QFile::remove(aside);
  if (!QFile::rename(path, aside)) {
    QFile::remove(path);
  }
  base::log::warning(kArea, "The usage history was damaged; it begins anew",
                     {{"why", why.why}, {"file", file()}, {"kept", aside.toStdString()}});
}

Result<void> UsageStore::record(base::Timestamp now, base::Timestamp slot, const std::vector<MeasuredUsage>& measured) {
  for (const MeasuredUsage& m : measured) {
    m_head[m.key].samples.push_back(m.sample);
  }
  auto done = open(now);
  if (done) {
    done = write(now, slot.ms, measured);
  }
  if (!done && done.error().code == ErrorCode::Corrupt) {
    setAside(done.error());
    done = open(now);
    if (done) {
      done = write(now, slot.ms, measured);
    }
  }
  trimHead(slotStart(slot.ms, blockMs(Fine)));
  return done ? done : Result<void>(told(done.error(), "Usage history is not kept now"));
}

Result<void> UsageStore::write(base::Timestamp now, int64_t slot, const std::vector<MeasuredUsage>& measured) {
  auto done = writeRound(now, slot, measured);
  if (!done && done.error().code == ErrorCode::NoSpace) {
    // The bound of the file, or the disk is full: in the first case room can be made.
    if (auto made = makeRoom(now, true); !made) {
      return made.error().code == ErrorCode::NoSpace ? done : made;
    }
    done = writeRound(now, slot, measured);
  }
  return done;
}

Result<void> UsageStore::writeRound(base::Timestamp now, int64_t slot, const std::vector<MeasuredUsage>& measured) {
  const int64_t current = slotStart(slot, blockMs(Fine));
  bool blocks = false;
  auto done = m_db->transaction([&]() -> Result<void> {
    std::vector<std::pair<int64_t, UsageSample>> frame;
    frame.reserve(measured.size());
    for (const MeasuredUsage& m : measured) {
      auto row = rowOf(m.key, now);
      if (!row) {
        return row.error();
      }
      frame.emplace_back(*row, m.sample);
    }
    if (!frame.empty()) {
      const std::string bytes = encodeFrame(frame, slot);
      if (auto r = m_db->run("INSERT INTO recent(slot, data) VALUES(?1, ?2)", {slot, UsageDatabase::Bytes{bytes}});
          !r) {
        return r;
      }
    }
    auto wrote = writeBlocks(now, current);
    if (!wrote) {
      return wrote.error();
    }
    blocks = *wrote;
    return blocks ? forgetOld(now) : Result<void>();
  });
  if (!done) {
    for (auto& [key, head] : m_head) {
      head.row.reset(); // a row made in what was rolled back is not there
    }
    return done;
  }
  if (!blocks) {
    return {};
  }
  for (auto it = m_head.begin(); it != m_head.end();) {
    auto& samples = it->second.samples;
    samples.erase(std::remove_if(samples.begin(), samples.end(),
                                 [&](const UsageSample& s) { return slotStart(s.time.ms, blockMs(Fine)) != current; }),
                  samples.end());
    it->second.row.reset(); // the series may have been forgotten
    it = samples.empty() ? m_head.erase(it) : std::next(it);
  }
  return makeRoom(now, false);
}

// Moves everything of other blocks of time than the current one from memory and the rows of rounds to blocks.
Result<bool> UsageStore::writeBlocks(base::Timestamp now, int64_t current) {
  bool any = false;
  for (auto& [key, head] : m_head) {
    std::vector<UsageSample> samples;
    std::copy_if(head.samples.begin(), head.samples.end(), std::back_inserter(samples),
                 [&](const UsageSample& s) { return slotStart(s.time.ms, blockMs(Fine)) != current; });
    if (samples.empty()) {
      continue;
    }
    any = true;
    sortByTime(samples);
    const auto row = rowOf(key, now);
    if (!row) {
      return row.error();
    }
    const auto append = [&](Tier tier, int64_t start, std::span<const UsageSample> part) {
      const std::string bytes = encodeChunk(part, {tier, start, *row});
      return m_db->run("INSERT INTO blocks(tier, start, series, data) VALUES(?1, ?2, ?3, ?4)"
                       " ON CONFLICT DO UPDATE SET data = CAST(data || excluded.data AS BLOB)",
                       {int64_t(tier), start, *row, UsageDatabase::Bytes{bytes}});
    };
    for (size_t i = 0; i < samples.size();) {
      const int64_t start = slotStart(samples[i].time.ms, blockMs(Fine));
      size_t end = i;
      while (end < samples.size() && slotStart(samples[end].time.ms, blockMs(Fine)) == start) {
        ++end;
      }
      const auto part = std::span<const UsageSample>(samples).subspan(i, end - i);
      UsageSample sum = together(part);
      sum.time.ms = start;
      for (const auto& done :
           {append(Fine, start, part), append(Coarse, slotStart(start, blockMs(Coarse)), {&sum, 1})}) {
        if (!done) {
          return done.error();
        }
      }
      i = end;
    }
    if (auto r = m_db->run("UPDATE series SET seen = ?2 WHERE id = ?1", {*row, now.ms}); !r) {
      return r.error();
    }
  }
  if (any) {
    if (auto r = m_db->run("DELETE FROM recent WHERE slot < ?1 OR slot >= ?2", {current, current + blockMs(Fine)});
        !r) {
      return r.error();
    }
  }
  return any;
}

Result<int64_t> UsageStore::rowOf(const UsageKey& key, base::Timestamp now) {
  Head& head = m_head[key];
  if (head.row) {
    return *head.row;
  }
  std::optional<int64_t> id;
  bool sound = true;
  auto done = m_db->run("SELECT id, checksum FROM series WHERE kind = ?1 AND name = ?2",
                        {int64_t(key.kind), std::string_view(key.id)}, [&](const store::Statement& row) {
                          id = row.integer(0);
                          sound = row.integer(1) == seriesChecksum(*id, key);
                        });
  if (!done) {
    return done.error();
  }
  if (!sound) {
    return base::makeError(ErrorCode::Corrupt, "usage", "the record of " + key.id + " does not fit its checksum");
  }
  if (!id) {
    auto next = m_db->number("SELECT coalesce(max(id), 0) + 1 FROM series", {});
    if (!next) {
      return next.error();
    }
    id = **next;
    if (auto r = m_db->run("INSERT INTO series(id, kind, name, seen, checksum) VALUES(?1, ?2, ?3, ?4, ?5)",
                           {*id, int64_t(key.kind), std::string_view(key.id), now.ms, seriesChecksum(*id, key)});
        !r) {
      return r.error();
    }
  }
  head.row = id;
  return *id;
}

Result<void> UsageStore::forgetOld(base::Timestamp now) {
  const int64_t fine = now.ms - m_options.fineSlots * m_options.slotMs - blockMs(Fine);
  const int64_t coarse = now.ms - m_options.coarseSlots * coarseMs() - blockMs(Coarse);
  for (const auto& [tier, oldest] : {std::pair(Fine, fine), std::pair(Coarse, coarse)}) {
    if (auto r = m_db->run("DELETE FROM blocks WHERE tier = ?1 AND start < ?2", {int64_t(tier), oldest}); !r) {
      return r;
    }
    if (auto r = m_db->run("DELETE FROM blocks WHERE tier = ?1 AND start > ?2", {int64_t(tier), now.ms + kFutureMs});
        !r) {
      return r;
    }
  }
  if (auto r = m_db->run("DELETE FROM series WHERE seen < ?1 OR seen > ?2", {coarse, now.ms + kFutureMs}); !r) {
    return r;
  }
  auto count = m_db->number("SELECT count(*) FROM series", {});
  if (!count) {
    return count.error();
  }
  return **count > m_options.maxSeries ? dropEnded(now, **count - m_options.maxSeries) : Result<void>();
}

// Those that were measured longest ago, with their blocks.
Result<void> UsageStore::dropEnded(base::Timestamp now, int64_t count) {
  const int64_t ended = now.ms - 2 * blockMs(Fine);
  if (auto r = m_db->run("DELETE FROM blocks WHERE series IN"
                         " (SELECT id FROM series WHERE seen < ?1 ORDER BY seen LIMIT ?2)",
                         {ended, count});
      !r) {
    return r;
  }
  return m_db->run("DELETE FROM series WHERE id IN (SELECT id FROM series WHERE seen < ?1 ORDER BY seen LIMIT ?2)",
                   {ended, count});
}

Result<void> UsageStore::makeRoom(base::Timestamp now, bool evenIfThereIsSome) {
  const int64_t limit = std::max<int64_t>(16, m_options.maxBytes / UsageDatabase::kPageBytes);
  auto pages = m_db->usedPages();
  if (!pages || (!evenIfThereIsSome && *pages < limit * 95 / 100)) {
    return pages ? Result<void>() : Result<void>(pages.error());
  }
  const int64_t enough = limit * 85 / 100;
  auto done = m_db->transaction([&]() -> Result<void> {
    const int64_t ended = now.ms - 2 * blockMs(Fine);
    for (int step = 0; step < kMaxRoomSteps; ++step) {
      auto count = m_db->number("SELECT count(*) FROM series WHERE seen < ?1", {ended});
      pages = m_db->usedPages();
      if (!count || !pages) {
        return count ? pages.error() : count.error();
      }
      if (**count == 0 || *pages <= enough) {
        break;
      }
      if (auto r = dropEnded(now, std::max<int64_t>(50, **count / 4)); !r) {
        return r;
      }
    }
    for (int step = 0; step<kMaxRoomSteps&& * pages> enough;
         ++step) { // the tier that reaches back further, measured by what it is to hold
      std::optional<std::pair<Tier, int64_t>> oldest;
      double most = -1;
      for (const Tier tier : {Fine, Coarse}) {
        auto start = m_db->number(kOldest, {int64_t(tier)});
        if (!start) {
          return start.error();
        }
        const int64_t span = tier == Fine ? m_options.fineSlots * m_options.slotMs : m_options.coarseSlots * coarseMs();
        if (*start && double(now.ms - **start) / double(span) > most) {
          most = double(now.ms - **start) / double(span);
          oldest = {tier, **start};
        }
      }
      if (!oldest) {
        break; // nothing but the rounds of the last minutes
      }
      if (auto r =
              m_db->run("DELETE FROM blocks WHERE tier = ?1 AND start = ?2", {int64_t(oldest->first), oldest->second});
          !r) {
        return r;
      }
      pages = m_db->usedPages();
      if (!pages) {
        return pages.error();
      }
    }
    return {};
  });
  for (auto& [key, head] : m_head) {
    head.row.reset();
  }
  return done;
}

void UsageStore::trimHead(int64_t current) {
  const int64_t oldest = current - (kHeadBlocks - 1) * blockMs(Fine);
  const int64_t newest = current + kHeadBlocks * blockMs(Fine);
  for (auto it = m_head.begin(); it != m_head.end();) {
    auto& samples = it->second.samples;
    samples.erase(std::remove_if(samples.begin(), samples.end(),
                                 [&](const UsageSample& s) { return s.time.ms < oldest || s.time.ms >= newest; }),
                  samples.end());
    it = samples.empty() ? m_head.erase(it) : std::next(it);
  }
}

Result<UsageHistory> UsageStore::read(base::Timestamp now, const UsageKey& key, base::Timestamp from,
                                      base::Timestamp to, int maxPoints) {
  auto done = open(now);
  if (!done) {
    return told(done.error(), kNotRead);
  }
  auto history = readFrom(key, from, to, maxPoints, now);
  if (!history && history.error().code == ErrorCode::Corrupt) {
    setAside(history.error());
    if (done = open(now); done) {
      history = readFrom(key, from, to, maxPoints, now);
    }
  }
  return history ? std::move(history) : Result<UsageHistory>(told(history.error(), kNotRead));
}

Result<UsageHistory> UsageStore::readFrom(const UsageKey& key, base::Timestamp from, base::Timestamp to, int maxPoints,
                                          base::Timestamp now) {
  // Nothing is kept from further back: with it the number of blocks to look for is bounded.
  const int64_t kept = m_options.coarseSlots * coarseMs() + blockMs(Coarse);
  from.ms = std::clamp(from.ms, now.ms - kept, now.ms + kFutureMs);
  to.ms = std::clamp(to.ms, from.ms, now.ms + kFutureMs);
  UsageHistory history;
  history.stepMs = bucketLength(from, to, m_options.slotMs, maxPoints);
  Tier tier = history.stepMs % coarseMs() == 0 ? Coarse : Fine;
  if (tier == Fine && from.ms < now.ms - m_options.fineSlots * m_options.slotMs) {
    tier = Coarse;
  } else if (tier == Fine) {
    // The bound of the file may have taken from the fine tier what the coarse one still has.
    const auto fine = m_db->number(kOldest, {int64_t(Fine)});
    const auto coarse = m_db->number(kOldest, {int64_t(Coarse)});
    if (!fine || !coarse) {
      return fine ? coarse.error() : fine.error();
    }
    if (*coarse && from.ms < (*fine ? **fine : now.ms) && **coarse + blockMs(Coarse) <= (*fine ? **fine : now.ms)) {
      tier = Coarse;
    }
  }
  if (tier == Coarse) {
    history.stepMs = std::max(history.stepMs, bucketLength(from, to, coarseMs(), maxPoints));
  }
  auto samples = samplesOf(key, tier, slotStart(from.ms, history.stepMs), to.ms);
  if (!samples) {
    return samples.error();
  }
  history.samples = intoBuckets(*samples, history.stepMs);
  if (history.samples.size() > size_t(maxPoints)) { // one list cannot be shorter than a boundary inside it makes it
    history.samples.erase(history.samples.begin(), history.samples.end() - maxPoints);
  }
  return history;
}

Result<std::vector<UsageSample>> UsageStore::samplesOf(const UsageKey& key, Tier tier, int64_t from, int64_t to) {
  std::vector<UsageSample> samples;
  std::optional<int64_t> id;
  auto done = m_db->run("SELECT id, checksum FROM series WHERE kind = ?1 AND name = ?2",
                        {int64_t(key.kind), std::string_view(key.id)}, [&](const store::Statement& row) {
                          if (row.integer(1) == seriesChecksum(row.integer(0), key)) {
                            id = row.integer(0);
                          }
                        });
  if (done && id) {
    // Only blocks that can be there are looked for, however long the time asked for.
    const int64_t earliest = slotStart(from, blockMs(tier));
    const auto first = m_db->number("SELECT start FROM blocks WHERE tier = ?1 AND start >= ?2 ORDER BY start LIMIT 1",
                                    {int64_t(tier), earliest});
    const auto last = m_db->number(
        "SELECT start FROM blocks WHERE tier = ?1 AND start < ?2 ORDER BY start DESC LIMIT 1", {int64_t(tier), to});
    if (!first || !last) {
      return first ? last.error() : first.error();
    }
    size_t lost = 0;
    for (int64_t start = first->value_or(to); done && *last && start <= **last; start += blockMs(tier)) {
      done = m_db->run("SELECT data FROM blocks WHERE tier = ?1 AND start = ?2 AND series = ?3",
                       {int64_t(tier), start, *id}, [&](const store::Statement& row) {
                         lost += decodeChunks(row.text(0), {tier, start, *id}, samples);
                       });
    }
    if (lost > 0 && !std::exchange(m_damageTold, true)) {
      base::log::warning(kArea, "Some of the usage history is damaged; it is left out", {{"file", file()}});
    }
  }
  if (!done) {
    return done.error();
  }
  if (const auto head = m_head.find(key); head != m_head.end()) {
    auto recent = head->second.samples;
    if (tier == Coarse) {
      sortByTime(recent);
      recent = intoBuckets(recent, coarseMs());
    }
    samples.insert(samples.end(), recent.begin(), recent.end());
  }
  sortByTime(samples);
  samples.erase(std::remove_if(samples.begin(), samples.end(),
                               [&](const UsageSample& s) { return s.time.ms < from || s.time.ms >= to; }),
                samples.end());
  return samples;
}

} // namespace univrs::agent
