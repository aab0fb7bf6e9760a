#include "engine/manifest/source.h"

#include "engine/base/encoding.h"
#include "engine/base/limits.h"
#include "engine/manifest/tree.h"
#include "engine/model/json_text.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>
#include <charconv>
#include <map>

namespace univrs::manifest {

namespace {

constexpr std::string_view kYamlTag = "tag:yaml.org,2002:";

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

// The core schema of YAML 1.2: what a word without quotes means. "yes", "on" and 1:30 stay strings.
bool isNullWord(std::string_view s) {
  return s.empty() || s == "~" || s == "null" || s == "Null" || s == "NULL";
}
std::optional<bool> boolWord(std::string_view s) {
  if (s == "true" || s == "True" || s == "TRUE") {
    return true;
  }
  if (s == "false" || s == "False" || s == "FALSE") {
    return false;
  }
  return std::nullopt;
}

bool looksDecimalFloat(std::string_view s) {
  size_t i = !s.empty() && (s[0] == '-' || s[0] == '+') ? 1 : 0;
  const auto digits = [&] {
    const size_t first = i;
    while (i < s.size() && isDigit(s[i])) {
      ++i;
    }
    return i - first;
  };
  size_t mantissa = digits();
  if (i < s.size() && s[i] == '.') {
    ++i;
    mantissa += digits();
  }
  if (mantissa == 0) {
    return false;
  }
  if (i < s.size() && (s[i] == 'e' || s[i] == 'E')) {
    ++i;
    i += i < s.size() && (s[i] == '+' || s[i] == '-') ? 1 : 0;
    if (digits() == 0) {
      return false;
    }
  }
  return i == s.size();
}

std::optional<QJsonValue> numberWord(std::string_view s) {
  const bool hex = s.substr(0, 2) == "0x";
  if ((hex || s.substr(0, 2) == "0o") && s.size() > 2) {
    int64_t n = 0;
    const auto [end, error] = std::from_chars(s.data() + 2, s.data() + s.size(), n, hex ? 16 : 8);
    return error == std::errc() && end == s.data() + s.size() && s[2] != '-' ? std::optional<QJsonValue>(qint64(n))
                                                                             : std::nullopt;
  }
  if (!looksDecimalFloat(s)) {
    return std::nullopt;
  }
  const std::string_view bare = s.front() == '+' ? s.substr(1) : s;
  int64_t n = 0;
  if (const auto [end, error] = std::from_chars(bare.data(), bare.data() + bare.size(), n);
      error == std::errc() && end == bare.data() + bare.size()) {
    return QJsonValue(qint64(n));
  }
  double d = 0;
  const auto [end, error] = std::from_chars(bare.data(), bare.data() + bare.size(), d);
  return error == std::errc() && end == bare.data() + bare.size() ? std::optional<QJsonValue>(d) : std::nullopt;
}

} // namespace

// Expands aliases and merge keys, gives words their type, notes lines.
class TreeReader {
public:
  TreeReader(Source& source, model::FaultList& faults) : m_source(source), m_faults(faults) {}

  QJsonValue read(const TreeNode& node, const std::string& path) { return value(node, path, 0); }
  [[nodiscard]] bool exhausted() const { return m_exhausted; }

private:
  bool spend(const TreeNode& node, const std::string& path, int depth) {
    m_text += node.text.size() + path.size();
    if (m_exhausted || ++m_nodes > Source::kMaxNodes || m_text > Source::kMaxTextBytes || depth > Source::kMaxDepth) {
      if (!m_exhausted) {
        m_faults.error(path, "grows too large when its aliases are expanded");
        m_source.m_lines.emplace(path, node.line);
      }
      m_exhausted = true;
      return false;
    }
    return true;
  }

  QJsonValue value(const TreeNode& node, const std::string& path, int depth) {
    if (!spend(node, path, depth)) {
      return {};
    }
    m_source.m_lines.emplace(path, node.line);
    switch (node.kind) {
    case TreeNode::Kind::Scalar:
      return scalar(node, path);
    case TreeNode::Kind::List: {
      checkTag(node, path, "seq");
      QJsonArray list;
      for (size_t i = 0; i < node.items.size() && !m_exhausted; ++i) {
        list.append(value(*node.items[i], path + "[" + std::to_string(i) + "]", depth + 1));
      }
      return list;
    }
    case TreeNode::Kind::Map:
      checkTag(node, path, "map");
      return map(node, path, depth);
    }
    return {};
  }

  void checkTag(const TreeNode& node, const std::string& path, std::string_view allowed) {
    if (!node.tag.empty() && node.tag != std::string(kYamlTag) + std::string(allowed)) {
      m_faults.error(path, "has the YAML tag " + node.tag.substr(0, 60) + ", which is not supported");
    }
  }

  QJsonValue scalar(const TreeNode& node, const std::string& path) {
    const std::string& s = node.text;
    const auto text = [&s] { return QJsonValue(model::toQString(s)); };
    if (node.tag.empty() && !node.plain) {
      return text();
    }
    const std::string_view tag = node.tag;
    const std::string_view kind = tag.substr(0, kYamlTag.size()) == kYamlTag ? tag.substr(kYamlTag.size()) : tag;
    if (kind == "str") {
      return text();
    }
    if ((kind.empty() || kind == "null") && isNullWord(s)) {
      return {};
    }
    if (const auto b = boolWord(s); b && (kind.empty() || kind == "bool")) {
      return *b;
    }
    if (const auto n = numberWord(s); n && (kind.empty() || kind == "int" || kind == "float")) {
      if (s.size() > 1 && s[0] == '0' && isDigit(s[1]) && s.find_first_not_of("0123456789") == std::string::npos) {
        m_faults.warning(path, s + " is read as the decimal number " + std::to_string(n->toInteger()),
                         "put it in quotes, or write 0o" + s.substr(1) + " for octal");
      }
      m_source.m_numbers.emplace(path, s);
      return *n;
    }
    if (!kind.empty()) {
      m_faults.error(path, "has the YAML tag " + node.tag.substr(0, 60) + ", which does not fit or is not supported");
    }
    return text();
  }

