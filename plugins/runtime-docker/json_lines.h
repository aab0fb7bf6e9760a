// Cuts a byte stream into lines: pull progress and events come as one JSON document a line.
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace univrs::docker {

class JsonLines {
public:
  static constexpr size_t kMaxLineBytes = 1u << 20; // a longer line is an error: nothing an engine sends is

  // Calls `line` for every complete, non-empty line, without its end. When it answers false, the rest is dropped and
  // push() returns ok. TooLarge when a line is over the limit.
  base::Result<void> push(std::string_view bytes, const std::function<bool(std::string_view)>& line);
  // The last line may have no newline.
  void finish(const std::function<bool(std::string_view)>& line);

private:
  std::string m_partial;
};

} // namespace univrs::docker
