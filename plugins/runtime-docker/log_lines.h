// Makes log lines out of an engine's log stream with timestamps=1. One frame is one message: "TIME text"; a program's
// line longer than the engine's own buffer comes as several messages, only the last of which has a newline.
#pragma once

#include "engine/agent/runtime_driver.h"

#include <array>
#include <functional>
#include <string>
#include <string_view>

namespace univrs::docker {

class LogLines {
public:
  static constexpr size_t kMaxLineBytes = 16 * 1024; // longer ones are split here

  using Sink = std::function<bool(const agent::LogLine&)>;

  // `now` is asked only for times that the engine cut to whole seconds (Podman): a line that just came gets the moment
  // it came at, as long as that is within its second. Empty: no guessing.
  explicit LogLines(std::function<base::Timestamp()> now = {}) : m_now(std::move(now)) {}

  // A piece of one frame. False when the sink wants no more.
  bool push(bool isStderr, bool first, bool last, std::string_view bytes, const Sink& sink);
  // A piece of a stream without frames (a container with a terminal): each line begins with its time.
  bool pushRaw(std::string_view bytes, const Sink& sink);
  // What is left without a newline.
  bool finish(const Sink& sink);

private:
  struct Stream {
    std::string head; // bytes that may be the time, not longer than kMaxHeadBytes
    bool inHead = true;
    base::Timestamp time;
    std::string text;
    bool split = false; // a piece of this line was already given out
  };
  static constexpr size_t kMaxHeadBytes = 40;

  bool endHead(Stream& s, bool isStderr, const Sink& sink);
  bool takeText(Stream& s, bool isStderr, std::string_view bytes, const Sink& sink);
  bool emit(Stream& s, bool isStderr, bool wholeLine, const Sink& sink);
  base::Timestamp readTime(std::string_view text);

  std::function<base::Timestamp()> m_now;
  std::array<Stream, 2> m_streams;
  base::Timestamp m_newest; // times never go back within one second
};

} // namespace univrs::docker
