#include "engine/model/names.h"

#include "engine/base/encoding.h"

#include <algorithm>

namespace univrs::model {

namespace {

bool isLower(char c) {
  return c >= 'a' && c <= 'z';
}
bool isUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool isDigit(char c) {
  return c >= '0' && c <= '9';
}
bool isAlnum(char c) {
  return isLower(c) || isUpper(c) || isDigit(c);
}
bool isHexLower(char c) {
  return isDigit(c) || (c >= 'a' && c <= 'f');
}

constexpr size_t kMaxReference = 512;
constexpr size_t kMaxRepository = 255;
constexpr size_t kMaxTag = 128;

// [a-z0-9]+ parts joined by '.', '_', '__' or dashes (distribution's "path-component").
bool isPathComponent(std::string_view s) {
  size_t i = 0;
  while (true) {
    const size_t first = i;
    while (i < s.size() && (isLower(s[i]) || isDigit(s[i]))) {
      ++i;
    }
    if (i == first) {
      return false;
    }
    if (i == s.size()) {
      return true;
    }
    if (s[i] == '.') {
      ++i;
    } else if (s[i] == '_') {
      i += i + 1 < s.size() && s[i + 1] == '_' ? 2 : 1;
    } else if (s[i] == '-') {
      while (i < s.size() && s[i] == '-') {
        ++i;
      }
    } else {
      return false;
    }
  }
}

bool isRegistry(std::string_view s) {
  std::string_view host = s;
  if (!s.empty() && s.front() == '[') { // [::1]:5000
    const auto close = s.find(']');
    if (close == std::string_view::npos || close == 1) {
      return false;
    }
    const auto inside = s.substr(1, close - 1);
    if (!std::all_of(inside.begin(), inside.end(), [](char c) { return isAlnum(c) || c == ':' || c == '.'; })) {
      return false;
    }
    host = {};
    s = s.substr(close + 1);
    if (s.empty()) {
      return true;
    }
  } else {
    const auto colon = s.find(':');
    host = s.substr(0, colon);
    s = colon == std::string_view::npos ? std::string_view() : s.substr(colon);
    if (host.empty() || host.size() > 253 || !isAlnum(host.front()) || !isAlnum(host.back()) ||
        host.find("..") != std::string_view::npos ||
        !std::all_of(host.begin(), host.end(), [](char c) { return isAlnum(c) || c == '-' || c == '.'; })) {
      return false;
    }
    if (s.empty()) {
      return true;
    }
  }
  s.remove_prefix(1); // ':'
  return !s.empty() && s.size() <= 5 && std::all_of(s.begin(), s.end(), isDigit) && std::stoi(std::string(s)) <= 65535;
}

base::Error badReference(std::string_view text, std::string why, std::string hint = {}) {
  std::string shown;
  for (const char c : text.substr(0, 80)) {
    shown += uint8_t(c) < 0x20 || uint8_t(c) >= 0x7f ? '?' : c;
  }
  return base::makeError(base::ErrorCode::Validation, "\"" + shown + "\" is not an image reference", std::move(why),
                         std::move(hint));
}

} // namespace

bool isDnsLabel(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) { return isLower(c) || isDigit(c) || c == '-'; });
}

bool isLabelKey(std::string_view text) {
  if (const auto slash = text.find('/'); slash != std::string_view::npos) {
    std::string_view prefix = text.substr(0, slash);
    if (prefix.empty() || prefix.size() > 253) {
      return false;
    }
    while (true) {
      const auto dot = prefix.find('.');
      if (!isDnsLabel(prefix.substr(0, dot))) {
        return false;
      }
      if (dot == std::string_view::npos) {
        break;
      }
      prefix.remove_prefix(dot + 1);
    }
    text.remove_prefix(slash + 1);
  }
  return !text.empty() && isLabelValue(text);
}

bool isLabelValue(std::string_view text) {
  return text.empty() ||
         (text.size() <= 63 && isAlnum(text.front()) && isAlnum(text.back()) &&
          std::all_of(text.begin(), text.end(), [](char c) { return isAlnum(c) || c == '.' || c == '_' || c == '-'; }));
}

bool isEnvName(std::string_view text) {
  return !text.empty() && std::none_of(text.begin(), text.end(), [](char c) { return c == '=' || c == '\0'; });
}

