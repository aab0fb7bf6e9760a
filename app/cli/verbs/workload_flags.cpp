#include "app/cli/verbs/workload_flags.h"

#include "engine/base/limits.h"
#include "engine/manifest/manifest.h"
#include "engine/model/names.h"

#include <QFile>
#include <QFileInfo>

#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace univrs::cli {

using base::ErrorCode;
using base::makeError;

namespace {

std::optional<uint16_t> portNumber(std::string_view text) {
  unsigned value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || value < 1 || value > 65'535) {
    return std::nullopt;
  }
  return uint16_t(value);
}

// A source that is a path rather than an image: it says so, or it is there.
bool looksLikeFile(const std::string& source) {
  const auto endsWith = [&](std::string_view end) {
    return source.size() >= end.size() && source.compare(source.size() - end.size(), end.size(), end) == 0;
  };
  return source == "-" || source.front() == '/' || source.rfind("./", 0) == 0 || source.rfind("../", 0) == 0 ||
         endsWith(".yaml") || endsWith(".yml") || endsWith(".json") ||
         QFileInfo(QString::fromStdString(source)).isFile();
}

} // namespace

bool WorkloadFlags::any() const {
  return !name.empty() || replicas >= 0 || !ports.empty() || !env.empty() || !labels.empty() || !cpu.empty() ||
         !memory.empty();
}