  QJsonObject map(const TreeNode& node, const std::string& path, int depth) {
    QJsonObject out;
    std::map<std::string, int> seen;
    std::vector<const TreeNode*> merges;
    for (const auto& [key, item] : node.entries) {
      if (m_exhausted) {
        break;
      }
      if (key->kind != TreeNode::Kind::Scalar) {
        m_faults.error(path, "has a key that is not a word");
        continue;
      }
      if (key->plain && key->text == "<<") {
        merges.push_back(item.get());
        continue;
      }
      const std::string here = model::joinPath(path, key->text);
      if (const auto [it, fresh] = seen.emplace(key->text, key->line); !fresh) {
        m_faults.error(here, "is there twice, first on line " + std::to_string(it->second));
        continue;
      }
      auto v = value(*item, here, depth + 1);
      m_source.m_lines[here] = key->line;
      out.insert(model::toQString(key->text), v);
    }
    for (const TreeNode* m : merges) {
      merge(out, *m, path, depth);
    }
    return out;
  }

  // "<<": the keys of another map, or of several, where this one does not have them.
  void merge(QJsonObject& out, const TreeNode& from, const std::string& path, int depth) {
    if (from.kind == TreeNode::Kind::List) {
      for (const auto& item : from.items) {
        if (m_exhausted) {
          return;
        }
        if (item->kind == TreeNode::Kind::Map) {
          merge(out, *item, path, depth);
        } else {
          m_faults.error(path, "merges (<<) something that is not a map");
        }
      }
      return;
    }
    if (from.kind != TreeNode::Kind::Map) {
      m_faults.error(path, "merges (<<) something that is not a map");
      return;
    }
    if (!spend(from, path, depth)) {
      return;
    }
    std::vector<const TreeNode*> further;
    for (const auto& [key, item] : from.entries) {
      if (m_exhausted) {
        return;
      }
      if (key->kind != TreeNode::Kind::Scalar) {
        continue; // reported where the anchor stands
      }
      if (key->plain && key->text == "<<") {
        further.push_back(item.get());
        continue;
      }
      const QString name = model::toQString(key->text);
      if (!out.contains(name)) {
        out.insert(name, value(*item, model::joinPath(path, key->text), depth + 1));
      }
    }
    for (const TreeNode* f : further) {
      merge(out, *f, path, depth + 1);
    }
  }

  Source& m_source;
  model::FaultList& m_faults;
  size_t m_nodes = 0;
  size_t m_text = 0;
  bool m_exhausted = false;
};

bool Source::load(std::string_view text, model::FaultList& faults) {
  if (text.size() > base::limits::kMaxManifestBytes) {
    faults.error("", "has " + std::to_string(text.size()) + " bytes, but at most " +
                         std::to_string(base::limits::kMaxManifestBytes) + " are allowed");
    return false;
  }
  if (text.substr(0, 3) == "\xef\xbb\xbf") {
    text.remove_prefix(3); // byte order mark
  }
  if (!base::isUtf8(text)) {
    faults.error("", "is not valid UTF-8 text");
    return false;
  }
  const auto bad = std::find_if(text.begin(), text.end(),
                                [](char c) { return uint8_t(c) < 0x20 && c != '\n' && c != '\r' && c != '\t'; });
  if (bad != text.end()) {
    m_lines.emplace("", 1 + int(std::count(text.begin(), bad, '\n')));
    faults.error("", "has a control character, so it is not a text file");
    return false;
  }
  std::vector<TreePtr> trees;
  TreeFault fault;
  const auto first = text.find_first_not_of(" \t\r\n");
  const bool maybeJson = first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
  TreePtr root;
  TreeFault jsonFault;
  if (maybeJson && parseJsonTree(text, root, jsonFault)) {
    trees.push_back(std::move(root));
  } else if (!parseYamlTrees(text, trees, fault)) {
    if (maybeJson) {
      fault = jsonFault; // it began like JSON, so that is what it was meant to be
    }
    m_lines.emplace("", fault.line);
    faults.error("", fault.message);
    return false;
  }
  TreeReader reader(*this, faults);
  for (size_t i = 0; i < trees.size(); ++i) {
    const std::string path = trees.size() == 1 ? std::string() : "documents[" + std::to_string(i) + "]";
    auto value = trees[i] ? reader.read(*trees[i], path) : QJsonValue();
    if (!value.isNull()) {
      m_documents.push_back({std::move(value), path});
    }
  }
  return !reader.exhausted();
}

int Source::lineOf(std::string path) const {
  while (true) {
    if (const auto it = m_lines.find(path); it != m_lines.end()) {
      return it->second;
    }
    const auto cut = path.find_last_of(".[");
    if (path.empty() || cut == std::string::npos) {
      break;
    }
    path.resize(cut);
  }
  const auto it = m_lines.find(std::string());
  return it == m_lines.end() ? 0 : it->second;
}

const std::string* Source::numberText(const std::string& path) const {
  const auto it = m_numbers.find(path);
  return it == m_numbers.end() ? nullptr : &it->second;
}

} // namespace univrs::manifest
