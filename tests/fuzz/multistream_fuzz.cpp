// What a peer may send in a negotiation, to both sides of it, whole and in pieces: both ways must end the same.
#include "engine/p2p/multistream.h"

#include <algorithm>
#include <cstdlib>

using namespace univrs;
using p2p::Multistream;

namespace {
struct Outcome {
  size_t consumed = 0;
  base::Bytes sent;
  bool done = false;
  bool failed = false;
  std::string protocol;
  bool operator==(const Outcome&) const = default;
};

Outcome run(Multistream side, std::span<const uint8_t> input, size_t piece) {
  Outcome out;
  out.sent = side.start().send;
  while (out.consumed < input.size() && !out.done && !out.failed) {
    const auto rest = input.subspan(out.consumed);
    const auto step = side.feed(rest.first(std::min(piece, rest.size())));
    if (step.consumed > piece || (step.done && step.failed) || (step.consumed == 0 && !step.done && !step.failed)) {
      std::abort();
    }
    out.consumed += step.consumed;
    out.sent.insert(out.sent.end(), step.send.begin(), step.send.end());
    out.done = step.done;
    out.failed = step.failed;
  }
  out.protocol = side.protocol();
  if (out.failed == side.error().what.empty() ||
      out.sent.size() > 4 * Multistream::kMaxProposals + 2 * Multistream::kMaxLine) {
    std::abort();
  }
  return out;
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span input(data, size);
  const auto listener = [] {
    return Multistream::listener([](const std::string& name) { return name == "/meshsub/1.1.0" || name == "/b"; });
  };
  const auto dialer = [] { return Multistream::dialer({"/meshsub/1.1.0", "/b"}); };
  for (const size_t piece : {size_t(1), size_t(7)}) {
    if (run(listener(), input, size + 1) != run(listener(), input, piece) ||
        run(dialer(), input, size + 1) != run(dialer(), input, piece)) {
      std::abort();
    }
  }
  return 0;
}
