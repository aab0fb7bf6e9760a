// What a person asks for: a named set of containers, how many copies of it, and the rules for placing, checking and
// changing them. WorkloadSpec is the wish as written in a manifest; Workload is the stored wish with its history
// numbers.
#pragma once

#include "engine/base/clock.h"
#include "engine/model/ids.h"
#include "engine/model/resources.h"

#include <QJsonObject>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace univrs::model {

enum class Protocol { Tcp, Udp };
enum class RestartPolicy { Always, OnFailure, Never };
enum class NetworkMode { Bridge, Host, None };
enum class PullPolicy { IfNotPresent, Always, Never };
enum class MountType { Bind, Volume, Tmpfs };

struct Port {
  std::string name; // optional
  uint16_t containerPort = 0;
  std::optional<uint16_t> hostPort; // published on every node that serves the workload; absent = not published
  Protocol protocol = Protocol::Tcp;
  std::string hostAddress; // address to publish on; empty = all interfaces
  bool operator==(const Port&) const = default;
};

struct Mount {
  MountType type = MountType::Volume;
  std::string source; // bind: absolute host path; volume: its name; tmpfs: empty
  std::string target; // absolute path in the container
  bool readOnly = false;
  int64_t sizeBytes = 0; // tmpfs only; 0 = engine's default
  bool operator==(const Mount&) const = default;
};

enum class ProbeKind { Http, Tcp, Exec };
struct Probe {
  ProbeKind kind = ProbeKind::Tcp;
  uint16_t port = 0;                          // http, tcp: a container port
  std::string path = "/";                     // http; 200…399 is healthy
  std::map<std::string, std::string> headers; // http
  std::vector<std::string> command;           // exec; exit code 0 is healthy
  int64_t initialDelayMs = 0;
  int64_t periodMs = 10'000;
  int64_t timeoutMs = 1'000;
  int successThreshold = 1;
  int failureThreshold = 3;
  bool operator==(const Probe&) const = default;
};

struct Container {
  std::string name;
  std::string image;
  std::vector<std::string> command; // replaces the image's entrypoint when not empty
  std::vector<std::string> args;    // replaces the image's command when not empty
  std::map<std::string, std::string> env;
  std::string workingDir;
  std::string user;
  bool readOnly = false; // root file system
  PullPolicy pull = PullPolicy::IfNotPresent;
  std::vector<Port> ports;
  std::vector<Mount> mounts;
  Resources requests;             // what the scheduler reserves
  Resources limits;               // what the engine enforces; 0 = no limit
  std::optional<Probe> startup;   // until it succeeds, the other two wait
  std::optional<Probe> readiness; // gates traffic and rolling updates
  std::optional<Probe> liveness;  // failing restarts the container
  bool operator==(const Container&) const = default;
};

struct UpdateStrategy {
  int maxParallel = 1;                 // instances replaced at a time
  int64_t minHealthyMs = 0;            // a new instance must stay healthy this long before an old one goes
  int64_t healthyDeadlineMs = 300'000; // a new instance not healthy by then stops the update
  bool operator==(const UpdateStrategy&) const = default;
};

enum class Operator { In, NotIn, Exists, DoesNotExist, Gt, Lt };
struct Constraint { // on a node's label
  std::string key;
  Operator op = Operator::In;
  std::vector<std::string> values;
  bool operator==(const Constraint&) const = default;
};
struct Preference {
  Constraint constraint;
  int weight = 1; // 1…100
  bool operator==(const Preference&) const = default;
};
enum class TaintEffect { NoSchedule, PreferNoSchedule, NoExecute };
struct Toleration {
  std::string key;     // empty with `exists` = every taint
  bool exists = false; // the value does not matter
  std::string value;
  std::optional<TaintEffect> effect; // absent = every effect
  bool operator==(const Toleration&) const = default;
};
struct SpreadLimit {
  std::string topologyKey; // a node label; "node" = each node by itself
  int maxPerDomain = 1;    // instances of this workload in one domain
  bool operator==(const SpreadLimit&) const = default;
};

