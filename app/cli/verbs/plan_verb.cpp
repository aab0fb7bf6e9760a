#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"
#include "app/cli/verbs/plan_text.h"
#include "app/cli/verbs/workload_flags.h"

#include <algorithm>
#include <cstdio>

namespace univrs::cli {

namespace {

std::string two(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", value);
  return text;
}

} // namespace

std::string decisionText(const model::Decision& d, bool colour, int width) {
  std::string out = paint(d.workloadName.empty() ? d.workloadId.str() : d.workloadName, Tone::Strong, colour);
  if (!d.instanceId.empty()) {
    out = paint(d.instanceId.str(), Tone::Strong, colour);
  }
  out += ": " + escapeControls(d.summary) + "\n";
  if (d.time.isSet()) {
    out +=
        paint("  " + localTime(d.time) + ", " + escapeControls(d.trigger) + ", strategy " + escapeControls(d.strategy),
              Tone::Faint, colour) +
        "\n";
  }
  Table table({{"NODE"}, {"VERDICT"}, {"SCORE", true}, {"WHY", false, true}});
  for (const model::NodeVerdict& node : d.nodes) {
    const bool chosen = d.chosen && *d.chosen == node.nodeId;
    const std::string name = node.nodeName.empty() ? node.nodeId.str() : node.nodeName;
    if (!node.fits) {
      table.add({{name}, {"✗ " + node.filter, Tone::Bad}, {}, {node.reason}});
      continue;
    }
    table.add({{name, chosen ? Tone::Strong : Tone::Plain},
               {chosen ? "✓ chosen" : "✓ fits", Tone::Good},
               {two(node.score)},
               {node.reason.empty() && node.parts.empty() ? "" : node.reason}});
    for (const model::ScorePart& part : node.parts) {
      table.add({{},
                 {"  " + part.name, Tone::Faint},
                 {two(part.value)},
                 {bar(part.value, 12) + " × " + two(part.weight), Tone::Faint}});
    }
  }
  return table.empty() ? out : out + table.text(width, colour);
}

int printPlan(Session& session, const base::Result<interfaces::CommandOutcome>& outcome, const std::string& file) {
  Console& console = session.console();
  if (!outcome) {
    return console.fail(outcome.error(), file);
  }
  for (const base::FieldError& warning : outcome->warnings) {
    console.warning(warning, file);
  }
  if (!session.tables()) {
    printObject(console, session.format(), interfaces::toJson(outcome.value()));
    return kOk;
  }
  console.line(paint(escapeControls(outcome->summary), Tone::Strong, console.colour()));
  if (!outcome->plan.empty()) {
    Table steps({{"STEP"}, {"OBJECT"}, {"DETAIL", false, true}});
    for (const interfaces::PlanStep& step : outcome->plan) {
      steps.add({{step.action}, {step.object}, {step.detail}});
    }
    console.out("\n" + steps.text(console.width(), console.colour()));
  }
  if (!outcome->changes.empty()) {
    console.line("");
    for (const interfaces::FieldChange& change : outcome->changes) {
      if (!change.before.empty()) {
        console.line(paint("- " + escapeControls(change.path) + ": " + escapeControls(change.before), Tone::Bad,
                           console.colour()));
      }
      if (!change.after.empty()) {
        console.line(paint("+ " + escapeControls(change.path) + ": " + escapeControls(change.after), Tone::Good,
                           console.colour()));
      }
    }
  }
  for (const model::Decision& decision : outcome->decisions) {
    console.out("\n" + decisionText(decision, console.colour(), console.width()));
  }
  console.note("Nothing was changed.");
  return kOk;
}

void addPlan(CLI::App& app, VerbSet& verbs) {
  const auto flags = std::make_shared<WorkloadFlags>();
  CLI::App* verb = verbs.add(app, "plan", "show what deploy would do, and why; changes nothing", Names::Files,
                             [flags](Session& session) {
                               auto args = deployArgs(*flags);
                               if (!args) {
                                 return session.console().fail(args.error(), flags->source);
                               }
                               return printPlan(session, session.command("deploy", args->args, true), args->file);
                             });
  addWorkloadFlags(verb, flags);
}

} // namespace univrs::cli
