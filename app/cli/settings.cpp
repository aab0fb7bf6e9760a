#include "app/cli/settings.h"

#include "engine/base/limits.h"

#include <QFile>
#include <QFileInfo>
#include <QHostAddress>
#include <QJsonArray>

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <iterator>

#ifndef _WIN32
#include <unistd.h>
#endif

namespace univrs::cli {

using base::ErrorCode;
using base::FieldError;

namespace {

constexpr qint64 kMaxConfigBytes = 1 << 20;

QString q(const std::string& text) {
  return QString::fromStdString(text);
}

std::string home(const Environment& environment) {
  if (const auto dir = environment("HOME"); dir && !dir->empty()) {
    return *dir;
  }
  return "/";
}

// Checks one value; a message when it is wrong.
std::string faultOf(const SettingDef& def, std::string& value) {
  switch (def.kind) {
  case SettingKind::Switch:
    if (value == "1" || value == "yes" || value == "on" || value == "true") {
      value = "true";
    } else if (value == "0" || value == "no" || value == "off" || value == "false" || value.empty()) {
      value = "false";
    } else {
      return "\"" + value + "\" is neither true nor false";
    }
    return {};
  case SettingKind::Number: {
    int number = 0;
    const auto [end, fault] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (fault != std::errc() || end != value.data() + value.size() || number < def.least || number > def.most) {
      return "\"" + value + "\" is no number of " + std::to_string(def.least) + "…" + std::to_string(def.most);
    }
    return {};
  }
  case SettingKind::Pairs:
    if (value.find('=') == std::string::npos || value.front() == '=') {
      return "\"" + value + "\" is not KEY=VALUE";
    }
    return {};
  case SettingKind::Text:
    break;
  }
  if (!def.choices.empty() && std::find(def.choices.begin(), def.choices.end(), value) == def.choices.end()) {
    std::string words;
    for (const std::string& choice : def.choices) {
      words += (words.empty() ? "" : ", ") + choice;
    }
    return "\"" + value + "\" is none of " + words;
  }
  if (value.find('\0') != std::string::npos || value.size() > 4096) {
    return "the value is too long or holds a NUL";
  }
  return {};
}

void layer(Settings& settings, const SettingDef& def, std::vector<std::string> values, const std::string& source,
           int line, std::vector<FieldError>& faults) {
  for (std::string& value : values) {
    if (std::string fault = faultOf(def, value); !fault.empty()) {
      faults.push_back({line > 0 ? def.key : source, std::move(fault), {}, false, line});
      return;
    }
  }
  settings.set(def.key, {std::move(values), source});
}

std::vector<std::string> yamlValues(const YAML::Node& node, const SettingDef& def, std::string& fault) {
  if (node.IsNull()) {
    return {};
  }
  if (node.IsScalar()) {
    return {node.Scalar()};
  }
  std::vector<std::string> values;
  if (def.kind == SettingKind::Pairs && node.IsMap()) {
    for (const auto& pair : node) {
      if (!pair.first.IsScalar() || !pair.second.IsScalar()) {
        fault = "keys and values must be plain text";
        return {};
      }
      values.push_back(pair.first.Scalar() + "=" + pair.second.Scalar());
    }
    return values;
  }
  if (def.kind == SettingKind::Pairs && node.IsSequence()) {
    for (const auto& item : node) {
      if (!item.IsScalar()) {
        fault = "items must be KEY=VALUE";
        return {};
      }
      values.push_back(item.Scalar());
    }
    return values;
  }
  fault = def.kind == SettingKind::Pairs ? "must be a map or a list of KEY=VALUE" : "must be one value";
  return {};
}

void readFile(const std::string& path, bool named, Settings& settings, std::vector<FieldError>& faults) {
  QFile file(q(path));
  if (!file.exists()) {
    if (named) {
      faults.push_back({"", "there is no file " + path, "leave out --config, or create it", false, 0});
    }
    return;
  }
  if (!file.open(QIODevice::ReadOnly)) {
    faults.push_back({"", path + " cannot be read", file.errorString().toStdString(), false, 0});
    return;
  }
  const QByteArray bytes = file.read(kMaxConfigBytes + 1);
  if (bytes.size() > kMaxConfigBytes) {
    faults.push_back({"", path + " is larger than 1 MiB", {}, false, 0});
    return;
  }
  std::vector<std::string> known;
  for (const SettingDef& def : settingDefs()) {
    known.push_back(def.key);
  }
  try {
    const YAML::Node root = YAML::Load(bytes.toStdString());
    if (root.IsNull()) {
      return;
    }
    if (!root.IsMap()) {
      faults.push_back({"", "must be a map of settings", "as in \"api: 127.0.0.1:8080\"", false, 1});
      return;
    }
    for (const auto& pair : root) {
      const int line = pair.first.Mark().line + 1;
      const std::string key = pair.first.IsScalar() ? pair.first.Scalar() : std::string("?");
      const SettingDef* def = settingDef(key);
      if (def == nullptr) {
        const std::string near = closest(key, known);
        faults.push_back(
            {key, "is no setting", near.empty() ? "see: univrs config" : "did you mean " + near + "?", false, line});
        continue;
      }
      std::string fault;
      std::vector<std::string> values = yamlValues(pair.second, *def, fault);
      if (!fault.empty()) {
        faults.push_back({key, fault, {}, false, line});
      } else if (!values.empty()) {
        layer(settings, *def, std::move(values), "file " + path + ":" + std::to_string(line), line, faults);
      }
    }
  } catch (const YAML::Exception& e) {
    faults.push_back({"", e.msg, {}, false, e.mark.line + 1});
  }
}

} // namespace

std::string SettingDef::environment() const {
  std::string name = "UNIVRS_" + key;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
  return name;
}

const std::vector<SettingDef>& settingDefs() {
  using K = SettingKind;
  static const std::vector<SettingDef> kDefs{
      {"data", "--data", K::Text, "", "folder of the node: its state, api.address and api.token", {}},
      {"to", "--to", K::Text, "", "URL of another node, as https://host:8080; a window takes several", {}},
      {"token_file",
       "--token-file",
       K::Text,
       "",
       "file with the node's API token; with several nodes one for all, or one each",
       {}},
      {"ca_file", "--ca-file", K::Text, "", "authorities to check an https node against (PEM)", {}},
      {"insecure", "--insecure", K::Switch, "false", "accept any certificate of an https node", {}},
      {"headless", "--headless", K::Switch, "false", "run without a window", {}},
      {"api", "--api", K::Text, "127.0.0.1:8080", "address to serve the API on; port 0 picks a free one", {}},
      {"api_auth", "--api-auth", K::Text, "token", "who may call the API", {"token", "none"}},
      {"metrics_open", "--metrics-open", K::Switch, "false", "serve /metrics without a token", {}},
      {"tls_cert", "--tls-cert", K::Text, "", "certificate chain of the API (PEM)", {}},
      {"tls_key", "--tls-key", K::Text, "", "private key of the API (PEM)", {}},
      {"runtime", "--runtime", K::Text, "auto", "what runs containers", {"auto", "docker", "oci", "process"}},
      {"engine_socket", "--engine-socket", K::Text, "", "socket of the container engine; empty = look for it", {}},
      {"name", "--name", K::Text, "", "name of this node; empty = the host's", {}},
      {"labels", "--label", K::Pairs, "", "label of this node, KEY=VALUE; may be repeated", {}},
      {"strategy",
       "--strategy",
       K::Text,
       "",
       "how instances are placed unless a workload says; empty = the node's default",
       {}},
      {"stop_workloads", "--stop-workloads", K::Switch, "false", "stop the workloads when the node ends", {}},
      {"restart_grace",
       "--restart-grace",
       K::Number,
       "2",
       "seconds that connections under way get to end when the node restarts in place; new ones wait as long",
       {},
       false,
       0,
       60},
      {"port",
       "--port",
       K::Number,
       "9000",
       "port for other nodes (UDP and TCP); 0 picks a free one",
       {},
       false,
       0,
       65'535},
      {"listen", "--listen", K::Text, "", "IP address to listen on for other nodes; empty = all of this machine's", {}},
      {"connect",
       "--connect",
       K::Text,
       "",
       "multiaddr of a node to stay connected to, with or without its /p2p/ID; may be repeated",
       {}},
      {"bootstrap",
       "--bootstrap",
       K::Switch,
       "false",
       "serve as the node that others of the network find first, and as their relay",
       {}},
      {"join_token",
       "--join",
       K::Text,
       "",
       "join token of the cluster to become a member of, as \"univrs token create\" prints it",
       {},
       true},
      {"join_secret",
       "--join-secret",
       K::Text,
       "",
       "file with a secret that the cluster's nodes share: admits with --bootstrap, joins a --connect otherwise",
       {}},
      {"mdns", "--mdns", K::Text, "on", "find other nodes in the local network by multicast DNS", {"on", "off"}},
      {"log_level",
       "--log-level",
       K::Text,
       "info",
       "least severity that is logged",
       {"debug", "info", "warning", "error"}},
      {"log_json", "--log-json", K::Switch, "false", "log as JSON, one object a line", {}},
  };
  return kDefs;
}

const SettingDef* settingDef(const std::string& key) {
  const auto& defs = settingDefs();
  const auto it = std::find_if(defs.begin(), defs.end(), [&](const SettingDef& d) { return d.key == key; });
  return it == defs.end() ? nullptr : &*it;
}

std::string Settings::text(const std::string& key) const {
  const auto it = m_values.find(key);
  // Of a flag given several times the last one counts.
  return it == m_values.end() || it->second.values.empty() ? std::string() : it->second.values.back();
}

std::vector<std::string> Settings::list(const std::string& key) const {
  std::vector<std::string> values;
  if (const auto it = m_values.find(key); it != m_values.end()) {
    std::copy_if(it->second.values.begin(), it->second.values.end(), std::back_inserter(values),
                 [](const std::string& v) { return !v.empty(); });
  }
  return values;
}

int Settings::number(const std::string& key) const {
  const std::string value = text(key);
  int number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

std::map<std::string, std::string> Settings::pairs(const std::string& key) const {
  std::map<std::string, std::string> out;
  const auto it = m_values.find(key);
  if (it != m_values.end()) {
    for (const std::string& value : it->second.values) {
      const size_t at = value.find('=');
      if (at != std::string::npos) {
        out[value.substr(0, at)] = value.substr(at + 1);
      }
    }
  }
  return out;
}

const std::string& Settings::source(const std::string& key) const {
  static const std::string kNone = "default";
  const auto it = m_values.find(key);
  return it == m_values.end() ? kNone : it->second.source;
}

QJsonObject Settings::toJson() const {
  QJsonObject out;
  for (const SettingDef& def : settingDefs()) {
    QJsonValue value;
    switch (def.kind) {
    case SettingKind::Switch:
      value = on(def.key);
      break;
    case SettingKind::Number:
      value = number(def.key);
      break;
    case SettingKind::Pairs: {
      QJsonObject map;
      for (const auto& [k, v] : pairs(def.key)) {
        map.insert(q(k), q(v));
      }
      value = map;
      break;
    }
    case SettingKind::Text:
      value = def.secret ? QStringLiteral("(hidden)") : q(text(def.key));
      break;
    }
    out.insert(q(def.key),
               QJsonObject{{QStringLiteral("value"), value}, {QStringLiteral("source"), q(source(def.key))}});
  }
  return out;
}

Environment processEnvironment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

std::string defaultConfigFile(const Environment& environment) {
  const auto xdg = environment("XDG_CONFIG_HOME");
  return (xdg && !xdg->empty() ? *xdg : home(environment) + "/.config") + "/univrs/univrs.yaml";
}

std::string defaultDataFolder(const Environment& environment) {
  const auto xdg = environment("XDG_DATA_HOME");
  if (xdg && !xdg->empty()) {
    return *xdg + "/univrs";
  }
#ifndef _WIN32
  if (geteuid() == 0 && QFileInfo(QStringLiteral("/var/lib/univrs")).isDir()) {
    return "/var/lib/univrs";
  }
#endif
  return home(environment) + "/.local/share/univrs";
}

base::Result<Settings> readSettings(const SettingSources& sources) {
  Settings settings;
  std::vector<FieldError> faults;
  for (const SettingDef& def : settingDefs()) {
    settings.set(def.key,
                 {def.kind == SettingKind::Pairs ? std::vector<std::string>{} : std::vector<std::string>{def.fallback},
                  "default"});
  }
  settings.set("data", {{defaultDataFolder(sources.environment)}, "default"});
  std::string path = sources.configFile;
  if (path.empty()) {
    path = sources.environment("UNIVRS_CONFIG").value_or(std::string());
  }
  const bool named = !path.empty();
  if (!named) {
    path = defaultConfigFile(sources.environment);
  }
  readFile(path, named, settings, faults);
  const bool fileFaults = !faults.empty();
  for (const SettingDef& def : settingDefs()) {
    if (const auto value = sources.environment(def.environment()); value && !value->empty()) {
      std::vector<std::string> values;
      if (def.kind == SettingKind::Pairs) { // KEY=VALUE,KEY=VALUE
        for (const QString& part : q(*value).split(QLatin1Char(','), Qt::SkipEmptyParts)) {
          values.push_back(part.trimmed().toStdString());
        }
      } else {
        values.push_back(*value);
      }
      layer(settings, def, std::move(values), "environment " + def.environment(), 0, faults);
    }
    if (const auto it = sources.flags.find(def.key); it != sources.flags.end() && !it->second.empty()) {
      layer(settings, def, it->second, "flag " + def.flag, 0, faults);
    }
  }
  if (!faults.empty()) {
    base::Error error =
        base::makeError(ErrorCode::Validation,
                        fileFaults ? "The configuration in " + path + " is not valid" : "The settings are not valid");
    error.fields = std::move(faults);
    return error;
  }
  return settings;
}

std::string closest(const std::string& text, const std::vector<std::string>& known) {
  std::string best;
  size_t bestDistance = std::max<size_t>(2, text.size() / 3) + 1;
  for (const std::string& word : known) {
    std::vector<size_t> row(word.size() + 1);
    for (size_t j = 0; j <= word.size(); ++j) {
      row[j] = j;
    }
    for (size_t i = 1; i <= text.size() && i <= 64; ++i) {
      size_t diagonal = row[0];
      row[0] = i;
      for (size_t j = 1; j <= word.size(); ++j) {
        const size_t cost = diagonal + (text[i - 1] == word[j - 1] ? 0 : 1);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, cost});
      }
    }
    if (row[word.size()] < bestDistance) {
      bestDistance = row[word.size()];
      best = word;
    }
  }
  return best;
}

std::optional<HostPort> parseHostPort(const std::string& text) {
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos || colon == 0) {
    return std::nullopt;
  }
  HostPort out{text.substr(0, colon), -1};
  const std::string digits = text.substr(colon + 1);
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), out.port);
  if (digits.empty() || fault != std::errc() || end != digits.data() + digits.size() || out.port < 0 ||
      out.port > 65'535) {
    return std::nullopt;
  }
  if (out.host.front() == '[' && out.host.back() == ']') {
    out.host = out.host.substr(1, out.host.size() - 2);
    if (QHostAddress(q(out.host)).protocol() != QAbstractSocket::IPv6Protocol) {
      return std::nullopt;
    }
  } else if (out.host.find(':') != std::string::npos) {
    return std::nullopt;
  }
  return out;
}

bool isLoopbackHost(const std::string& host) {
  return host == "localhost" || QHostAddress(q(host)).isLoopback();
}

} // namespace univrs::cli
