// Randomness as it is passed into the sans-IO cores: a test seeds it, the program uses the system's.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>

namespace univrs::base {

class Random {
public:
  virtual ~Random() = default;
  virtual void fill(std::span<uint8_t> out) = 0;

  uint64_t next();
  // Uniform in [0, bound); 0 when bound is 0.
  uint64_t below(uint64_t bound);
  // RFC 4122 version 4, lower case with dashes.
  std::string uuid();
  // `count` characters of [a-z0-9], first a letter: short ids for instance names.
  std::string shortId(int count);
};

// The system's generator, fit for keys and tokens. Thread safe.
class SystemRandom final : public Random {
public:
  void fill(std::span<uint8_t> out) override;
};

// Reproducible, never for secrets. Not thread safe.
class SeededRandom final : public Random {
public:
  explicit SeededRandom(uint64_t seed) : m_engine(seed) {}
  void fill(std::span<uint8_t> out) override;

private:
  std::mt19937_64 m_engine;
};

} // namespace univrs::base
