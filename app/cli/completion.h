// Completion of verbs, flags and names in shells. The scripts ask the hidden verb `univrs __complete`, so they never go
// out of date.
#pragma once

#include "app/cli/verb_set.h"

#include <string>
#include <vector>

namespace univrs::cli {

struct Completions {
  struct Item {
    std::string word;
    std::string help;
  };
  std::vector<Item> items;
  bool files = false; // the shell completes file names as well
};

//! `words`: those after `univrs`, the last being the one under the cursor (maybe empty). `names` fetches names of a
//! kind from the node; empty when none answers.
Completions complete(const CLI::App& root, const VerbSet& verbs, const std::vector<std::string>& words,
                     const std::function<std::vector<Completions::Item>(Names)>& names);

//! The script for "bash", "zsh" or "fish"; empty for another name.
std::string completionScript(const std::string& shell);

} // namespace univrs::cli
