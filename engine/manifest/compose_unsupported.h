// The keys of a Compose service that Univrs does not carry out, each with what the person is told.
#pragma once

#include <array>
#include <string_view>

namespace univrs::manifest::compose {

struct Unsupported {
  std::string_view key;
  std::string_view why;
};

// Leaving these out would change what runs, or how safely.
inline constexpr std::array<Unsupported, 34> kRefused{
    {{"blkio_config", "is not supported"},
     {"cap_add", "is not supported: containers get the default capabilities"},
     {"cgroup", "is not supported"},
     {"cgroup_parent", "is not supported"},
     {"configs", "is not supported yet"},
     {"cpuset", "is not supported"},
     {"credential_spec", "is not supported"},
     {"device_cgroup_rules", "is not supported"},
     {"devices", "is not supported"},
     {"dns", "is not supported"},
     {"dns_opt", "is not supported"},
     {"dns_search", "is not supported"},
     {"env_file", "names a file that is not part of the manifest"},
     {"extends", "is not supported"},
     {"external_links", "is not supported"},
     {"extra_hosts", "is not supported"},
     {"group_add", "is not supported"},
     {"gpus", "is not supported here; write deploy.resources.reservations.devices"},
     {"ipc", "is not supported"},
     {"isolation", "is not supported"},
     {"label_file", "names a file that is not part of the manifest"},
     {"mac_address", "is not supported"},
     {"pid", "is not supported"},
     {"pids_limit", "is not supported"},
     {"post_start", "is not supported"},
     {"pre_stop", "is not supported"},
     {"runtime", "is not supported"},
     {"secrets", "is not supported yet"},
     {"shm_size", "is not supported; mount a tmpfs at /dev/shm"},
     {"sysctls", "is not supported"},
     {"ulimits", "is not supported"},
     {"userns_mode", "is not supported"},
     {"uts", "is not supported"},
     {"volumes_from", "is not supported; name the volumes"}}};

// These may be left out; the person is told.
inline constexpr std::array<Unsupported, 22> kLeftOut{
    {{"annotations", "is left out"},
     {"attach", "is left out"},
     {"container_name", "is left out: instances are named by the cluster"},
     {"cpu_count", "is left out; write cpus"},
     {"cpu_percent", "is left out; write cpus"},
     {"cpu_shares", "is left out; write deploy.resources.reservations.cpus"},
     {"depends_on", "is not kept: services start in any order, and restart until what they need is there"},
     {"develop", "is left out"},
     {"domainname", "is left out"},
     {"hostname", "is left out"},
     {"init", "is left out"},
     {"links", "is left out: services do not find each other by name yet"},
     {"logging", "is left out: the cluster collects logs itself"},
     {"mem_swappiness", "is left out"},
     {"memswap_limit", "is left out: swap is not used"},
     {"oom_kill_disable", "is left out"},
     {"oom_score_adj", "is left out"},
     {"platform", "is left out: a node that fits the image is chosen"},
     {"stdin_open", "is left out"},
     {"tty", "is left out"},
     {"cap_drop", "is left out: containers keep the default capabilities"},
     {"security_opt", "is left out: containers run with the engine's default profile"}}};

} // namespace univrs::manifest::compose
