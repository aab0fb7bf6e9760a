#include "engine/control/sense.h"

namespace univrs::control {

Sensed sense(const ClusterState& state, const model::Workload& workload) {
  Sensed s;
  s.workload = &workload;
  s.templateHash = workload.spec.templateHash();
  for (const auto* i : state.instancesOf(workload.id)) {
    const bool isCurrent = i->templateHash == s.templateHash && i->restartEpoch == workload.restartEpoch;
    if (model::isFinal(i->state)) {
      // What ended by itself under a policy that lets it end has done its work; `lost` never has.
      const bool finished =
          i->state == model::InstanceState::Succeeded ||
          (i->state == model::InstanceState::Failed && workload.spec.restart == model::RestartPolicy::Never);
      if (isCurrent && i->cancelled && i->state == model::InstanceState::Failed && !i->stopRequested) {
        s.cancelled.push_back(i);
      } else {
        (isCurrent && finished && !i->stopRequested ? s.done : s.ended).push_back(i);
      }
    } else if (i->stopRequested) {
      s.stopping.push_back(i);
    } else {
      (isCurrent ? s.current : s.outdated).push_back(i);
    }
  }
  return s;
}

bool isStable(const model::Instance& instance, int64_t minHealthyMs, base::Timestamp now) {
  return instance.ready && now.ms - instance.readyAt.ms >= minHealthyMs;
}

} // namespace univrs::control
