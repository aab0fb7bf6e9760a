// A container's log as the shim writes it: `RFC3339nano stdout|stderr F|P text` a record (the CRI format), two files of
// bounded size, the older one named log.1. No Qt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace univrs::runtime_process {

inline constexpr size_t kMaxRecordText = 16 * 1024; // longer lines become P records and a last F

class LogWriter {
public:
  LogWriter(std::string path, int64_t maxBytes);
  ~LogWriter();
  LogWriter(const LogWriter&) = delete;
  LogWriter& operator=(const LogWriter&) = delete;
  [[nodiscard]] bool open();
  // Bytes as the program wrote them; lines are put together here.
  void append(bool isStderr, std::string_view bytes);
  // The stream has ended: what is left without a newline is a line too.
  void finish(bool isStderr);

private:
  void record(bool isStderr, bool whole, std::string_view text);
  void rotate();
  std::string m_path;
  int64_t m_maxBytes;
  int m_fd = -1;
  int64_t m_size = 0;
  std::string m_partial[2];
};

} // namespace univrs::runtime_process
