#include "plugins/runtime-docker/log_lines.h"

#include <algorithm>

namespace univrs::docker {

base::Timestamp LogLines::readTime(std::string_view text) {
  const auto read = base::Timestamp::fromIso(text);
  if (!read || read->ms <= 0) {
    return {};
  }
  base::Timestamp time = *read;
  if (m_now && text.find('.') == std::string_view::npos) {
    const base::Timestamp now = m_now();
    if (now.ms >= time.ms && now.ms < time.ms + 3000) {
      time.ms = std::min(now.ms, time.ms + 999);
    } else if (m_newest.ms > time.ms && m_newest.ms < time.ms + 1000) {
      time = m_newest; // keep the order within the second
    }
  }
  m_newest = std::max(m_newest, time);
  return time;
}

bool LogLines::emit(Stream& s, bool isStderr, bool wholeLine, const Sink& sink) {
  agent::LogLine line;
  line.time = s.time;
  line.isStderr = isStderr;
  line.text = std::move(s.text);
  s.text.clear();
  const bool wasSplit = s.split;
  s.split = !wholeLine;
  if (wholeLine && wasSplit && line.text.empty()) {
    return true; // the line ended exactly where it was split
  }
  return sink(line);
}

bool LogLines::takeText(Stream& s, bool isStderr, std::string_view bytes, const Sink& sink) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    std::string_view piece = bytes.substr(0, end);
    while (s.text.size() + piece.size() > kMaxLineBytes) {
      const size_t take = kMaxLineBytes - s.text.size();
      s.text.append(piece.substr(0, take));
      piece.remove_prefix(take);
      if (!emit(s, isStderr, false, sink)) {
        return false;
      }
    }
    s.text.append(piece);
    if (end == std::string_view::npos) {
      return true;
    }
    bytes.remove_prefix(end + 1);
    if (!emit(s, isStderr, true, sink)) {
      return false;
    }
  }
  return true;
}

bool LogLines::endHead(Stream& s, bool isStderr, const Sink& sink) {
  const std::string head = std::move(s.head);
  s.head.clear();
  s.inHead = false;
  const auto space = head.find(' ');
  if (const auto time = readTime(std::string_view(head).substr(0, space)); time.isSet()) {
    if (s.text.empty()) {
      s.time = time; // a continued line keeps the time of its beginning
    }
    return space == std::string::npos || takeText(s, isStderr, std::string_view(head).substr(space + 1), sink);
  }
  return takeText(s, isStderr, head, sink); // no time: all of it is text
}

bool LogLines::push(bool isStderr, bool first, bool last, std::string_view bytes, const Sink& sink) {
  Stream& s = m_streams[isStderr ? 1 : 0];
  if (first) {
    s.inHead = true;
    s.head.clear();
  }
  if (s.inHead) {
    const auto space = bytes.find(' ');
    const size_t take = std::min(space == std::string_view::npos ? bytes.size() : space + 1, kMaxHeadBytes);
    s.head.append(bytes.substr(0, take));
    bytes.remove_prefix(take);
    if ((s.head.ends_with(' ') || s.head.size() >= kMaxHeadBytes || last) && !endHead(s, isStderr, sink)) {
      return false;
    }
  }
  return takeText(s, isStderr, bytes, sink);
}

bool LogLines::pushRaw(std::string_view bytes, const Sink& sink) {
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const bool whole = end != std::string_view::npos;
    const std::string_view piece = bytes.substr(0, whole ? end + 1 : end);
    Stream& s = m_streams[0];
    if (s.inHead) {
      s.head.append(piece.substr(0, kMaxHeadBytes));
      const bool enough = whole || s.head.find(' ') != std::string::npos || s.head.size() >= kMaxHeadBytes;
      if (enough && !endHead(s, false, sink)) {
        return false;
      }
      if (piece.size() > kMaxHeadBytes && !takeText(s, false, piece.substr(kMaxHeadBytes), sink)) {
        return false;
      }
    } else if (!takeText(s, false, piece, sink)) {
      return false;
    }
    bytes.remove_prefix(piece.size());
    if (whole) {
      s.inHead = true;
    }
  }
  return true;
}

bool LogLines::finish(const Sink& sink) {
  for (size_t i = 0; i < m_streams.size(); ++i) {
    Stream& s = m_streams[i];
    if (!s.head.empty() && !endHead(s, i == 1, sink)) {
      return false;
    }
    if (!s.text.empty() && !emit(s, i == 1, true, sink)) {
      return false;
    }
  }
  return true;
}

} // namespace univrs::docker
