// Lines of a log, held compactly: bytes as the program wrote them in large pieces, and a short record for each line. A
// line keeps its number while it is held; what is oldest goes first when a bound is reached, a piece at a time.
//
// Used on one thread, except sealed pieces: they don't change any more and may be read from any.
#pragma once

#include "engine/base/clock.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace univrs::gui {

enum class LogLevel : uint8_t { None, Debug, Info, Warn, Error };

struct LogLine {
  std::string_view text; // valid until the store changes
  base::Timestamp time;
  uint16_t source = 0; // sourceName()
  LogLevel level = LogLevel::None;
  bool isStderr = false;
};

class LogStore {
public:
  static constexpr int64_t kMaxLines = 1'000'000;
  static constexpr size_t kMaxBytes = size_t(256) << 20; // text and records together
  static constexpr size_t kMaxLineBytes = 32'768;        // of one line; the rest is cut
  static constexpr size_t kPieceBytes = size_t(512) << 10;
  static constexpr size_t kPieceLines = 16'384;
  static constexpr size_t kMaxSources = 4'096; // more share the last name

  struct Piece {
    struct Record {
      int64_t timeMs = 0;
      uint32_t end = 0; // in `text`; it begins where the one before ends
      uint16_t source = 0;
      LogLevel level = LogLevel::None;
      bool isStderr = false;
    };
    int64_t first = 0; // number of its first line
    std::string text;
    std::vector<Record> lines;
    [[nodiscard]] LogLine at(size_t i) const;
  };
  using Pieces = std::vector<std::shared_ptr<const Piece>>;

  // Lines are [first, end).
  [[nodiscard]] int64_t first() const { return m_first; }
  [[nodiscard]] int64_t end() const { return m_end; }
  [[nodiscard]] int64_t count() const { return m_end - m_first; }
  [[nodiscard]] size_t bytes() const { return m_bytes; } // as allocated
  [[nodiscard]] LogLine at(int64_t number) const;        // first() <= number < end()
  [[nodiscard]] const std::string& sourceName(uint16_t source) const { return m_sources[source]; }

  void append(std::string_view text, base::Timestamp time, const std::string& source, bool isStderr);
  // How many of the oldest lines must go to keep the bounds; 0 = none. They go when drop() is called.
  [[nodiscard]] int64_t excess() const;
  void drop(int64_t lines);
  // Older lines, oldest first, put before all others; as many as there is room for, the newest of them.
  struct Older {
    std::string text;
    base::Timestamp time;
    std::string source;
    bool isStderr = false;
  };
  int64_t prepend(const std::vector<Older>& lines); // how many were taken
  void clear();
  // All pieces, now sealed: later lines go to a new one.
  [[nodiscard]] Pieces seal();
  [[nodiscard]] std::vector<std::string> sourceNames() const { return m_sources; }

private:
  uint16_t sourceOf(const std::string& name);
  [[nodiscard]] static size_t sizeOf(const Piece& piece);
  std::deque<std::shared_ptr<Piece>> m_pieces;
  std::vector<std::string> m_sources;
  std::unordered_map<std::string, uint16_t> m_sourceOf;
  int64_t m_first = 0;
  int64_t m_end = 0;
  size_t m_bytes = 0;
  bool m_sealed = true; // the last piece takes no more
};

} // namespace univrs::gui
