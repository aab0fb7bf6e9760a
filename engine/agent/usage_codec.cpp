#include "engine/agent/usage_codec.h"

#include <algorithm>
#include <array>
#include <optional>

namespace univrs::agent {

namespace {

constexpr std::array<uint32_t, 256> crcTable() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t c = i;
    for (int bit = 0; bit < 8; ++bit) {
      c = (c & 1) != 0 ? (c >> 1) ^ 0x82F63B78u : c >> 1;
    }
    table[i] = c;
  }
  return table;
}
constexpr auto kCrc = crcTable();

void putNumber(std::string& out, uint64_t value) {
  while (value >= 0x80) {
    out += char(value | 0x80);
    value >>= 7;
  }
  out += char(value);
}
// Small numbers of either sign stay short.
void putSigned(std::string& out, int64_t value) {
  putNumber(out, (uint64_t(value) << 1) ^ uint64_t(value >> 63));
}

struct Reader {
  std::string_view rest;
  bool failed = false;
  uint64_t number() {
    uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (rest.empty()) {
        break;
      }
      const auto byte = uint8_t(rest.front());
      rest.remove_prefix(1);
      value |= uint64_t(byte & 0x7F) << shift;
      if (byte < 0x80) {
        return value;
      }
    }
    failed = true;
    return 0;
  }
  int64_t signedNumber() {
    const uint64_t value = number();
    return int64_t(value >> 1) ^ -int64_t(value & 1);
  }
};

void putFixed(std::string& out, uint32_t value) {
  for (int i = 0; i < 4; ++i) {
    out += char((value >> (8 * i)) & 0xFF);
  }
}
uint32_t fixedAt(std::string_view bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = 0; i < 4; ++i) {
    value |= uint32_t(uint8_t(bytes[at + i])) << (8 * i);
  }
  return value;
}

// What the next sample is told against: most follow the one before at the same distance.
struct Context {
  UsageSample before;
  int64_t distance = 0;
};

void putSample(std::string& out, const UsageSample& s, Context& context) {
  const UsageSample& before = context.before;
  const int64_t distance = s.time.ms - before.time.ms;
  putSigned(out, distance - context.distance);
  putSigned(out, s.cpuMillicores);
  putSigned(out, s.memoryBytes - before.memoryBytes);
  putSigned(out, s.receivedPerSecond);
  putSigned(out, s.sentPerSecond);
  putSigned(out, s.restarts);
  putSigned(out, s.instances);
  putSigned(out, s.slots);
  context = {s, distance};
}

UsageSample takeSample(Reader& in, Context& context) {
  const UsageSample& before = context.before;
  // Unsigned sums: bytes that passed by chance must not overflow a signed one.
  const auto plus = [](int64_t a, int64_t b) { return int64_t(uint64_t(a) + uint64_t(b)); };
  UsageSample s;
  const int64_t distance = plus(context.distance, in.signedNumber());
  s.time.ms = plus(before.time.ms, distance);
  s.cpuMillicores = in.signedNumber();
  s.memoryBytes = plus(before.memoryBytes, in.signedNumber());
  s.receivedPerSecond = in.signedNumber();
  s.sentPerSecond = in.signedNumber();
  s.restarts = in.signedNumber();
  s.instances = in.signedNumber();
  s.slots = in.signedNumber();
  context = {s, distance};
  return s;
}

constexpr size_t kHead = 8; // length, checksum

uint32_t checksumAt(std::string_view payload, const ChunkPlace& place) {
  std::string where;
  putSigned(where, place.tier);
  putSigned(where, place.start);
  putSigned(where, place.series);
  return checksum(payload, checksum(where));
}

} // namespace

uint32_t checksum(std::string_view bytes, uint32_t seed) {
  uint32_t c = ~seed;
  for (const char byte : bytes) {
    c = (c >> 8) ^ kCrc[(c ^ uint8_t(byte)) & 0xFF];
  }
  return ~c;
}

std::string encodeChunk(std::span<const UsageSample> samples, const ChunkPlace& place) {
  std::string payload;
  Context context;
  context.before.time.ms = place.start;
  for (const UsageSample& s : samples.first(std::min(samples.size(), kMaxChunkSamples))) {
    putSample(payload, s, context);
  }
  std::string out;
  putFixed(out, uint32_t(payload.size()));
  putFixed(out, checksumAt(payload, place));
  return out + payload;
}

size_t decodeChunks(std::string_view bytes, const ChunkPlace& place, std::vector<UsageSample>& out) {
  size_t lost = 0;
  while (bytes.size() >= kHead) {
    const size_t length = fixedAt(bytes, 0);
    if (length > bytes.size() - kHead) {
      return lost + bytes.size();
    }
    const std::string_view payload = bytes.substr(kHead, length);
    if (checksumAt(payload, place) != fixedAt(bytes, 4)) {
      lost += kHead + length;
    } else {
      Reader in{payload};
      Context context;
      context.before.time.ms = place.start;
      while (!in.rest.empty()) {
        const UsageSample sample = takeSample(in, context);
        if (in.failed) {
          lost += kHead + length;
          break;
        }
        out.push_back(sample);
      }
    }
    bytes.remove_prefix(kHead + length);
  }
  return lost + bytes.size();
}

std::string encodeFrame(const std::vector<std::pair<int64_t, UsageSample>>& samples, int64_t slot) {
  std::string payload;
  for (const auto& [series, sample] : samples) {
    Context context;
    context.before.time.ms = slot;
    putSigned(payload, series);
    putSample(payload, sample, context);
  }
  std::string out;
  putFixed(out, checksumAt(payload, {-1, slot, 0}));
  return out + payload;
}

std::vector<std::pair<int64_t, UsageSample>> decodeFrame(std::string_view bytes, int64_t slot) {
  std::vector<std::pair<int64_t, UsageSample>> out;
  if (bytes.size() < 4 || checksumAt(bytes.substr(4), {-1, slot, 0}) != fixedAt(bytes, 0)) {
    return out;
  }
  Reader in{bytes.substr(4)};
  while (!in.rest.empty()) {
    Context context;
    context.before.time.ms = slot;
    const int64_t series = in.signedNumber();
    const UsageSample sample = takeSample(in, context);
    if (in.failed) {
      return {};
    }
    out.emplace_back(series, sample);
  }
  return out;
}

} // namespace univrs::agent
