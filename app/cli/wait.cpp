#include "app/cli/wait.h"

#include "app/cli/live_lines.h"
#include "app/cli/operation_lines.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"

#include <algorithm>
#include <map>
#include <set>

namespace univrs::cli {

using interfaces::Delta;
using interfaces::Topic;

namespace {

struct Goal {
  std::string id;
  std::string name;
  int64_t generation = 0;
};

// What the watch told so far about the workloads waited for.
class Picture {
public:
  explicit Picture(std::vector<Goal> goals) : m_goals(std::move(goals)) {}

  void take(const Delta& delta) {
    if (delta.kind == Delta::Kind::SnapshotBegin) {
      if (delta.topic == Topic::Workloads) {
        m_workloads.clear();
      } else if (delta.topic == Topic::Instances) {
        m_instances.clear();
      }
    } else if (delta.kind == Delta::Kind::SnapshotEnd) {
      m_whole.insert(delta.topic);
    } else if (delta.kind == Delta::Kind::Remove) {
      m_workloads.erase(delta.id);
      m_instances.erase(delta.id);
    } else if (const auto* workload = std::get_if<model::Workload>(&delta.object)) {
      if (isGoal(workload->id.str())) {
        m_workloads[workload->id.str()] = *workload;
      }
    } else if (const auto* instance = std::get_if<model::Instance>(&delta.object)) {
      if (isGoal(instance->workloadId.str())) {
        m_instances[instance->id.str()] = *instance;
      }
    } else if (const auto* operation = std::get_if<model::Operation>(&delta.object)) {
      if (model::countsInstances(*operation)) {
        return; // the workload's own line shows it
      }
      if (isGoal(operation->workloadId) && !operation->finished && m_operations.size() < 256) {
        m_operations[operation->id] = *operation;
      } else {
        m_operations.erase(operation->id);
      }
    }
  }

  [[nodiscard]] bool whole() const {
    return m_whole.count(Topic::Workloads) > 0 && m_whole.count(Topic::Instances) > 0;
  }

  [[nodiscard]] bool healthy(const Goal& goal) const {
    const auto it = m_workloads.find(goal.id);
    if (it == m_workloads.end() || it->second.generation < goal.generation) {
      return false;
    }
    const model::Workload& w = it->second;
    if (w.status.health != model::Health::Healthy || w.status.desired != w.spec.replicas) {
      return false;
    }
    // After a restart the old instances may be healthy still: they must be on their way out.
    return std::none_of(m_instances.begin(), m_instances.end(), [&](const auto& pair) {
      const model::Instance& i = pair.second;
      return i.workloadId == w.id && i.restartEpoch < w.restartEpoch && !i.stopRequested && !model::isFinal(i.state);
    });
  }
  [[nodiscard]] bool allHealthy() const {
    return whole() && std::all_of(m_goals.begin(), m_goals.end(), [this](const Goal& g) { return healthy(g); });
  }
  [[nodiscard]] bool removed(const Goal& goal) const { return m_workloads.count(goal.id) == 0; }
  [[nodiscard]] bool allGone() const { return whole() && m_workloads.empty(); }
  [[nodiscard]] const model::Workload* find(const Goal& goal) const {
    const auto it = m_workloads.find(goal.id);
    return it == m_workloads.end() ? nullptr : &it->second;
  }

