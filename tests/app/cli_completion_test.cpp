// Completion: what follows what was typed.
#include "app/cli/completion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

using namespace univrs::cli;

namespace {

class CompletionTest : public testing::Test {
protected:
  CompletionTest() {
    app.add_option("-o,--output", output)->check(CLI::IsMember(std::vector<std::string>{"table", "json"}));
    app.add_option("--data", output);
    addPs(app, verbs);
    addDeploy(app, verbs);
    addNodes(app, verbs);
    addCompletion(app, verbs);
  }
  std::vector<std::string> words(const std::vector<std::string>& typed) {
    const Completions found = complete(app, verbs, typed, [](Names kind) {
      std::vector<Completions::Item> known;
      if (kind == Names::Nodes) {
        known.push_back({"aws-1", ""});
      } else {
        known.push_back({"web", ""});
        known.push_back({"db", ""});
      }
      return known;
    });
    files = found.files;
    std::vector<std::string> out;
    for (const auto& item : found.items) {
      out.push_back(item.word);
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  CLI::App app;
  VerbSet verbs;
  std::string output;
  bool files = false;
};

using Words = std::vector<std::string>;

} // namespace

TEST_F(CompletionTest, VerbsFlagsValuesAndNames) {
  EXPECT_EQ(words({"d"}), (Words{"deploy"}));
  EXPECT_EQ(words({"__c"}), Words{}); // hidden
  EXPECT_EQ(words({"ps", ""}), (Words{"db", "web"}));
  EXPECT_EQ(words({"ps", "w"}), (Words{"web"}));
  EXPECT_EQ(words({"ps", "--wa"}), (Words{"--watch"}));
  EXPECT_EQ(words({"ps", "--out"}), (Words{"--output"}));
  EXPECT_EQ(words({"ps", "-o", "j"}), (Words{"json"}));
  EXPECT_EQ(words({"-o", "json", "node", ""}), (Words{"cordon", "remove", "restart", "uncordon"}));
  EXPECT_EQ(words({"node", "cordon", "a"}), (Words{"aws-1"}));
  EXPECT_EQ(words({"completion", ""}), (Words{"bash", "fish", "zsh"}));
  words({"deploy", ""});
  EXPECT_TRUE(files);
  words({"--data", ""});
  EXPECT_TRUE(files);
}

TEST_F(CompletionTest, HasAScriptForEachShellAsPackaged) {
  for (const auto& [shell, name] :
       {std::pair("bash", "univrs.bash"), std::pair("zsh", "_univrs"), std::pair("fish", "univrs.fish")}) {
    std::ifstream file(std::string(UNIVRS_SOURCE_DIR "/resources/completion/") + name);
    std::stringstream packaged;
    packaged << file.rdbuf();
    EXPECT_EQ(completionScript(shell), packaged.str()) << "write it again: univrs completion " << shell;
    EXPECT_NE(packaged.str().find("univrs __complete"), std::string::npos);
  }
  EXPECT_EQ(completionScript("csh"), "");
}
