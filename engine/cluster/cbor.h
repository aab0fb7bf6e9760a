// The CBOR (RFC 8949) of tokens, certificates and what is said on /univrs/join and /univrs/member: arrays of definite
// length holding unsigned integers, byte strings and texts, and nothing else. Qt reads and writes the encoding; these
// two add the bounds and keep the first fault, so that a document is read field by field and asked once at the end.
#pragma once

#include "engine/base/encoding.h"

#include <QCborStreamReader>
#include <QCborStreamWriter>

#include <array>
#include <string>
#include <string_view>

namespace univrs::cluster {

class CborWriter {
public:
  CborWriter() : m_writer(&m_bytes) {}
  CborWriter(const CborWriter&) = delete;
  CborWriter& operator=(const CborWriter&) = delete;
  ~CborWriter() = default;

  // Followed by `count` values, and end().
  CborWriter& array(size_t count);
  CborWriter& end();
  CborWriter& number(uint64_t value);
  CborWriter& bytes(std::span<const uint8_t> value);
  CborWriter& text(std::string_view value); // UTF-8
  [[nodiscard]] base::Bytes take() const;

private:
  QByteArray m_bytes;
  QCborStreamWriter m_writer;
};

// After a fault every call gives an empty value, and ok() is false.
class CborReader {
public:
  // The document is copied; whoever calls has bounded its size.
  explicit CborReader(std::span<const uint8_t> document);
  CborReader(const CborReader&) = delete;
  CborReader& operator=(const CborReader&) = delete;
  ~CborReader() = default;

  size_t array(size_t atMost); // enters it; answers how many values it has
  void end();                  // leaves it; a fault when values are left
  uint64_t number(uint64_t atMost = UINT64_MAX);
  base::Bytes bytes(size_t atMost);
  std::string text(size_t atMost); // well-formed UTF-8
  template <size_t N>
  std::array<uint8_t, N> exactly() {
    std::array<uint8_t, N> out{};
    const base::Bytes got = bytes(N);
    if (got.size() == N) {
      std::copy(got.begin(), got.end(), out.begin());
    } else {
      m_ok = false;
    }
    return out;
  }
  [[nodiscard]] bool ok() const { return m_ok; }
  // Whether everything was read without a fault and nothing follows.
  [[nodiscard]] bool finished();

private:
  bool fault() { return m_ok = false; }
  QCborStreamReader m_reader;
  qsizetype m_size = 0;
  bool m_ok = true;
};

} // namespace univrs::cluster
