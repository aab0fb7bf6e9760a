// Long work under way, and ending it: operations, cancel.
#include "app/cli/operation_lines.h"
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"
#include "app/cli/wait.h"

#include <algorithm>

namespace univrs::cli {

namespace {

constexpr size_t kMaxShown = 10'000;
constexpr base::Millis kPatience{30'000};

// What is under way now: the snapshot of a watch.
base::Result<std::vector<model::Operation>> underWay(Session& session) {
  auto engine = session.engine();
  if (!engine) {
    return engine.error();
  }
  std::vector<model::Operation> found;
  bool whole = false;
  std::string trouble;
  QEventLoop loop;
  interfaces::WatchHandlers handlers;
  handlers.onDeltas = [&](const std::vector<interfaces::Delta>& deltas) {
    for (const interfaces::Delta& delta : deltas) {
      if (delta.kind == interfaces::Delta::Kind::SnapshotEnd) {
        whole = true;
        loop.quit();
        return;
      }
      const auto* op = std::get_if<model::Operation>(&delta.object);
      if (op != nullptr && !whole && found.size() < kMaxShown) {
        found.push_back(*op);
      }
    }
  };
  handlers.onConnection = [&](bool connected, const std::string& why) {
    if (!connected) {
      trouble = why;
      loop.quit();
    }
  };
  const auto watch = engine.value()->events().watch({{interfaces::Topic::Operations}, 0}, handlers);
  const Session::End end = session.run(loop, session.options().timeout.value_or(kPatience));
  if (whole) {
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.startedAt < b.startedAt; });
    return found;
  }
  if (end == Session::End::Interrupted) {
    return base::makeError(base::ErrorCode::Cancelled, "Interrupted before the node answered");
  }
  return base::makeError(end == Session::End::TimedOut ? base::ErrorCode::Timeout : base::ErrorCode::Unavailable,
                         "The operations were not listed", trouble);
}

int list(Session& session) {
  Console& console = session.console();
  const auto all = underWay(session);
  if (!all) {
    return console.fail(all.error());
  }
  if (!session.tables()) {
    QJsonArray items;
    for (const model::Operation& op : all.value()) {
      items.append(model::toJson(op));
    }
    printItems(console, session.format(), items, items.size());
    return kOk;
  }
  if (all->empty()) {
    console.note("Nothing is under way.");
    return kOk;
  }
  Table table({{"KIND"},
               {"SUBJECT", false, true},
               {"PHASE"},
               {"PROGRESS", true},
               {"SINCE", true},
               {"MAY BE CANCELLED"},
               {"ID"}});
  for (const model::Operation& op : all.value()) {
    if (session.options().quiet) {
      console.line(escapeControls(op.id));
      continue;
    }
    table.add({{op.kind},
               {op.subject},
               {op.phase, Tone::Busy},
               {operationAmount(op)},
               {age(op.startedAt, wallNow())},
               {op.cancellable ? "yes" : "no"},
               {op.id, Tone::Faint}});
  }
  if (!table.empty()) {
    console.out(table.text(console.width(), console.colour()));
  }
  return kOk;
}

int cancel(Session& session, const std::string& wanted) {
  Console& console = session.console();
  const auto all = underWay(session);
  if (!all) {
    return console.fail(all.error());
  }
  // The whole id, or else what only one of them is about: a part of its id or its subject.
  std::vector<std::string> ids;
  for (const model::Operation& op : all.value()) {
    if (op.id == wanted) {
      ids = {op.id};
      break;
    }
    if (op.id.find(wanted) != std::string::npos || op.subject.find(wanted) != std::string::npos) {
      ids.push_back(op.id);
    }
  }
  if (ids.size() > 1) {
    return console.fail(base::makeError(base::ErrorCode::Validation, "nothing was cancelled",
                                        "\"" + wanted + "\" fits " + std::to_string(ids.size()) + " operations",
                                        "Give one's id; see: univrs operations"));
  }
  const auto outcome = session.command(
      "cancel_operation", {{QStringLiteral("operation"), QString::fromStdString(ids.empty() ? wanted : ids.front())}});
  return finishCommand(session, outcome, {false, true});
}

} // namespace

void addOperations(CLI::App& app, VerbSet& verbs) {
  verbs.add(app, "operations", "long work under way: pulls, loads, updates, removals", Names::None,
            [](Session& session) { return list(session); });
  const auto id = std::make_shared<std::string>();
  verbs
      .add(app, "cancel", "end a pull or a load, or take an update under way back", Names::None,
           [id](Session& session) { return cancel(session, *id); })
      ->add_option("operation", *id, "its id or subject, or a part that only one has")
      ->required();
}

} // namespace univrs::cli
