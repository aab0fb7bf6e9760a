#include "app/gui/instance_index.h"

#include "app/gui/display_text.h"

#include <algorithm>

namespace univrs::gui {

using interfaces::Delta;
using model::InstanceState;

namespace {

InstanceIndex::Entry entryOf(const model::Instance& i) {
  InstanceIndex::Entry e;
  e.id = i.id.str();
  e.workloadId = i.workloadId.str();
  e.workloadName = i.workloadName;
  e.nodeId = i.nodeId.str();
  e.decisionId = i.decisionId;
  e.state = i.state;
  e.ready = i.ready;
  e.crashLoop = i.crashLoop && (i.state == InstanceState::Backoff || i.state == InstanceState::Starting);
  e.outOfMemory = std::any_of(i.containers.begin(), i.containers.end(), [](const auto& c) { return c.oomKilled; });
  e.restarts = i.restarts;
  e.createdAt = i.createdAt;
  return e;
}

} // namespace

QSet<QString> InstanceIndex::apply(const std::vector<Delta>& deltas) {
  QSet<QString> nodes;
  for (const Delta& d : deltas) {
    if (d.topic != interfaces::Topic::Instances) {
      continue;
    }
    switch (d.kind) {
    case Delta::Kind::SnapshotBegin:
      m_inSnapshot = true;
      m_seen.clear();
      break;
    case Delta::Kind::Put:
      if (const auto* instance = std::get_if<model::Instance>(&d.object)) {
        put(*instance, nodes);
        if (m_inSnapshot) {
          m_seen.insert(instance->id.str());
        }
      }
      break;
    case Delta::Kind::Remove:
      remove(d.id, nodes);
      break;
    case Delta::Kind::SnapshotEnd:
      if (m_inSnapshot) {
        std::vector<std::string> gone;
        for (const auto& [id, entry] : m_all) {
          if (m_seen.count(id) == 0) {
            gone.push_back(id);
          }
        }
        for (const std::string& id : gone) {
          remove(id, nodes);
        }
        m_inSnapshot = false;
        m_seen.clear();
      }
      break;
    case Delta::Kind::Heartbeat:
      break;
    }
  }
  return nodes;
}

void InstanceIndex::put(const model::Instance& instance, QSet<QString>& nodes) {
  Entry next = entryOf(instance);
  const auto it = m_all.find(next.id);
  if (it == m_all.end()) {
    if (m_all.size() >= kMaxInstances) {
      return;
    }
    link(next);
    nodes.insert(fromUtf8(next.nodeId));
    std::string id = next.id;
    m_all.emplace(std::move(id), std::move(next));
    return;
  }
  if (it->second == next) {
    return;
  }
  nodes.insert(fromUtf8(it->second.nodeId));
  nodes.insert(fromUtf8(next.nodeId));
  unlink(it->second);
  it->second = std::move(next);
  link(it->second);
}

void InstanceIndex::remove(const std::string& id, QSet<QString>& nodes) {
  const auto it = m_all.find(id);
  if (it != m_all.end()) {
    nodes.insert(fromUtf8(it->second.nodeId));
    unlink(it->second);
    m_all.erase(it);
  }
}

int& InstanceIndex::counter(const Entry& e) {
  if (e.crashLoop) {
    return m_counts.failed;
  }
  switch (e.state) {
  case InstanceState::Running:
    return e.ready ? m_counts.running : m_counts.underway;
  case InstanceState::Unhealthy:
  case InstanceState::Backoff:
    return m_counts.unhealthy;
  case InstanceState::Failed:
  case InstanceState::Lost:
    return m_counts.failed;
  case InstanceState::Succeeded:
    return m_counts.ended;
  default:
    return m_counts.underway;
  }
}

void InstanceIndex::link(const Entry& e) {
  ++counter(e);
  m_byWorkload[e.workloadId].insert(e.id);
  if (!e.nodeId.empty()) {
    m_byNode[e.nodeId].insert(e.id);
    if (!model::isFinal(e.state)) {
      ++m_liveOn[e.nodeId];
    }
  }
}

void InstanceIndex::unlink(const Entry& e) {
  --counter(e);
  const auto take = [&](auto& map, const std::string& key) {
    if (const auto it = map.find(key); it != map.end()) {
      it->second.erase(e.id);
      if (it->second.empty()) {
        map.erase(it);
      }
    }
  };
  take(m_byWorkload, e.workloadId);
  if (!e.nodeId.empty()) {
    take(m_byNode, e.nodeId);
    if (!model::isFinal(e.state) && --m_liveOn[e.nodeId] == 0) {
      m_liveOn.erase(e.nodeId);
    }
  }
}

int InstanceIndex::liveOn(const std::string& nodeId) const {
  const auto it = m_liveOn.find(nodeId);
  return it == m_liveOn.end() ? 0 : it->second;
}

std::vector<const InstanceIndex::Entry*> InstanceIndex::onNode(const std::string& nodeId) const {
  std::vector<const Entry*> out;
  if (const auto ids = m_byNode.find(nodeId); ids != m_byNode.end()) {
    for (const std::string& id : ids->second) {
      out.push_back(find(id));
    }
  }
  std::sort(out.begin(), out.end(), [](const Entry* a, const Entry* b) {
    return a->workloadName != b->workloadName ? a->workloadName < b->workloadName : a->id < b->id;
  });
  return out;
}

std::vector<const InstanceIndex::Entry*> InstanceIndex::ofWorkload(const std::string& workloadId) const {
  std::vector<const Entry*> out;
  if (const auto ids = m_byWorkload.find(workloadId); ids != m_byWorkload.end()) {
    for (const std::string& id : ids->second) {
      out.push_back(find(id));
    }
  }
  return out;
}

const InstanceIndex::Entry* InstanceIndex::find(const std::string& id) const {
  const auto it = m_all.find(id);
  return it == m_all.end() ? nullptr : &it->second;
}

} // namespace univrs::gui
