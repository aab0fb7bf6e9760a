#include "engine/pubsub/params.h"

#include <cmath>

namespace univrs::pubsub {

namespace {
base::Error wrong(const char* what, const char* why) {
  return base::makeError(base::ErrorCode::Validation, what, why);
}
} // namespace

base::Result<void> validate(const MeshSizes& m) {
  const char* what = "the mesh sizes contradict each other";
  if (m.low == 0 || m.low > m.wanted || m.wanted > m.high) {
    return wrong(what, "0 < low <= wanted <= high does not hold");
  }
  if (m.outbound != 0 && (m.outbound >= m.low || m.outbound > m.wanted / 2)) {
    return wrong(what, "outbound must be below low and at most half of wanted");
  }
  if (m.high > 1'000 || m.lazy > 1'000) {
    return wrong(what, "more than 1,000 peers in a mesh");
  }
  return {};
}

base::Result<void> validate(const RouterParams& p) {
  const char* what = "the gossip parameters are not usable";
  if (p.heartbeat < Millis(10) || p.heartbeat > Millis(600'000)) {
    return wrong(what, "heartbeat is outside 10 ms…10 min");
  }
  if (p.gossipWindows == 0 || p.gossipWindows > p.historyWindows || p.historyWindows > 120) {
    return wrong(what, "0 < gossip windows <= history windows <= 120 does not hold");
  }
  if (!std::isfinite(p.gossipFactor) || p.gossipFactor < 0 || p.gossipFactor > 1) {
    return wrong(what, "gossip factor is outside 0…1");
  }
  if (p.pruneBackoff < Millis(1'000) || p.unsubscribeBackoff < Millis(1'000)) {
    return wrong(what, "a backoff is shorter than the second it is told in");
  }
  if (p.maxMessageBytes == 0 || p.maxMessageBytes > (16u << 20)) {
    return wrong(what, "largest message is outside 1 B…16 MiB");
  }
  return {};
}

} // namespace univrs::pubsub
