#include "app/cli/lists.h"
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"

#include <algorithm>

namespace univrs::cli {

namespace {

struct Flags {
  bool watch = false;
  std::string workload;
  std::string type;
  std::string severity;
  int limit = 50;
};

std::string lineOf(const model::Event& e, bool colour) {
  return paint(localTime(e.time), Tone::Faint, colour) + "  " +
         paint(padToWidth(std::string(model::name(e.severity)), 7), toneOf(e.severity), colour) + "  " +
         escapeControls(e.objectName.empty() ? e.objectId : e.objectName) + "  " + escapeControls(e.message) +
         (e.count > 1 ? " (" + std::to_string(e.count) + " times)" : "") + "\n";
}

int severityRank(const std::string& word) {
  return word == "error" ? 2 : word == "warning" ? 1 : 0;
}

int follow(Session& session, const Flags& flags) {
  Console& console = session.console();
  std::string id;
  if (!flags.workload.empty()) {
    const auto workload = getWorkload(session, flags.workload);
    if (!workload) {
      return console.fail(workload.error());
    }
    id = workload->id.str();
  }
  auto engine = session.engine();
  if (!engine) {
    return console.fail(engine.error());
  }
  QEventLoop loop;
  interfaces::WatchHandlers handlers;
  handlers.onDeltas = [&](const std::vector<interfaces::Delta>& deltas) {
    for (const interfaces::Delta& delta : deltas) {
      const auto* event = std::get_if<model::Event>(&delta.object);
      if (event == nullptr || (!id.empty() && event->workloadId != id && event->objectId != id) ||
          (!flags.type.empty() && event->type != flags.type) || int(event->severity) < severityRank(flags.severity)) {
        continue;
      }
      if (session.tables()) {
        console.out(lineOf(*event, console.colour()));
      } else {
        printStreamed(console, session.format(), model::toJson(*event));
      }
    }
  };
  handlers.onConnection = [&](bool connected, const std::string& why) {
    if (!connected) {
      console.note(why);
    }
  };
  const auto watch = engine.value()->events().watch({{interfaces::Topic::Events}, 0}, handlers);
  return session.run(loop, session.options().timeout) == Session::End::TimedOut ? kOk : kInterrupted;
}

int events(Session& session, const Flags& flags) {
  if (flags.watch) {
    return follow(session, flags);
  }
  Console& console = session.console();
  interfaces::EventQuery query;
  query.workload = flags.workload;
  query.type = flags.type;
  query.severity = flags.severity;
  query.limit = flags.limit;
  const auto page = session.ask<interfaces::ItemPage<model::Event>>(
      [&](interfaces::Engine& e, auto reply) { e.events().listEvents(query, std::move(reply)); });
  if (!page) {
    return console.fail(page.error());
  }
  std::vector<model::Event> oldestFirst(page->items.rbegin(), page->items.rend()); // the newest stands where the eye is
  if (!session.tables()) {
    QJsonArray items;
    for (const model::Event& event : page->items) {
      items.append(model::toJson(event));
    }
    printItems(console, session.format(), items, page->total);
    return kOk;
  }
  if (oldestFirst.empty()) {
    console.note("No events.");
    return kOk;
  }
  std::vector<Column> columns{
      {"TIME"}, {"SEVERITY"}, {"OBJECT", false, true}, {"MESSAGE", false, true}, {"TIMES", true}};
  if (session.wide()) {
    columns.insert(columns.end(), {{"TYPE"}, {"CORRELATION"}});
  }
  Table table(columns);
  for (const model::Event& e : oldestFirst) {
    std::vector<Cell> row{{localTime(e.time), Tone::Faint},
                          {std::string(model::name(e.severity)), toneOf(e.severity)},
                          {e.objectName.empty() ? e.objectId : e.objectName},
                          {e.message},
                          {e.count > 1 ? std::to_string(e.count) : ""}};
    if (session.wide()) {
      row.insert(row.end(), {{e.type}, {e.correlationId}});
    }
    table.add(std::move(row));
  }
  console.out(table.text(console.width(), console.colour()));
  return kOk;
}

} // namespace

void addEvents(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<Flags>();
  CLI::App* verb = verbs.add(app, "events", "what happened, the newest last", Names::None,
                             [flags](Session& session) { return events(session, *flags); });
  verb->add_flag("-w,--watch", flags->watch, "from now on, until Ctrl-C");
  verb->add_option("--workload", flags->workload, "only of this workload");
  verb->add_option("--type", flags->type, "only of this type, as instance_status_changed");
  verb->add_option("--severity", flags->severity, "at least this")->check(CLI::IsMember({"info", "warning", "error"}));
  verb->add_option("-n,--limit", flags->limit, "how many")->check(CLI::Range(1, 1000));
}

} // namespace univrs::cli
