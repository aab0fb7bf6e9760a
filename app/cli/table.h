// Tables for people: columns aligned by what a terminal really shows, cut to its width, foreign text made harmless.
#pragma once

#include "app/cli/signs.h"

#include <string>
#include <vector>

namespace univrs::cli {

struct Column {
  std::string title;
  bool right = false;     // numbers
  bool mayShrink = false; // is cut first when the table is too wide
};

struct Cell {
  std::string text; // any bytes; control characters are shown as escapes
  Tone tone = Tone::Plain;
};

class Table {
public:
  explicit Table(std::vector<Column> columns) : m_columns(std::move(columns)) {}
  //! Missing cells are empty, further ones dropped.
  void add(std::vector<Cell> row);
  [[nodiscard]] bool empty() const { return m_rows.empty(); }
  //! Lines with a newline each. `maxWidth` 0 = as wide as needed.
  [[nodiscard]] std::string text(int maxWidth, bool colour) const;

private:
  std::vector<Column> m_columns;
  std::vector<std::vector<Cell>> m_rows;
};

} // namespace univrs::cli
