// The tree as it stands in the text, before aliases are expanded and words become numbers; both parsers make it.
#pragma once

#include "engine/base/result.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace univrs::manifest {

struct TreeNode;
using TreePtr = std::shared_ptr<TreeNode>;

struct TreeNode {
  enum class Kind { Scalar, List, Map };
  Kind kind = Kind::Scalar;
  bool plain = false; // a scalar without quotes: may be a number, a boolean, null
  int line = 0;
  std::string tag;  // explicit YAML tag, as "tag:yaml.org,2002:str"; empty when there is none
  std::string text; // scalars
  std::vector<TreePtr> items;
  std::vector<std::pair<TreePtr, TreePtr>> entries; // maps, in the order written
};

// Where parsing stopped and why.
struct TreeFault {
  int line = 0;
  std::string message;
};

// Every document of a YAML stream. False with `fault` set when it is not one, or is beyond the limits of Source.
bool parseYamlTrees(std::string_view text, std::vector<TreePtr>& documents, TreeFault& fault);
// One JSON value (RFC 8259).
bool parseJsonTree(std::string_view text, TreePtr& root, TreeFault& fault);

} // namespace univrs::manifest
