// What can be watched. Names are those of the originals' WebSocket topics where they had one.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace univrs::interfaces {

enum class Topic { Workloads, Instances, Nodes, Cluster, Events, Decisions, Operations, Peers, Gossip };
std::string_view name(Topic topic); // "workloads", "instances", …
std::optional<Topic> topicFromName(std::string_view text);
const std::vector<Topic>& allTopics();

} // namespace univrs::interfaces
