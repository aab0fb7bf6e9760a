// cordon, uncordon: whether a node takes new instances.
#include "engine/commands/prepare.h"

namespace univrs::commands {

base::Result<Prepared> prepareCordon(const QJsonObject& args, const Context& context, bool cordon) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  fields.require("node", "its id or name");
  const auto ref = fields.string("node", 256);
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError("nothing was changed");
  }
  const auto* node = context.state.nodeByRef(*ref);
  if (node == nullptr) {
    return base::makeError(base::ErrorCode::NotFound, "there is no node \"" + *ref + "\"");
  }
  Prepared out;
  const std::string state = cordon ? "cordoned: it takes no new instances" : "open: it takes new instances";
  if (node->cordoned == cordon) {
    out.steps.push_back({"no_change", "node " + node->name, "it is already " + state});
    out.summary = node->name + " is already " + state;
    return out;
  }
  model::Node changed = *node;
  changed.cordoned = cordon;
  out.steps.push_back({"update", "node " + node->name, "becomes " + state});
  out.summary = node->name + " is " + state;
  out.undo = undoWith(cordon ? "uncordon" : "cordon", {{QStringLiteral("node"), qs(node->id.str())}});
  out.nodes.push_back(std::move(changed));
  return out;
}

} // namespace univrs::commands
