// The program's own log: one line an event on stderr (stdout belongs to the program's answers), text or JSON.
// Thread safe. Never pass secrets; there is no redaction here.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace univrs::base::log {

enum class Level { Debug, Info, Warning, Error };

using Fields = std::initializer_list<std::pair<std::string_view, std::string>>;

void setLevel(Level level);
void setJson(bool json);
// "debug" | "info" | "warning" | "error"; false when it is none of these.
bool setLevelByName(std::string_view name);

void write(Level level, std::string_view area, std::string_view message, Fields fields = {});
inline void debug(std::string_view area, std::string_view message, Fields f = {}) {
  write(Level::Debug, area, message, f);
}
inline void info(std::string_view area, std::string_view message, Fields f = {}) {
  write(Level::Info, area, message, f);
}
inline void warning(std::string_view area, std::string_view message, Fields f = {}) {
  write(Level::Warning, area, message, f);
}
inline void error(std::string_view area, std::string_view message, Fields f = {}) {
  write(Level::Error, area, message, f);
}

} // namespace univrs::base::log
