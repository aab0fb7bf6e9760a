#include "engine/base/error.h"

#include <algorithm>
#include <array>
#include <utility>

namespace univrs::base {

namespace {
// The first name of a code is the one written; the originals' names where they had one.
constexpr std::array<std::pair<ErrorCode, std::string_view>, 15> kNames{{
    {ErrorCode::BadRequest, "BAD_REQUEST"},
    {ErrorCode::Validation, "VALIDATION_ERROR"},
    {ErrorCode::Unauthorized, "UNAUTHORIZED"},
    {ErrorCode::Forbidden, "FORBIDDEN"},
    {ErrorCode::NotFound, "NOT_FOUND"},
    {ErrorCode::Conflict, "CONFLICT"},
    {ErrorCode::TooLarge, "TOO_LARGE"},
    {ErrorCode::RateLimited, "RATE_LIMITED"},
    {ErrorCode::Unsupported, "UNSUPPORTED"},
    {ErrorCode::Unavailable, "UNAVAILABLE"},
    {ErrorCode::Timeout, "TIMEOUT"},
    {ErrorCode::Cancelled, "CANCELLED"},
    {ErrorCode::NoSpace, "NO_SPACE"},
    {ErrorCode::Corrupt, "CORRUPT"},
    {ErrorCode::Internal, "INTERNAL_ERROR"},
}};
} // namespace

std::string_view errorCodeName(ErrorCode code) {
  const auto it = std::find_if(kNames.begin(), kNames.end(), [code](const auto& n) { return n.first == code; });
  return it == kNames.end() ? std::string_view("INTERNAL_ERROR") : it->second;
}

ErrorCode errorCodeFromName(std::string_view name) {
  const auto it = std::find_if(kNames.begin(), kNames.end(), [name](const auto& n) { return n.second == name; });
  return it == kNames.end() ? ErrorCode::Internal : it->first;
}

std::string FieldError::text() const {
  std::string out = path.empty() ? message : path + ": " + message;
  if (!hint.empty()) {
    out += " (" + hint + ")";
  }
  return out;
}

std::string Error::text() const {
  std::string out = what;
  if (!why.empty()) {
    out += ": " + why;
  }
  if (!hint.empty()) {
    out += ". " + hint;
  }
  return out;
}

Error makeError(ErrorCode code, std::string what, std::string why, std::string hint) {
  return Error{code, std::move(what), std::move(why), std::move(hint), {}};
}

} // namespace univrs::base
