// cordon, uncordon: whether a node takes new instances. restart_node: the node's own program begins anew.
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

base::Result<Prepared> prepareRestartNode(const QJsonObject& args, const Context& context) {
  model::FaultList faults;
  model::FieldReader fields(args, {}, faults);
  const auto ref = fields.string("node", 256);
  fields.finish();
  if (faults.hasErrors()) {
    return faults.toError("the node was not restarted");
  }
  const auto* node = ref ? context.state.nodeByRef(*ref) : context.state.node(context.node.self);
  if (node == nullptr) {
    return base::makeError(base::ErrorCode::NotFound, "there is no node \"" + ref.value_or("") + "\"");
  }
  if (node->id != context.node.self) {
    return base::makeError(base::ErrorCode::Unsupported, node->name + " was not restarted",
                           "a node restarts only itself, and this is another one", "ask that node");
  }
  if (!context.node.checkRestart) {
    return base::makeError(base::ErrorCode::Unsupported, node->name + " was not restarted",
                           "it runs inside a window, not as a program of its own",
                           "close the window and open it again; workloads go on running meanwhile");
  }
  if (auto r = context.node.checkRestart(); !r) {
    auto error = r.error();
    error.what = node->name + " was not restarted: " + error.what;
    return error;
  }
  Prepared out;
  out.steps.push_back({"update", "node " + node->name,
                       "its program is started anew in place; workloads go on, new connections wait meanwhile"});
  out.summary = node->name + " is restarting";
  model::Event event;
  event.type = "node_restarting";
  event.objectKind = "node";
  event.objectId = node->id.str();
  event.objectName = node->name;
  event.message = out.summary;
  out.events.push_back(std::move(event));
  out.restartNode = true;
  return out;
}

} // namespace univrs::commands
