#include "plugins/runtime-process/process_request.h"

#include "engine/base/encoding.h"
#include "engine/base/random.h"

#include <charconv>
#include <grp.h>
#include <pwd.h>
#include <set>
#include <unistd.h>

namespace univrs::runtime_process {

using base::ErrorCode;
using base::makeError;

namespace {

constexpr int64_t kDefaultPids = 4'096; // as engines have one, against fork bombs
constexpr const char* kDefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
constexpr size_t kMaxArgumentBytes = 1u << 20; // command and environment together, each below the kernel's limit

std::optional<uint32_t> number(const std::string& text) {
  uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

struct Person {
  uint32_t uid = 0;
  uint32_t gid = 0;
  std::vector<uint32_t> groups;
  std::string home = "/";
};

std::optional<Person> lookUp(const std::string& name, std::optional<uint32_t> uid) {
  std::vector<char> buffer(16 * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (uid) {
    ::getpwuid_r(*uid, &entry, buffer.data(), buffer.size(), &found);
  } else {
    ::getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  }
  if (found == nullptr) {
    return std::nullopt;
  }
  Person person{found->pw_uid, found->pw_gid, {}, found->pw_dir};
  int count = 256;
  std::vector<gid_t> groups(static_cast<size_t>(count));
  if (::getgrouplist(found->pw_name, found->pw_gid, groups.data(), &count) >= 0) {
    groups.resize(static_cast<size_t>(count));
    person.groups.assign(groups.begin(), groups.end());
  }
  return person;
}

// "name", "uid", "name:group", "uid:gid".
base::Result<Person> personOf(const std::string& user) {
  const size_t colon = user.find(':');
  const std::string who = user.substr(0, colon);
  const std::optional<uint32_t> uid = number(who);
  std::optional<Person> person = lookUp(who, uid);
  if (!person) {
    if (!uid) {
      return makeError(ErrorCode::Validation, "there is no user " + who + " on this node", {},
                       "create it or use a number");
    }
    person = Person{*uid, *uid, {}, "/"};
  }
  if (colon != std::string::npos) {
    const std::string group = user.substr(colon + 1);
    std::optional<uint32_t> gid = number(group);
    if (!gid) {
      std::vector<char> buffer(16 * 1024);
      struct group entry {};
      struct group* found = nullptr;
      ::getgrnam_r(group.c_str(), &entry, buffer.data(), buffer.size(), &found);
      if (found == nullptr) {
        return makeError(ErrorCode::Validation, "there is no group " + group + " on this node");
      }
      gid = found->gr_gid;
    }
    person->gid = *gid;
    person->groups = {*gid};
  }
  return *person;
}

base::Result<void> checkSupported(const agent::ContainerRequest& request) {
  const auto unsupported = [](std::string why) {
    return makeError(ErrorCode::Unsupported, "a plain process cannot run this", std::move(why),
                     "run it with a container engine (docker or oci runtime)");
  };
  const model::Container& container = request.container;
  if (!container.mounts.empty()) {
    return unsupported("it has mounts");
  }
  if (container.readOnly) {
    return unsupported("its root file system is to be read-only");
  }
  if (request.network == model::NetworkMode::None) {
    return unsupported("it is to have no network");
  }
  if (!request.joinNetworkOf.empty() && !request.ports.empty()) {
    return makeError(ErrorCode::Validation, "a container that shares another's network has no ports of its own");
  }
  size_t bytes = 0;
  for (const auto* words : {&container.command, &container.args}) {
    for (const std::string& word : *words) {
      bytes += word.size() + 1;
      if (word.find('\0') != std::string::npos) {
        return makeError(ErrorCode::Validation, "the command holds a NUL character");
      }
    }
  }
  for (const auto& [name, value] : container.env) {
    bytes += name.size() + value.size() + 2;
    if (!model::isEnvName(name) || value.find('\0') != std::string::npos) {
      return makeError(ErrorCode::Validation, "the environment variable \"" + name + "\" is not allowed",
                       "names hold no '=' and no NUL, values no NUL");
    }
  }
  if (bytes > kMaxArgumentBytes) {
    return makeError(ErrorCode::TooLarge, "command and environment are larger than 1 MiB");
  }
  if (container.command.empty() && container.args.empty()) {
    return makeError(ErrorCode::Validation, "there is no command", "an image of host: has none of its own",
                     "name the program in `command`");
  }
  return {};
}

base::Result<void> givePorts(const agent::ContainerRequest& request, PrepareContext& context, ContainerConfig& config) {
  for (const agent::PortRequest& wish : request.ports) {
    uint16_t port = wish.containerPort;
    if (request.network == model::NetworkMode::Bridge) {
      const std::optional<uint16_t> picked = context.ports.pick(wish.protocol, context.portsTaken);
      if (!picked) {
        return makeError(ErrorCode::Unavailable,
                         "no free port was found for port " + std::to_string(wish.containerPort));
      }
      port = *picked;
      context.portsTaken.push_back(port);
    }
    config.endpoints.push_back({wish.containerPort, wish.protocol, "127.0.0.1", port});
    config.portEnv.emplace("PORT", std::to_string(port)); // the first one
    config.portEnv.emplace("PORT_" + std::to_string(wish.containerPort), std::to_string(port));
  }
  return {};
}

} // namespace

base::Result<PreparedContainer> prepareContainer(const agent::ContainerRequest& request, PrepareContext& context) {
  if (const auto supported = checkSupported(request); !supported) {
    return supported.error();
  }
  const model::Container& container = request.container;
  PreparedContainer prepared;
  ContainerConfig& config = prepared.config;
  Launch& launch = prepared.launch;

  uint8_t raw[16];
  base::SystemRandom().fill(raw);
  config.id = base::hex(raw);
  config.name = request.name;
  config.labels = request.labels;
  config.command = container.command;
  config.command.insert(config.command.end(), container.args.begin(), container.args.end());
  config.createdAtMs = wallClockMs();
  if (const auto given = givePorts(request, context, config); !given) {
    return given.error();
  }

  launch.id = config.id;
  launch.command = config.command;
  launch.logMaxBytes = context.logMaxBytes;
  std::string home;
  if (!container.user.empty()) {
    const base::Result<Person> person = personOf(container.user);
    if (!person) {
      return person.error();
    }
    home = person->home;
    if (::geteuid() == 0) {
      launch.uid = person->uid;
      launch.gid = person->gid;
      launch.groups = person->groups;
    } else if (person->uid != ::geteuid() || person->gid != ::getegid()) {
      return makeError(ErrorCode::Unsupported, "this node cannot run a process as " + container.user,
                       "only root may change users", "run the node as root, or leave `user` out");
    }
  } else if (const std::optional<Person> self = lookUp({}, ::geteuid())) {
    home = self->home;
  }
  if (!container.workingDir.empty()) {
    if (container.workingDir.front() != '/' || container.workingDir.find('\0') != std::string::npos) {
      return makeError(ErrorCode::Validation, "working_dir must be an absolute path");
    }
    launch.workingDir = container.workingDir;
  }

  std::map<std::string, std::string> env{
      {"PATH", kDefaultPath}, {"HOME", home.empty() ? "/" : home}, {"LANG", "C.UTF-8"}};
  if (!request.hostName.empty()) {
    env["HOSTNAME"] = request.hostName;
  }
  for (const auto& [name, value] : container.env) {
    env[name] = value;
  }
  if (request.network == model::NetworkMode::Bridge) {
    for (const auto& [name, value] : context.joinedPortEnv) {
      env[name] = value;
    }
    for (const auto& [name, value] : config.portEnv) {
      env[name] = value; // over the spec's: it must listen where it is looked for
    }
  } else {
    env.insert(config.portEnv.begin(), config.portEnv.end());
  }
  for (const auto& [name, value] : env) {
    launch.env.push_back(name + "=" + value);
  }

  launch.limits.cpuMillicores = container.limits.cpuMillicores;
  launch.limits.memoryBytes = container.limits.memoryBytes;
  const auto pids = container.limits.extended.find("pids");
  launch.limits.pids = pids != container.limits.extended.end() && pids->second > 0 ? pids->second : kDefaultPids;
  config.memoryLimitBytes = container.limits.memoryBytes;
  return prepared;
}

} // namespace univrs::runtime_process
