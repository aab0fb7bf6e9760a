#include "app/cli/operation_lines.h"

#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "engine/model/resources.h"

namespace univrs::cli {

std::string operationAmount(const model::Operation& op) {
  if (model::countsInstances(op)) {
    return std::to_string(op.current) + " of " + std::to_string(op.total);
  }
  if (op.total > 0) {
    return model::formatBytes(op.current) + " of " + model::formatBytes(op.total);
  }
  return op.current > 0 ? model::formatBytes(op.current) : std::string();
}

LiveLine operationLine(const model::Operation& op) {
  const std::string plain = op.kind + " " + op.subject + ": " + op.phase;
  std::string text = op.kind + " " + op.subject + "  " + op.phase;
  if (op.total > 0) {
    text += "  [" + bar(double(op.current) / double(op.total), 20) + "]";
  }
  if (const std::string amount = operationAmount(op); !amount.empty()) {
    text += (op.total > 0 ? " " : "  ") + amount;
  }
  return {op.id, std::move(text), plain, Tone::Busy};
}

} // namespace univrs::cli
