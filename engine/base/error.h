// Errors as values. Every failure that a person may meet says what happened, why, and what to do next; bad input
// carries one FieldError per fault, each with the path to it, so that all of them can be shown at once.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace univrs::base {

// What kind of failure it is. Doors map it to their own codes (HTTP status, CLI exit code).
enum class ErrorCode {
  BadRequest,   // not understood at all: broken JSON, a bad id
  Validation,   // understood, but not allowed: `fields` says where
  Unauthorized, // who are you?
  Forbidden,    // known, but not allowed
  NotFound,
  Conflict, // the object changed meanwhile, or a name is taken
  TooLarge,
  RateLimited,
  Unsupported, // this node, engine or platform cannot do it
  Unavailable, // a part that is needed does not answer now; trying again later may work
  Timeout,
  Cancelled,
  NoSpace, // disk full, quota reached
  Corrupt, // stored data does not read back as it was written
  Internal // our own mistake
};

// Upper-case name as the REST error body shows it (NOT_FOUND, VALIDATION_ERROR, …; names of the originals).
std::string_view errorCodeName(ErrorCode code);
// The reverse; unknown names give Internal.
ErrorCode errorCodeFromName(std::string_view name);

// One fault in an input document.
struct FieldError {
  std::string path;    // "containers[0].ports[1].container_port"; empty = the document itself
  std::string message; // "70000 is outside 1…65535"
  std::string hint;    // what to write instead; may be empty
  bool warning = false;
  int line = 0; // 1-based line in the source text; 0 = not known

  // "path: message (hint)".
  [[nodiscard]] std::string text() const;
  bool operator==(const FieldError&) const = default;
};

struct Error {
  ErrorCode code = ErrorCode::Internal;
  std::string what;               // "web was not deployed"
  std::string why;                // "the image registry answered: manifest unknown"; may be empty
  std::string hint;               // "check the tag"; may be empty
  std::vector<FieldError> fields; // for Validation

  // One line: what: why. Hint.
  [[nodiscard]] std::string text() const;
  bool operator==(const Error&) const = default;
};

// Shorthand. Ownership: plain values.
Error makeError(ErrorCode code, std::string what, std::string why = {}, std::string hint = {});

} // namespace univrs::base
