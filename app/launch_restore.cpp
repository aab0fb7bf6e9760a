// `univrs restore`: a backup becomes the state of a node that does not run. Done on the files, so no node is asked.
#include "app/launch.h"
#include "engine/node/data_folder.h"
#include "engine/store/state_store.h"

#include <QDir>

namespace univrs {

int launchRestore(const cli::RestoreOptions& options) {
  cli::Console console(stdout, stderr, options.noColour, options.quiet);
  const auto folder = node::DataFolder::open(options.dataDir);
  if (!folder) {
    return console.fail(folder.error());
  }
  const std::string backup = QDir().absoluteFilePath(QString::fromStdString(options.file)).toStdString();
  const std::string state = folder->file(node::kStateFile);
  auto aside = store::restoreSqliteStore(backup, state);
  if (!aside) {
    auto error = aside.error();
    if (error.what == "The state file is in use") {
      error.what = "Nothing was restored: the node of " + options.dataDir + " runs";
      error.hint = "Stop it, restore, then start it again";
    }
    return console.fail(error);
  }
  if (options.format == cli::Format::Json || options.format == cli::Format::Yaml) {
    cli::printObject(console, options.format,
                     {{QStringLiteral("restored"), QString::fromStdString(state)},
                      {QStringLiteral("from"), QString::fromStdString(backup)},
                      {QStringLiteral("replaced"), QString::fromStdString(*aside)}});
    return cli::kOk;
  }
  console.line(options.quiet ? state : "The state of " + backup + " is in " + state);
  if (!aside->empty()) {
    console.note("What was there before is kept in " + *aside);
  }
  console.note("Start the node: its workloads become what the backup says");
  return cli::kOk;
}

} // namespace univrs
