#include "engine/base/log.h"

#include "engine/base/clock.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <atomic>
#include <cstdio>

namespace univrs::base::log {

namespace {
std::atomic<Level> g_level{Level::Info};
std::atomic<bool> g_json{false};
constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};

QString text(std::string_view s) {
  return QString::fromUtf8(s.data(), qsizetype(s.size()));
}

// A value stays on one line; quoted only when it has to be.
std::string quoted(const std::string& v) {
  if (!v.empty() && v.find_first_of(" \"=\n\r\t\\") == std::string::npos) {
    return v;
  }
  std::string out = "\"";
  for (const char c : v) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (uint8_t(c) >= 0x20) {
      out += c;
    }
  }
  return out + '"';
}
} // namespace

void setLevel(Level level) {
  g_level = level;
}
void setJson(bool json) {
  g_json = json;
}

bool setLevelByName(std::string_view name) {
  for (int i = 0; i < 4; ++i) {
    if (kNames[i] == name) {
      g_level = Level(i);
      return true;
    }
  }
  return false;
}

void write(Level level, std::string_view area, std::string_view message, Fields fields) {
  if (level < g_level.load(std::memory_order_relaxed)) {
    return;
  }
  const std::string time = SystemClock().now().wall.iso();
  std::string line;
  if (g_json) {
    QJsonObject o{{QStringLiteral("time"), QString::fromStdString(time)},
                  {QStringLiteral("level"), text(kNames[int(level)])},
                  {QStringLiteral("area"), text(area)},
                  {QStringLiteral("message"), text(message)}};
    for (const auto& [k, v] : fields) {
      o.insert(text(k), QString::fromStdString(v));
    }
    line = QJsonDocument(o).toJson(QJsonDocument::Compact).toStdString();
  } else {
    line = time + ' ' + std::string(kNames[int(level)]) + ' ' + std::string(area) + ": " + std::string(message);
    for (const auto& [k, v] : fields) {
      line += ' ' + std::string(k) + '=' + quoted(v);
    }
  }
  line += '\n';
  std::fwrite(line.data(), 1, line.size(), stderr); // one call: lines of several threads do not mix
}

} // namespace univrs::base::log
