// A manifest's text as a tree: YAML (core schema of YAML 1.2, anchors, merge keys, several documents) or JSON, read
// into Qt's JSON values, with the line of every path. Depth, size and alias expansion are bounded; duplicate keys are
// faults.
#pragma once

#include "engine/model/fields.h"

#include <QJsonValue>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace univrs::manifest {

struct SourceDocument {
  QJsonValue value;
  std::string path; // "" when it is the only one, else "documents[2]"
};

class Source {
public:
  static constexpr int kMaxDepth = 48;
  static constexpr size_t kMaxNodes = 200'000;       // after aliases were expanded
  static constexpr size_t kMaxTextBytes = 16u << 20; // after aliases were expanded
  static constexpr size_t kMaxDocuments = 1'000;

  // Faults go to `faults`, with lines. False when there is no tree to go on with.
  bool load(std::string_view text, model::FaultList& faults);

  [[nodiscard]] const std::vector<SourceDocument>& documents() const { return m_documents; }
  // The line of the path, or of the nearest path above it; 0 = not known.
  [[nodiscard]] int lineOf(std::string path) const;
  // How a number was written ("1.10", "0755"); nothing for other values.
  [[nodiscard]] const std::string* numberText(const std::string& path) const;

private:
  friend class TreeReader;
  std::vector<SourceDocument> m_documents;
  std::unordered_map<std::string, int> m_lines;
  std::unordered_map<std::string, std::string> m_numbers;
};

} // namespace univrs::manifest
