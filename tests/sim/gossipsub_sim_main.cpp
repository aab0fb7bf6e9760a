// gossipsub_sim [--nodes N] [--seed S] [--seconds N] [--rate MESSAGES_PER_S]: the simulation at 0, 10 and 30 % loss,
// with churn and a third of the nodes hostile. Exit code 1 when too little arrives.
#include "tests/sim/gossipsub_sim.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>

int main(int argc, char** argv) {
  univrs::sim::GossipsubOptions options;
  options.nodes = 1'000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const auto value = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--nodes") == 0 && value >= 10 && value <= 100'000) {
      options.nodes = size_t(value);
    } else if (std::strcmp(argv[i], "--seed") == 0) {
      options.seed = value;
    } else if (std::strcmp(argv[i], "--seconds") == 0 && value >= 1 && value <= 3'600) {
      options.publishSeconds = int(value);
    } else if (std::strcmp(argv[i], "--rate") == 0 && value >= 1 && value <= 1'000) {
      options.messagesPerSecond = int(value);
    } else {
      std::fprintf(stderr, "usage: gossipsub_sim [--nodes N] [--seed S] [--seconds N] [--rate N]\n");
      return 2;
    }
  }
  bool good = true;
  for (const double loss : {0.0, 0.1, 0.3}) {
    options.loss = loss;
    const auto report = univrs::sim::simulateGossipsub(options);
    std::printf("seed %llu, %zu nodes, loss %.0f %%: %s\n", static_cast<unsigned long long>(options.seed),
                options.nodes, loss * 100, report.text().c_str());
    std::fflush(stdout);
    good = good && report.ratio >= (loss > 0.2 ? 0.99 : 0.999) && report.twice == 0 && report.invalid == 0;
  }
  return good ? 0 : 1;
}
