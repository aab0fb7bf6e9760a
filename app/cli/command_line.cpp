#include "app/cli/command_line.h"

#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"

#include <QCoreApplication>
#include <QEvent>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <memory>

namespace univrs::cli {

namespace {

constexpr const char* kFooter =
    "Settings come from (later ones win): default, $XDG_CONFIG_HOME/univrs/univrs.yaml, UNIVRS_… variables, flags.\n"
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not valid, 4 not found, 5 conflict, 6 no node answers, 7 timed "
    "out, "
    "130 interrupted.";

// One command line: CLI11's tree and what it fills. Kept alive by the verb that runs.
struct Tree {
  CLI::App app{"Univrs: a workload orchestrator that is one program. Without a verb it opens the window.", "univrs"};
  VerbSet verbs;
  std::map<std::string, std::vector<std::string>> given; // settings by key, as flags gave them
  std::string configFile;
  std::string output = "table";
  std::string timeout;
  bool noColour = false;
  bool quiet = false;
  bool version = false;
  std::string restoreFile;
  CLI::App* up = nullptr;
  CLI::App* restore = nullptr;
};

bool isGlobal(const std::string& key) {
  static const std::vector<std::string> kGlobal{"data", "to", "token_file", "ca_file", "insecure"};
  return std::find(kGlobal.begin(), kGlobal.end(), key) != kGlobal.end();
}

void addSetting(CLI::App& app, Tree& tree, const SettingDef& def) {
  CLI::Option* option = nullptr;
  const std::string help = def.help + " [" + def.environment() + "]";
  if (def.kind == SettingKind::Switch) {
    // --flag, --flag=false
    option = app.add_flag(def.flag + "{true}", tree.given[def.key], help);
    option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  } else {
    // The window is attached by --connect-to in the manual's words; it is the same setting.
    const std::string names = def.key == "to" ? def.flag + ",--connect-to" : def.flag;
    option = app.add_option(names, tree.given[def.key], help);
    option->expected(1)->allow_extra_args(false);
    if (def.kind == SettingKind::Pairs) {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      option->type_name("KEY=VALUE");
    } else if (def.key == "to" || def.key == "token_file") {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll); // a window is attached to several nodes
      option->type_name("TEXT");
    } else {
      option->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
      option->type_name(def.kind == SettingKind::Number ? "N" : "TEXT");
    }
    if (!def.choices.empty()) {
      option->check(CLI::IsMember(def.choices));
    }
  }
}

void build(Tree& tree) {
  CLI::App& app = tree.app;
  app.footer(kFooter);
  app.require_subcommand(0, 1); // with the maximum, an argument that is called like a verb stays an argument
  app.set_help_flag("-h,--help", "what this does and takes");
  app.add_flag("-V,--version", tree.version, "version of this program");
  for (const SettingDef& def : settingDefs()) {
    if (isGlobal(def.key)) {
      addSetting(app, tree, def);
    }
  }
  app.add_option("--config", tree.configFile, "configuration file [UNIVRS_CONFIG]")->type_name("FILE");
  app.add_option("-o,--output", tree.output, "table, wide, json or yaml")
      ->check(CLI::IsMember({"table", "wide", "json", "yaml"}))
      ->type_name("FORMAT");
  app.add_option("--timeout", tree.timeout, "how long to wait, as 90s or 5m")->type_name("TIME");
  app.add_flag("--no-color,--no-colour", tree.noColour, "no colours (NO_COLOR does the same)");
  app.add_flag("-q,--quiet", tree.quiet, "only what was asked for: names, no progress");

  tree.up = app.add_subcommand("up", "run a node, with its window unless --headless");
  tree.up->fallthrough();
  for (const SettingDef& def : settingDefs()) {
    if (!isGlobal(def.key)) {
      addSetting(*tree.up, tree, def);
    }
  }
  tree.verbs.root = &app;
  addDeploy(app, tree.verbs);
  addPlan(app, tree.verbs);
  addPs(app, tree.verbs);
  addStats(app, tree.verbs);
  addStatus(app, tree.verbs);
  addLogs(app, tree.verbs);
  addExec(app, tree.verbs);
  addScale(app, tree.verbs);
  addUpdate(app, tree.verbs);
  addRestart(app, tree.verbs);
  addUndo(app, tree.verbs);
  addRemove(app, tree.verbs);
  addMembers(app, tree.verbs);
  addNetwork(app, tree.verbs);
  addNodes(app, tree.verbs);
  addImages(app, tree.verbs);
  addOperations(app, tree.verbs);
  addEvents(app, tree.verbs);
  addWhy(app, tree.verbs);
  addDecisions(app, tree.verbs);
  addConfig(app, tree.verbs);
  addAdminVerbs(app, tree.verbs);
  tree.restore = tree.verbs.add(app, "restore", "put a backup in the place of the state of a node that does not run",
                                Names::Files, {});
  tree.restore->add_option("file", tree.restoreFile, "a file `univrs backup` wrote")->required();
  addVersion(app, tree.verbs);
  addCompletion(app, tree.verbs);
  tree.verbs.add(app, "help", "what a verb does and takes", Names::None, {})->add_option("verb", "the verb");
}

Answer usage(std::string message, const std::string& help) {
  if (!message.empty() && message.back() != '.') {
    message += '.';
  }
  return {kUsage, {}, "univrs: " + message + " See: " + help + "\n"};
}

} // namespace

