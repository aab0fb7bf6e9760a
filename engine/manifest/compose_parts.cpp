#include "engine/manifest/compose_parts.h"

#include "engine/base/encoding.h"
#include "engine/model/json_text.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace univrs::manifest::compose {

namespace {

constexpr int kMaxRange = 256; // ports in one range

std::optional<int> portNumber(std::string_view text) {
  int n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc() && end == text.data() + text.size() && n >= 1 && n <= 65535 && text.front() != '+'
             ? std::optional<int>(n)
             : std::nullopt;
}

struct Range {
  int first = 0;
  int last = 0;
  [[nodiscard]] int count() const { return last - first + 1; }
};

std::optional<Range> portRange(std::string_view text) {
  const auto dash = text.find('-');
  const auto first = text.empty() ? std::nullopt : portNumber(text.substr(0, dash));
  const auto rest = dash == std::string_view::npos ? std::string_view() : text.substr(dash + 1);
  const auto last = dash == std::string_view::npos ? first : rest.empty() ? std::nullopt : portNumber(rest);
  if (!first || !last || *last < *first) {
    return std::nullopt;
  }
  return Range{*first, *last};
}

std::optional<model::Protocol> protocolOf(std::string_view text) {
  return text == "tcp" || text.empty() ? std::optional(model::Protocol::Tcp)
         : text == "udp"               ? std::optional(model::Protocol::Udp)
                                       : std::nullopt;
}

void notPublished(const std::string& path, model::FaultList& faults) {
  faults.warning(path, "has no port of the host, so it is not published (Compose would pick a free one)",
                 "write HOST:CONTAINER");
}

void appendRange(const Range& container, const std::optional<Range>& host, model::Protocol protocol,
                 const std::string& address, const std::string& path, model::FaultList& faults,
                 std::vector<model::Port>& out) {
  if (container.count() > kMaxRange) {
    faults.error(path, "is a range of more than " + std::to_string(kMaxRange) + " ports");
    return;
  }
  if (host && host->count() != container.count()) {
    faults.error(path, container.count() == 1 ? "asks for any free port of a range, which is not supported"
                                              : "has two ranges of different length");
    return;
  }
  for (int i = 0; i < container.count(); ++i) {
    model::Port p;
    p.containerPort = uint16_t(container.first + i);
    p.protocol = protocol;
    if (host) {
      p.hostPort = uint16_t(host->first + i);
      p.hostAddress = address;
    }
    out.push_back(std::move(p));
  }
}

// [[ADDRESS:]HOST:]CONTAINER[/PROTOCOL]; an IPv6 address stands in brackets.
void readShortPort(const std::string& whole, const std::string& path, model::FaultList& faults,
                   std::vector<model::Port>& out) {
  std::string_view text = whole;
  const auto slash = text.rfind('/');
  const auto protocol = protocolOf(slash == std::string_view::npos ? "tcp" : text.substr(slash + 1));
  text = text.substr(0, slash);
  const auto lastColon = text.rfind(':');
  const auto container = portRange(lastColon == std::string_view::npos ? text : text.substr(lastColon + 1));
  std::optional<Range> host;
  std::string address;
  bool good = protocol && container;
  bool hostGiven = false;
  if (lastColon != std::string_view::npos) {
    std::string_view left = text.substr(0, lastColon);
    const auto split = left.rfind(':');
    if (split != std::string_view::npos) {
      std::string_view ip = left.substr(0, split);
      if (ip.size() > 2 && ip.front() == '[' && ip.back() == ']') {
        ip = ip.substr(1, ip.size() - 2);
      }
      address = std::string(ip);
      left = left.substr(split + 1);
    }
    hostGiven = !left.empty();
    host = portRange(left);
    good = good && (host || !hostGiven);
  }
  if (!good) {
    faults.error(path, "\"" + whole.substr(0, 60) + "\" is not a port",
                 "write HOST:CONTAINER, as \"8080:80\" or \"127.0.0.1:53:53/udp\"");
    return;
  }
  if (!host) {
    notPublished(path, faults);
  }
  appendRange(*container, host, *protocol, address, path, faults, out);
}

} // namespace

