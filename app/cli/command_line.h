// The command line of `univrs`: which verb, with which options and settings.
#pragma once

#include "app/cli/session.h"
#include "app/cli/up_options.h"

#include <functional>
#include <string>
#include <variant>

namespace univrs::cli {

// A verb that asks a node (or nothing) and ends.
struct VerbCall {
  std::string verb; // "deploy", "node cordon"
  GlobalOptions options;
  std::function<int(Session&)> run;
};

// Putting a backup in the place of a node's state; done by the program that has the store (app/launch.h).
struct RestoreOptions {
  std::string dataDir;
  std::string file; // relative to where the person stands
  Format format = Format::Table;
  bool noColour = false;
  bool quiet = false;
};

// The command line was a question about itself (--help, --version) or made no sense.
struct Answer {
  int exitCode = 0;
  std::string out; // for standard output
  std::string err; // for standard error
};

using ParsedCommandLine = std::variant<UpOptions, RestoreOptions, VerbCall, Answer>;

//! No verb means `up` with a window. Errors are those of the settings (exit code: kUsage).
base::Result<ParsedCommandLine> parseCommandLine(int argc, const char* const* argv,
                                                 const Environment& environment = processEnvironment());

//! Runs it and returns the exit code. Makes a QCoreApplication when there is none.
int runVerb(const VerbCall& call);

// The verbs that need more than the engine's interfaces.
struct Launchers {
  std::function<int(const UpOptions&)> up;
  std::function<int(const RestoreOptions&)> restore;
};
//! Parses and runs. What main() returns.
int runCli(int argc, char** argv, const Launchers& launchers);

} // namespace univrs::cli