  [[nodiscard]] std::vector<LiveLine> lines(bool removing) const {
    std::vector<LiveLine> out;
    for (const Goal& goal : m_goals) {
      const model::Workload* w = find(goal);
      if (w == nullptr) {
        if (removing && whole()) {
          out.push_back({goal.id, "○ " + goal.name + "  removed", goal.name + ": removed", Tone::Faint});
        }
        continue;
      }
      int left = 0;
      for (const auto& [id, i] : m_instances) {
        left += i.workloadId == w->id && !model::isFinal(i.state) ? 1 : 0;
      }
      const std::string counts =
          removing ? std::to_string(left) + " instances left"
                   : std::to_string(w->status.ready) + "/" + std::to_string(w->spec.replicas) + " ready";
      const std::string word = removing ? "removing" : std::string(model::name(w->status.health));
      const std::string reason = w->status.reason.empty() || removing ? "" : " — " + w->status.reason;
      out.push_back({goal.id, "● " + goal.name + "  " + word + "  " + counts + reason,
                     goal.name + ": " + word + ", " + counts + reason,
                     removing ? Tone::Busy : toneOf(w->status.health)});
      for (const auto& [id, i] : m_instances) {
        if (i.workloadId == w->id && !i.ready && !model::isFinal(i.state)) {
          out.push_back(
              {id,
               "  " + id + "  " + std::string(model::name(i.state)) + (i.message.empty() ? "" : "  " + i.message),
               {},
               toneOf(i.state)});
        }
      }
    }
    for (const auto& [id, op] : m_operations) {
      LiveLine line = operationLine(op);
      line.text.insert(0, "  ");
      out.push_back(std::move(line));
    }
    return out;
  }

  [[nodiscard]] const std::vector<Goal>& goals() const { return m_goals; }

private:
  [[nodiscard]] bool isGoal(const std::string& id) const {
    return std::any_of(m_goals.begin(), m_goals.end(), [&](const Goal& g) { return g.id == id; });
  }

