// What one engine has, by kind, name and id, ready to be searched: what the command palette and the counts of the rail
// look into.
#pragma once

#include "app/gui/fuzzy_match.h"
#include "engine/interfaces/events.h"

#include <QObject>
#include <QtQml/qqmlregistration.h>

#include <string>
#include <unordered_map>
#include <unordered_set>

namespace univrs::gui {

class ObjectIndex : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int workloadCount READ workloadCount NOTIFY changed)
  Q_PROPERTY(int nodeCount READ nodeCount NOTIFY changed)
  Q_PROPERTY(int runningCount READ runningCount NOTIFY changed)
public:
  static constexpr size_t kMaxObjects = 300'000; // of all kinds together; a peer's excess is not searchable

  enum Kind { Workload, Instance, Node };
  struct Object {
    Kind kind = Workload;
    QString id;
    QString name;
    QString detail; // the word beside it: image, workload, address
    QString parent; // an instance's workload
    bool up = false;
    Searchable text;
  };

  using QObject::QObject;
  // Deltas of topics workloads, instances and nodes, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  [[nodiscard]] const std::unordered_map<std::string, Object>& objects(Kind kind) const { return m_objects[kind]; }
  [[nodiscard]] const Object* find(Kind kind, const QString& id) const;
  [[nodiscard]] int workloadCount() const { return int(m_objects[Workload].size()); }
  [[nodiscard]] int nodeCount() const { return int(m_objects[Node].size()); }
  [[nodiscard]] int runningCount() const { return m_running; } // instances with a process
  // Workloads of which at least one instance has a process.
  [[nodiscard]] int workloadsRunning() const;

Q_SIGNALS:
  void changed();

private:
  void put(Kind kind, const std::string& id, Object object);
  void remove(Kind kind, const std::string& id);
  std::unordered_map<std::string, Object> m_objects[3];
  std::unordered_set<std::string> m_seen[3]; // in the snapshot under way
  bool m_inSnapshot[3] = {};
  int m_running = 0;
};

} // namespace univrs::gui
