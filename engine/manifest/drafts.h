// What the readers of the formats hand over: specs, and where in the source document each part of them came from, so
// that a fault found by model::validate() is reported where the person wrote it.
#pragma once

#include "engine/manifest/manifest.h"
#include "engine/manifest/source.h"
#include "engine/model/fields.h"
#include "engine/model/workload.h"

#include <string>
#include <vector>

namespace univrs::manifest {

struct Origin {
  std::string spec;       // path in the spec: "containers[0].ports[1]"
  std::string source;     // path in the document: "services.web.ports[0]"
  bool sameBelow = false; // paths below it are named alike in both
};

struct Draft {
  model::WorkloadSpec spec;
  std::string path; // of the object it was read from
  std::vector<Origin> origins;

  void from(std::string specPath, std::string sourcePath, bool sameBelow = false) {
    origins.push_back({std::move(specPath), std::move(sourcePath), sameBelow});
  }
  // The source path for a path in the spec: by the longest origin that leads there.
  [[nodiscard]] std::string sourceOf(const std::string& specPath) const;
};

// One object of Univrs JSON into drafts: a spec, the short form, or {workloads: […]}.
void readUnivrsObject(const QJsonObject& json, const std::string& path, model::FaultList& faults,
                      std::vector<Draft>& drafts);
void readUnivrs(const Source& source, model::FaultList& faults, std::vector<Draft>& drafts);
void readCompose(const Source& source, const Options& options, model::FaultList& faults, std::vector<Draft>& drafts);
void readKubernetes(const Source& source, model::FaultList& faults, std::vector<Draft>& drafts);

} // namespace univrs::manifest
