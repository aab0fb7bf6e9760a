// A command's plan for people: steps, what changes, where instances would go and why.
#pragma once

#include "app/cli/session.h"

#include <string>

namespace univrs::cli {

//! Prints a dry run's outcome in the session's format; returns the exit code.
int printPlan(Session& session, const base::Result<interfaces::CommandOutcome>& outcome, const std::string& file);

//! A decision with every node's verdict: the filter that refused it, or its score with bars.
std::string decisionText(const model::Decision& decision, bool colour, int width);

} // namespace univrs::cli
