// multistream-select 1.0: how two peers agree on what a connection or stream is for. Sans-IO: bytes in, bytes out, a
// result.
#pragma once

#include "engine/base/encoding.h"
#include "engine/base/result.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace univrs::p2p {

// One side of one negotiation. Feed it what arrives; it says how much it took (bytes after the agreement are left for
// the protocol).
class Multistream {
public:
  static constexpr size_t kMaxLine =
      1024; // a protocol name with its newline; the reference implementation allows 16,383
  static constexpr size_t kMaxProposals = 64; // a listener gives up after so many refused names

  // The dialer proposes `protocols` in this order (at least one). The first goes out with the header, in one write.
  static Multistream dialer(std::vector<std::string> protocols);
  // The listener agrees to the first name that `supported` accepts.
  static Multistream listener(std::function<bool(const std::string&)> supported);

  struct Step {
    size_t consumed = 0; // bytes of the input that were taken
    base::Bytes send;    // to be sent now; may be empty
    bool done = false;   // agreed: `protocol()`
    bool failed = false; // `error()`; close after sending `send`
  };
  Step start(); // what to send first (dialer: header and first name; listener: nothing)
  Step feed(std::span<const uint8_t> bytes);

  [[nodiscard]] const std::string& protocol() const { return m_protocol; }
  [[nodiscard]] const base::Error& error() const { return m_error; }

private:
  Multistream() = default;
  void line(std::string_view text, Step& step);
  void fail(base::ErrorCode code, const std::string& why, Step& step);
  void agree(std::string protocol, Step& step);
  bool m_dialer = false;
  bool m_headerSeen = false;
  bool m_over = false;
  std::vector<std::string> m_protocols;
  std::function<bool(const std::string&)> m_supported;
  size_t m_next = 0; // dialer: index of the name that waits for an answer; listener: names refused
  std::string m_protocol;
  base::Error m_error;
  base::Bytes m_partial; // a line that has not arrived whole
};

} // namespace univrs::p2p
