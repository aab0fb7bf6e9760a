// The usage history on disk: for every instance, workload and the machine a day of 10 s slots and a month of 10 min
// slots, in one SQLite file of the agent's own.
//
// Each round is written at once as one small row; after ten minutes the rounds become one block a series and one sample
// of the coarse tier. Blocks lie by time, so that a round of 1,000 series is written to neighbouring pages and the
// oldest are deleted as a range. The file is bounded in bytes: beyond that the series that ended longest ago go first,
// then the oldest blocks of all. A damaged file is moved aside (one is kept) and a new one begun; a full disk pauses
// the history until there is room.
//
// Not thread safe; one thread at a time, never the engine thread: it waits for the disk.
#pragma once

#include "engine/agent/usage_database.h"
#include "engine/agent/usage_sample.h"
#include "engine/base/result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace univrs::agent {

struct UsageStoreOptions {
  int64_t slotMs = 10'000;      // of the fine tier
  int64_t slotsInBlock = 60;    // that many make one sample of the coarse tier
  int64_t fineSlots = 8'640;    // kept: a day
  int64_t coarseSlots = 4'320;  // kept: 30 days
  int64_t maxBytes = 256 << 20; // of the file; its log beside it has at most 16 MiB more
  int64_t maxSeries = 20'000;   // those that ended longest ago go first
};

class UsageStore {
public:
  //! Touches nothing yet; the folder is made when it is first written to.
  UsageStore(std::string folder, UsageStoreOptions options);
  ~UsageStore();
  UsageStore(const UsageStore&) = delete;
  UsageStore& operator=(const UsageStore&) = delete;

  //! Takes one round. On an error (NoSpace, Unavailable) the round is kept in memory, with at most two blocks of time
  //! before it, and written with a later one.
  base::Result<void> record(base::Timestamp now, base::Timestamp slot, const std::vector<MeasuredUsage>& measured);

  //! The buckets that hold [from, to), at most `maxPoints`, from the finest tier that reaches back to `from`. What was
  //! never measured has none.
  base::Result<UsageHistory> read(base::Timestamp now, const UsageKey& key, base::Timestamp from, base::Timestamp to,
                                  int maxPoints);

  [[nodiscard]] std::string file() const { return m_folder + "/history.db"; }

private:
  struct Head { // what is not in a block yet
    std::optional<int64_t> row;
    std::vector<UsageSample> samples;
  };
  enum Tier : int64_t { Fine = 0, Coarse = 1 };

  base::Result<void> open(base::Timestamp now);
  base::Result<void> openFile(base::Timestamp now);
  base::Result<void> loadRecent();
  void setAside(const base::Error& why);
  base::Result<void> write(base::Timestamp now, int64_t slot, const std::vector<MeasuredUsage>& measured);
  base::Result<void> writeRound(base::Timestamp now, int64_t slot, const std::vector<MeasuredUsage>& measured);
  base::Result<bool> writeBlocks(base::Timestamp now, int64_t current);
  base::Result<int64_t> rowOf(const UsageKey& key, base::Timestamp now);
  base::Result<void> forgetOld(base::Timestamp now);
  base::Result<void> makeRoom(base::Timestamp now, bool evenIfThereIsSome);
  base::Result<void> dropEnded(base::Timestamp now, int64_t count);
  void trimHead(int64_t current);
  base::Result<UsageHistory> readFrom(const UsageKey& key, base::Timestamp from, base::Timestamp to, int maxPoints,
                                      base::Timestamp now);
  base::Result<std::vector<UsageSample>> samplesOf(const UsageKey& key, Tier tier, int64_t from, int64_t to);
  [[nodiscard]] int64_t coarseMs() const { return m_options.slotMs * m_options.slotsInBlock; }
  // Length of time in one stored block.
  [[nodiscard]] int64_t blockMs(Tier tier) const;

  const std::string m_folder;
  const UsageStoreOptions m_options;
  std::unique_ptr<UsageDatabase> m_db;
  std::map<UsageKey, Head> m_head;
  bool m_damageTold = false;
};

} // namespace univrs::agent
