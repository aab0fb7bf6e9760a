// univrs: a whole orchestrator node, its window and its command line in one program.
#include "app/cli/command_line.h"
#include "app/launch.h"
#include "engine/base/log.h"

#include <string_view>

int main(int argc, char** argv) {
  // For those who work on the window; not among the verbs.
  if (argc >= 2 && std::string_view(argv[1]) == "gallery") {
    return univrs::launchGallery(argc, argv);
  }
  univrs::cli::Launchers launchers;
  launchers.up = [&](const univrs::cli::UpOptions& options) {
    univrs::base::log::setLevelByName(options.logLevel);
    univrs::base::log::setJson(options.logJson);
    return options.headless ? univrs::launchHeadless(options, argc, argv) : univrs::launchWindow(options, argc, argv);
  };
  launchers.restore = univrs::launchRestore;
  return univrs::cli::runCli(argc, argv, launchers);
}
