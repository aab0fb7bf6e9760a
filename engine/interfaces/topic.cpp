#include "engine/interfaces/topic.h"

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::interfaces {

namespace {
constexpr std::array<std::pair<Topic, std::string_view>, 9> kTopics{{
    {Topic::Workloads, "workloads"},
    {Topic::Instances, "instances"},
    {Topic::Nodes, "nodes"},
    {Topic::Cluster, "cluster"},
    {Topic::Events, "events"},
    {Topic::Decisions, "decisions"},
    {Topic::Operations, "operations"},
    {Topic::Peers, "peers"},
    {Topic::Gossip, "gossip"},
}};
} // namespace

std::string_view name(Topic topic) {
  const auto it = std::find_if(kTopics.begin(), kTopics.end(), [topic](const auto& t) { return t.first == topic; });
  return it == kTopics.end() ? std::string_view() : it->second;
}

std::optional<Topic> topicFromName(std::string_view text) {
  const auto it = std::find_if(kTopics.begin(), kTopics.end(), [text](const auto& t) { return t.second == text; });
  return it == kTopics.end() ? std::nullopt : std::optional(it->first);
}

const std::vector<Topic>& allTopics() {
  static const std::vector<Topic> topics = [] {
    std::vector<Topic> out;
    out.reserve(kTopics.size());
    for (const auto& t : kTopics) {
      out.push_back(t.first);
    }
    return out;
  }();
  return topics;
}

} // namespace univrs::interfaces
