// The Qt plugin's root object.
#include "plugins/runtime-docker/docker_driver.h"

#include <QObject>

namespace univrs::docker {

class DockerPlugin final : public QObject, public agent::RuntimeDriverPlugin {
  Q_OBJECT
  Q_PLUGIN_METADATA(IID "io.univrs.RuntimeDriverPlugin/1" FILE "plugin.json")
  Q_INTERFACES(univrs::agent::RuntimeDriverPlugin)

public:
  [[nodiscard]] std::unique_ptr<agent::RuntimeDriver> makeDriver(const agent::DriverOptions& options) override {
    return std::make_unique<DockerDriver>(options);
  }
};

} // namespace univrs::docker

#include "plugin.moc"