std::string toDnsLabel(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (out.size() >= 63) {
      break;
    }
    if (isLower(c) || isDigit(c)) {
      out += c;
    } else if (isUpper(c)) {
      out += char(c - 'A' + 'a');
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') {
    out.pop_back();
  }
  return out.empty() ? "workload" : out;
}

std::string ImageReference::text() const {
  std::string out = name();
  if (!tag.empty()) {
    out += ":" + tag;
  }
  if (!digest.empty()) {
    out += "@" + digest;
  }
  return out;
}

base::Result<ImageReference> parseImageReference(std::string_view text) {
  if (text.empty()) {
    return badReference(text, "it is empty", "write NAME:TAG, as nginx:1.25");
  }
  if (text.size() > kMaxReference) {
    return badReference(text, "it is longer than " + std::to_string(kMaxReference) + " characters");
  }
  if (text.find("://") != std::string_view::npos) {
    return badReference(text, "it is a URL", "leave out the scheme: REGISTRY/NAME:TAG");
  }
  ImageReference ref;
  std::string_view rest = text;
  if (const auto at = rest.find('@'); at != std::string_view::npos) {
    const auto digest = rest.substr(at + 1);
    const auto colon = digest.find(':');
    const auto algorithm = digest.substr(0, colon);
    const auto value = colon == std::string_view::npos ? std::string_view() : digest.substr(colon + 1);
    const size_t wanted = algorithm == "sha256" ? 64 : algorithm == "sha512" ? 128 : 0;
    if (wanted == 0 || value.size() != wanted || !std::all_of(value.begin(), value.end(), isHexLower)) {
      return badReference(text, "its digest is malformed", "a digest is sha256: and 64 hexadecimal digits, lower case");
    }
    ref.digest = std::string(digest);
    rest = rest.substr(0, at);
  }
  const auto slash = rest.rfind('/');
  const auto colon = rest.find(':', slash == std::string_view::npos ? 0 : slash);
  if (colon != std::string_view::npos) {
    const auto tag = rest.substr(colon + 1);
    if (tag.empty() || tag.size() > kMaxTag || tag.front() == '.' || tag.front() == '-' ||
        !std::all_of(tag.begin(), tag.end(), [](char c) { return isAlnum(c) || c == '_' || c == '.' || c == '-'; })) {
      return badReference(text, "its tag is malformed", "a tag is 1…128 of letters, digits, '_', '.' and '-'");
    }
    ref.tag = std::string(tag);
    rest = rest.substr(0, colon);
  }
  // The first part is a registry when it looks like a host: with a dot or a port, "localhost", or with capital letters.
  const auto firstSlash = rest.find('/');
  const auto first = rest.substr(0, firstSlash);
  if (firstSlash != std::string_view::npos &&
      (first.find_first_of(".:[") != std::string_view::npos || first == "localhost" ||
       std::any_of(first.begin(), first.end(), isUpper))) {
    if (!isRegistry(first)) {
      return badReference(text, "its registry is malformed", "a registry is HOST or HOST:PORT");
    }
    ref.registry = first == "index.docker.io" ? "docker.io" : std::string(first);
    rest.remove_prefix(firstSlash + 1);
  } else {
    ref.registry = "docker.io";
  }
  ref.repository = std::string(rest);
  if (ref.registry == "docker.io" && rest.find('/') == std::string_view::npos) {
    ref.repository = "library/" + ref.repository;
  }
  if (ref.repository.size() > kMaxRepository) {
    return badReference(text, "its name is longer than " + std::to_string(kMaxRepository) + " characters");
  }
  if (std::any_of(rest.begin(), rest.end(), isUpper)) {
    return badReference(text, "its name has capital letters", "image names are lower case");
  }
  std::string_view parts = rest;
  while (true) {
    const auto cut = parts.find('/');
    if (!isPathComponent(parts.substr(0, cut))) {
      return badReference(text, "its name is malformed", "write NAME:TAG or REGISTRY/NAME:TAG, as nginx:1.25");
    }
    if (cut == std::string_view::npos) {
      break;
    }
    parts.remove_prefix(cut + 1);
  }
  if (ref.tag.empty() && ref.digest.empty()) {
    ref.tag = "latest";
  }
  return ref;
}

} // namespace univrs::model