std::optional<int64_t> parseDuration(std::string_view text) {
  double total = 0;
  if (text.empty() || text.size() > 40) {
    return std::nullopt;
  }
  while (!text.empty()) {
    double n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n, std::chars_format::fixed);
    if (error != std::errc() || n < 0) {
      return std::nullopt;
    }
    text.remove_prefix(size_t(end - text.data()));
    const size_t unitEnd = std::min(text.find_first_of("0123456789."), text.size());
    const auto unit = text.substr(0, unitEnd);
    const double ms = unit == "ms"                   ? 1
                      : unit == "s"                  ? 1e3
                      : unit == "m"                  ? 6e4
                      : unit == "h"                  ? 3.6e6
                      : unit == "us" || unit == "µs" ? 1e-3
                      : unit == "ns"                 ? 1e-6
                      : unit == "d"                  ? 8.64e7
                                                     : 0;
    if (ms == 0) {
      return std::nullopt;
    }
    total += n * ms;
    text.remove_prefix(unitEnd);
  }
  return total < 1e13 ? std::optional<int64_t>(int64_t(std::llround(total))) : std::nullopt;
}

std::optional<int64_t> parseSize(std::string_view text) {
  std::string lower(text.substr(0, 40));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  const size_t cut = std::min(lower.find_first_not_of("0123456789."), lower.size());
  std::string unit = lower.substr(cut);
  unit.erase(0, unit.find_first_not_of(' ') == std::string::npos ? unit.size() : unit.find_first_not_of(' '));
  if (unit.size() > 1 && unit.back() == 'b') {
    unit.pop_back();
  }
  if (unit.size() > 1 && unit.back() == 'i') {
    unit.pop_back();
  }
  const std::string suffix = unit.empty() || unit == "b" ? ""
                             : unit == "k"               ? "Ki"
                             : unit == "m"               ? "Mi"
                             : unit == "g"               ? "Gi"
                             : unit == "t"               ? "Ti"
                             : unit == "p"               ? "Pi"
                                                         : "?";
  const auto bytes = model::parseByteQuantity(lower.substr(0, cut) + suffix);
  return bytes ? std::optional<int64_t>(*bytes) : std::nullopt;
}

std::optional<int64_t> integerLike(model::FieldReader& r, std::string_view key, int64_t min, int64_t max) {
  const auto v = r.any(key);
  if (!v) {
    return std::nullopt;
  }
  if (v->isString()) {
    const auto text = v->toString().toStdString();
    int64_t n = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
    if (error == std::errc() && end == text.data() + text.size() && n >= min && n <= max) {
      return n;
    }
    r.faults().error(r.pathOf(key), "\"" + text.substr(0, 40) + "\" is not a whole number in " + std::to_string(min) +
                                        "…" + std::to_string(max));
    return std::nullopt;
  }
  return r.integer(key, min, max);
}

std::optional<bool> booleanLike(model::FieldReader& r, std::string_view key) {
  const auto v = r.any(key);
  if (v && v->isString() && (v->toString() == QLatin1String("true") || v->toString() == QLatin1String("false"))) {
    return v->toString() == QLatin1String("true");
  }
  return r.boolean(key);
}

std::optional<std::string> textOf(const QJsonValue& v, const std::string& path, const Source& source) {
  if (v.isString()) {
    return v.toString().toStdString();
  }
  if (v.isBool()) {
    return std::string(v.toBool() ? "true" : "false");
  }
  if (v.isDouble()) {
    if (const auto* written = source.numberText(path)) {
      return *written;
    }
    return QString::number(v.toDouble(), 'g', 15).toStdString();
  }
  return std::nullopt;
}

std::optional<std::string> textLike(model::FieldReader& r, std::string_view key, const Source& source) {
  const auto v = r.any(key);
  if (!v) {
    return std::nullopt;
  }
  auto text = textOf(*v, r.pathOf(key), source);
  return text ? text : r.string(key);
}

