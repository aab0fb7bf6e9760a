#include "engine/schedule/matching.h"

#include <algorithm>
#include <charconv>

namespace univrs::schedule {

namespace {

std::optional<int64_t> wholeNumber(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() ? std::optional<int64_t>(value) : std::nullopt;
}

bool compares(const std::string* label, const model::Constraint& constraint, bool greater) {
  if (!label || constraint.values.size() != 1) {
    return false;
  }
  const auto have = wholeNumber(*label);
  const auto bound = wholeNumber(constraint.values.front());
  return have && bound && (greater ? *have > *bound : *have < *bound);
}

} // namespace

const std::string* labelOf(const NodeFacts& node, const std::string& key) {
  if (const auto it = node.labels.find(key); it != node.labels.end()) {
    return &it->second;
  }
  const auto unlessEmpty = [](const std::string& text) { return text.empty() ? nullptr : &text; };
  if (key == "node" || key == "kubernetes.io/hostname") {
    return unlessEmpty(node.name);
  }
  if (key == "node_id") {
    return &node.id.str();
  }
  if (key == "arch" || key == "kubernetes.io/arch") {
    return unlessEmpty(node.arch);
  }
  if (key == "os" || key == "kubernetes.io/os") {
    return unlessEmpty(node.os);
  }
  return nullptr;
}

bool matches(const NodeFacts& node, const model::Constraint& constraint) {
  const std::string* label = labelOf(node, constraint.key);
  const auto among = [&] {
    return label && std::find(constraint.values.begin(), constraint.values.end(), *label) != constraint.values.end();
  };
  switch (constraint.op) {
  case model::Operator::In:
    return among();
  case model::Operator::NotIn:
    return !among();
  case model::Operator::Exists:
    return label != nullptr;
  case model::Operator::DoesNotExist:
    return label == nullptr;
  case model::Operator::Gt:
    return compares(label, constraint, true);
  case model::Operator::Lt:
    return compares(label, constraint, false);
  }
  return false;
}

bool tolerated(const model::Taint& taint, const std::vector<model::Toleration>& tolerations) {
  return std::any_of(tolerations.begin(), tolerations.end(), [&taint](const model::Toleration& toleration) {
    if (toleration.effect && *toleration.effect != taint.effect) {
      return false;
    }
    if (toleration.key.empty()) {
      return toleration.exists;
    }
    return toleration.key == taint.key && (toleration.exists || toleration.value == taint.value);
  });
}

std::string textOf(const model::Constraint& constraint) {
  std::string text = constraint.key + " " + std::string(model::name(constraint.op));
  if (constraint.op == model::Operator::Exists || constraint.op == model::Operator::DoesNotExist) {
    return text;
  }
  text += " [";
  for (size_t i = 0; i < constraint.values.size(); ++i) {
    text += (i == 0 ? "" : ", ") + constraint.values[i];
  }
  return text + "]";
}

std::string textOf(const model::Taint& taint) {
  return taint.key + (taint.value.empty() ? "" : "=" + taint.value) + ":" + std::string(model::name(taint.effect));
}

} // namespace univrs::schedule