struct Placement {
  std::string strategy;       // "binpack" | "spread" | "mycelial"; empty = the cluster's default
  std::optional<NodeId> node; // pinned there
  std::vector<Constraint> required;
  std::vector<Preference> preferred;
  std::vector<Toleration> tolerations;
  std::vector<SpreadLimit> spread;
  bool operator==(const Placement&) const = default;
};

struct WorkloadSpec {
  std::string name; // DNS label, 1…63
  std::vector<Container> containers;
  int replicas = 1;
  std::map<std::string, std::string> labels;
  std::string owner; // operator; empty = the local one
  RestartPolicy restart = RestartPolicy::Always;
  NetworkMode network = NetworkMode::Bridge;
  int64_t stopGraceMs = 10'000;
  UpdateStrategy update;
  Placement placement;

  bool operator==(const WorkloadSpec&) const = default;
  // Sum over containers: what one instance reserves.
  [[nodiscard]] Resources requestsPerInstance() const;
  // SHA-256 (hex) over everything that makes an instance what it is: containers, restart, network, grace, placement
  // of the instance; not replicas, labels, owner or update strategy. Instances with another hash are out of date.
  [[nodiscard]] std::string templateHash() const;
};

// How it is going, in three words and a few numbers; computed by control from the instances, stored with the workload
// view, never accepted from outside.
enum class Health { Progressing, Healthy, Degraded };
struct WorkloadStatus {
  Health health = Health::Progressing;
  std::string reason; // why not Healthy; empty when it is
  int desired = 0;
  int ready = 0;   // running and, where there is a readiness probe, passing it
  int running = 0; // running or unhealthy
  int updated = 0; // of the current template
  int total = 0;   // instances that exist and are not finished
  int restarts = 0;
  bool operator==(const WorkloadStatus&) const = default;
};

struct Workload {
  WorkloadId id;
  WorkloadSpec spec;
  int64_t generation = 1;               // grows with every change of the spec
  int64_t revision = 0;                 // store revision of the last change; the ETag
  int64_t restartEpoch = 0;             // grows with every `restart`: instances of an older one are replaced
  bool deleting = false;                // being removed: instances are stopped first
  std::optional<WorkloadSpec> previous; // the spec before the last change, for undo and rollback
  base::Timestamp createdAt;
  base::Timestamp updatedAt;
  WorkloadStatus status;

  bool operator==(const Workload&) const = default;
};

// JSON, snake_case, names of the originals (see docs/manifests.md). Writing leaves out what has its default.
QJsonObject toJson(const WorkloadSpec& spec);
QJsonObject toJson(const Workload& workload); // spec keys flat, then id, generation, revision, status{}, created_at…
QJsonObject toJson(const Container& container);
QJsonObject toJson(const WorkloadStatus& status);

// Reading is strict: unknown keys, wrong types and values outside their range are all reported, each with its path.
// Only errors make it fail; warnings may be collected through `warnings`.
base::Result<WorkloadSpec> workloadSpecFromJson(const QJsonObject& json,
                                                std::vector<base::FieldError>* warnings = nullptr);
// Reads what toJson(Workload) wrote, from our own store or a server of ours.
base::Result<Workload> workloadFromJson(const QJsonObject& json);

// Every rule that a spec must meet, whatever it was read from: names, ranges, references between parts (probe ports,
// duplicate names and ports, limits below requests). Returns errors and warnings, all at once.
std::vector<base::FieldError> validate(const WorkloadSpec& spec);

std::string_view name(Protocol v);      // "tcp"
std::string_view name(RestartPolicy v); // "always", "on_failure", "never"
std::string_view name(NetworkMode v);
std::string_view name(PullPolicy v); // "if_not_present", "always", "never"
std::string_view name(MountType v);
std::string_view name(ProbeKind v);
std::string_view name(Operator v);    // "In", "NotIn", …
std::string_view name(TaintEffect v); // "NoSchedule", …
std::string_view name(Health v);      // "healthy", "progressing", "degraded"

} // namespace univrs::model