std::optional<int64_t> duration(model::FieldReader& r, std::string_view key) {
  const auto text = r.string(key);
  if (!text) {
    return std::nullopt;
  }
  const auto ms = parseDuration(*text);
  if (!ms) {
    r.faults().error(r.pathOf(key), "\"" + text->substr(0, 40) + "\" is not a duration", "as 30s, 1m30s or 500ms");
  }
  return ms;
}

std::optional<int64_t> size(model::FieldReader& r, std::string_view key, const Source& source) {
  const auto text = textLike(r, key, source);
  if (!text) {
    return std::nullopt;
  }
  const auto bytes = parseSize(*text);
  if (!bytes) {
    r.faults().error(r.pathOf(key), "\"" + text->substr(0, 40) + "\" is not a size", "as 512m or 1g");
  }
  return bytes;
}

std::optional<int64_t> cpus(model::FieldReader& r, std::string_view key, const Source& source) {
  const auto text = textLike(r, key, source);
  if (!text) {
    return std::nullopt;
  }
  const bool bare = text->find_first_not_of("0123456789.") == std::string::npos;
  const auto millicores = model::parseCpuQuantity(bare ? std::string_view(*text) : std::string_view("?"));
  if (!millicores) {
    r.faults().error(r.pathOf(key), "\"" + text->substr(0, 40) + "\" is not a number of CPUs down to 0.001", "as 0.5");
    return std::nullopt;
  }
  return *millicores;
}

void readPort(const QJsonValue& v, const std::string& path, const Source& source, model::FaultList& faults,
              std::vector<model::Port>& out) {
  if (!v.isObject()) {
    const auto text = textOf(v, path, source);
    if (!text || v.isBool()) {
      faults.error(path, "is " + std::string(model::jsonTypeName(v)) + ", but a port is wanted");
      return;
    }
    readShortPort(*text, path, faults, out);
    return;
  }
  const QJsonObject json = v.toObject();
  model::FieldReader r(json, path, faults);
  r.require("target");
  const auto target = integerLike(r, "target", 1, 65535);
  const auto published = textLike(r, "published", source);
  const auto protocol = r.word("protocol", {"tcp", "udp"});
  const auto address = r.string("host_ip");
  const auto name = r.string("name");
  if (const auto mode = r.word("mode", {"host", "ingress"}); mode) {
    // Published ports are the node's in either mode.
  }
  if (const auto app = r.string("app_protocol")) {
    faults.warning(r.pathOf("app_protocol"), "is left out");
  }
  r.finish();
  const auto host = published && !published->empty() ? portRange(*published) : std::nullopt;
  if (published && !published->empty() && !host) {
    faults.error(r.pathOf("published"), "\"" + published->substr(0, 40) + "\" is not a port");
    return;
  }
  if (!target) {
    return;
  }
  if (!host) {
    notPublished(path, faults);
  }
  const size_t before = out.size();
  appendRange({int(*target), int(*target)}, host, model::Protocol(protocol.value_or(0)), address.value_or(""), path,
              faults, out);
  if (name && out.size() > before) {
    out.back().name = *name;
  }
}

void readExpose(const QJsonValue& v, const std::string& path, const Source& source, model::FaultList& faults,
                std::vector<model::Port>& out) {
  const auto text = textOf(v, path, source).value_or("");
  const auto slash = text.find('/');
  const auto range = portRange(std::string_view(text).substr(0, slash));
  const auto protocol =
      protocolOf(slash == std::string::npos ? std::string_view("tcp") : std::string_view(text).substr(slash + 1));
  if (!range || !protocol) {
    faults.error(path, "\"" + text.substr(0, 40) + "\" is not a port");
    return;
  }
  std::vector<model::Port> ports;
  appendRange(*range, std::nullopt, *protocol, {}, path, faults, ports);
  for (auto& p : ports) {
    const bool known = std::any_of(out.begin(), out.end(), [&p](const model::Port& o) {
      return o.containerPort == p.containerPort && o.protocol == p.protocol;
    });
    if (!known) {
      out.push_back(std::move(p));
    }
  }
}