base::Result<ParsedCommandLine> parseCommandLine(int argc, const char* const* argv, const Environment& environment) {
  const auto tree = std::make_shared<Tree>();
  build(*tree);

  // What follows "--" belongs to the program in the container: CLI11 must not look at it.
  std::vector<std::string> words(argv + std::min(1, argc), argv + argc);
  const auto dashes = std::find(words.begin(), words.end(), "--");
  if (dashes != words.end()) {
    const bool takesTail =
        std::any_of(words.begin(), dashes, [](const std::string& w) { return w == "exec" || w == "__complete"; });
    if (takesTail) {
      tree->verbs.hasTail = true;
      tree->verbs.tail.assign(dashes + 1, words.end());
      words.erase(dashes, words.end());
    }
  }
  if (words.size() == 2 && words[0] == "help") {
    words = {words[1], "--help"};
  } else if (words.size() == 3 && words[0] == "help") {
    words = {words[1], words[2], "--help"};
  } else if (words.size() == 1 && words[0] == "help") {
    words = {"--help"};
  }
  std::reverse(words.begin(), words.end()); // as CLI11 wants them
  std::string helpOf = "univrs --help";
  try {
    tree->app.parse(words);
  } catch (const CLI::CallForHelp&) {
    return ParsedCommandLine(Answer{kOk, tree->app.help(), {}});
  } catch (const CLI::CallForAllHelp&) {
    return ParsedCommandLine(Answer{kOk, tree->app.help("", CLI::AppFormatMode::All), {}});
  } catch (const CLI::ParseError& e) {
    const auto chosen = tree->app.get_subcommands();
    if (!chosen.empty()) {
      helpOf = "univrs " + chosen.front()->get_name() + " --help";
    }
    std::string message = e.what();
    if (const auto newline = message.find('\n'); newline != std::string::npos) {
      message.resize(newline);
    }
    // A word that is no verb: name the nearest one.
    if (dynamic_cast<const CLI::ExtrasError*>(&e) != nullptr && chosen.empty() && argc > 1 && argv[1][0] != '-') {
      std::vector<std::string> known;
      for (const CLI::App* verb : tree->app.get_subcommands([](const CLI::App*) { return true; })) {
        if (!verb->get_group().empty()) {
          known.push_back(verb->get_name());
        }
      }
      const std::string near = closest(argv[1], known);
      message = "\"" + std::string(argv[1]) + "\" is no verb" + (near.empty() ? "" : "; did you mean " + near + "?");
    }
    return ParsedCommandLine(usage(message, helpOf));
  }
  if (tree->version) {
    return ParsedCommandLine(Answer{kOk, "univrs " UNIVRS_VERSION "\n", {}});
  }

  SettingSources sources;
  sources.environment = environment;
  sources.configFile = tree->configFile;
  for (const auto& [key, values] : tree->given) {
    if (!values.empty()) {
      sources.flags[key] = values;
    }
  }
  auto settings = readSettings(sources);
  if (!settings) {
    return settings.error();
  }
  const auto chosen = tree->app.get_subcommands();
  if (chosen.empty() || chosen.front() == tree->up) {
    auto up = upOptionsFrom(settings.value());
    if (!up) {
      return up.error();
    }
    up->configFile =
        !tree->configFile.empty() ? tree->configFile : environment("UNIVRS_CONFIG").value_or(std::string());
    return ParsedCommandLine(std::move(up).value());
  }
  const CLI::App* verb = chosen.front();
  std::string name = verb->get_name();
  while (!verb->get_subcommands().empty()) {
    verb = verb->get_subcommands().front();
    name += " " + verb->get_name();
  }
  const auto format = formatFromName(tree->output).value_or(Format::Table);
  if (verb == tree->restore) {
    if (!settings->text("to").empty() && settings->source("to").rfind("flag", 0) == 0) {
      return ParsedCommandLine(
          usage("restore works on the files of this machine, not on a node elsewhere: leave out --to",
                "univrs restore --help"));
    }
    return ParsedCommandLine(
        RestoreOptions{settings->text("data"), tree->restoreFile, format, tree->noColour, tree->quiet});
  }
  const VerbSet::Entry* entry = tree->verbs.find(verb);
  if (entry == nullptr || !entry->run) {
    return ParsedCommandLine(Answer{kUsage, {}, verb->help()});
  }
  VerbCall call;
  call.verb = name;
  call.options.format = format;
  call.options.noColour = tree->noColour;
  call.options.quiet = tree->quiet;
  if (!tree->timeout.empty()) {
    auto timeout = parseDuration(tree->timeout);
    if (!timeout || timeout->count() == 0) {
      return ParsedCommandLine(
          usage("--timeout: \"" + tree->timeout + "\" is no time to wait, as 90s or 5m", "univrs --help"));
    }
    call.options.timeout = timeout.value();
  }
  call.options.settings = std::move(settings).value();
  call.run = [tree, run = entry->run](Session& session) { return run(session); };
  return ParsedCommandLine(std::move(call));
}

