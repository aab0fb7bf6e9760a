// `univrs up` and `univrs restore`: a node without a window, a window with its node inside, or a window on a node
// elsewhere, a node's state put back.
#pragma once

#include "app/cli/command_line.h"
#include "app/cli/up_options.h"
#include "engine/node/node.h"

namespace univrs {

// Exit codes of the process. argc and argv go to Qt.
int launchHeadless(const cli::UpOptions& options, int& argc, char** argv);
int launchWindow(const cli::UpOptions& options, int& argc, char** argv);
// `univrs gallery [--shots DIR]`: the developer's view of the window's components; without a node.
int launchGallery(int& argc, char** argv);
int launchRestore(const cli::RestoreOptions& options);

node::NodeOptions nodeOptionsFrom(const cli::UpOptions& options);
// Prints what, why and hint to stderr; the exit code of a failed start.
int reportStartFailure(const base::Error& error);

} // namespace univrs
