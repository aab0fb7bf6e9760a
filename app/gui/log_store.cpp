#include "app/gui/log_store.h"

#include "app/gui/log_line.h"

#include <algorithm>

namespace univrs::gui {
namespace {

std::string_view cut(std::string_view text) {
  if (text.size() <= LogStore::kMaxLineBytes) {
    return text;
  }
  size_t size = LogStore::kMaxLineBytes;
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) { // not within a character
    --size;
  }
  return text.substr(0, size);
}

} // namespace

LogLine LogStore::Piece::at(size_t i) const {
  const Record& r = lines[i];
  const uint32_t begin = i == 0 ? 0 : lines[i - 1].end;
  return {std::string_view(text).substr(begin, r.end - begin), base::Timestamp{r.timeMs}, r.source, r.level,
          r.isStderr};
}

size_t LogStore::sizeOf(const Piece& piece) {
  return sizeof(Piece) + piece.text.capacity() + piece.lines.capacity() * sizeof(Piece::Record);
}

LogLine LogStore::at(int64_t number) const {
  const auto it = std::upper_bound(m_pieces.begin(), m_pieces.end(), number,
                                   [](int64_t n, const auto& piece) { return n < piece->first; });
  const Piece& piece = **std::prev(it);
  return piece.at(size_t(number - piece.first));
}

uint16_t LogStore::sourceOf(const std::string& name) {
  if (const auto it = m_sourceOf.find(name); it != m_sourceOf.end()) {
    return it->second;
  }
  if (m_sources.size() >= kMaxSources) {
    return uint16_t(kMaxSources - 1);
  }
  m_sources.push_back(name);
  return m_sourceOf.emplace(name, uint16_t(m_sources.size() - 1)).first->second;
}

void LogStore::append(std::string_view whole, base::Timestamp time, const std::string& source, bool isStderr) {
  const std::string_view text = cut(whole);
  if (m_sealed || m_pieces.back()->lines.size() >= kPieceLines ||
      m_pieces.back()->text.size() + text.size() > kPieceBytes) {
    if (!m_sealed) { // what was reserved and not used
      Piece& full = *m_pieces.back();
      m_bytes -= sizeOf(full);
      full.text.shrink_to_fit();
      full.lines.shrink_to_fit();
      m_bytes += sizeOf(full);
    }
    m_pieces.push_back(std::make_shared<Piece>());
    m_pieces.back()->first = m_end;
    m_bytes += sizeOf(*m_pieces.back());
    m_sealed = false;
  }
  Piece& piece = *m_pieces.back();
  const size_t before = sizeOf(piece);
  piece.text.append(text);
  piece.lines.push_back({time.ms, uint32_t(piece.text.size()), sourceOf(source), levelOf(text), isStderr});
  m_bytes += sizeOf(piece) - before;
  ++m_end;
}

int64_t LogStore::excess() const {
  int64_t lines = 0;
  size_t bytes = m_bytes;
  for (size_t i = 0; i + 1 < m_pieces.size() && (count() - lines > kMaxLines || bytes > kMaxBytes); ++i) {
    lines += int64_t(m_pieces[i]->lines.size());
    bytes -= sizeOf(*m_pieces[i]);
  }
  return lines;
}

void LogStore::drop(int64_t lines) {
  while (lines > 0 && !m_pieces.empty()) {
    const auto size = int64_t(m_pieces.front()->lines.size());
    if (size > lines) {
      break; // whole pieces only: excess() says no other number
    }
    m_bytes -= sizeOf(*m_pieces.front());
    m_pieces.pop_front();
    m_first += size;
    lines -= size;
  }
  if (m_pieces.empty()) {
    m_sealed = true;
  }
}

int64_t LogStore::prepend(const std::vector<Older>& lines) {
  const int64_t room = std::max<int64_t>(0, kMaxLines - count());
  size_t take = 0;
  size_t bytes = 0;
  while (take < lines.size() && int64_t(take) < room) {
    const Older& line = lines[lines.size() - 1 - take];
    bytes += std::min(line.text.size(), kMaxLineBytes) + sizeof(Piece::Record);
    if (m_bytes + bytes + sizeof(Piece) * 2 > kMaxBytes) {
      break;
    }
    ++take;
  }
  // Newest pieces first, each filled from its own beginning.
  size_t done = 0;
  while (done < take) {
    size_t size = 0;
    size_t count = 0;
    while (done + count < take && count < kPieceLines) {
      const size_t next = std::min(lines[lines.size() - 1 - done - count].text.size(), kMaxLineBytes);
      if (count > 0 && size + next > kPieceBytes) {
        break;
      }
      size += next;
      ++count;
    }
    auto piece = std::make_shared<Piece>();
    piece->text.reserve(size);
    piece->lines.reserve(count);
    for (size_t i = lines.size() - done - count; i < lines.size() - done; ++i) {
      const std::string_view text = cut(lines[i].text);
      piece->text.append(text);
      piece->lines.push_back({lines[i].time.ms, uint32_t(piece->text.size()), sourceOf(lines[i].source), levelOf(text),
                              lines[i].isStderr});
    }
    m_first -= int64_t(count);
    piece->first = m_first;
    m_bytes += sizeOf(*piece);
    m_pieces.push_front(std::move(piece));
    done += count;
  }
  return int64_t(take);
}

void LogStore::clear() {
  m_pieces.clear();
  m_sources.clear();
  m_sourceOf.clear();
  m_first = m_end = 0;
  m_bytes = 0;
  m_sealed = true;
}

LogStore::Pieces LogStore::seal() {
  m_sealed = true;
  return {m_pieces.begin(), m_pieces.end()};
}

} // namespace univrs::gui
