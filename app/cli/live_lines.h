// Progress on standard error: lines that are redrawn in place on a terminal; elsewhere each line once when it changes.
#pragma once

#include "app/cli/console.h"

#include <map>
#include <string>
#include <vector>

namespace univrs::cli {

struct LiveLine {
  std::string key;   // what it is about; one line a key
  std::string text;  // shown
  std::string plain; // shown where nothing can be redrawn, when it differs from the last one; empty = never
  Tone tone = Tone::Plain;
};

class LiveLines {
public:
  explicit LiveLines(Console& console) : m_console(console) {}
  ~LiveLines() { clear(); }
  LiveLines(const LiveLines&) = delete;
  LiveLines& operator=(const LiveLines&) = delete;
  void show(const std::vector<LiveLine>& lines);
  void clear(); // takes them from the screen

private:
  Console& m_console;
  int m_shown = 0;
  std::map<std::string, std::string> m_plain;
};

} // namespace univrs::cli