namespace {

model::Mount namedVolume(const std::string& name, const std::string& path,
                         const std::map<std::string, std::string>& declared, model::FaultList& faults) {
  model::Mount m;
  m.type = model::MountType::Volume;
  const auto it = declared.find(name);
  if (it == declared.end()) {
    faults.error(path, "volume \"" + name.substr(0, 60) + "\" is not declared", "add it under the top-level volumes:");
  }
  m.source = it == declared.end() ? name : it->second;
  return m;
}

model::Mount anonymousVolume(const std::string& service, const std::string& target, const std::string& path,
                             model::FaultList& faults) {
  model::Mount m;
  m.type = model::MountType::Volume;
  m.source = service + "-" + base::sha256Hex(target).substr(0, 8);
  faults.warning(path, "has no name; it is kept on each node as volume " + m.source);
  return m;
}

std::optional<model::Mount> bindOf(const std::string& source, const std::string& path, model::FaultList& faults) {
  if (source.empty() || source.front() != '/') {
    faults.error(path, "\"" + source.substr(0, 60) + "\" is relative to a folder that the nodes do not have",
                 "write an absolute path that exists on the node, or a named volume");
    return std::nullopt;
  }
  model::Mount m;
  m.type = model::MountType::Bind;
  m.source = source;
  return m;
}

// [SOURCE:]TARGET[:MODE]
std::optional<model::Mount> readShortVolume(const std::string& text, const std::string& path,
                                            const std::string& service,
                                            const std::map<std::string, std::string>& declared,
                                            model::FaultList& faults) {
  std::vector<std::string> parts;
  size_t from = 0;
  while (parts.size() <= 3) {
    const auto colon = text.find(':', from);
    parts.push_back(text.substr(from, colon == std::string::npos ? colon : colon - from));
    if (colon == std::string::npos) {
      break;
    }
    from = colon + 1;
  }
  if (parts.size() > 3 || std::any_of(parts.begin(), parts.end(), [](const std::string& p) { return p.empty(); })) {
    faults.error(path, "\"" + text.substr(0, 60) + "\" is not a volume", "write SOURCE:TARGET or SOURCE:TARGET:ro");
    return std::nullopt;
  }
  std::optional<model::Mount> m;
  const std::string& target = parts.size() == 1 ? parts[0] : parts[1];
  if (parts.size() == 1) {
    m = anonymousVolume(service, target, path, faults);
  } else if (std::string_view("/.~").find(parts[0].front()) != std::string_view::npos) {
    m = bindOf(parts[0], path, faults);
  } else {
    m = namedVolume(parts[0], path, declared, faults);
  }
  if (!m) {
    return std::nullopt;
  }
  m->target = target;
  std::string_view modes = parts.size() == 3 ? std::string_view(parts[2]) : std::string_view();
  while (!modes.empty()) {
    const auto comma = modes.find(',');
    const auto mode = modes.substr(0, comma);
    modes = comma == std::string_view::npos ? std::string_view() : modes.substr(comma + 1);
    if (mode == "ro") {
      m->readOnly = true;
    } else if (mode == "z" || mode == "Z" || mode == "cached" || mode == "delegated" || mode == "consistent" ||
               mode == "nocopy") {
      faults.warning(path, "mode \"" + std::string(mode) + "\" is left out");
    } else if (mode != "rw") {
      faults.error(path, "mode \"" + std::string(mode.substr(0, 40)) + "\" is not supported");
    }
  }
  return m;
}

} // namespace

