// Finds the runtime drivers: Qt plugins named runtime-NAME (with the platform's prefix and suffix).
#pragma once

#include "engine/agent/runtime_driver.h"
#include "engine/base/result.h"

#include <memory>
#include <string>
#include <vector>

namespace univrs::agent {

// Where plugins may be, in order: the folder(s) in UNIVRS_PLUGINS, plugins/ beside the executable,
// ../lib/univrs/plugins. Needs a QCoreApplication.
std::vector<std::string> pluginFolders();

// Names of the drivers found: "docker", "process", …; sorted, once each.
std::vector<std::string> availableDrivers(const std::vector<std::string>& folders);

// Makes the driver; it is not opened. NotFound with where it was looked for; Unsupported when the file there is not a
// driver of this program's version. The plugin stays loaded until the program ends.
base::Result<std::unique_ptr<RuntimeDriver>> loadDriver(const std::string& name, const DriverOptions& options,
                                                        const std::vector<std::string>& folders);

// "auto" takes docker when it opens; else Unavailable with what was tried and `--runtime process` offered. Any other
// name is loaded as it is, not opened. Blocks while it opens.
base::Result<std::unique_ptr<RuntimeDriver>> chooseDriver(const std::string& name, const DriverOptions& options,
                                                          const std::vector<std::string>& folders);

} // namespace univrs::agent
