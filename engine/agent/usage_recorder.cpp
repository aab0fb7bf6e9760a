#include "engine/agent/usage_recorder.h"

#include "engine/agent/usage_rollup.h"
#include "engine/base/log.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace univrs::agent {

namespace {
constexpr std::string_view kArea = "usage";
constexpr int kReadThreads = 4;
constexpr size_t kMaxReads = 64;
constexpr int64_t kDefaultSpanMs = 3'600'000;
constexpr int kMaxWaitingRounds = 30;
constexpr int64_t kRoundIntervals = 3; // a round may take so long before it is closed with what it has
constexpr int64_t kGapIntervals = 6;   // readings further apart say nothing

UsageRecorderOptions checked(UsageRecorderOptions options) {
  options.intervalMs = std::clamp<int64_t>(options.intervalMs, 100, 600'000);
  options.store.slotMs = options.intervalMs;
  return options;
}
} // namespace

UsageRecorder::UsageRecorder(UsageRecorderOptions options, RuntimeDriver& driver, base::Executor& executor,
                             const base::Clock& clock, std::function<std::vector<Target>()> running)
    : m_options(checked(std::move(options))), m_driver(driver), m_executor(executor), m_clock(clock),
      m_running(std::move(running)), m_meter(m_options.nodeId, kGapIntervals * m_options.intervalMs),
      m_store(m_options.folder, m_options.store), m_readPool(kReadThreads), m_storePool(1) {
  m_timer.setSingleShot(true);
  m_timer.setTimerType(Qt::PreciseTimer);
  QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
}

UsageRecorder::~UsageRecorder() {
  m_alive.reset();
  close();
  join();
}

void UsageRecorder::post(std::function<void()> task) {
  m_executor.post([alive = m_watchAlive, work = std::move(task)] {
    if (!alive.expired()) {
      work();
    }
  });
}

void UsageRecorder::start() {
  scheduleNext();
}

// At the end of each slot of the wall clock, so that a slot holds exactly one round however late timers are.
void UsageRecorder::scheduleNext() {
  const int64_t now = m_clock.now().wall.ms;
  const int64_t next = slotStart(now, m_options.intervalMs) + m_options.intervalMs;
  m_timer.start(std::chrono::milliseconds(next - now));
}

void UsageRecorder::noteInstance(const model::InstanceId& id, const model::WorkloadId& workloadId, int restarts) {
  m_instances[id] = {workloadId, restarts};
}

void UsageRecorder::forgetInstance(const model::InstanceId& id) {
  m_instances.erase(id);
}

void UsageRecorder::tick() {
  if (m_closed) {
    return;
  }
  scheduleNext();
  const base::Now now = m_clock.now();
  if (m_round) {
    bool closed = false;
    {
      const std::lock_guard lock(m_round->mutex);
      closed = m_round->closed;
    }
    if (!closed && now.steady.ms - m_round->data.at.steady.ms < kRoundIntervals * m_options.intervalMs) {
      return; // the engine needs longer than a slot: one round after the other
    }
    finish(m_round);
  }
  auto round = std::make_shared<Round>();
  m_round = round;
  round->data.slot.ms = slotStart(now.wall.ms, m_options.intervalMs) - m_options.intervalMs;
  round->data.at = now;
  round->data.restarts = m_instances;
  std::vector<std::pair<size_t, std::string>> toRead;
  for (const Target& target : m_running()) {
    const auto instance = m_instances.find(target.instanceId);
    if (instance == m_instances.end()) {
      continue; // no report of it yet
    }
    round->data.containers.push_back(
        {target.instanceId, instance->second.workloadId, target.containerId, target.startedAt, now.steady, {}});
    const std::lock_guard lock(m_busyMutex);
    if (m_busy.insert(target.containerId).second) {
      toRead.emplace_back(round->data.containers.size() - 1, target.containerId);
    }
  }
  round->open = toRead.size() + 1;
  const auto done = [this, round](const std::function<void(UsageRound&)>& write) {
    bool last = false;
    {
      const std::lock_guard lock(round->mutex);
      if (!round->closed) {
        write(round->data);
      }
      last = --round->open == 0;
    }
    if (last) {
      finish(round);
    }
  };
  m_readPool.run([this, done] {
    const auto machine = m_options.machine ? m_options.machine() : std::nullopt;
    const base::Monotonic at = m_clock.now().steady;
    done([&](UsageRound& data) {
      data.machine = machine;
      data.machineAt = at;
    });
  });
  for (const auto& [index, containerId] : toRead) {
    m_readPool.run([this, done, i = index, id = containerId, token = m_cancel.token()] {
      std::optional<Usage> usage;
      if (!token.cancelled()) {
        if (auto read = m_driver.usage(id)) {
          usage = *read;
        }
      }
      const base::Monotonic at = m_clock.now().steady;
      {
        const std::lock_guard lock(m_busyMutex);
        m_busy.erase(id);
      }
      done([&](UsageRound& data) {
        data.containers[i].at = at;
        data.containers[i].usage = usage;
      });
    });
  }
}

// From any thread.
void UsageRecorder::finish(const std::shared_ptr<Round>& round) {
  UsageRound data;
  {
    const std::lock_guard lock(round->mutex);
    if (std::exchange(round->closed, true)) {
      return;
    }
    data = round->data;
  }
  if (++m_waitingRounds > kMaxWaitingRounds) { // the disk hangs
    --m_waitingRounds;
    return;
  }
  m_storePool.run([this, data = std::move(data)] {
    --m_waitingRounds;
    store(data);
  });
}

void UsageRecorder::store(const UsageRound& round) {
  const auto measured = m_meter.on(round);
  const auto done = m_store.record(m_clock.now().wall, round.slot, measured);
  if (!done && !std::exchange(m_failing, true)) {
    base::log::warning(kArea, done.error().text(), {{"file", m_store.file()}});
  } else if (done && std::exchange(m_failing, false)) {
    base::log::info(kArea, "Usage history is kept again", {{"file", m_store.file()}});
  }
}

void UsageRecorder::read(std::vector<UsageKey> keys, base::Timestamp from, base::Timestamp to, int maxPoints,
                         ReadReply reply) {
  if (m_closed || m_reads >= kMaxReads) {
    const auto error = m_closed ? base::makeError(base::ErrorCode::Unavailable, "The usage history was not read",
                                                  "this node is ending")
                                : base::makeError(base::ErrorCode::RateLimited, "The usage history was not read",
                                                  std::to_string(kMaxReads) + " readers wait already", "Try again");
    post([reply = std::move(reply), error] { reply(error); });
    return;
  }
  to = to.isSet() ? to : m_clock.now().wall;
  from = from.isSet() ? from : to + base::Millis(-kDefaultSpanMs);
  if (from >= to) {
    const auto error = base::makeError(base::ErrorCode::Validation, "The usage history was not read",
                                       "the time asked for ends at " + to.iso() + ", before it begins",
                                       "Give a `from` that is before `to`");
    post([reply = std::move(reply), error] { reply(error); });
    return;
  }
  ++m_reads;
  m_storePool.run([this, keys = std::move(keys), from, to, maxPoints, reply = std::move(reply)] {
    const base::Timestamp now = m_clock.now().wall;
    std::vector<UsageHistory> found;
    std::optional<base::Error> error;
    for (const UsageKey& key : keys) {
      auto history = m_store.read(now, key, from, to, maxPoints);
      if (!history) {
        error = history.error();
        break;
      }
      found.push_back(std::move(*history));
    }
    post([this, reply, error, found = std::move(found)]() mutable {
      --m_reads;
      reply(error ? base::Result<std::vector<UsageHistory>>(*error)
                  : base::Result<std::vector<UsageHistory>>(std::move(found)));
    });
  });
}

void UsageRecorder::close() {
  m_closed = true;
  m_timer.stop();
  m_cancel.cancel();
  m_readPool.close();
  m_storePool.close();
}

void UsageRecorder::join() {
  m_readPool.join();
  m_storePool.join();
}

} // namespace univrs::agent
