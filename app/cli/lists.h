// Whole lists from the engine, page by page.
#pragma once

#include "app/cli/session.h"

#include <map>
#include <string>
#include <vector>

namespace univrs::cli {

inline constexpr size_t kMaxListed = 100'000; // items of one list; a longer one is cut, and the verb says so

template <class T>
struct Listed {
  std::vector<T> items;
  int64_t total = 0;
};

template <class T, class Query, class Call>
base::Result<Listed<T>> listAll(Session& session, Query query, Call call) {
  Listed<T> out;
  for (;;) {
    auto page = session.ask<interfaces::ItemPage<T>>(
        [&](interfaces::Engine& engine, auto reply) { call(engine, query, std::move(reply)); });
    if (!page) {
      return page.error();
    }
    for (T& item : page->items) {
      out.items.push_back(std::move(item));
    }
    out.total = page->total;
    if (page->next.empty() || page->next == query.after || page->items.empty() || out.items.size() >= kMaxListed) {
      return out;
    }
    query.after = page->next;
  }
}

inline base::Result<Listed<model::Workload>> listWorkloads(Session& session, interfaces::ListQuery query) {
  return listAll<model::Workload>(session, std::move(query), [](interfaces::Engine& e, const auto& q, auto reply) {
    e.workloads().listWorkloads(q, std::move(reply));
  });
}

inline base::Result<Listed<model::Instance>> listInstances(Session& session, interfaces::ListQuery query) {
  return listAll<model::Instance>(session, std::move(query), [](interfaces::Engine& e, const auto& q, auto reply) {
    e.workloads().listInstances(q, std::move(reply));
  });
}

inline base::Result<Listed<model::Node>> listNodes(Session& session, interfaces::ListQuery query) {
  return listAll<model::Node>(session, std::move(query), [](interfaces::Engine& e, const auto& q, auto reply) {
    e.nodes().listNodes(q, std::move(reply));
  });
}

inline base::Result<model::Workload> getWorkload(Session& session, const std::string& ref) {
  return session.ask<model::Workload>(
      [&](interfaces::Engine& e, auto reply) { e.workloads().getWorkload(ref, std::move(reply)); });
}

} // namespace univrs::cli