std::optional<model::Mount> readVolume(const QJsonValue& v, const std::string& path, const std::string& service,
                                       const std::map<std::string, std::string>& declared, const Source& source,
                                       model::FaultList& faults) {
  if (v.isString()) {
    return readShortVolume(v.toString().toStdString(), path, service, declared, faults);
  }
  if (!v.isObject()) {
    faults.error(path, "is " + std::string(model::jsonTypeName(v)) + ", but a volume is wanted");
    return std::nullopt;
  }
  const QJsonObject json = v.toObject();
  model::FieldReader r(json, path, faults);
  r.require("type");
  r.require("target");
  const auto type = r.word("type", {"volume", "bind", "tmpfs"});
  const auto from = r.string("source").value_or("");
  const auto target = r.string("target").value_or("");
  const bool readOnly = booleanLike(r, "read_only").value_or(false);
  int64_t bytes = 0;
  if (const auto bind = r.object("bind")) {
    model::FieldReader b(*bind, r.pathOf("bind"), faults);
    if (booleanLike(b, "create_host_path").value_or(false)) {
      faults.warning(b.pathOf("create_host_path"), "is left out: the folder must exist on the node");
    }
    for (const auto key : {"propagation", "selinux", "recursive"}) {
      if (b.any(key)) {
        faults.error(b.pathOf(key), "is not supported");
      }
    }
    b.finish();
  }
  if (const auto volume = r.object("volume")) {
    model::FieldReader b(*volume, r.pathOf("volume"), faults);
    if (booleanLike(b, "nocopy").value_or(false)) {
      faults.warning(b.pathOf("nocopy"), "is left out");
    }
    if (b.any("subpath")) {
      faults.error(b.pathOf("subpath"), "is not supported");
    }
    b.finish();
  }
  if (const auto tmpfs = r.object("tmpfs")) {
    model::FieldReader b(*tmpfs, r.pathOf("tmpfs"), faults);
    bytes = size(b, "size", source).value_or(0);
    if (b.any("mode")) {
      faults.warning(b.pathOf("mode"), "is left out");
    }
    b.finish();
  }
  if (r.any("consistency")) {
    faults.warning(r.pathOf("consistency"), "is left out");
  }
  r.finish();
  if (!type) {
    return std::nullopt;
  }
  std::optional<model::Mount> m;
  if (*type == 0) {
    m = from.empty() ? anonymousVolume(service, target, path, faults)
                     : namedVolume(from, r.pathOf("source"), declared, faults);
  } else if (*type == 1) {
    m = bindOf(from, r.pathOf("source"), faults);
  } else {
    m.emplace();
    m->type = model::MountType::Tmpfs;
    m->sizeBytes = bytes;
    if (!from.empty()) {
      faults.error(r.pathOf("source"), "has no place with type tmpfs");
    }
  }
  if (m) {
    m->target = target;
    m->readOnly = readOnly;
  }
  return m;
}

std::vector<std::pair<std::string, std::optional<std::string>>>
readPairs(const QJsonValue& v, const std::string& path, const Source& source, model::FaultList& faults) {
  std::vector<std::pair<std::string, std::optional<std::string>>> out;
  if (v.isObject()) {
    const QJsonObject json = v.toObject();
    for (auto it = json.begin(); it != json.end(); ++it) {
      const auto key = it.key().toStdString();
      const auto here = model::joinPath(path, key);
      const QJsonValue item = it.value();
      const auto text = textOf(item, here, source);
      if (!text && !item.isNull()) {
        faults.error(here, "is " + std::string(model::jsonTypeName(item)) + ", but a string is wanted");
        continue;
      }
      out.emplace_back(key, text);
    }
  } else if (v.isArray()) {
    const QJsonArray list = v.toArray();
    for (qsizetype i = 0; i < list.size(); ++i) {
      const auto here = path + "[" + std::to_string(i) + "]";
      const auto text = textOf(list.at(i), here, source);
      if (!text) {
        faults.error(here, "is " + std::string(model::jsonTypeName(list.at(i))) + ", but NAME=VALUE is wanted");
        continue;
      }
      const auto equals = text->find('=');
      out.emplace_back(text->substr(0, equals),
                       equals == std::string::npos ? std::nullopt : std::optional(text->substr(equals + 1)));
    }
  } else {
    faults.error(path, "is " + std::string(model::jsonTypeName(v)) + ", but a map or a list of NAME=VALUE is wanted");
  }
  return out;
}

} // namespace univrs::manifest::compose
