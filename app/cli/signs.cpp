#include "app/cli/signs.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace univrs::cli {

std::string paint(std::string_view text, Tone tone, bool colour) {
  if (!colour || tone == Tone::Plain || text.empty()) {
    return std::string(text);
  }
  static constexpr std::array<std::string_view, 7> kCodes{"", "32", "34", "33", "31", "2", "1"};
  return "\x1b[" + std::string(kCodes.at(size_t(tone))) + "m" + std::string(text) + "\x1b[0m";
}

Tone toneOf(model::Health health) {
  switch (health) {
  case model::Health::Healthy:
    return Tone::Good;
  case model::Health::Progressing:
    return Tone::Busy;
  case model::Health::Degraded:
    return Tone::Warn;
  }
  return Tone::Plain;
}

Tone toneOf(model::InstanceState state) {
  switch (state) {
  case model::InstanceState::Running:
  case model::InstanceState::Succeeded:
    return Tone::Good;
  case model::InstanceState::Unhealthy:
  case model::InstanceState::Backoff:
    return Tone::Warn;
  case model::InstanceState::Failed:
  case model::InstanceState::Lost:
    return Tone::Bad;
  default:
    return Tone::Busy;
  }
}

Tone toneOf(model::Severity severity) {
  switch (severity) {
  case model::Severity::Info:
    return Tone::Plain;
  case model::Severity::Warning:
    return Tone::Warn;
  case model::Severity::Error:
    return Tone::Bad;
  }
  return Tone::Plain;
}

Tone toneOf(const model::Node& node) {
  if (node.status == model::NodeStatus::Ready) {
    return node.cordoned ? Tone::Warn : Tone::Good;
  }
  return node.status == model::NodeStatus::Down ? Tone::Bad : Tone::Warn;
}

std::string sign(model::Health health) {
  return "● " + std::string(model::name(health));
}

std::string sign(model::InstanceState state) {
  return "● " + std::string(model::name(state));
}

std::string sign(const model::Node& node) {
  return "● " + std::string(model::name(node.status)) + (node.cordoned ? ", cordoned" : "");
}

std::string bar(double part, int width) {
  const double clamped = std::isfinite(part) ? std::clamp(part, 0.0, 1.0) : 0.0;
  const int eighths = int(std::lround(clamped * width * 8));
  static constexpr std::array<const char*, 8> kEighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  std::string out;
  int used = eighths / 8;
  for (int i = 0; i < used; ++i) {
    out += "█";
  }
  if (eighths % 8 != 0) {
    out += kEighths.at(size_t(eighths % 8));
    ++used;
  }
  return out + std::string(size_t(std::max(0, width - used)), ' ');
}

std::string paintByName(std::string_view text, std::string_view name, bool colour) {
  if (!colour) {
    return std::string(text);
  }
  unsigned sum = 2166136261U; // FNV-1a
  for (const char c : name) {
    sum = (sum ^ static_cast<unsigned char>(c)) * 16777619U;
  }
  return "\x1b[3" + std::to_string(1 + sum % 6) + "m" + std::string(text) + "\x1b[0m";
}

} // namespace univrs::cli
