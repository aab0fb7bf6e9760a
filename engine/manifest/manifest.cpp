#include "engine/manifest/manifest.h"

#include "engine/base/encoding.h"
#include "engine/base/limits.h"
#include "engine/manifest/drafts.h"
#include "engine/model/json_text.h"
#include "engine/model/names.h"

#include <algorithm>
#include <array>
#include <map>

namespace univrs::manifest {

namespace {

constexpr std::array<std::string_view, 5> kFormats{"auto", "univrs", "compose", "kubernetes", "image"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// One word that is an image reference and cannot be a mapping or a list.
bool isImageText(std::string_view text) {
  return !text.empty() && text.size() <= 512 && text.find_first_of(" \t\r\n{}\"'#") == std::string_view::npos &&
         text.back() != ':' && model::parseImageReference(text).ok();
}

Format detect(const Source& source, const Options& options) {
  bool compose = false;
  for (const auto& d : source.documents()) {
    const QJsonObject o = d.value.toObject();
    if (o.contains(QStringLiteral("apiVersion")) || o.contains(QStringLiteral("kind"))) {
      return Format::Kubernetes;
    }
    compose = compose || o.contains(QStringLiteral("services"));
  }
  if (compose) {
    return Format::Compose;
  }
  const bool named = options.fileName.find("compose") != std::string::npos;
  const bool odd = std::none_of(source.documents().begin(), source.documents().end(), [](const SourceDocument& d) {
    const QJsonObject o = d.value.toObject();
    return d.value.isArray() || o.contains(QStringLiteral("name")) || o.contains(QStringLiteral("workloads"));
  });
  return named && odd ? Format::Compose : Format::Univrs;
}

void readImage(std::string_view text, model::FaultList& faults, std::vector<Draft>& drafts) {
  const auto ref = model::parseImageReference(text);
  if (!ref) {
    faults.error("", ref.error().what + ": " + ref.error().why, ref.error().hint);
    return;
  }
  Draft d;
  const auto& repository = ref->repository;
  d.spec.name = model::toDnsLabel(repository.substr(repository.rfind('/') + 1));
  model::Container c;
  c.name = d.spec.name;
  c.image = std::string(text);
  d.spec.containers.push_back(std::move(c));
  d.from("", "");
  drafts.push_back(std::move(d));
}

bool onSamePath(const std::string& a, const std::string& b) {
  const auto& shorter = a.size() < b.size() ? a : b;
  const auto& longer = a.size() < b.size() ? b : a;
  return longer.compare(0, shorter.size(), shorter) == 0 &&
         (longer.size() == shorter.size() || shorter.empty() || longer[shorter.size()] == '.' ||
          longer[shorter.size()] == '[');
}

// The rules that hold for every format, reported where the person wrote what breaks them.
void check(const std::vector<Draft>& drafts, model::FaultList& faults) {
  const auto found =
      faults.all(); // by reading: what could not be read keeps a default that validate() may refuse again
  std::map<std::string, std::string> names;
  for (const auto& d : drafts) {
    for (const auto& f : model::validate(d.spec)) {
      const auto path = d.sourceOf(f.path);
      const bool known = std::any_of(found.begin(), found.end(), [&](const base::FieldError& e) {
        return !e.warning && !e.path.empty() && onSamePath(e.path, path);
      });
      if (known) {
        continue;
      }
      f.warning ? faults.warning(path, f.message, f.hint) : faults.error(path, f.message, f.hint);
    }
    if (!d.spec.name.empty()) {
      const auto path = d.sourceOf("name");
      if (const auto [it, fresh] = names.emplace(d.spec.name, path); !fresh) {
        faults.error(path, "there is already a workload \"" + d.spec.name + "\" in this manifest", "at " + it->second);
      }
    }
  }
}

base::Result<Manifest> conclude(Format format, std::vector<Draft> drafts, model::FaultList& faults,
                                const Source* source) {
  if (drafts.size() > size_t(base::limits::kMaxWorkloadsPerManifest)) {
    faults.error("", "has more than " + std::to_string(base::limits::kMaxWorkloadsPerManifest) + " workloads");
  } else {
    check(drafts, faults);
  }
  if (drafts.empty() && !faults.hasErrors()) {
    faults.error("", "has no workload in it");
  }
  auto list = faults.all();
  if (source != nullptr) {
    for (auto& f : list) {
      f.line = source->lineOf(f.path);
    }
  }
  if (faults.hasErrors()) {
    auto error = faults.toError("the manifest was not understood");
    error.fields = std::move(list);
    return error;
  }
  Manifest out;
  out.format = format;
  for (auto& d : drafts) {
    out.workloads.push_back(std::move(d.spec));
  }
  out.warnings = std::move(list);
  return out;
}

} // namespace

std::string_view name(Format f) {
  return size_t(f) < kFormats.size() ? kFormats[size_t(f)] : std::string_view("unknown");
}

std::optional<Format> formatFromName(std::string_view text) {
  const auto it = std::find(kFormats.begin(), kFormats.end(), text);
  return it == kFormats.end() ? std::nullopt : std::optional<Format>(Format(it - kFormats.begin()));
}

base::Result<Manifest> parse(std::string_view text, const Options& options) {
  model::FaultList faults;
  std::vector<Draft> drafts;
  const auto bare = trimmed(text);
  if (bare.empty()) {
    faults.error("", "is empty", "give a manifest or an image reference");
    return faults.toError("the manifest was not understood");
  }
  if (options.format == Format::Image || (options.format == Format::Auto && isImageText(bare))) {
    readImage(bare, faults, drafts);
    return conclude(Format::Image, std::move(drafts), faults, nullptr);
  }
  Source source;
  const bool readable = source.load(text, faults);
  const Format format = options.format == Format::Auto ? detect(source, options) : options.format;
  if (!readable) {
    return conclude(format, {}, faults, &source);
  }
  switch (format) {
  case Format::Compose:
    readCompose(source, options, faults, drafts);
    break;
  case Format::Kubernetes:
    readKubernetes(source, faults, drafts);
    break;
  default:
    readUnivrs(source, faults, drafts);
    break;
  }
  return conclude(format, std::move(drafts), faults, &source);
}

base::Result<Manifest> parseJson(const QJsonObject& body) {
  model::FaultList faults;
  std::vector<Draft> drafts;
  readUnivrsObject(body, {}, faults, drafts);
  return conclude(Format::Univrs, std::move(drafts), faults, nullptr);
}

} // namespace univrs::manifest
