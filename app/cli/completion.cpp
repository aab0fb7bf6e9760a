#include "app/cli/completion.h"

#include <algorithm>

namespace univrs::cli {

namespace {

bool startsWith(const std::string& text, const std::string& start) {
  return text.rfind(start, 0) == 0;
}

// The option of `app` or what it falls through to that `word` names.
const CLI::Option* findOption(const CLI::App* app, const std::string& word) {
  const std::string name = word.substr(0, word.find('='));
  for (const CLI::App* at = app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options([](const CLI::Option*) { return true; })) {
      if (option->nonpositional() && option->check_name(name)) {
        return option;
      }
    }
  }
  return nullptr;
}

bool takesValue(const CLI::Option* option) {
  return option->get_expected_max() > 0 && option->get_items_expected_max() > 0;
}

// "…{table,wide,json,yaml}" of IsMember's description.
std::vector<std::string> choicesOf(const CLI::Option* option) {
  std::vector<std::string> out;
  const std::string text = option->get_type_name();
  const size_t open = text.find('{');
  const size_t close = text.rfind('}');
  if (open == std::string::npos || close == std::string::npos) {
    return out;
  }
  std::string word;
  for (size_t i = open + 1; i <= close; ++i) {
    if (text[i] == ',' || text[i] == '}') {
      out.push_back(word);
      word.clear();
    } else {
      word += text[i];
    }
  }
  return out;
}

void addOptions(const CLI::App* app, const std::string& partial, Completions& out) {
  for (const CLI::App* at = app; at != nullptr; at = at->get_parent()) {
    for (const CLI::Option* option : at->get_options([](const CLI::Option*) { return true; })) {
      for (const std::string& name : option->get_lnames()) {
        if (startsWith("--" + name, partial)) {
          out.items.push_back({"--" + name, option->get_description()});
        }
      }
      if (partial.size() < 2 || partial[1] != '-') {
        for (const std::string& name : option->get_snames()) {
          if (startsWith("-" + name, partial) && option->get_lnames().empty()) {
            out.items.push_back({"-" + name, option->get_description()});
          }
        }
      }
    }
  }
}

} // namespace

Completions complete(const CLI::App& root, const VerbSet& verbs, const std::vector<std::string>& words,
                     const std::function<std::vector<Completions::Item>(Names)>& names) {
  Completions out;
  const std::string partial = words.empty() ? std::string() : words.back();
  const CLI::App* app = &root;
  const CLI::Option* awaiting = nullptr; // its value is the next word
  for (size_t i = 0; i + 1 < words.size(); ++i) {
    const std::string& word = words[i];
    if (awaiting != nullptr) {
      awaiting = nullptr;
      continue;
    }
    if (word == "--") {
      out.files = true; // the program in the container: any word
      return out;
    }
    if (!word.empty() && word[0] == '-') {
      const CLI::Option* option = findOption(app, word);
      if (option != nullptr && takesValue(option) && word.find('=') == std::string::npos) {
        awaiting = option;
      }
      continue;
    }
    for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
      if (sub->get_name() == word) {
        app = sub;
        break;
      }
    }
  }
  if (awaiting != nullptr) {
    for (const std::string& choice : choicesOf(awaiting)) {
      if (startsWith(choice, partial)) {
        out.items.push_back({choice, {}});
      }
    }
    out.files = out.items.empty();
    return out;
  }
  if (!partial.empty() && partial[0] == '-') {
    addOptions(app, partial, out);
    return out;
  }
  for (const CLI::App* sub : app->get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty() && startsWith(sub->get_name(), partial)) {
      out.items.push_back({sub->get_name(), sub->get_description()});
    }
  }
  const VerbSet::Entry* entry = verbs.find(app);
  if (entry == nullptr || entry->names == Names::None) {
    return out;
  }
  if (entry->names == Names::Files) {
    out.files = true;
    return out;
  }
  if (entry->names == Names::Shells) {
    for (const char* shell : {"bash", "fish", "zsh"}) {
      out.items.push_back({shell, {}});
    }
  } else {
    out.items = names(entry->names);
  }
  out.items.erase(std::remove_if(out.items.begin(), out.items.end(),
                                 [&](const Completions::Item& item) { return !startsWith(item.word, partial); }),
                  out.items.end());
  return out;
}

std::string completionScript(const std::string& shell) {
  if (shell == "bash") {
    return R"(# bash completion of univrs: source <(univrs completion bash)
_univrs() {
  local words=("${COMP_WORDS[@]:1:COMP_CWORD}") line cur="${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ":files" ]]; then
      compopt -o default 2>/dev/null
      local file
      while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$cur")
    else
      COMPREPLY+=("${line%%$'\t'*}")
    fi
  done < <(univrs __complete -- "${words[@]}" 2>/dev/null)
}
complete -F _univrs univrs
)";
  }
  if (shell == "zsh") {
    return R"(#compdef univrs
# zsh completion of univrs: source <(univrs completion zsh)
_univrs() {
  local -a items
  local line word help files=0
  while IFS= read -r line; do
    if [[ $line == ":files" ]]; then
      files=1
    else
      word=${line%%$'\t'*}
      help=${line#*$'\t'}
      items+=("${word//:/\\:}:${help}")
    fi
  done < <(univrs __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
  (( ${#items} )) && _describe 'univrs' items
  (( files )) && _files
}
compdef _univrs univrs
)";
  }
  if (shell == "fish") {
    return R"(# fish completion of univrs: univrs completion fish | source
function __univrs_complete
  set -l words (commandline -opc) (commandline -ct)
  set -e words[1]
  for line in (univrs __complete -- $words 2>/dev/null)
    if test "$line" = ":files"
      __fish_complete_path (commandline -ct)
    else
      echo $line
    end
  end
end
complete -c univrs -f -a '(__univrs_complete)'
)";
  }
  return {};
}

} // namespace univrs::cli
