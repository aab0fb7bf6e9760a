#include "app/cli/lists.h"
#include "app/cli/log_seam.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"
#include "engine/interfaces/json.h"

#include <QElapsedTimer>

#include <algorithm>
#include <set>

namespace univrs::cli {

namespace {

constexpr int kFollowTail = 100'000;         // after a reconnect; more than that in a container's gap is left out
constexpr base::Millis kFirstPause{200};     // before the first try to reconnect, then twice as long each time, up to
constexpr base::Millis kLongestPause{2'000}; // this
constexpr base::Millis kPatience{300'000};   // without an answer for so long a follow ends
constexpr base::Millis kQuick{1'000};        // a follow that did not last so long was not really there
constexpr int kMaxQuickLosses = 5;           // in a row: the node answers but does not let us follow

// The connection, not the request, is what failed.
bool wasLost(const base::Error& error) {
  return error.code == base::ErrorCode::Unavailable || error.code == base::ErrorCode::Timeout;
}

struct Flags {
  std::string ref;
  bool follow = false;
  int tail = -1;
  bool timestamps = false;
  std::string since;
  std::string until;
  std::string container;
};

// One entry as a line. On a terminal what could move the cursor is escaped, colours stay.
std::string lineOf(const interfaces::LogEntry& entry, const std::string& prefix, bool timestamps,
                   const Console& console) {
  std::string out;
  if (!prefix.empty()) {
    out += paintByName(escapeControls(prefix) + " | ", prefix, console.colour());
  }
  if (timestamps) {
    out += paint(entry.time.iso(), Tone::Faint, console.colour()) + " ";
  }
  out += console.outIsTerminal() ? terminalSafe(entry.text) : entry.text;
  return out + "\n";
}

int logs(Session& session, const Flags& flags) {
  Console& console = session.console();
  interfaces::LogQuery query;
  query.follow = flags.follow;
  query.tail = flags.tail;
  query.container = flags.container;
  for (const auto& [text, target] : {std::pair(&flags.since, &query.since), std::pair(&flags.until, &query.until)}) {
    if (!text->empty()) {
      auto moment = parseMoment(*text, wallNow());
      if (!moment) {
        console.fail(moment.error());
        return kUsage;
      }
      *target = moment.value();
    }
  }
  bool several = true; // instances or containers: lines say whose they are
  const auto workload = getWorkload(session, flags.ref);
  if (workload) {
    query.workload = workload->id.str();
    several = workload->spec.replicas > 1 || (workload->spec.containers.size() > 1 && flags.container.empty());
  } else if (workload.error().code == base::ErrorCode::NotFound) {
    const auto instance = session.ask<model::Instance>(
        [&](interfaces::Engine& e, auto reply) { e.workloads().getInstance(flags.ref, std::move(reply)); });
    if (!instance) {
      return console.fail(instance.error().code == base::ErrorCode::NotFound ? workload.error() : instance.error());
    }
    query.instance = flags.ref;
    several = instance->containers.size() > 1 && flags.container.empty();
  } else {
    return console.fail(workload.error());
  }
  LogSeam seam;
  int quickLosses = 0;           // in a row
  std::set<std::string> sources; // instances seen; a second one makes prefixes needed
  interfaces::LogHandlers handlers;
  handlers.onLines = [&](const std::vector<interfaces::LogEntry>& entries) {
    std::string text;
    const auto fresh = flags.follow ? seam.pass(entries) : entries;
    for (const interfaces::LogEntry& entry : fresh) {
      if (!session.tables()) {
        printStreamed(console, session.format(), interfaces::toJson(entry));
        continue;
      }
      if (sources.size() < 1000) {
        sources.insert(entry.instanceId + "/" + entry.container);
      }
      std::string prefix;
      if (several || sources.size() > 1) {
        prefix = entry.instanceId + (workload && workload->spec.containers.size() > 1 ? "/" + entry.container : "");
      }
      text += lineOf(entry, prefix, flags.timestamps, console);
    }
    console.out(text);
  };
  QElapsedTimer begun;
  begun.start();
  // --timeout with --follow: that long and no longer, over all connections.
  const auto left = [&]() -> std::optional<base::Millis> {
    const auto timeout = flags.follow ? session.options().timeout : std::nullopt;
    return timeout ? std::optional(std::max(*timeout - base::Millis(begun.elapsed()), base::Millis(0))) : std::nullopt;
  };
  for (;;) {
    QEventLoop loop;
    std::optional<base::Result<void>> ended;
    handlers.onEnd = [&](base::Result<void> result) {
      ended = std::move(result);
      loop.quit();
    };
    auto end = Session::End::Done;
    QElapsedTimer lasted;
    lasted.start();
    auto engine = session.engine();
    if (engine) {
      const auto stream = engine.value()->logs().readLogs(query, handlers);
      end = session.run(loop, left());
    } else {
      ended = engine.error();
    }
    if (end == Session::End::Interrupted) {
      return kInterrupted;
    }
    if (end == Session::End::TimedOut) {
      return kOk;
    }
    if (!ended || ended->ok()) {
      return kOk;
    }
    quickLosses = lasted.elapsed() < kQuick.count() ? quickLosses + 1 : 0;
    if (!flags.follow || !wasLost(ended->error()) || quickLosses > kMaxQuickLosses) {
      return console.fail(ended->error());
    }
    console.note("The connection was lost (" + escapeControls(ended->error().text()) + "). Trying again…");
    seam.lost();
    if (const auto since = seam.since()) {
      query.since = *since;
      query.tail = kFollowTail;
    }
    QElapsedTimer silence;
    silence.start();
    base::Millis pause = kFirstPause;
    // Whether the node is there again is asked first, so that the person is told when it is.
    for (bool back = false; !back; pause = std::min(pause * 2, kLongestPause)) {
      if (silence.elapsed() > kPatience.count()) {
        return console.fail(ended->error());
      }
      if (left() == base::Millis(0)) {
        return kOk;
      }
      QEventLoop rest;
      if (session.run(rest, pause) == Session::End::Interrupted) {
        return kInterrupted;
      }
      session.forgetEngine(); // it may answer elsewhere now
      const auto info = session.ask<interfaces::NodeInfo>(
          [](interfaces::Engine& e, auto reply) { e.admin().nodeInfo(std::move(reply)); });
      if (session.interrupted()) {
        return kInterrupted;
      }
      if (!info && !wasLost(info.error())) {
        return console.fail(info.error());
      }
      back = info.ok();
    }
    console.note("The connection is back");
  }
}

} // namespace

void addLogs(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb = verbs.add(app, "logs", "what a workload or an instance wrote", Names::WorkloadsAndInstances,
                             [flags](Session& session) { return logs(session, *flags); });
  verb->add_option("target", flags->ref, "workload or instance")->required();
  verb->add_flag("-f,--follow", flags->follow, "go on with new lines until Ctrl-C");
  verb->add_option("-n,--tail", flags->tail, "only the last lines of each container")->check(CLI::Range(0, 100'000));
  verb->add_flag("-t,--timestamps", flags->timestamps, "with the time of each line");
  verb->add_option("--since", flags->since, "as 10m or 2026-11-23T10:00:00Z");
  verb->add_option("--until", flags->until, "as 10m or 2026-11-23T10:00:00Z");
  verb->add_option("-c,--container", flags->container, "only this container");
}

} // namespace univrs::cli