int runVerb(const VerbCall& call) {
  std::unique_ptr<QCoreApplication> application;
  static int argc = 1;
  static char name[] = "univrs";
  static char* argv[] = {name, nullptr};
  if (QCoreApplication::instance() == nullptr) {
    application = std::make_unique<QCoreApplication>(argc, argv);
  }
#ifndef _WIN32
  std::signal(SIGPIPE, SIG_IGN); // `univrs ps | head` ends quietly
#endif
  Console console(stdout, stderr, call.options.noColour, call.options.quiet);
  int code = kOk;
  {
    Session session(call.options, console);
    code = call.run(session);
    if (session.interrupted() && code != kOk) {
      code = kInterrupted;
    }
  }
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  return code;
}

int runCli(int argc, char** argv, const Launchers& launchers) {
  auto parsed = parseCommandLine(argc, argv);
  if (!parsed) {
    Console console(stdout, stderr);
    console.fail(parsed.error());
    return kUsage;
  }
  if (const auto* answer = std::get_if<Answer>(&parsed.value())) {
    std::fputs(answer->out.c_str(), stdout);
    std::fputs(answer->err.c_str(), stderr);
    return answer->exitCode;
  }
  if (const auto* call = std::get_if<VerbCall>(&parsed.value())) {
    return runVerb(*call);
  }
  if (const auto* restore = std::get_if<RestoreOptions>(&parsed.value())) {
    return launchers.restore(*restore);
  }
  return launchers.up(std::get<UpOptions>(parsed.value()));
}

} // namespace univrs::cli
