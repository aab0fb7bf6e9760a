#include "engine/cluster/cbor.h"

namespace univrs::cluster {

CborWriter& CborWriter::array(size_t count) {
  m_writer.startArray(count);
  return *this;
}
CborWriter& CborWriter::end() {
  m_writer.endArray();
  return *this;
}
CborWriter& CborWriter::number(uint64_t value) {
  m_writer.append(quint64(value));
  return *this;
}
CborWriter& CborWriter::bytes(std::span<const uint8_t> value) {
  m_writer.appendByteString(reinterpret_cast<const char*>(value.data()), qsizetype(value.size()));
  return *this;
}
CborWriter& CborWriter::text(std::string_view value) {
  m_writer.appendTextString(value.data(), qsizetype(value.size()));
  return *this;
}
base::Bytes CborWriter::take() const {
  return {m_bytes.begin(), m_bytes.end()};
}

CborReader::CborReader(std::span<const uint8_t> document) : m_size(qsizetype(document.size())) {
  m_reader.addData(reinterpret_cast<const char*>(document.data()), m_size);
}

size_t CborReader::array(size_t atMost) {
  if (!m_ok || !m_reader.isArray() || !m_reader.isLengthKnown() || m_reader.length() > atMost) {
    fault();
    return 0;
  }
  const auto count = size_t(m_reader.length());
  if (!m_reader.enterContainer()) {
    fault();
    return 0;
  }
  return count;
}

void CborReader::end() {
  if (!m_ok || m_reader.hasNext() || !m_reader.leaveContainer()) {
    fault();
  }
}

uint64_t CborReader::number(uint64_t atMost) {
  if (!m_ok || !m_reader.isUnsignedInteger() || m_reader.toUnsignedInteger() > atMost) {
    fault();
    return 0;
  }
  const uint64_t value = m_reader.toUnsignedInteger();
  if (!m_reader.next()) {
    fault();
  }
  return m_ok ? value : 0;
}

namespace {
// One string of definite length, at most `atMost` long; the length is looked at before anything is read.
bool readString(QCborStreamReader& reader, size_t atMost, QByteArray& out) {
  if (!reader.isLengthKnown() || reader.length() > atMost || reader.currentStringChunkSize() < 0) {
    return false;
  }
  out.resize(reader.currentStringChunkSize());
  const auto read = reader.readStringChunk(out.data(), out.size());
  if (read.status == QCborStreamReader::Error || read.data != out.size()) {
    return false;
  }
  return reader.readStringChunk(nullptr, 0).status == QCborStreamReader::EndOfString;
}
} // namespace

base::Bytes CborReader::bytes(size_t atMost) {
  QByteArray out;
  if (!m_ok || !m_reader.isByteArray() || !readString(m_reader, atMost, out)) {
    fault();
    return {};
  }
  return {out.begin(), out.end()};
}

std::string CborReader::text(size_t atMost) {
  QByteArray out;
  if (!m_ok || !m_reader.isString() || !readString(m_reader, atMost, out)) {
    fault();
    return {};
  }
  std::string text = out.toStdString();
  if (!base::isUtf8(text)) {
    fault();
    return {};
  }
  return text;
}

bool CborReader::finished() {
  return m_ok && m_reader.lastError() == QCborError::NoError && m_reader.currentOffset() == m_size;
}

} // namespace univrs::cluster
