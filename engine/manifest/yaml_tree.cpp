#include "engine/manifest/source.h"
#include "engine/manifest/tree.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <map>
#include <streambuf>

namespace univrs::manifest {

namespace {

// Thrown inside the parser by our handler to make it stop; caught below.
struct Stop {
  TreeFault fault;
};

class MemoryBuffer : public std::streambuf {
public:
  explicit MemoryBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data()); // only ever read
    setg(begin, begin, begin + text.size());
  }
};

class TreeBuilder final : public YAML::EventHandler {
public:
  TreePtr takeRoot() { return std::move(m_root); }

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {
    m_anchors.clear();
    m_open.clear();
    m_root = nullptr;
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { add(scalar(mark, "?", ""), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto it = m_anchors.find(anchor);
    if (it == m_anchors.end()) {
      throw Stop{{mark.line + 1, "an alias without its anchor"}};
    }
    for (const auto& o : m_open) {
      if (o.node == it->second) {
        throw Stop{{mark.line + 1, "an alias that contains itself"}};
      }
    }
    attach(it->second);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    add(scalar(mark, tag, value), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, TreeNode::Kind::List);
  }
  void OnSequenceEnd() override { m_open.pop_back(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, TreeNode::Kind::Map);
  }
  void OnMapEnd() override { m_open.pop_back(); }

private:
  struct Open {
    TreePtr node;
    TreePtr key; // of the entry under way in a map
  };

  TreePtr make(const YAML::Mark& mark, const std::string& tag) {
    if (++m_nodes > Source::kMaxNodes) {
      throw Stop{{mark.line + 1, "has more than " + std::to_string(Source::kMaxNodes) + " values"}};
    }
    auto node = std::make_shared<TreeNode>();
    node->line = mark.line + 1;
    if (tag != "?" && tag != "!") {
      node->tag = tag;
    }
    return node;
  }

  TreePtr scalar(const YAML::Mark& mark, const std::string& tag, const std::string& value) {
    auto node = make(mark, tag);
    node->plain = tag == "?" || tag.empty();
    node->text = value;
    return node;
  }

  void add(const TreePtr& node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      m_anchors[anchor] = node;
    }
    attach(node);
  }

  void attach(const TreePtr& node) {
    if (m_open.empty()) {
      m_root = node;
      return;
    }
    Open& top = m_open.back();
    if (top.node->kind == TreeNode::Kind::List) {
      top.node->items.push_back(node);
    } else if (!top.key) {
      top.key = node;
    } else {
      top.node->entries.emplace_back(std::move(top.key), node);
      top.key = nullptr;
    }
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, TreeNode::Kind kind) {
    if (m_open.size() >= size_t(Source::kMaxDepth)) {
      throw Stop{{mark.line + 1, "is nested deeper than " + std::to_string(Source::kMaxDepth) + " levels"}};
    }
    auto node = make(mark, tag);
    node->kind = kind;
    add(node, anchor);
    m_open.push_back({node, nullptr});
  }

  TreePtr m_root;
  std::vector<Open> m_open;
  std::map<YAML::anchor_t, TreePtr> m_anchors;
  size_t m_nodes = 0;
};

} // namespace

bool parseYamlTrees(std::string_view text, std::vector<TreePtr>& documents, TreeFault& fault) {
  // The parser takes a quoted string that the file ends in for a whole one, so a file cut short would pass. An end mark
  // makes it look, and is nothing else to a whole file.
  std::string marked(text);
  marked += marked.empty() || marked.back() == '\n' ? "...\n" : "\n...\n";
  MemoryBuffer buffer(marked);
  std::istream stream(&buffer);
  TreeBuilder builder;
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
      if (documents.size() >= Source::kMaxDocuments) {
        throw Stop{{0, "has more than " + std::to_string(Source::kMaxDocuments) + " documents"}};
      }
      documents.push_back(builder.takeRoot());
    }
    return true;
  } catch (const Stop& stop) {
    fault = stop.fault;
  } catch (const YAML::Exception& e) {
    fault = {e.mark.is_null() ? 0 : e.mark.line + 1, "is not valid YAML: " + e.msg};
  } catch (const std::exception& e) {
    fault = {0, std::string("is not valid YAML: ") + e.what()};
  }
  return false;
}

} // namespace univrs::manifest
