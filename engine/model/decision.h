// Why an instance was placed where it was, or nowhere: for every node either the filter that refused it, with the
// numbers, or its score part by part. Nodes with the same verdict share it.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/result.h"
#include "engine/model/ids.h"

#include <QJsonObject>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace univrs::model {

struct ScorePart {
  std::string name; // "binpack", "balance", "preference", …
  double value = 0; // 0…1
  double weight = 0;
  bool operator==(const ScorePart&) const = default;
};

struct NodeVerdict {
  NodeId nodeId;
  std::string nodeName;
  bool fits = false;
  std::string filter; // the filter that refused: "memory", "cordon", …; empty when it fits
  std::string reason; // "memory 212 MiB free, 256 MiB asked"
  double score = 0;   // 0…1
  std::vector<ScorePart> parts;
  bool operator==(const NodeVerdict&) const = default;
};

struct Decision {
  std::string id;
  base::Timestamp time;
  std::string trigger; // "deploy", "scale", "update", "replace", "plan"
  WorkloadId workloadId;
  std::string workloadName;
  InstanceId instanceId; // empty in a dry run
  std::string strategy;
  std::optional<NodeId> chosen;
  std::string chosenName;
  std::string summary; // "placed on aws-1 (0.82); 2 of 3 nodes fit" | "no node fits: 2 lack memory, 1 is cordoned"
  int nodesTotal = 0;
  int nodesFit = 0;
  std::vector<NodeVerdict> nodes; // every node, chosen first, then by score, then refused ones by name
  bool operator==(const Decision&) const = default;
};

// `limit` bounds nodes[] in the output (0 = all); nodes_total always tells.
QJsonObject toJson(const Decision& decision, int limit = 0);
base::Result<Decision> decisionFromJson(const QJsonObject& json);

} // namespace univrs::model
