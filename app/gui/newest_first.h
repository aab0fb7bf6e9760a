// Rows of things that happened, newest first, bounded: live ones come on top, pages of history at the end, and neither
// order nor repetition of what arrives matters. Part of a list model, which it tells what changes.
#pragma once

#include "engine/base/clock.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace univrs::gui {

// What a list model does around a change of its rows; first and last row, both included.
struct RowHooks {
  std::function<void(int, int)> beginInsert;
  std::function<void()> endInsert;
  std::function<void(int, int)> beginRemove;
  std::function<void()> endRemove;
  std::function<void(int, int)> changed;
};

// T has `id` (text) and `time`.
template <class T>
class NewestFirst {
public:
  NewestFirst(size_t most, RowHooks hooks) : m_most(most), m_hooks(std::move(hooks)) {}

  [[nodiscard]] int count() const { return int(m_rows.size()); }
  [[nodiscard]] bool full() const { return m_rows.size() >= m_most; }
  [[nodiscard]] const T& at(int row) const { return m_rows[size_t(row)]; }
  [[nodiscard]] bool knows(const std::string& id) const { return m_times.count(id) > 0; }
  [[nodiscard]] const T* find(const std::string& id) const {
    const auto it = m_times.find(id);
    return it == m_times.end() ? nullptr : &m_rows[size_t(rowOf({it->second, id}))];
  }

  // New ones are inserted by time, known ones replaced, or moved when their time is another; beyond the limit the
  // oldest go.
  void merge(std::vector<T> items) {
    std::vector<T> fresh;
    std::unordered_map<std::string, size_t> freshAt;
    for (T& item : items) {
      if (const auto known = m_times.find(item.id); known != m_times.end()) {
        const int row = rowOf({known->second, item.id});
        if (item.time.ms == known->second) {
          replace(row, std::move(item));
          continue;
        }
        drop(row, row); // it happened again: it comes on top
      }
      if (const auto again = freshAt.find(item.id); again != freshAt.end()) {
        fresh[again->second] = std::move(item);
      } else {
        freshAt.emplace(item.id, fresh.size());
        fresh.push_back(std::move(item));
      }
    }
    std::sort(fresh.begin(), fresh.end(), [](const T& a, const T& b) { return above(keyOf(a), keyOf(b)); });
    if (fresh.size() > m_most) {
      fresh.resize(m_most);
    }
    for (size_t i = 0; i < fresh.size();) {
      const int row = rowOf(keyOf(fresh[i]));
      size_t end = i + 1;
      while (end < fresh.size() && rowOf(keyOf(fresh[end])) == row) {
        ++end;
      }
      insert(row, fresh, i, end);
      i = end;
    }
    if (m_rows.size() > m_most) {
      drop(int(m_most), count() - 1);
    }
  }
  // A page of history: what is known already is at least as new here.
  void add(std::vector<T> items) {
    items.erase(std::remove_if(items.begin(), items.end(), [this](const T& item) { return knows(item.id); }),
                items.end());
    merge(std::move(items));
  }
  void clear() {
    if (!m_rows.empty()) {
      drop(0, count() - 1);
    }
  }

private:
  using Key = std::pair<int64_t, std::string>; // time, id: two of the same moment need an order too
  static Key keyOf(const T& item) { return {item.time.ms, item.id}; }
  static bool above(const Key& a, const Key& b) { return a > b; }
  [[nodiscard]] int rowOf(const Key& key) const {
    const auto it =
        std::partition_point(m_rows.begin(), m_rows.end(), [&](const T& item) { return above(keyOf(item), key); });
    return int(it - m_rows.begin());
  }
  void replace(int row, T item) {
    if (!(item == m_rows[size_t(row)])) {
      m_rows[size_t(row)] = std::move(item);
      m_hooks.changed(row, row);
    }
  }
  void insert(int row, std::vector<T>& from, size_t begin, size_t end) {
    m_hooks.beginInsert(row, row + int(end - begin) - 1);
    for (size_t i = begin; i < end; ++i) {
      m_times.emplace(from[i].id, from[i].time.ms);
    }
    m_rows.insert(m_rows.begin() + row, std::make_move_iterator(from.begin() + std::ptrdiff_t(begin)),
                  std::make_move_iterator(from.begin() + std::ptrdiff_t(end)));
    m_hooks.endInsert();
  }
  void drop(int first, int last) {
    m_hooks.beginRemove(first, last);
    for (int row = first; row <= last; ++row) {
      m_times.erase(m_rows[size_t(row)].id);
    }
    m_rows.erase(m_rows.begin() + first, m_rows.begin() + last + 1);
    m_hooks.endRemove();
  }

  const size_t m_most;
  RowHooks m_hooks;
  std::deque<T> m_rows;
  std::unordered_map<std::string, int64_t> m_times;
};

} // namespace univrs::gui
