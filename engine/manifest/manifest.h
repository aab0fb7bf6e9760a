// From what a person has to what the engine understands: Univrs YAML/JSON, Compose files, Kubernetes YAML, an image
// reference, the short REST form. Nothing is ignored silently: what is not supported is an error when leaving it out
// would change the meaning, else a warning. docs/manifests.md has the table.
#pragma once

#include "engine/base/result.h"
#include "engine/model/workload.h"

#include <QJsonObject>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::manifest {

enum class Format { Auto, Univrs, Compose, Kubernetes, Image };
std::string_view name(Format f); // "auto", "univrs", "compose", "kubernetes", "image"
std::optional<Format> formatFromName(std::string_view text);

struct Options {
  Format format = Format::Auto;
  std::string fileName;                         // a hint for names and formats; never opened
  std::map<std::string, std::string> variables; // for Compose's ${NAME}; nothing else is substituted
};

struct Manifest {
  Format format = Format::Univrs; // what it was understood as
  std::vector<model::WorkloadSpec> workloads;
  std::vector<base::FieldError> warnings; // paths lead into the source document
};

// Parses and validates. All faults at once, each with its path in the source document and, for YAML, its line. Text is
// at most limits::kMaxManifestBytes; YAML aliases are expanded within bounds (no billion laughs). Never throws.
base::Result<Manifest> parse(std::string_view text, const Options& options = {});

// The body of POST /api/workloads: the originals' full form or the seed's short one {"name","image","replicas"}.
base::Result<Manifest> parseJson(const QJsonObject& body);

// The spec as Univrs YAML, for "edit" and "export"; parse(toYaml(s)) gives s back.
std::string toYaml(const model::WorkloadSpec& spec);
std::string toYaml(const QJsonObject& json);

} // namespace univrs::manifest
