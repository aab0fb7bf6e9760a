// Any text as a manifest, in every format. Beside not crashing: what is accepted is valid, and is the same again after
// it was written as YAML or JSON.
#include "engine/manifest/manifest.h"

#include <QJsonDocument>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

void demand(bool condition, const char* what) {
  if (!condition) {
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace univrs;
  if (size == 0) {
    return 0;
  }
  manifest::Options options;
  options.format = manifest::Format(data[0] % 5);
  options.variables = {{"TAG", "1.25"}, {"EMPTY", ""}};
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto result = manifest::parse(text, options);
  if (!result) {
    demand(!result.error().fields.empty(), "a refused manifest names its faults");
    return 0;
  }
  demand(!result->workloads.empty(), "an accepted manifest has workloads");
  for (const auto& spec : result->workloads) {
    for (const auto& fault : model::validate(spec)) {
      demand(fault.warning, "an accepted spec is valid");
    }
    manifest::Options plain;
    plain.format = manifest::Format::Univrs;
    const auto again = manifest::parse(manifest::toYaml(spec), plain);
    demand(again.ok() && again->workloads.size() == 1 && again->workloads[0] == spec, "YAML gives the spec back");
    const auto json = QJsonDocument(model::toJson(spec)).toJson(QJsonDocument::Compact);
    const auto read = model::workloadSpecFromJson(QJsonDocument::fromJson(json).object());
    demand(read.ok() && *read == spec, "JSON gives the spec back");
    demand(read->templateHash() == spec.templateHash(), "equal specs have equal hashes");
  }
  return 0;
}
