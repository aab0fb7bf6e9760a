// Every setting of the program and its layers: default < configuration file < environment < flag. Each value remembers
// where it came from.
#pragma once

#include "engine/base/result.h"

#include <QJsonObject>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace univrs::cli {

enum class SettingKind { Switch, Text, Number, Pairs };

struct SettingDef {
  std::string key;  // in the file (snake_case); UNIVRS_KEY in the environment
  std::string flag; // "--api"
  SettingKind kind = SettingKind::Text;
  std::string fallback;
  std::string help;
  std::vector<std::string> choices; // empty = free text
  bool secret = false;              // never shown
  int least = 0;                    // of a number
  int most = 0;
  [[nodiscard]] std::string environment() const;
};
const std::vector<SettingDef>& settingDefs();
const SettingDef* settingDef(const std::string& key);

struct Setting {
  std::vector<std::string> values; // one, but for pairs
  std::string source = "default";  // "default", "file /…/univrs.yaml:3", "environment UNIVRS_API", "flag --api"
};

class Settings {
public:
  [[nodiscard]] std::string text(const std::string& key) const;
  [[nodiscard]] bool on(const std::string& key) const { return text(key) == "true"; }
  // All that were given, in order, without empty ones: a flag may come several times.
  [[nodiscard]] std::vector<std::string> list(const std::string& key) const;
  [[nodiscard]] int number(const std::string& key) const;
  [[nodiscard]] std::map<std::string, std::string> pairs(const std::string& key) const;
  [[nodiscard]] const std::string& source(const std::string& key) const;
  void set(const std::string& key, Setting setting) { m_values[key] = std::move(setting); }
  //! {key: {value, source}}, as NodeInfo.config carries it.
  [[nodiscard]] QJsonObject toJson() const;

private:
  std::map<std::string, Setting> m_values;
};

using Environment = std::function<std::optional<std::string>(const std::string& name)>;
Environment processEnvironment();

struct SettingSources {
  std::map<std::string, std::vector<std::string>> flags; // by key, as given
  Environment environment;
  std::string configFile; // of --config; empty = UNIVRS_CONFIG, else the default place
};

//! All layers. Unknown keys, wrong values and a named file that is not there are errors, all at once, with file and
//! line.
base::Result<Settings> readSettings(const SettingSources& sources);

//! $XDG_CONFIG_HOME/univrs/univrs.yaml or ~/.config/univrs/univrs.yaml.
std::string defaultConfigFile(const Environment& environment);
//! $XDG_DATA_HOME/univrs; without it /var/lib/univrs for root when that folder exists, else ~/.local/share/univrs.
std::string defaultDataFolder(const Environment& environment);

//! The known word closest to `text`; empty when none is near.
std::string closest(const std::string& text, const std::vector<std::string>& known);

//! HOST:PORT, with [..] around IPv6. Nothing when it is not one.
struct HostPort {
  std::string host;
  int port = 0;
};
std::optional<HostPort> parseHostPort(const std::string& text);
bool isLoopbackHost(const std::string& host);

} // namespace univrs::cli
