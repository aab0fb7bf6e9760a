// Makes the rows of a list model what they should be with as few steps as needed, so that a view keeps its place, its
// focus and its selection. For lists of some thousand rows.
#pragma once

#include "app/gui/newest_first.h"

#include <algorithm>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

namespace univrs::gui {

// `key(row)` tells rows apart; equal rows compare equal with ==. `hooks` as of the model that owns `rows`.
template <class Row, class Key>
void becomeRows(std::vector<Row>& rows, std::vector<Row> next, Key key, const RowHooks& hooks) {
  std::set<std::decay_t<std::invoke_result_t<Key, const Row&>>> staying;
  for (const Row& row : next) {
    staying.insert(key(row));
  }
  for (int at = int(rows.size()) - 1; at >= 0; --at) {
    if (staying.count(key(rows[size_t(at)])) == 0) {
      hooks.beginRemove(at, at);
      rows.erase(rows.begin() + at);
      hooks.endRemove();
    }
  }
  for (size_t at = 0; at < next.size(); ++at) {
    if (at < rows.size() && key(rows[at]) == key(next[at])) {
      if (!(rows[at] == next[at])) {
        rows[at] = std::move(next[at]);
        hooks.changed(int(at), int(at));
      }
      continue;
    }
    const auto old = std::find_if(rows.begin() + std::ptrdiff_t(std::min(at, rows.size())), rows.end(),
                                  [&](const Row& row) { return key(row) == key(next[at]); });
    if (old != rows.end()) { // it stood further down
      const int from = int(old - rows.begin());
      hooks.beginRemove(from, from);
      rows.erase(old);
      hooks.endRemove();
    }
    hooks.beginInsert(int(at), int(at));
    rows.insert(rows.begin() + std::ptrdiff_t(at), std::move(next[at]));
    hooks.endInsert();
  }
}

} // namespace univrs::gui
