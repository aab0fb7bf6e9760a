// The pieces of a Kubernetes manifest: objects found in the file, and the reading of pods and containers.
#pragma once

#include "engine/manifest/drafts.h"

#include <QJsonObject>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace univrs::manifest::kubernetes {

// One object of the file (items of a List each by themselves).
struct Object {
  std::string kind;
  std::string apiVersion;
  std::string name;
  std::string path;
  QJsonObject json;
};

// ConfigMap and Secret data by object name.
using KeyValues = std::map<std::string, std::map<std::string, std::string>>;
struct Data {
  KeyValues configMaps;
  KeyValues secrets;
  // Bytes of environment made so far out of the above: a small file must not grow into gigabytes.
  static constexpr size_t kMaxExpandedBytes = 16u << 20;
  mutable size_t expandedBytes = 0;
};

// Reads a pod's spec into the draft (containers and everything that belongs to an instance). `podLabels` are the pod's
// own.
void readPodSpec(const QJsonObject& json, const std::string& path, const std::map<std::string, std::string>& podLabels,
                 const Data& data, model::FaultList& faults, Draft& draft);
model::Container readContainer(const QJsonObject& json, const std::string& path, const std::string& specPath,
                               const Data& data, const std::map<std::string, QJsonObject>& volumes,
                               model::FaultList& faults, Draft& draft);
// nodeSelector, nodeName, affinity, tolerations, topologySpreadConstraints.
void readPlacement(model::FieldReader& pod, const std::map<std::string, std::string>& podLabels,
                   model::FaultList& faults, Draft& draft);

// Notes each of `keys` that is there and not empty, as an error or a warning.
struct KeyNote {
  std::string_view key;
  std::string_view why;
};
void refuse(model::FieldReader& r, const std::vector<KeyNote>& keys);
void leaveOut(model::FieldReader& r, const std::vector<KeyNote>& keys);

// {matchLabels, matchExpressions (In with one value)} as labels; nothing, with a fault, when it says more.
std::optional<std::map<std::string, std::string>> simpleSelector(const QJsonObject& json, const std::string& path,
                                                                 model::FaultList& faults);
bool selects(const std::map<std::string, std::string>& selector, const std::map<std::string, std::string>& labels);

} // namespace univrs::manifest::kubernetes
