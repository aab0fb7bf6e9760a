// A process that holds an agent with the real process driver, for agent_process_test to kill: it runs one instance,
// says "running CONTAINER_ID" and stays until it is killed. Arguments: data folder, plugin folder.
#include "engine/agent/agent.h"
#include "engine/agent/driver_loader.h"
#include "tests/agent/agent_fixture_parts.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char** argv) {
  using namespace univrs;
  QCoreApplication app(argc, argv);
  if (argc != 3) {
    return 2;
  }
  auto driver = agent::loadDriver("process", agent::test::processOptions(argv[1]), {argv[2]});
  if (!driver) {
    std::fprintf(stderr, "%s\n", driver.error().text().c_str());
    return 1;
  }
  agent::test::QtExecutor executor;
  base::SystemClock clock;
  base::SystemRandom random;
  agent::AgentCallbacks callbacks;
  callbacks.onReport = [](const agent::InstanceReport& r) {
    if (r.state == model::InstanceState::Running) {
      std::printf("running %s\n", r.containers.at(0).containerId.c_str());
      std::fflush(stdout);
    }
  };
  const auto held = agent::makeAgent(agent::test::agentOptions(argv[1]), std::move(*driver), callbacks, executor, clock,
                                     random, base::noMetrics());
  held->start();
  held->setAssignments({agent::test::sleeper()}, 1);
  return QCoreApplication::exec();
}
