// cancel_operation: ends a pull or a load under way, or takes a rolling update back.
#include "engine/commands/prepare.h"
#include "engine/control/rollout_progress.h"

namespace univrs::commands {

namespace {

base::Result<Prepared> undoUpdate(const model::Operation& op, const Context& context) {
  const auto* w = context.state.workload(model::WorkloadId(op.workloadId));
  if (w == nullptr || w->deleting) {
    return base::makeError(base::ErrorCode::Conflict, "nothing was cancelled",
                           "\"" + op.subject + "\" is being removed");
  }
  if (!control::undoEndsUpdate(control::sense(context.state, *w))) {
    return base::makeError(base::ErrorCode::Conflict, "nothing was cancelled",
                           w->restartEpoch > 0 && !op.cancellable
                               ? "a restart cannot be taken back, and the last change is not what is being rolled out"
                               : "the last change is not what is being rolled out",
                           "change \"" + w->spec.name + "\" to what it should be; that ends the update");
  }
  Prepared out;
  if (auto r = addUpdate(out, *w, *w->previous, context); !r) {
    return r.error();
  }
  out.summary = "the update of " + w->spec.name + " is taken back by an undo: " + out.summary;
  return out;
}

} // namespace

base::Result<Prepared> prepareCancelOperation(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  fields.require("operation", "the id of long work under way");
  const auto id = fields.string("operation", 256);
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError("nothing was cancelled");
  }
  const auto op = context.work.find ? context.work.find(*id) : std::nullopt;
  if (!op) {
    return base::makeError(base::ErrorCode::NotFound, "nothing was cancelled",
                           "no operation \"" + *id + "\" is under way",
                           "it may have ended; `univrs operations` lists what is under way");
  }
  if (op->kind == "update") {
    return undoUpdate(*op, context);
  }
  if (op->kind == "remove") {
    return base::makeError(base::ErrorCode::Conflict, "nothing was cancelled",
                           "the removal of \"" + op->subject + "\" cannot be stopped half way",
                           "undo brings it back: the removal's undo deploys it again");
  }
  Prepared out;
  const bool pull = op->kind == "pull";
  out.steps.push_back({"cancel", op->kind + " of " + op->subject,
                       pull ? "the instances that wait for it fail and are not tried again until they are restarted or "
                              "updated"
                            : "nothing of the archive is kept, unless the engine had all of it already"});
  out.summary = "the " + op->kind + " of " + op->subject + " is being cancelled";
  out.cancel = *op;
  return out;
}

} // namespace univrs::commands
