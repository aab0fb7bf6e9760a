#include "app/cli/lists.h"
#include "app/cli/table.h"
#include "app/cli/text_width.h"
#include "app/cli/time_text.h"
#include "app/cli/verb_set.h"

namespace univrs::cli {

namespace {

std::string amount(const model::Resources& used, const model::Resources& all) {
  return model::formatCpu(used.cpuMillicores) + " of " + model::formatCpu(all.cpuMillicores) + " CPU, " +
         model::formatBytes(used.memoryBytes) + " of " + model::formatBytes(all.memoryBytes) + " memory reserved";
}

int status(Session& session) {
  Console& console = session.console();
  const auto info = session.ask<interfaces::NodeInfo>(
      [](interfaces::Engine& e, auto reply) { e.admin().nodeInfo(std::move(reply)); });
  if (!info) {
    return console.fail(info.error());
  }
  const auto sums = session.ask<model::ClusterStatus>(
      [](interfaces::Engine& e, auto reply) { e.nodes().clusterStatus(std::move(reply)); });
  if (!sums) {
    return console.fail(sums.error());
  }
  const auto health = session.ask<interfaces::HealthReport>(
      [](interfaces::Engine& e, auto reply) { e.admin().health(std::move(reply)); });
  if (!session.tables()) {
    QJsonObject out{{QStringLiteral("node"), interfaces::toJson(info.value())},
                    {QStringLiteral("cluster"), model::toJson(sums.value())}};
    if (health) {
      QJsonArray parts;
      for (const interfaces::HealthPart& part : health->parts) {
        parts.append(
            QJsonObject{{QStringLiteral("name"), QString::fromStdString(part.name)},
                        {QStringLiteral("status"), QString::fromStdString(std::string(interfaces::name(part.status)))},
                        {QStringLiteral("message"), QString::fromStdString(part.message)}});
      }
      out.insert(
          QStringLiteral("health"),
          QJsonObject{{QStringLiteral("status"), QString::fromStdString(std::string(interfaces::name(health->status)))},
                      {QStringLiteral("ready"), health->ready},
                      {QStringLiteral("reason"), QString::fromStdString(health->reason)},
                      {QStringLiteral("components"), parts}});
    }
    printObject(console, session.format(), out);
    return kOk;
  }
  const model::ClusterStatus& s = sums.value();
  const bool colour = console.colour();
  const auto n = [](int value) { return std::to_string(value); };
  console.line(paint(escapeControls(info->name), Tone::Strong, colour) + "  univrs " + escapeControls(info->version) +
               "  up " + age(info->startedAt, wallNow()) + "  " + escapeControls(info->engine.product));
  console.line(
      paint("  " + escapeControls(info->peerId) + "  " + escapeControls(info->dataFolder), Tone::Faint, colour));
  console.line("Nodes      " + n(s.readyNodes) + " of " + n(s.totalNodes) + " ready; " +
               amount(s.reserved, s.allocatable));
  console.line(
      "Workloads  " + paint(n(s.healthyWorkloads) + " healthy", Tone::Good, colour) + ", " +
      paint(n(s.progressingWorkloads) + " progressing", s.progressingWorkloads > 0 ? Tone::Busy : Tone::Plain, colour) +
      ", " + paint(n(s.degradedWorkloads) + " degraded", s.degradedWorkloads > 0 ? Tone::Warn : Tone::Plain, colour));
  console.line("Instances  " + n(s.runningInstances) + " running, " + n(s.pendingInstances) + " pending, " +
               paint(n(s.failedInstances) + " failed", s.failedInstances > 0 ? Tone::Bad : Tone::Plain, colour));
  if (!health) {
    return console.fail(health.error());
  }
  for (const interfaces::HealthPart& part : health->parts) {
    if (part.status != interfaces::PartHealth::Healthy || session.wide()) {
      console.line(paint("● " + escapeControls(part.name) + " is " + std::string(interfaces::name(part.status)),
                         part.status == interfaces::PartHealth::Healthy ? Tone::Good : Tone::Warn, colour) +
                   (part.message.empty() ? "" : ": " + escapeControls(part.message)));
    }
  }
  if (!health->ready) {
    console.line(paint("● not ready", Tone::Warn, colour) + ": " + escapeControls(health->reason));
  }
  return kOk;
}

} // namespace

void addStatus(CLI::App& app, VerbSet& verbs) {
  verbs.add(app, "status", "the node, its parts and the cluster at a glance", Names::None, status);
}

} // namespace univrs::cli
