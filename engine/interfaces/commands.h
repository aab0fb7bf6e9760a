// Every change is a named command: one object that validates, can show its plan, executes and is audited. GUI button,
// CLI verb, REST route and MCP tool all come through here.
#pragma once

#include "engine/interfaces/reply.h"
#include "engine/model/decision.h"

#include <QJsonObject>

#include <string>
#include <vector>

namespace univrs::interfaces {

// Commands and their arguments (all JSON; workload = id or name):
//   deploy   {manifest: text, file_name?: text, format?: auto|univrs|compose|kubernetes|image, create_only?: bool,
//   pin_node?: node}
//            or {workload: {spec…}, create_only?} — creates what is new, updates what changed, leaves the rest
//   update   {workload, patch: {spec keys to replace}, image?: text (first or `container`), container?,
//   expect_revision?} replace  {workload, spec: {whole spec}, expect_revision?} scale    {workload, replicas} remove
//   {workload, expect_revision?} restart  {workload} undo     {workload} — back to the spec before the last change
//   cordon   {node}   uncordon {node}
//   restart_node {node?} — the node asked, and no other: its program starts anew in place
//   create_token  {role?: worker|control|control,worker, uses?, ttl_seconds?, note?} — its text is in the outcome's
//   object revoke_token  {token: its id}   remove_member {node: peer id or name} cancel_operation {operation} — its id;
//   a pull or load ends, an update is undone, a removal is refused
struct CommandRequest {
  std::string name;
  QJsonObject args;
  bool dryRun = false;
  std::string actor; // who, for the audit log: "token", "key:…", "local"; set by the door, not by the caller
  std::string door;  // "rest", "gui", "cli", "mcp"
};

struct PlanStep {
  std::string action; // "create", "update", "remove", "start_instance", "stop_instance", "cancel", "no_change"
  std::string object; // "workload web", "instance on aws-1"
  std::string detail; // one sentence
};

struct FieldChange { // for a diff
  std::string path;
  std::string before; // JSON text; empty = absent
  std::string after;
};

struct CommandOutcome {
  std::string command;
  bool dryRun = false;
  bool changed = false;
  std::string summary; // one sentence: "web created with 3 replicas"
  std::string correlationId;
  int64_t revision = 0;
  std::vector<PlanStep> plan;
  std::vector<FieldChange> changes;
  std::vector<base::FieldError> warnings;
  std::vector<model::Decision> decisions; // where instances would go, or will
  std::vector<QJsonObject> objects;       // the workloads (or nodes) as they are afterwards
  QJsonObject undo;                       // {name, args} of the command that takes it back; empty = none
};

QJsonObject toJson(const CommandOutcome& outcome);
base::Result<CommandOutcome> commandOutcomeFromJson(const QJsonObject& json);

class Commands {
public:
  virtual ~Commands() = default;
  //! Runs one command, or with dryRun returns its plan and decisions without changing anything.
  virtual void runCommand(CommandRequest request, Reply<CommandOutcome> reply) = 0;
};

} // namespace univrs::interfaces
