// Every metric of a node. Names of the original orchestrator where Prometheus' conventions allow; docs/api.md lists the
// renamed ones.
#include "engine/api/metrics.h"

namespace univrs::api {

namespace {
const std::vector<double> kFast{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                0.05,   0.1,     0.25,   0.5,   1,      2.5,   5,    10};
const std::vector<double> kSlow{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300};
constexpr auto kCounter = MetricType::Counter;
constexpr auto kGauge = MetricType::Gauge;
constexpr auto kHistogram = MetricType::Histogram;
} // namespace

const std::vector<MetricSpec>& metricTable() {
  static const std::vector<MetricSpec> table{
      {"orchestrator_nodes", kGauge, "Nodes known to this node."},
      {"orchestrator_nodes_ready", kGauge, "Nodes that take work."},
      {"orchestrator_node_cpu_capacity", kGauge, "Processor cores of a node.", {"node_id"}},
      {"orchestrator_node_cpu_allocatable", kGauge, "Processor cores of a node that workloads may use.", {"node_id"}},
      {"orchestrator_node_memory_capacity_bytes", kGauge, "Memory of a node.", {"node_id"}},
      {"orchestrator_node_memory_allocatable_bytes", kGauge, "Memory of a node that workloads may use.", {"node_id"}},
      {"orchestrator_workloads", kGauge, "Workloads."},
      {"orchestrator_workload_replicas_desired", kGauge, "Instances a workload should have.", {"workload_id"}},
      {"orchestrator_workload_replicas_running", kGauge, "Instances of a workload that run.", {"workload_id"}},
      {"orchestrator_instances", kGauge, "Instances."},
      {"orchestrator_instances_by_status", kGauge, "Instances by their state.", {"status"}},
      {"orchestrator_scheduling_attempts_total", kCounter, "Placements tried."},
      {"orchestrator_scheduling_successes_total", kCounter, "Placements that found a node."},
      {"orchestrator_scheduling_failures_total", kCounter, "Placements that found no node.", {"reason"}},
      {"orchestrator_scheduling_duration_seconds", kHistogram, "Time to decide one placement.", {}, kFast},
      {"orchestrator_reconciliation_runs_total", kCounter, "Rounds of the control loop."},
      {"orchestrator_reconciliation_duration_seconds", kHistogram, "Time of one round of the control loop.", {}, kFast},
      {"orchestrator_reconciliation_queue_depth", kGauge, "Workloads waiting for the control loop."},
      {"orchestrator_container_creates_total", kCounter, "Containers created."},
      {"orchestrator_container_starts_total", kCounter, "Containers started."},
      {"orchestrator_container_stops_total", kCounter, "Containers stopped."},
      {"orchestrator_container_errors_total", kCounter, "Operations on containers that failed.", {"operation"}},
      {"orchestrator_container_operation_duration_seconds",
       kHistogram,
       "Time of operations on containers.",
       {"operation"},
       kSlow},
      {"orchestrator_cluster_events_total", kCounter, "Events by type.", {"event_type"}},
      {"orchestrator_cluster_health", kGauge, "1 when every part is healthy, 0.5 when degraded, 0 when not."},
      {"orchestrator_state_operations_total", kCounter, "Operations on the state store.", {"operation"}},
      {"orchestrator_state_operation_duration_seconds",
       kHistogram,
       "Time of operations on the state store.",
       {"operation"},
       kFast},
      {"univrs_published_port_connections", kGauge, "Open connections through a published port.", {"port"}},
      {"univrs_published_port_connections_total", kCounter, "Connections accepted on a published port.", {"port"}},
      {"univrs_commands_total", kCounter, "Commands run.", {"command", "result"}},
      {"univrs_http_requests_total", kCounter, "Requests to the API.", {"method", "route", "code"}},
      {"univrs_http_request_duration_seconds",
       kHistogram,
       "Time from a request's head to its answer.",
       {"route"},
       kFast},
      {"univrs_http_connections", kGauge, "Open connections to the API."},
      {"univrs_http_websockets", kGauge, "Open WebSockets."},
      {"univrs_http_refused_connections_total", kCounter, "Connections refused because too many were open."},
      {"univrs_build_info", kGauge, "Always 1; the version is in the label.", {"version"}},
      {"process_resident_memory_bytes", kGauge, "Resident memory of the process."},
      {"process_cpu_seconds_total", kCounter, "Processor time of the process, user and system."},
      {"process_open_fds", kGauge, "Open file descriptors."},
      {"process_max_fds", kGauge, "Most file descriptors the process may have open."},
      {"process_start_time_seconds", kGauge, "When the process started, in seconds since 1970."},
  };
  return table;
}

} // namespace univrs::api
