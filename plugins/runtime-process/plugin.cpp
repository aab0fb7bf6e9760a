// The Qt plugin `runtime-process`.
#include "plugins/runtime-process/process_driver.h"

#include <QObject>

namespace univrs::runtime_process {

class ProcessPlugin final : public QObject, public agent::RuntimeDriverPlugin {
  Q_OBJECT
  Q_PLUGIN_METADATA(IID "io.univrs.RuntimeDriverPlugin/1")
  Q_INTERFACES(univrs::agent::RuntimeDriverPlugin)

public:
  std::unique_ptr<agent::RuntimeDriver> makeDriver(const agent::DriverOptions& options) override {
    return makeProcessDriver(options);
  }
};

} // namespace univrs::runtime_process

#include "plugin.moc"
