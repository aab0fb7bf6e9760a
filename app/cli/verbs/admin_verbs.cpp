// audit and backup: what an operator asks of the node itself.
#include "app/cli/table.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"

#include <QDir>

namespace univrs::cli {

namespace {

int audit(Session& session, int limit) {
  Console& console = session.console();
  const auto entries = session.ask<std::vector<interfaces::AuditEntry>>(
      [&](interfaces::Engine& e, auto reply) { e.admin().audit(limit, std::move(reply)); });
  if (!entries) {
    return console.fail(entries.error());
  }
  if (!session.tables()) {
    QJsonArray items;
    for (const interfaces::AuditEntry& entry : entries.value()) {
      items.append(interfaces::toJson(entry));
    }
    printItems(console, session.format(), items, items.size());
    return kOk;
  }
  if (entries->empty()) {
    console.note("No command was run yet.");
    return kOk;
  }
  Table table({{"TIME"}, {"WHO"}, {"DOOR"}, {"COMMAND"}, {"DONE"}, {"RESULT", false, true}});
  for (auto it = entries->rbegin(); it != entries->rend(); ++it) {
    table.add({{localTime(it->time), Tone::Faint},
               {it->actor},
               {it->door},
               {it->command},
               it->ok ? Cell{"yes", Tone::Good} : Cell{"no", Tone::Bad},
               {it->result}});
  }
  console.out(table.text(console.width(), console.colour()));
  return kOk;
}

int backup(Session& session, const std::string& path) {
  Console& console = session.console();
  // On this machine a relative path means where the person stands, not where the node was started.
  const bool here = session.options().settings.text("to").empty();
  const std::string asked = here ? QDir().absoluteFilePath(QString::fromStdString(path)).toStdString() : path;
  const auto written =
      session.ask<std::string>([&](interfaces::Engine& e, auto reply) { e.admin().backup(asked, std::move(reply)); });
  if (!written) {
    return console.fail(written.error());
  }
  if (!session.tables()) {
    printObject(console, session.format(), {{QStringLiteral("path"), QString::fromStdString(written.value())}});
  } else {
    console.line(session.options().quiet ? written.value() : "The node's state is in " + written.value());
  }
  return kOk;
}

} // namespace

void addAdminVerbs(CLI::App& app, VerbSet& verbs) {
  const auto limit = std::make_shared<int>(50);
  verbs
      .add(app, "audit", "commands that were run, by whom, the newest last", Names::None,
           [limit](Session& session) { return audit(session, *limit); })
      ->add_option("-n,--limit", *limit, "how many")
      ->check(CLI::Range(1, 1000));
  const auto path = std::make_shared<std::string>();
  verbs
      .add(app, "backup", "write a consistent copy of the node's state into a new file on the node", Names::Files,
           [path](Session& session) { return backup(session, *path); })
      ->add_option("file", *path, "the new file")
      ->required();
}

} // namespace univrs::cli
