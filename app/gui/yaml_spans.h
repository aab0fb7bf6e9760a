// What the pieces of a line of YAML are, for colouring. Pure; never fails: what it does not know is plain.
#pragma once

#include <QStringView>

#include <vector>

namespace univrs::gui {

enum class YamlPiece { Key, Text, Number, Word, Comment, Mark, Reference };

struct YamlSpan {
  int start = 0;
  int length = 0;
  YamlPiece piece = YamlPiece::Text;
};

// `state` carries over lines: 0 = ordinary, n = inside a block text (| or >) whose key is indented n - 1.
std::vector<YamlSpan> yamlSpans(QStringView line, int& state);

} // namespace univrs::gui
