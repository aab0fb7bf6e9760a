#include "engine/agent/driver_loader.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QLibrary>
#include <QPluginLoader>

#include <algorithm>
#include <set>

namespace univrs::agent {

namespace {

// "libruntime-docker.so" -> "docker"; empty when the file is not named like a driver.
std::string driverName(const QFileInfo& file) {
  if (!QLibrary::isLibrary(file.fileName())) {
    return {};
  }
  QString base = file.fileName().section(QLatin1Char('.'), 0, 0);
  if (base.startsWith(QLatin1String("lib"))) {
    base.remove(0, 3);
  }
  if (!base.startsWith(QLatin1String("runtime-")) && !base.startsWith(QLatin1String("runtime_"))) {
    return {};
  }
  return base.mid(8).toStdString();
}

bool plainName(const std::string& name) {
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

std::string joined(const std::vector<std::string>& list) {
  std::string out;
  for (const std::string& s : list) {
    out += (out.empty() ? "" : ", ") + s;
  }
  return out;
}

} // namespace

std::vector<std::string> pluginFolders() {
  std::vector<std::string> out;
  const QString set = qEnvironmentVariable("UNIVRS_PLUGINS");
  for (const QString& folder : set.split(QDir::listSeparator(), Qt::SkipEmptyParts)) {
    out.push_back(folder.toStdString());
  }
  const QDir beside(QCoreApplication::applicationDirPath());
  out.push_back(beside.filePath(QStringLiteral("plugins")).toStdString());
  out.push_back(QDir::cleanPath(beside.filePath(QStringLiteral("../lib/univrs/plugins"))).toStdString());
  return out;
}

std::vector<std::string> availableDrivers(const std::vector<std::string>& folders) {
  std::set<std::string> names;
  for (const std::string& folder : folders) {
    const auto files = QDir(QString::fromStdString(folder)).entryInfoList(QDir::Files);
    for (const QFileInfo& file : files) {
      if (const std::string name = driverName(file); !name.empty()) {
        names.insert(name);
      }
    }
  }
  return {names.begin(), names.end()};
}

base::Result<std::unique_ptr<RuntimeDriver>> loadDriver(const std::string& name, const DriverOptions& options,
                                                        const std::vector<std::string>& folders) {
  const std::string what = "the runtime driver \"" + name + "\" was not loaded";
  if (!plainName(name)) {
    return base::makeError(base::ErrorCode::BadRequest, what, "that is not a driver's name",
                           "Use auto, docker or process");
  }
  for (const std::string& folder : folders) {
    const auto files = QDir(QString::fromStdString(folder)).entryInfoList(QDir::Files, QDir::Name);
    for (const QFileInfo& file : files) {
      if (driverName(file) != name) {
        continue;
      }
      QPluginLoader loader(file.absoluteFilePath()); // its destructor does not unload
      QObject* root = loader.instance();
      if (!root) {
        return base::makeError(base::ErrorCode::Unsupported, what, loader.errorString().toStdString(),
                               "Install the plugins that belong to this program");
      }
      auto* plugin = qobject_cast<RuntimeDriverPlugin*>(root);
      if (!plugin) {
        return base::makeError(base::ErrorCode::Unsupported, what,
                               file.absoluteFilePath().toStdString() + " is not a runtime driver of this version",
                               "Install the plugins that belong to this program");
      }
      auto driver = plugin->makeDriver(options);
      if (!driver) {
        return base::makeError(base::ErrorCode::Internal, what, "the plugin made none");
      }
      return driver;
    }
  }
  const auto known = availableDrivers(folders);
  return base::makeError(base::ErrorCode::NotFound, what, "there is no such plugin in " + joined(folders),
                         known.empty() ? "Set UNIVRS_PLUGINS to the folder with the plugins"
                                       : "Drivers that are there: " + joined(known));
}

base::Result<std::unique_ptr<RuntimeDriver>> chooseDriver(const std::string& name, const DriverOptions& options,
                                                          const std::vector<std::string>& folders) {
  if (name != "auto" && !name.empty()) {
    return loadDriver(name, options, folders);
  }
  auto driver = loadDriver("docker", options, folders);
  std::string why;
  if (driver) {
    auto info = (*driver)->open();
    if (info) {
      return driver;
    }
    why = info.error().text();
  } else {
    why = driver.error().text();
  }
  return base::makeError(base::ErrorCode::Unavailable, "no container engine can be used", "docker: " + why,
                         "Install and start Docker or Podman, or run plain programs with --runtime process");
}

} // namespace univrs::agent
