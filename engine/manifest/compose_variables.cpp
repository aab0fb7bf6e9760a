#include "engine/manifest/compose_variables.h"

#include "engine/model/json_text.h"

#include <QJsonArray>
#include <QJsonObject>

namespace univrs::manifest {

namespace {

constexpr int kMaxNesting = 16;         // of defaults inside defaults
constexpr size_t kMaxResult = 1u << 20; // of one string

bool isNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool isNamePart(char c) {
  return isNameStart(c) || (c >= '0' && c <= '9');
}

class Substitution {
public:
  Substitution(const std::map<std::string, std::string>& variables, const std::string& path, model::FaultList& faults)
      : m_variables(variables), m_path(path), m_faults(faults) {}

  std::optional<std::string> run(std::string_view text, int depth) {
    std::string out;
    size_t i = 0;
    while (i < text.size()) {
      if (text[i] != '$') {
        out += text[i++];
      } else if (i + 1 < text.size() && text[i + 1] == '$') {
        out += '$';
        i += 2;
      } else if (i + 1 < text.size() && text[i + 1] == '{') {
        const auto end = closing(text, i + 2);
        const auto value = end ? braced(text.substr(i + 2, *end - i - 2), depth) : std::nullopt;
        if (!end) {
          fault("has a \"${\" without its \"}\"");
        }
        if (!value) {
          return std::nullopt;
        }
        out += *value;
        i = *end + 1;
      } else if (i + 1 < text.size() && isNameStart(text[i + 1])) {
        size_t j = i + 1;
        while (j < text.size() && isNamePart(text[j])) {
          ++j;
        }
        out += valueOrEmpty(std::string(text.substr(i + 1, j - i - 1)));
        i = j;
      } else {
        fault("has a \"$\" that starts no variable");
        return std::nullopt;
      }
      if (out.size() > kMaxResult) {
        fault("grows too large when its variables are replaced");
        return std::nullopt;
      }
    }
    return out;
  }

private:
  void fault(std::string message) { m_faults.error(m_path, std::move(message), "write $$ for a dollar sign"); }

  // The '}' that belongs to an opened "${".
  static std::optional<size_t> closing(std::string_view text, size_t from) {
    int open = 1;
    for (size_t i = from; i < text.size(); ++i) {
      if (text[i] == '$' && i + 1 < text.size() && (text[i + 1] == '{' || text[i + 1] == '$')) {
        open += text[i + 1] == '{' ? 1 : 0;
        ++i;
      } else if (text[i] == '}' && --open == 0) {
        return i;
      }
    }
    return std::nullopt;
  }

  std::string valueOrEmpty(const std::string& name) {
    const auto it = m_variables.find(name);
    if (it == m_variables.end()) {
      m_faults.warning(m_path, "variable " + name.substr(0, 60) + " has no value, so it is empty here");
      return {};
    }
    return it->second;
  }

  std::optional<std::string> braced(std::string_view inside, int depth) {
    size_t n = 0;
    while (n < inside.size() && (n == 0 ? isNameStart(inside[n]) : isNamePart(inside[n]))) {
      ++n;
    }
    const std::string name(inside.substr(0, n));
    std::string_view rest = inside.substr(n);
    if (name.empty() || depth > kMaxNesting) {
      fault(name.empty() ? "has a \"${…}\" without a variable's name" : "has variables nested too deeply");
      return std::nullopt;
    }
    if (rest.empty()) {
      return valueOrEmpty(name);
    }
    const bool emptyCounts = rest.front() == ':'; // then an empty value is like none
    rest.remove_prefix(emptyCounts ? 1 : 0);
    const char mode = rest.empty() ? '\0' : rest.front();
    if (mode != '-' && mode != '?' && mode != '+') {
      fault("has a \"${" + name.substr(0, 60) + "…}\" that is not understood");
      return std::nullopt;
    }
    rest.remove_prefix(1);
    const auto it = m_variables.find(name);
    const bool set = it != m_variables.end() && !(emptyCounts && it->second.empty());
    if (mode == '+') {
      return set ? run(rest, depth + 1) : std::optional<std::string>("");
    }
    if (set) {
      return it->second;
    }
    if (mode == '-') {
      return run(rest, depth + 1);
    }
    m_faults.error(m_path, "variable " + name.substr(0, 60) + " needs a value" +
                               (rest.empty() ? "" : ": " + std::string(rest.substr(0, 200))));
    return std::nullopt;
  }

  const std::map<std::string, std::string>& m_variables;
  const std::string& m_path;
  model::FaultList& m_faults;
};

} // namespace

std::optional<std::string> substitute(std::string_view text, const std::map<std::string, std::string>& variables,
                                      const std::string& path, model::FaultList& faults) {
  return Substitution(variables, path, faults).run(text, 0);
}

QJsonValue substituteAll(const QJsonValue& value, const std::map<std::string, std::string>& variables,
                         const std::string& path, model::FaultList& faults, size_t& budget) {
  if (value.isString()) {
    const auto text = value.toString();
    if (!text.contains(QLatin1Char('$'))) {
      return value;
    }
    const auto out = substitute(text.toStdString(), variables, path, faults);
    if (out && out->size() > budget) {
      faults.error(path, "the file grows too large when its variables are replaced");
      budget = 0;
      return value;
    }
    budget -= out ? out->size() : 0;
    return out ? QJsonValue(model::toQString(*out)) : value;
  }
  if (value.isArray()) {
    QJsonArray out;
    const QJsonArray list = value.toArray();
    for (qsizetype i = 0; i < list.size(); ++i) {
      out.append(substituteAll(list.at(i), variables, path + "[" + std::to_string(i) + "]", faults, budget));
    }
    return out;
  }
  if (value.isObject()) {
    QJsonObject out;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
      if (!it.key().startsWith(QLatin1String("x-"))) {
        out.insert(it.key(),
                   substituteAll(it.value(), variables, model::joinPath(path, it.key().toStdString()), faults, budget));
      }
    }
    return out;
  }
  return value;
}

std::optional<std::vector<std::string>> splitWords(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool inWord = false;
  char quote = '\0';
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote == '\'') {
      if (c == '\'') {
        quote = '\0';
      } else {
        word += c;
      }
    } else if (quote == '"') {
      if (c == '"') {
        quote = '\0';
      } else if (c == '\\' && i + 1 < text.size() &&
                 std::string_view("\"\\$`").find(text[i + 1]) != std::string_view::npos) {
        word += text[++i];
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      inWord = true;
    } else if (c == '\\') {
      if (i + 1 >= text.size()) {
        return std::nullopt;
      }
      word += text[++i];
      inWord = true;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (inWord) {
        words.push_back(std::move(word));
        word.clear();
        inWord = false;
      }
    } else {
      word += c;
      inWord = true;
    }
  }
  if (quote != '\0') {
    return std::nullopt;
  }
  if (inWord) {
    words.push_back(std::move(word));
  }
  return words;
}

} // namespace univrs::manifest
