// Random operations against a plain model: a map and a list of changes.
#include "tests/store/store_kinds.h"

#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>

namespace univrs::store::test {
namespace {

struct Model {
  std::map<std::string, Entry> entries;
  std::vector<WatchEvent> changes;
  int64_t revision = 0;

  [[nodiscard]] int64_t revisionOf(const std::string& key) const {
    const auto it = entries.find(key);
    return it == entries.end() ? 0 : it->second.modRevision;
  }
  void apply(const std::vector<Op>& ops) {
    const size_t before = changes.size();
    const int64_t next = revision + 1;
    for (const Op& op : ops) {
      if (op.kind == Op::Kind::Put) {
        Entry& entry = entries[op.key];
        entry = {op.key, op.value, entry.version == 0 ? next : entry.createRevision, next, entry.version + 1};
        changes.push_back({WatchEvent::Kind::Put, entry, next});
      } else if (entries.erase(op.key) > 0) {
        changes.push_back({WatchEvent::Kind::Delete, Entry{op.key, "", 0, next, 0}, next});
      }
    }
    if (changes.size() > before) {
      revision = next;
    }
  }
};

struct ModelWatch {
  std::string prefix;
  int64_t from = 0;
  std::vector<WatchEvent> seen;
  std::unique_ptr<base::Subscription> subscription;
};

std::string randomKey() {
  return *rc::gen::element<std::string>("/a", "/a/b", "/a/c", "/ab", "/b", "/b/ä", "/c");
}
std::string randomValue() {
  return *rc::gen::resize(20, rc::gen::arbitrary<std::string>());
}

std::vector<Op> randomOps() {
  std::vector<Op> ops;
  const int count = *rc::gen::inRange(0, 5);
  for (int i = 0; i < count; ++i) {
    const std::string key = randomKey();
    if (std::none_of(ops.begin(), ops.end(), [&](const Op& op) { return op.key == key; })) {
      ops.push_back(*rc::gen::arbitrary<bool>() ? Op::put(key, randomValue()) : Op::remove(key));
    }
  }
  return ops;
}

void checkState(StateStore& store, const Model& model) {
  RC_ASSERT(store.revision() == model.revision);
  for (const std::string prefix : {"", "/a", "/a/", "/b", "/zz"}) {
    std::vector<Entry> expected;
    for (const auto& [key, entry] : model.entries) {
      if (key.compare(0, prefix.size(), prefix) == 0) {
        expected.push_back(entry);
      }
    }
    const size_t limit = *rc::gen::inRange<size_t>(0, 4);
    std::vector<Entry> actual;
    std::string after;
    do {
      auto page = store.list(prefix, after, limit);
      RC_ASSERT(page.ok());
      RC_ASSERT(limit == 0 || page->entries.size() <= limit);
      actual.insert(actual.end(), page->entries.begin(), page->entries.end());
      after = page->next;
    } while (!after.empty());
    RC_ASSERT(actual == expected);
  }
}

void checkWatches(StateStore& store, const Model& model, std::vector<ModelWatch>& watches) {
  store.deliver();
  for (const ModelWatch& watch : watches) {
    std::vector<WatchEvent> expected;
    for (const WatchEvent& event : model.changes) {
      if (event.revision > watch.from && event.entry.key.compare(0, watch.prefix.size(), watch.prefix) == 0) {
        expected.push_back(event);
      }
    }
    RC_ASSERT(watch.seen == expected);
  }
}

void run(Kind kind) {
  const TempFolder folder(TempFolder::On::Memory);
  auto store = openKind(kind, folder);
  RC_ASSERT(store != nullptr);
  Model model;
  std::vector<ModelWatch> watches;
  watches.reserve(64);
  const int steps = *rc::gen::inRange(1, 60);
  for (int step = 0; step < steps; ++step) {
    const std::string key = randomKey();
    switch (*rc::gen::inRange(0, 8)) {
    case 0:
    case 1: {
      const std::string value = randomValue();
      model.apply({Op::put(key, value)});
      RC_ASSERT(store->put(key, value).value() == model.revision);
      break;
    }
    case 2: {
      const bool there = model.entries.count(key) > 0;
      model.apply({Op::remove(key)});
      RC_ASSERT(store->remove(key).value() == (there ? model.revision : 0));
      break;
    }
    case 3: {
      const int64_t actual = model.revisionOf(key);
      const int64_t expected = *rc::gen::arbitrary<bool>() ? actual : *rc::gen::inRange<int64_t>(0, 10);
      auto result = store->compareAndSwap(key, expected, "cas");
      RC_ASSERT(result.ok() == (expected == actual));
      if (result) {
        model.apply({Op::put(key, "cas")});
        RC_ASSERT(*result == model.revision);
      } else {
        RC_ASSERT(result.error().code == base::ErrorCode::Conflict);
      }
      break;
    }
    case 4:
    case 5: {
      const std::vector<Op> ops = randomOps();
      const std::string other = randomKey();
      const std::vector<Compare> compares{{key, model.revisionOf(key)},
                                          {other, *rc::gen::arbitrary<bool>() ? model.revisionOf(other) : 3}};
      const bool holds = compares[1].modRevision == model.revisionOf(other);
      auto result = store->transact(compares, ops);
      RC_ASSERT(result.ok() == holds);
      if (holds) {
        model.apply(ops);
        RC_ASSERT(*result == model.revision);
      }
      break;
    }
    case 6: {
      if (watches.size() < 5) {
        ModelWatch& watch = watches.emplace_back();
        watch.prefix = *rc::gen::element<std::string>("", "/a", "/a/", "/b");
        watch.from = *rc::gen::inRange<int64_t>(0, model.revision + 1);
        auto* seen = &watch.seen;
        auto result = store->watch(watch.prefix, watch.from, [seen](const std::vector<WatchEvent>& events) {
          seen->insert(seen->end(), events.begin(), events.end());
        });
        RC_ASSERT(result.ok());
        watch.subscription = std::move(result).value();
      }
      break;
    }
    default:
      if (kind == Kind::Sqlite && *rc::gen::inRange(0, 4) == 0) {
        // A restart: everything is there, history included; watches begin anew where they were.
        checkWatches(*store, model, watches);
        watches.clear();
        store.reset();
        store = openKind(kind, folder);
        RC_ASSERT(store != nullptr);
      } else {
        checkWatches(*store, model, watches);
      }
    }
  }
  checkState(*store, model);
  checkWatches(*store, model, watches);
}

RC_GTEST_PROP(StoreModel, MemoryStoreBehavesLikeTheModel, ()) {
  run(Kind::Memory);
}
RC_GTEST_PROP(StoreModel, SqliteStoreBehavesLikeTheModel, ()) {
  run(Kind::Sqlite);
}

} // namespace
} // namespace univrs::store::test
