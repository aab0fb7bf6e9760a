// A blocking unix socket with deadlines, in the shape that Boost.Beast's parsers read from and write to
// (SyncReadStream, SyncWriteStream). Another thread may interrupt it: shutdown(2) makes every wait end.
#pragma once

#include "engine/base/cancel.h"
#include "engine/base/clock.h"
#include "engine/base/result.h"

#include <boost/asio/buffer.hpp>
#include <boost/system/error_code.hpp>
#include <boost/system/system_error.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility> // before Boost 1.74 in C++20

namespace univrs::docker {

class UnixStream {
public:
  UnixStream() = default;
  ~UnixStream();
  UnixStream(const UnixStream&) = delete;
  UnixStream& operator=(const UnixStream&) = delete;

  // Unavailable when nobody listens at `path` (at most 107 bytes) or it may not be opened.
  base::Result<void> connect(const std::string& path);
  [[nodiscard]] bool isOpen() const { return m_fd >= 0; }
  [[nodiscard]] int fd() const { return m_fd; }
  // Process at the other end; 0 when the system does not tell.
  [[nodiscard]] int peerPid() const;
  // False when the other side has closed it or sent something unasked: not fit for another request.
  [[nodiscard]] bool isQuiet() const;

  // Waits longer than this end with timed_out. Nothing = for ever (a cancel or an interrupt still ends them).
  void setDeadline(std::optional<base::Monotonic> deadline) { m_deadline = deadline; }
  // Ends all waits now and later, from any thread, while the object lives.
  void interrupt();
  void shutdownWrite();
  void close();

  // Reads at least one byte. eof at the end, timed_out after the deadline.
  size_t readBytes(void* to, size_t size, boost::system::error_code& ec);
  size_t writeBytes(const void* from, size_t size, boost::system::error_code& ec) {
    return writeBytes(from, size, ec, m_deadline);
  }
  // With a deadline of its own: one thread may write while another reads.
  size_t writeBytes(const void* from, size_t size, boost::system::error_code& ec,
                    std::optional<base::Monotonic> deadline);

  template <class Buffers>
  size_t read_some(const Buffers& buffers, boost::system::error_code& ec) { // NOLINT: Beast's name
    for (auto it = boost::asio::buffer_sequence_begin(buffers); it != boost::asio::buffer_sequence_end(buffers); ++it) {
      const boost::asio::mutable_buffer b(*it);
      if (b.size() > 0) {
        return readBytes(b.data(), b.size(), ec);
      }
    }
    ec = {};
    return 0;
  }
  template <class Buffers>
  size_t read_some(const Buffers& buffers) { // NOLINT
    boost::system::error_code ec;
    const size_t n = read_some(buffers, ec);
    if (ec) {
      throw boost::system::system_error(ec);
    }
    return n;
  }
  template <class Buffers>
  size_t write_some(const Buffers& buffers, boost::system::error_code& ec) { // NOLINT
    for (auto it = boost::asio::buffer_sequence_begin(buffers); it != boost::asio::buffer_sequence_end(buffers); ++it) {
      const boost::asio::const_buffer b(*it);
      if (b.size() > 0) {
        return writeBytes(b.data(), b.size(), ec);
      }
    }
    ec = {};
    return 0;
  }
  template <class Buffers>
  size_t write_some(const Buffers& buffers) { // NOLINT
    boost::system::error_code ec;
    const size_t n = write_some(buffers, ec);
    if (ec) {
      throw boost::system::system_error(ec);
    }
    return n;
  }

private:
  bool wait(short events, std::optional<base::Monotonic> deadline, boost::system::error_code& ec) const;
  int m_fd = -1;
  std::optional<base::Monotonic> m_deadline;
};

} // namespace univrs::docker