void addWorkloadFlags(CLI::App* verb, const std::shared_ptr<WorkloadFlags>& flags) {
  verb->add_option("source", flags->source,
                   "manifest file (Univrs, Compose, Kubernetes), an image, or - for standard input")
      ->required()
      ->type_name("FILE|IMAGE|-");
  verb->add_option("--name", flags->name, "name of the workload");
  verb->add_option("-r,--replicas", flags->replicas, "how many instances")
      ->check(CLI::Range(0, base::limits::kMaxReplicas));
  verb->add_option("-p,--publish", flags->ports, "[ADDRESS:]HOST:CONTAINER[/udp]; may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("-e,--env", flags->env, "KEY=VALUE; may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("-l,--label", flags->labels, "KEY=VALUE; may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--cpu", flags->cpu, "CPU of one instance, as 0.5 or 500m");
  verb->add_option("--memory", flags->memory, "memory of one instance, as 256Mi or 1G");
  verb->add_option("--command", flags->command, "a word of the command an image runs; may be repeated")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  verb->add_option("--node", flags->node, "run it on this node only");
  verb->add_option("--format", flags->format, "what the manifest is")
      ->check(CLI::IsMember({"auto", "univrs", "compose", "kubernetes", "image"}));
}

base::Result<model::Port> parsePort(const std::string& text) {
  const auto bad = [&] {
    return makeError(ErrorCode::Validation, "-p " + text + " was not understood", {},
                     "Write HOST:CONTAINER, as 8080:80");
  };
  model::Port port;
  std::string rest = text;
  if (const size_t slash = rest.rfind('/'); slash != std::string::npos) {
    const std::string protocol = rest.substr(slash + 1);
    if (protocol != "tcp" && protocol != "udp") {
      return bad();
    }
    port.protocol = protocol == "udp" ? model::Protocol::Udp : model::Protocol::Tcp;
    rest.resize(slash);
  }
  const size_t last = rest.rfind(':');
  const auto container = portNumber(last == std::string::npos ? rest : std::string_view(rest).substr(last + 1));
  if (!container) {
    return bad();
  }
  port.containerPort = *container;
  if (last == std::string::npos) {
    return port;
  }
  rest.resize(last);
  const size_t before = rest.rfind(':');
  const auto host = portNumber(before == std::string::npos ? rest : std::string_view(rest).substr(before + 1));
  if (!host) {
    return bad();
  }
  port.hostPort = *host;
  if (before != std::string::npos) {
    port.hostAddress = rest.substr(0, before);
    if (port.hostAddress.size() > 2 && port.hostAddress.front() == '[' && port.hostAddress.back() == ']') {
      port.hostAddress = port.hostAddress.substr(1, port.hostAddress.size() - 2);
    }
  }
  return port;
}

base::Result<std::pair<std::string, std::string>> parsePair(const std::string& text, bool fromEnvironment) {
  const size_t at = text.find('=');
  if (at != std::string::npos && at > 0) {
    return std::pair(text.substr(0, at), text.substr(at + 1));
  }
  if (at == std::string::npos && fromEnvironment && !text.empty()) {
    if (const char* value = std::getenv(text.c_str())) {
      return std::pair(text, std::string(value));
    }
    return makeError(ErrorCode::Validation, "-e " + text + " has no value", "the environment has no " + text,
                     "Write -e " + text + "=VALUE");
  }
  return makeError(ErrorCode::Validation, "\"" + text + "\" was not understood", {}, "Write KEY=VALUE");
}

base::Result<void> applyFlags(const WorkloadFlags& flags, model::WorkloadSpec& spec) {
  if (!flags.name.empty()) {
    spec.name = flags.name;
  }
  if (flags.replicas >= 0) {
    spec.replicas = flags.replicas;
  }
  for (const std::string& text : flags.labels) {
    auto pair = parsePair(text, false);
    if (!pair) {
      return pair.error();
    }
    spec.labels[pair->first] = pair->second;
  }
  if (spec.containers.empty()) {
    return {};
  }
  model::Container& container = spec.containers.front();
  for (const std::string& text : flags.ports) {
    auto port = parsePort(text);
    if (!port) {
      return port.error();
    }
    container.ports.push_back(std::move(port).value());
  }
  for (const std::string& text : flags.env) {
    auto pair = parsePair(text, true);
    if (!pair) {
      return pair.error();
    }
    container.env[pair->first] = pair->second;
  }
  if (!flags.command.empty()) {
    container.command = flags.command;
  }
  if (!flags.cpu.empty()) {
    auto cpu = model::parseCpuQuantity(flags.cpu);
    if (!cpu) {
      return cpu.error();
    }
    container.requests.cpuMillicores = cpu.value();
    container.limits.cpuMillicores = cpu.value();
  }
  if (!flags.memory.empty()) {
    auto memory = model::parseByteQuantity(flags.memory);
    if (!memory) {
      return memory.error();
    }
    container.requests.memoryBytes = memory.value();
    container.limits.memoryBytes = memory.value();
  }
  if (!flags.node.empty()) {
    spec.placement.node = model::NodeId(flags.node);
  }
  return {};
}

base::Result<std::string> readSource(const std::string& source) {
  QFile file;
  bool open = false;
  if (source == "-") {
    open = file.open(stdin, QIODevice::ReadOnly);
  } else {
    file.setFileName(QString::fromStdString(source));
    open = file.open(QIODevice::ReadOnly);
  }
  const std::string shown = source == "-" ? "standard input" : source;
  if (!open) {
    return makeError(file.exists() ? ErrorCode::Forbidden : ErrorCode::NotFound, shown + " was not read",
                     file.errorString().toStdString());
  }
  std::string text;
  while (text.size() <= base::limits::kMaxManifestBytes) {
    const QByteArray part = file.read(64 * 1024);
    if (part.isEmpty()) {
      break;
    }
    text.append(part.constData(), size_t(part.size()));
  }
  if (text.size() > base::limits::kMaxManifestBytes) {
    return makeError(ErrorCode::TooLarge, shown + " is too large for a manifest",
                     "more than " + std::to_string(base::limits::kMaxManifestBytes >> 20) + " MiB");
  }
  return text;
}

base::Result<DeployArgs> deployArgs(const WorkloadFlags& flags) {
  DeployArgs out;
  const auto q = [](const std::string& text) { return QString::fromStdString(text); };
  if (flags.source.empty()) {
    return makeError(ErrorCode::Validation, "Nothing was named to deploy", {},
                     "Give a file, an image, or - for standard input");
  }
  if (flags.format != "image" && looksLikeFile(flags.source)) {
    auto text = readSource(flags.source);
    if (!text) {
      return text.error();
    }
    out.file = flags.source == "-" ? "stdin" : flags.source;
    const std::string baseName = QFileInfo(q(out.file)).fileName().toStdString();
    if (!flags.any() && flags.command.empty()) {
      out.args = {{QStringLiteral("manifest"), q(text.value())},
                  {QStringLiteral("file_name"), q(baseName)},
                  {QStringLiteral("format"), q(flags.format)}};
      if (!flags.node.empty()) {
        out.args.insert(QStringLiteral("pin_node"), q(flags.node));
      }
      return out;
    }
    auto manifest = manifest::parse(
        text.value(), {manifest::formatFromName(flags.format).value_or(manifest::Format::Auto), baseName, {}});
    if (!manifest) {
      return manifest.error();
    }
    if (manifest->workloads.size() != 1) {
      return makeError(ErrorCode::Validation, "The flags fit one workload only",
                       out.file + " has " + std::to_string(manifest->workloads.size()),
                       "Change the file, or leave the flags out");
    }
    model::WorkloadSpec spec = manifest->workloads.front();
    if (auto applied = applyFlags(flags, spec); !applied) {
      return applied.error();
    }
    out.args = {{QStringLiteral("workload"), model::toJson(spec)}};
    return out;
  }
  auto image = model::parseImageReference(flags.source);
  if (!image && flags.source.rfind("host:", 0) != 0) { // the process runtime's form
    base::Error error = image.error();
    if (error.hint.empty()) {
      error.hint = "Give a file, an image as nginx:1.25, or - for standard input";
    }
    return error;
  }
  model::WorkloadSpec spec;
  const std::string repository = image ? image->repository : std::string("workload");
  const size_t slash = repository.rfind('/');
  spec.name = model::toDnsLabel(slash == std::string::npos ? repository : repository.substr(slash + 1));
  model::Container container;
  container.image = flags.source;
  spec.containers.push_back(std::move(container));
  if (auto applied = applyFlags(flags, spec); !applied) {
    return applied.error();
  }
  spec.containers.front().name = spec.name;
  out.args = {{QStringLiteral("workload"), model::toJson(spec)}};
  return out;
}

} // namespace univrs::cli
