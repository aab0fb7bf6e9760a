// A machine of the cluster, as everyone sees it: identity, what it has, what is used, whether it takes work.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/ids.h"
#include "engine/model/resources.h"
#include "engine/model/workload.h"

#include <QJsonObject>

#include <map>
#include <string>
#include <vector>

namespace univrs::model {

enum class NodeStatus { Ready, NotReady, Down, Unknown };
std::string_view name(NodeStatus s); // "ready", "not_ready", "down", "unknown"

struct Taint {
  std::string key;
  std::string value;
  TaintEffect effect = TaintEffect::NoSchedule;
  bool operator==(const Taint&) const = default;
};

struct EngineInfo {
  std::string driver;  // "docker", "process"
  std::string product; // "Podman 4.3.1", "Docker 20.10.24", "processes"
  std::string version;
  std::string socket; // where it was found
  std::string os;
  std::string arch;       // OCI names: amd64, arm64
  bool cpuLimits = false; // the engine enforces them here
  bool memoryLimits = false;
  bool pidsLimits = false;
  bool operator==(const EngineInfo&) const = default;
};

struct Node {
  NodeId id;
  std::string name; // host name, for people
  std::string address;
  NodeStatus status = NodeStatus::Unknown;
  std::string statusReason; // why not ready
  bool cordoned = false;
  std::vector<std::string> roles; // "control", "worker"
  std::map<std::string, std::string> labels;
  std::vector<Taint> taints;
  Resources capacity;
  Resources allocatable;
  Resources reserved; // by instances placed here
  EngineInfo engine;
  std::string version; // of univrs
  base::Timestamp startedAt;
  int64_t revision = 0;
  bool operator==(const Node&) const = default;
};

QJsonObject toJson(const Node& node);
base::Result<Node> nodeFromJson(const QJsonObject& json);

// The originals' /cluster/status, plus the three words.
struct ClusterStatus {
  int totalNodes = 0, readyNodes = 0, notReadyNodes = 0;
  int totalWorkloads = 0, totalInstances = 0, runningInstances = 0, pendingInstances = 0, failedInstances = 0;
  int healthyWorkloads = 0, progressingWorkloads = 0, degradedWorkloads = 0;
  Resources capacity, allocatable, reserved;
  int64_t revision = 0;
  bool operator==(const ClusterStatus&) const = default;
};
QJsonObject toJson(const ClusterStatus& status);
base::Result<ClusterStatus> clusterStatusFromJson(const QJsonObject& json);

} // namespace univrs::model
