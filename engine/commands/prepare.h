// What a named command is made of: prepare() checks its arguments against the state and returns everything it would
// change, as plain values. The runner then shows it (dry run) or commits it. No command touches the state itself, hence
// dry run and execution cannot differ.
#pragma once

#include "engine/base/clock.h"
#include "engine/base/limits.h"
#include "engine/base/random.h"
#include "engine/control/cluster_state.h"
#include "engine/interfaces/commands.h"
#include "engine/model/fields.h"
#include "engine/model/operation.h"

#include <QJsonObject>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace univrs::commands {

// What commands may ask of the node they run on.
struct NodeActions {
  model::NodeId self;
  std::function<base::Result<void>()> checkRestart; // why it cannot; empty = it never can
  std::function<void()> restart;                    // begins once this call has returned
};

// Long work under way (pulls, loads, updates, …): looked up while preparing, cancelled by the runner.
struct LongWork {
  std::function<std::optional<model::Operation>(const std::string& id)> find;
  // Ends a pull or a load; `by` is told to people.
  std::function<base::Result<void>(const model::Operation& operation, const std::string& by)> cancel;
};

class Admission;

struct Context {
  const control::ClusterState& state;
  base::Random& random;
  base::Now now;
  const NodeActions& node;
  const LongWork& work;
  Admission* admission = nullptr; // null: this node speaks to no others
};

struct Prepared {
  std::vector<model::Workload> workloads; // new or changed, as they are to be stored
  std::vector<model::Node> nodes;
  std::vector<model::Event> events;
  std::vector<interfaces::PlanStep> steps;
  std::vector<interfaces::FieldChange> changes;
  std::vector<base::FieldError> warnings;
  std::vector<model::WorkloadId> subjects; // what the outcome shows, changed or not
  std::optional<model::Operation> cancel;  // ended when the command is carried out
  std::string summary;
  QJsonObject undo;
  bool restartNode = false; // this node, in place
  // What is neither workload nor node, done when the command is carried out; answers objects to show. May be empty.
  std::function<base::Result<std::vector<QJsonObject>>()> act;
};

using Prepare = std::function<base::Result<Prepared>(const QJsonObject& args, const Context& context)>;
// Every command by name.
const std::map<std::string, Prepare>& registry();

// prepare.cpp: pieces that several commands use.
//! The workload that args.workload names; checks args.expect_revision.
base::Result<const model::Workload*> takeWorkload(model::FieldReader& fields, const Context& context);
//! Turns a wish into a changed workload: next generation, previous spec kept. Nothing when the spec is the same.
std::optional<model::Workload> changed(const model::Workload& old, model::WorkloadSpec spec, base::Timestamp now);
model::Event workloadEvent(const model::Workload& w, std::string type, std::string message);
QJsonObject undoWith(const std::string& name, QJsonObject args);
//! Adds an update of `old` to `spec` to `out`: validation, plan step, diff, event, undo.
base::Result<void> addUpdate(Prepared& out, const model::Workload& old, model::WorkloadSpec spec,
                             const Context& context);
inline QString qs(const std::string& s) {
  return QString::fromStdString(s);
}

// The commands, one family a file.
base::Result<Prepared> prepareDeploy(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareUpdate(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareReplace(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareScale(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareRemove(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareRestart(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareUndo(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareCancelOperation(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareCordon(const QJsonObject& args, const Context& context, bool cordon);
base::Result<Prepared> prepareRestartNode(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareCreateToken(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareRevokeToken(const QJsonObject& args, const Context& context);
base::Result<Prepared> prepareRemoveMember(const QJsonObject& args, const Context& context);

} // namespace univrs::commands