  std::vector<Goal> m_goals;
  std::map<std::string, model::Workload> m_workloads;
  std::map<std::string, model::Instance> m_instances;
  std::map<std::string, model::Operation> m_operations;
  std::set<Topic> m_whole;
};

int waitFor(Session& session, std::vector<Goal> goals, bool removing) {
  auto engine = session.engine();
  if (!engine) {
    return session.console().fail(engine.error());
  }
  Console& console = session.console();
  Picture picture(std::move(goals));
  LiveLines lines(console);
  QEventLoop loop;
  QTimer redraw;
  redraw.setSingleShot(true);
  QTimer degraded;
  degraded.setSingleShot(true);
  bool gaveUp = false;
  bool done = false;
  std::string lastDegraded;
  const auto check = [&] {
    done = removing ? picture.allGone() : picture.allHealthy();
    if (!done && !removing && picture.whole()) {
      for (const Goal& goal : picture.goals()) {
        if (picture.removed(goal)) {
          done = true; // somebody removed it: nothing to wait for, told below
        }
      }
    }
    if (done) {
      loop.quit();
      return;
    }
    std::string now;
    for (const Goal& goal : picture.goals()) {
      const model::Workload* w = picture.find(goal);
      if (!removing && w != nullptr && w->generation >= goal.generation &&
          w->status.health == model::Health::Degraded) {
        now += goal.name + w->status.reason + std::to_string(w->status.ready);
      }
    }
    if (now != lastDegraded) {
      lastDegraded = now;
      degraded.stop();
      if (!now.empty() && !session.options().timeout) {
        degraded.start(std::chrono::milliseconds(kDegradedPatience));
      }
    }
  };
  QObject::connect(&redraw, &QTimer::timeout, &loop, [&] { lines.show(picture.lines(removing)); });
  QObject::connect(&degraded, &QTimer::timeout, &loop, [&] {
    gaveUp = true;
    loop.quit();
  });
  interfaces::WatchHandlers handlers;
  handlers.onDeltas = [&](const std::vector<Delta>& deltas) {
    for (const Delta& delta : deltas) {
      picture.take(delta);
    }
    check();
    if (!redraw.isActive()) {
      redraw.start(100);
    }
  };
  handlers.onConnection = [&](bool connected, const std::string& why) {
    if (!connected) {
      lines.clear();
      console.note("Waiting for the node again: " + why);
    }
  };
  const auto started = base::SystemClock().now().steady;
  const auto watch =
      engine.value()->events().watch({{Topic::Workloads, Topic::Instances, Topic::Operations}, 0}, handlers);
  const Session::End end = session.run(loop, session.options().timeout.value_or(kDefaultWait));
  lines.clear();
  const std::string took = base::humanDuration(base::SystemClock().now().steady - started);

  std::string names;
  std::string reasons;
  std::string first;
  for (const Goal& goal : picture.goals()) {
    const model::Workload* w = picture.find(goal);
    if (removing ? w == nullptr && picture.whole() : picture.healthy(goal)) {
      continue;
    }
    first = first.empty() ? goal.name : first;
    names += (names.empty() ? "" : ", ") + goal.name;
    reasons += (reasons.empty() ? "" : "; ");
    reasons +=
        w == nullptr ? (picture.whole() ? goal.name + " was removed meanwhile" : "nothing was heard of " + goal.name)
        : w->status.reason.empty() ? std::to_string(w->status.ready) + " of " + std::to_string(w->spec.replicas) +
                                         " instances of " + goal.name + " are ready"
                                   : w->status.reason;
  }
  if (end == Session::End::Interrupted) {
    console.note("Interrupted. The work goes on in the node; see: univrs ps");
    return kInterrupted;
  }
  const std::string what = removing ? names + " is not gone yet" : names + " is not healthy";
  if (gaveUp) {
    return console.fail(base::makeError(base::ErrorCode::Internal, what, reasons,
                                        "Look at: univrs why " + first + " and univrs logs " + first));
  }
  if (end == Session::End::TimedOut) {
    return console.fail(base::makeError(base::ErrorCode::Timeout, what + " after " + took, reasons,
                                        "The node goes on trying; see: univrs ps -i"));
  }
  if (!names.empty()) {
    return console.fail(base::makeError(base::ErrorCode::NotFound, what, reasons));
  }
  for (const Goal& goal : picture.goals()) {
    const model::Workload* w = picture.find(goal);
    console.note(goal.name + (removing || w == nullptr
                                  ? " is gone (" + took + ")"
                                  : " is healthy: " + std::to_string(w->status.ready) + "/" +
                                        std::to_string(w->spec.replicas) + " ready (" + took + ")"));
  }
  return kOk;
}

} // namespace

void addWaitFlags(CLI::App* verb, const std::shared_ptr<WaitFlags>& flags) {
  auto* wait = verb->add_flag("--wait", flags->wait, "wait until it is done (the default; 5 min, or --timeout)");
  verb->add_flag("--no-wait", flags->noWait, "return at once")->excludes(wait);
}

int waitHealthy(Session& session, const interfaces::CommandOutcome& outcome) {
  std::vector<Goal> goals;
  for (const QJsonObject& object : outcome.objects) {
    auto workload = model::workloadFromJson(object);
    if (workload && !workload->deleting) {
      goals.push_back({workload->id.str(), workload->spec.name, workload->generation});
    }
  }
  return goals.empty() ? int(kOk) : waitFor(session, std::move(goals), false);
}

int waitGone(Session& session, const std::vector<model::Workload>& workloads) {
  std::vector<Goal> goals;
  goals.reserve(workloads.size());
  for (const model::Workload& w : workloads) {
    goals.push_back({w.id.str(), w.spec.name, w.generation});
  }
  return goals.empty() ? int(kOk) : waitFor(session, std::move(goals), true);
}

int finishCommand(Session& session, const base::Result<interfaces::CommandOutcome>& outcome, const WaitFlags& flags,
                  const std::string& file) {
  Console& console = session.console();
  if (!outcome) {
    return console.fail(outcome.error(), file);
  }
  for (const base::FieldError& warning : outcome->warnings) {
    console.warning(warning, file);
  }
  if (!session.tables()) {
    printObject(console, session.format(), interfaces::toJson(outcome.value()));
  } else if (session.options().quiet) {
    for (const QJsonObject& object : outcome->objects) {
      console.line(escapeControls(object.value(QLatin1String("name")).toString().toStdString()));
    }
  } else {
    console.line(escapeControls(outcome->summary));
  }
  return flags.noWait ? int(kOk) : waitHealthy(session, outcome.value());
}

} // namespace univrs::cli
