#include "engine/manifest/source.h"
#include "engine/manifest/tree.h"

#include <cstdint>

namespace univrs::manifest {

namespace {

class JsonParser {
public:
  explicit JsonParser(std::string_view text) : m_text(text) {}

  TreePtr run(TreeFault& fault) {
    auto root = value(0);
    skipSpace();
    if (m_fault.message.empty() && m_at != m_text.size()) {
      fail("there is more after the end");
    }
    fault = m_fault;
    return m_fault.message.empty() ? root : nullptr;
  }

private:
  void fail(std::string message) {
    if (m_fault.message.empty()) {
      m_fault = {m_line, "is not valid JSON: " + std::move(message)};
    }
  }
  [[nodiscard]] bool failed() const { return !m_fault.message.empty(); }
  [[nodiscard]] char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }

  void skipSpace() {
    for (; m_at < m_text.size(); ++m_at) {
      const char c = m_text[m_at];
      if (c == '\n') {
        ++m_line;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  bool take(char c) {
    skipSpace();
    if (peek() != c || m_at >= m_text.size()) {
      return false;
    }
    ++m_at;
    return true;
  }

  TreePtr make(TreeNode::Kind kind) {
    if (++m_nodes > Source::kMaxNodes) {
      fail("more than " + std::to_string(Source::kMaxNodes) + " values");
    }
    auto node = std::make_shared<TreeNode>();
    node->kind = kind;
    node->line = m_line;
    return node;
  }

  TreePtr value(int depth) {
    skipSpace();
    if (depth > Source::kMaxDepth) {
      fail("nested deeper than " + std::to_string(Source::kMaxDepth) + " levels");
    }
    if (failed()) {
      return nullptr;
    }
    switch (peek()) {
    case '{':
      return object(depth);
    case '[':
      return list(depth);
    case '"':
      return string();
    default:
      return plain();
    }
  }

  TreePtr object(int depth) {
    auto node = make(TreeNode::Kind::Map);
    ++m_at;
    if (take('}')) {
      return node;
    }
    do {
      skipSpace();
      if (peek() != '"') {
        fail("a key in quotes is wanted");
        return nullptr;
      }
      auto key = string();
      if (!failed() && !take(':')) {
        fail("':' is wanted");
      }
      auto v = failed() ? nullptr : value(depth + 1);
      if (failed()) {
        return nullptr;
      }
      node->entries.emplace_back(std::move(key), std::move(v));
    } while (take(','));
    if (!take('}')) {
      fail("',' or '}' is wanted");
    }
    return node;
  }

  TreePtr list(int depth) {
    auto node = make(TreeNode::Kind::List);
    ++m_at;
    if (take(']')) {
      return node;
    }
    do {
      auto v = value(depth + 1);
      if (failed()) {
        return nullptr;
      }
      node->items.push_back(std::move(v));
    } while (take(','));
    if (!take(']')) {
      fail("',' or ']' is wanted");
    }
    return node;
  }

  static bool isNumber(std::string_view s) {
    size_t i = 0;
    const auto digits = [&] {
      const size_t first = i;
      while (i < s.size() && s[i] >= '0' && s[i] <= '9') {
        ++i;
      }
      return i - first;
    };
    i += !s.empty() && s[0] == '-' ? 1 : 0;
    const bool zero = i < s.size() && s[i] == '0';
    const size_t whole = digits();
    if (whole == 0 || (zero && whole > 1)) {
      return false;
    }
    if (i < s.size() && s[i] == '.') {
      ++i;
      if (digits() == 0) {
        return false;
      }
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

  TreePtr plain() {
    const size_t first = m_at;
    while (m_at < m_text.size() && std::string_view(" \t\r\n,]}:").find(m_text[m_at]) == std::string_view::npos) {
      ++m_at;
    }
    const auto word = m_text.substr(first, m_at - first);
    if (word != "true" && word != "false" && word != "null" && !isNumber(word)) {
      fail(word.empty() ? "a value is wanted" : "a word that is no value");
      return nullptr;
    }
    auto node = make(TreeNode::Kind::Scalar);
    node->plain = true;
    node->text = std::string(word);
    return node;
  }

  bool hex4(uint32_t& out) {
    out = 0;
    if (m_text.size() - m_at < 4) {
      return false;
    }
    for (int i = 0; i < 4; ++i) {
      const char c = m_text[m_at++];
      const int digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
      if (digit < 0) {
        return false;
      }
      out = out * 16 + uint32_t(digit);
    }
    return true;
  }

  static void appendUtf8(std::string& out, uint32_t c) {
    if (c < 0x80) {
      out += char(c);
    } else if (c < 0x800) {
      out += char(0xc0 | (c >> 6));
      out += char(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
      out += char(0xe0 | (c >> 12));
      out += char(0x80 | ((c >> 6) & 0x3f));
      out += char(0x80 | (c & 0x3f));
    } else {
      out += char(0xf0 | (c >> 18));
      out += char(0x80 | ((c >> 12) & 0x3f));
      out += char(0x80 | ((c >> 6) & 0x3f));
      out += char(0x80 | (c & 0x3f));
    }
  }

  bool unicodeEscape(std::string& out) {
    uint32_t c = 0;
    if (!hex4(c)) {
      return false;
    }
    if (c >= 0xd800 && c <= 0xdbff) {
      uint32_t low = 0;
      if (m_text.substr(m_at, 2) != "\\u") {
        return false;
      }
      m_at += 2;
      if (!hex4(low) || low < 0xdc00 || low > 0xdfff) {
        return false;
      }
      c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
    } else if (c >= 0xdc00 && c <= 0xdfff) {
      return false;
    }
    appendUtf8(out, c);
    return true;
  }

  TreePtr string() {
    auto node = make(TreeNode::Kind::Scalar);
    ++m_at;
    while (m_at < m_text.size()) {
      const char c = m_text[m_at++];
      if (c == '"') {
        return node;
      }
      if (uint8_t(c) < 0x20) {
        fail("a control character inside a string");
        return nullptr;
      }
      if (c != '\\') {
        node->text += c;
        continue;
      }
      constexpr std::string_view from = "\"\\/bfnrt";
      constexpr std::string_view to = "\"\\/\b\f\n\r\t";
      const char e = peek();
      ++m_at;
      if (const auto i = from.find(e); e != '\0' && i != std::string_view::npos) {
        node->text += to[i];
      } else if (e != 'u' || !unicodeEscape(node->text)) {
        fail("an escape that is not one");
        return nullptr;
      }
    }
    fail("a string without its end");
    return nullptr;
  }

  std::string_view m_text;
  size_t m_at = 0;
  int m_line = 1;
  size_t m_nodes = 0;
  TreeFault m_fault;
};

} // namespace

bool parseJsonTree(std::string_view text, TreePtr& root, TreeFault& fault) {
  root = JsonParser(text).run(fault);
  return root != nullptr;
}

} // namespace univrs::manifest
