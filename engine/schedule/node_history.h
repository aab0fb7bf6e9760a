// The nodes as they are now, and as they were when each kept decision was made. The past is a base and a log of
// changes: a point in it costs two words, whatever the number of nodes.
#pragma once

#include "engine/schedule/scheduler.h"

#include <deque>
#include <unordered_map>

namespace univrs::schedule {

// What the scheduler needs of a node, never changed once made.
struct NodeFacts {
  model::NodeId id;
  std::string name;
  model::NodeStatus status = model::NodeStatus::Unknown;
  std::string statusReason;
  bool cordoned = false;
  bool worker = false;
  bool softTainted = false; // has a PreferNoSchedule taint
  std::map<std::string, std::string> labels;
  std::vector<model::Taint> taints;
  model::Resources allocatable;
  std::string arch;
  std::string os;
  TrustData trust;
  bool operator==(const NodeFacts&) const = default;
};

struct PortKey {
  uint16_t port = 0;
  model::Protocol protocol = model::Protocol::Tcp;
  std::string address; // empty = all interfaces
  auto operator<=>(const PortKey&) const = default;
  // True when both cannot be had at once.
  [[nodiscard]] bool clashesWith(const PortKey& other) const;
};

// What one instance takes from a node. Amounts are never negative.
struct Shape {
  model::Resources requests;
  std::vector<PortKey> ports;
};
Shape shapeOf(const Request& request);

// What is taken on a node. The rarely used part is shared until it changes.
struct Usage {
  struct Extra {
    std::map<std::string, int64_t> extended;
    std::map<PortKey, int> ports;
  };
  int64_t cpuMillicores = 0;
  int64_t memoryBytes = 0;
  int64_t diskBytes = 0;
  int64_t gpus = 0;
  std::shared_ptr<const Extra> extra;

  void add(const Shape& shape);
  void take(const Shape& shape);
  [[nodiscard]] int64_t extended(const std::string& name) const;
};

struct NodeNow {
  std::shared_ptr<const NodeFacts> facts;
  Usage usage;
  uint32_t number = 0; // of the node for its whole life; slots change when nodes come and go
};

// Nodes sit in slots 0…n-1 in the order of their ids.
class NodeHistory {
  struct Change {
    uint32_t slot = 0;
    int8_t sign = 0; // +1 and -1: `shape` came or went; 0: `facts` are new
    std::shared_ptr<const NodeFacts> facts;
    std::shared_ptr<const Shape> shape;
  };
  struct Epoch {
    std::vector<NodeNow> base;
    std::deque<Change> changes;
  };

public:
  // A moment. Cheap to keep; holds its epoch alive.
  class Point {
  public:
    // The nodes at that moment.
    [[nodiscard]] std::vector<NodeNow> nodes() const;

  private:
    friend class NodeHistory;
    std::shared_ptr<const Epoch> m_epoch;
    size_t m_length = 0;
  };

  [[nodiscard]] const std::vector<NodeNow>& now() const { return m_now; }
  void reset(std::vector<NodeNow> nodes);
  void setFacts(uint32_t slot, std::shared_ptr<const NodeFacts> facts);
  void change(uint32_t slot, std::shared_ptr<const Shape> shape, bool comes);
  Point point();

private:
  void record(Change change);
  std::vector<NodeNow> m_now;
  std::shared_ptr<Epoch> m_epoch; // none until somebody asks for a point
};

// How many instances of one workload each node (by number) has, now and at earlier points; same idea.
class WorkloadUse {
public:
  using Counts = std::unordered_map<uint32_t, uint32_t>;

private:
  struct Epoch {
    Counts base;
    std::deque<std::pair<uint32_t, bool>> changes;
  };
  static void apply(Counts& counts, uint32_t node, bool comes);

public:
  class Point {
  public:
    [[nodiscard]] Counts counts() const;

  private:
    friend class WorkloadUse;
    std::shared_ptr<const Epoch> m_epoch;
    size_t m_length = 0;
  };

  WorkloadUse() = default;
  explicit WorkloadUse(Counts counts) : m_counts(std::move(counts)) {}
  [[nodiscard]] const Counts& counts() const { return m_counts; }
  [[nodiscard]] uint32_t on(uint32_t node) const;
  void change(uint32_t node, bool comes);
  Point point();

private:
  Counts m_counts;
  std::shared_ptr<Epoch> m_epoch;
};

} // namespace univrs::schedule
