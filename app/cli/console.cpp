#include "app/cli/console.h"

#include "app/cli/terminal.h"
#include "app/cli/text_width.h"

#include <cstdlib>
#include <cstring>

namespace univrs::cli {

int exitCodeOf(base::ErrorCode code) {
  switch (code) {
  case base::ErrorCode::BadRequest:
  case base::ErrorCode::Validation:
  case base::ErrorCode::TooLarge:
    return kInvalid;
  case base::ErrorCode::NotFound:
    return kNotFound;
  case base::ErrorCode::Conflict:
    return kConflict;
  case base::ErrorCode::Unavailable:
    return kUnavailable;
  case base::ErrorCode::Timeout:
    return kTimedOut;
  case base::ErrorCode::Cancelled:
    return kInterrupted;
  default:
    return kFailed;
  }
}

std::string faultText(const base::FieldError& fault, const std::string& file) {
  std::string where = file;
  if (fault.line > 0) {
    where += (where.empty() ? "line " : ":") + std::to_string(fault.line);
  }
  return where.empty() ? fault.text() : where + (fault.path.empty() ? ": " : " ") + fault.text();
}

Console::Console(FILE* out, FILE* err, bool noColour, bool quiet)
    : m_out(out), m_err(err), m_outTerminal(isTerminal(fileno(out))), m_errTerminal(isTerminal(fileno(err))),
      m_quiet(quiet) {
  const char* off = std::getenv("NO_COLOR");
  const char* term = std::getenv("TERM");
  m_colours = !noColour && (off == nullptr || *off == '\0') && (term == nullptr || std::strcmp(term, "dumb") != 0);
}

void Console::out(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), m_out);
  std::fflush(m_out);
}

void Console::line(std::string_view text) {
  out(std::string(text) + "\n");
}

void Console::err(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), m_err);
  std::fflush(m_err);
}

void Console::note(std::string_view text) {
  if (!m_quiet) {
    err(escapeControls(text) + "\n");
  }
}

void Console::warning(const base::FieldError& fault, const std::string& file) {
  err(paint("warning: ", Tone::Warn, errColour()) + escapeControls(faultText(fault, file)) + "\n");
}

int Console::fail(const base::Error& error, const std::string& file) {
  std::string text = error.what.empty() ? "It did not work" : error.what;
  bool whyIsField = false;
  for (const base::FieldError& fault : error.fields) {
    whyIsField = whyIsField || (!fault.warning && error.why.find(fault.message) != std::string::npos);
  }
  if (!error.why.empty() && !whyIsField) {
    text += " (" + error.why + ")";
  }
  if (text.back() != '.' && text.back() != '?') {
    text += ".";
  }
  if (!error.hint.empty()) {
    text += " " + error.hint;
  }
  err(paint("univrs: ", Tone::Bad, errColour()) + escapeControls(text) + "\n");
  for (const base::FieldError& fault : error.fields) {
    if (fault.warning) {
      warning(fault, file);
    } else {
      err("  " + escapeControls(faultText(fault, file)) + "\n");
    }
  }
  return exitCodeOf(error.code);
}

int Console::width() const {
  return m_outTerminal ? terminalSize(fileno(m_out)).columns : 0;
}

int Console::errWidth() const {
  return m_errTerminal ? terminalSize(fileno(m_err)).columns : 0;
}

int Console::rows() const {
  return m_outTerminal ? terminalSize(fileno(m_out)).rows : 0;
}

} // namespace univrs::cli
