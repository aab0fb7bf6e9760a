#include "engine/service/backend_pool.h"

#include <gtest/gtest.h>

namespace univrs::service {
namespace {

Backend at(const std::string& id, uint16_t port, bool draining = false) {
  return {model::InstanceId(id), "127.0.0.1", port, draining};
}

TEST(BackendPool, GoesRoundAndSkipsDrainingAndTried) {
  BackendPool pool;
  const SteadyTime now{};
  EXPECT_FALSE(pool.pick({}, now));
  pool.set({at("a", 1), at("b", 2), at("c", 3, true)});
  EXPECT_EQ(pool.pick({}, now)->instanceId.str(), "a");
  EXPECT_EQ(pool.pick({}, now)->instanceId.str(), "b");
  EXPECT_EQ(pool.pick({}, now)->instanceId.str(), "a");
  EXPECT_EQ(pool.pick({at("b", 2)}, now)->instanceId.str(), "a");
  EXPECT_FALSE(pool.pick({at("a", 1), at("b", 2)}, now));
  EXPECT_TRUE(pool.contains(at("c", 3)));
  pool.set({at("c", 3, true)});
  EXPECT_FALSE(pool.hasOpen());
}

TEST(BackendPool, OneThatRefusedIsLastForAWhile) {
  BackendPool pool;
  const SteadyTime now{};
  pool.set({at("a", 1), at("b", 2)});
  pool.markFailed(at("a", 1), now);
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(pool.pick({}, now)->instanceId.str(), "b");
  }
  EXPECT_EQ(pool.pick({at("b", 2)}, now)->instanceId.str(), "a");
  pool.set({at("a", 1), at("b", 2), at("d", 4)}); // still known
  EXPECT_NE(pool.pick({}, now)->instanceId.str(), "a");
  int seen = 0;
  for (int i = 0; i < 3; ++i) {
    seen += pool.pick({}, now + std::chrono::seconds(2))->instanceId.str() == "a" ? 1 : 0;
  }
  EXPECT_EQ(seen, 1);
}

} // namespace
} // namespace univrs::service
