#include "app/gui/object_index.h"

#include "app/gui/display_text.h"

#include <QSet>

#include <optional>

namespace univrs::gui {
namespace {

using interfaces::Delta;
using interfaces::Topic;

std::optional<ObjectIndex::Kind> kindOf(Topic topic) {
  switch (topic) {
  case Topic::Workloads:
    return ObjectIndex::Workload;
  case Topic::Instances:
    return ObjectIndex::Instance;
  case Topic::Nodes:
    return ObjectIndex::Node;
  case Topic::Cluster:
  case Topic::Events:
  case Topic::Decisions:
  case Topic::Operations:
  case Topic::Peers:
  case Topic::Gossip:
    return {};
  }
  return {};
}

} // namespace

void ObjectIndex::apply(const std::vector<Delta>& deltas) {
  const int workloads = workloadCount();
  const int nodes = nodeCount();
  const int running = m_running;
  for (const Delta& d : deltas) {
    const auto kind = kindOf(d.topic);
    if (!kind) {
      continue;
    }
    switch (d.kind) {
    case Delta::Kind::SnapshotBegin:
      m_inSnapshot[*kind] = true;
      m_seen[*kind].clear();
      break;
    case Delta::Kind::SnapshotEnd:
      if (m_inSnapshot[*kind]) {
        std::vector<std::string> gone;
        for (const auto& [id, object] : m_objects[*kind]) {
          if (!m_seen[*kind].contains(id)) {
            gone.push_back(id);
          }
        }
        for (const std::string& id : gone) {
          remove(*kind, id);
        }
        m_inSnapshot[*kind] = false;
        m_seen[*kind].clear();
      }
      break;
    case Delta::Kind::Remove:
      remove(*kind, d.id);
      break;
    case Delta::Kind::Put: {
      Object o;
      o.kind = *kind;
      std::string id;
      if (const auto* w = std::get_if<model::Workload>(&d.object)) {
        id = w->id.str();
        o.name = plainLine(w->spec.name);
        o.detail = w->spec.containers.empty() ? QString() : plainLine(w->spec.containers.front().image);
      } else if (const auto* i = std::get_if<model::Instance>(&d.object)) {
        id = i->id.str();
        o.name = plainLine(id);
        o.detail = plainLine(i->workloadName);
        o.parent = fromUtf8(i->workloadId.str());
        o.up = model::isUp(i->state);
      } else if (const auto* n = std::get_if<model::Node>(&d.object)) {
        id = n->id.str();
        o.name = plainLine(n->name);
        o.detail = shortId(plainLine(id));
      } else {
        break;
      }
      o.id = fromUtf8(id);
      put(*kind, id, std::move(o));
      break;
    }
    case Delta::Kind::Heartbeat:
      break;
    }
  }
  if (workloads != workloadCount() || nodes != nodeCount() || running != m_running) {
    Q_EMIT changed();
  }
}

void ObjectIndex::put(Kind kind, const std::string& id, Object object) {
  if (m_inSnapshot[kind]) {
    m_seen[kind].insert(id);
  }
  auto it = m_objects[kind].find(id);
  if (it == m_objects[kind].end()) {
    if (m_objects[0].size() + m_objects[1].size() + m_objects[2].size() >= kMaxObjects) {
      return;
    }
    object.text = searchable(kind == Instance ? object.name : object.name + QLatin1Char(' ') + object.detail);
    m_running += object.up ? 1 : 0;
    m_objects[kind].emplace(id, std::move(object));
    return;
  }
  m_running += int(object.up) - int(it->second.up);
  const bool same = it->second.name == object.name && it->second.detail == object.detail;
  object.text = same ? std::move(it->second.text)
                     : searchable(kind == Instance ? object.name : object.name + QLatin1Char(' ') + object.detail);
  it->second = std::move(object);
}

void ObjectIndex::remove(Kind kind, const std::string& id) {
  const auto it = m_objects[kind].find(id);
  if (it != m_objects[kind].end()) {
    m_running -= it->second.up ? 1 : 0;
    m_objects[kind].erase(it);
  }
}

const ObjectIndex::Object* ObjectIndex::find(Kind kind, const QString& id) const {
  const auto it = m_objects[kind].find(id.toStdString());
  return it == m_objects[kind].end() ? nullptr : &it->second;
}

int ObjectIndex::workloadsRunning() const {
  QSet<QString> seen;
  for (const auto& [id, o] : m_objects[Instance]) {
    if (o.up) {
      seen.insert(o.parent);
    }
  }
  return int(seen.size());
}

} // namespace univrs::gui
