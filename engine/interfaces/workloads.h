// Reading workloads and their instances.
#pragma once

#include "engine/interfaces/reply.h"
#include "engine/model/instance.h"
#include "engine/model/workload.h"

#include <map>
#include <string>
#include <vector>

namespace univrs::interfaces {

// Filters of a list; empty means any. Items come by name, then id.
struct ListQuery {
  std::string nameFilter;                    // substring
  std::map<std::string, std::string> labels; // all must match
  std::string state;                         // health of workloads, state of instances, status of nodes
  std::string workload;                      // instances: of this workload (id or name)
  std::string node;                          // instances: on this node (id or name)
  std::string after;                         // `next` of the page before
  int limit = 0;                             // 1…1000; 0 = 1000
};

template <class T>
struct ItemPage {
  std::vector<T> items;
  int64_t total = 0;    // matching the filters
  std::string next;     // empty: that was the last page
  int64_t revision = 0; // of the state this was read from
};

class Workloads {
public:
  virtual ~Workloads() = default;
  //! Workloads with their status.
  virtual void listWorkloads(ListQuery query, Reply<ItemPage<model::Workload>> reply) = 0;
  //! One workload by id or name.
  virtual void getWorkload(std::string ref, Reply<model::Workload> reply) = 0;
  //! Instances, of one workload or all.
  virtual void listInstances(ListQuery query, Reply<ItemPage<model::Instance>> reply) = 0;
  //! One instance by id.
  virtual void getInstance(std::string id, Reply<model::Instance> reply) = 0;
};

} // namespace univrs::interfaces
