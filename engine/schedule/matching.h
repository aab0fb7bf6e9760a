// Labels against constraints, taints against tolerations: the rules of Kubernetes.
#pragma once

#include "engine/schedule/node_history.h"

namespace univrs::schedule {

// The node's label, or an implicit one (see scheduler.h); null when it has neither.
const std::string* labelOf(const NodeFacts& node, const std::string& key);
// NotIn and DoesNotExist hold for a node without the label; Gt and Lt compare whole numbers and hold for nothing else.
bool matches(const NodeFacts& node, const model::Constraint& constraint);
bool tolerated(const model::Taint& taint, const std::vector<model::Toleration>& tolerations);

// "zone In [a, b]".
std::string textOf(const model::Constraint& constraint);
// "key=value:NoSchedule".
std::string textOf(const model::Taint& taint);

} // namespace univrs::schedule
