// Where a verb's answers go: data on standard output, everything else (progress, warnings, errors) on standard error.
#pragma once

#include "app/cli/signs.h"
#include "engine/base/error.h"

#include <cstdio>
#include <string>
#include <string_view>

namespace univrs::cli {

// Exit codes of the program (docs/cli.md). `exec` passes the program's own code on instead.
enum ExitCode : int {
  kOk = 0,
  kFailed = 1,
  kUsage = 2,
  kInvalid = 3,
  kNotFound = 4,
  kConflict = 5,
  kUnavailable = 6,
  kTimedOut = 7,
  kInterrupted = 130
};
int exitCodeOf(base::ErrorCode code);

class Console {
public:
  //! On `out` and `err`; colours and width by what they are, NO_COLOR and TERM=dumb honoured.
  Console(FILE* out, FILE* err, bool noColour = false, bool quiet = false);

  void out(std::string_view text); // as it is; a broken pipe ends quietly
  void line(std::string_view text);
  void note(std::string_view text); // a line on standard error, not with --quiet
  void warning(const base::FieldError& fault, const std::string& file = {});
  //! Prints what, why, hint and fields; returns the exit code.
  int fail(const base::Error& error, const std::string& file = {});

  [[nodiscard]] bool outIsTerminal() const { return m_outTerminal; }
  [[nodiscard]] bool errIsTerminal() const { return m_errTerminal; }
  [[nodiscard]] bool colour() const { return m_outTerminal && m_colours; }
  [[nodiscard]] bool errColour() const { return m_errTerminal && m_colours; }
  [[nodiscard]] bool quiet() const { return m_quiet; }
  [[nodiscard]] int width() const;    // columns of standard output; 0 = not a terminal
  [[nodiscard]] int errWidth() const; // of standard error
  [[nodiscard]] int rows() const;
  void err(std::string_view text);

private:
  FILE* m_out;
  FILE* m_err;
  bool m_outTerminal;
  bool m_errTerminal;
  bool m_colours;
  bool m_quiet;
};

//! "file:3 path: message (hint)".
std::string faultText(const base::FieldError& fault, const std::string& file);

} // namespace univrs::cli
