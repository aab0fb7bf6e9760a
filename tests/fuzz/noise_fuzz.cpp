// What a peer sends during and after the Noise handshake. The first byte says who gets the rest: a responder, an
// initiator, the reader of a well-sealed payload of our choice (which random bytes would never get to), or the
// transport, as text to be sealed, cut anywhere and opened again.
#include "engine/p2p/noise.h"

#include <cstddef>
#include <cstdlib>
#include <filesystem>

using namespace univrs;
using namespace univrs::p2p;

namespace {
Identity newIdentity() {
  std::string folder = (std::filesystem::temp_directory_path() / "univrs-fuzz-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    std::abort();
  }
  auto identity = Identity::loadOrCreate(folder + "/key");
  std::filesystem::remove_all(folder);
  if (!identity) {
    std::abort();
  }
  return std::move(identity).value();
}

void require(bool holds) {
  if (!holds) {
    std::abort();
  }
}

void inPieces(NoiseHandshake& handshake, std::span<const uint8_t> bytes, size_t step) {
  handshake.start();
  for (size_t at = 0; at < bytes.size();) {
    const auto piece = bytes.subspan(at, std::min(step, bytes.size() - at));
    const auto taken = handshake.feed(piece);
    require(taken.consumed <= piece.size() && !(taken.done && taken.failed));
    require(!taken.done); // nobody guesses a key
    at += taken.consumed;
    if (taken.failed || taken.consumed == 0) {
      return;
    }
  }
}

NoiseKey fixedKey(uint8_t fill) {
  NoiseBytes32 secret;
  secret.fill(fill);
  return *NoiseKey::fromPrivate(secret);
}

void payload(const NoiseKeys& keys, base::Random& random, std::span<const uint8_t> bytes) {
  NoiseHandshake victim(NoiseXX::Role::Initiator, keys, random, {"/yamux/1.0.0"}, {});
  NoiseXX liar(NoiseXX::Role::Responder, fixedKey(3), fixedKey(5));
  const auto first = victim.start().send;
  require(liar.read(std::span(first).subspan(2)).has_value());
  const auto second = liar.write(bytes.first(std::min<size_t>(bytes.size(), 8'000)));
  base::Bytes framed{uint8_t(second->size() >> 8), uint8_t(second->size())};
  framed.insert(framed.end(), second->begin(), second->end());
  const auto step = victim.feed(framed);
  require(step.failed && !step.done); // the liar's key is signed by nobody
}

void frames(std::span<const uint8_t> bytes, size_t step) {
  NoiseXX i(NoiseXX::Role::Initiator, fixedKey(3), fixedKey(5));
  NoiseXX r(NoiseXX::Role::Responder, fixedKey(7), fixedKey(9));
  r.read(*i.write({}));
  i.read(*r.write({}));
  r.read(*i.write({}));
  NoiseTransport sealing(i.split());
  NoiseTransport opening(r.split());
  base::Bytes wire;
  base::Bytes plain;
  for (size_t at = 0; at < bytes.size(); at += 777) {
    require(sealing.seal(bytes.subspan(at, std::min<size_t>(777, bytes.size() - at)), wire));
  }
  for (size_t at = 0; at < wire.size(); at += step) {
    require(opening.open(std::span(wire).subspan(at, std::min(step, wire.size() - at)), plain));
  }
  require(std::equal(plain.begin(), plain.end(), bytes.begin(), bytes.end()));
  require(bytes.size() < 18 || !opening.open(bytes, plain) || plain.size() == bytes.size());
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const Identity identity = newIdentity();
  base::SeededRandom random(1);
  static const NoiseKeys keys(identity, random);
  if (size < 2) {
    return 0;
  }
  const std::span bytes(data + 2, size - 2);
  const size_t step = size_t(data[1]) + 1;
  switch (data[0] % 4) {
  case 0: {
    NoiseHandshake responder(NoiseXX::Role::Responder, keys, random, {"/yamux/1.0.0"}, {});
    inPieces(responder, bytes, step);
    break;
  }
  case 1: {
    NoiseHandshake initiator(NoiseXX::Role::Initiator, keys, random, {"/yamux/1.0.0"}, {});
    inPieces(initiator, bytes, step);
    break;
  }
  case 2:
    payload(keys, random, bytes);
    break;
  default:
    frames(bytes, step);
  }
  return 0;
}
