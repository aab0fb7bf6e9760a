// The bytes of stored usage: samples as variable-length numbers in chunks, each with a checksum over its bytes and its
// place, so that a torn, flipped or misplaced chunk is left out and never read as something else.
#pragma once

#include "engine/agent/usage_sample.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace univrs::agent {

// CRC-32C.
uint32_t checksum(std::string_view bytes, uint32_t seed = 0);

// Where a chunk belongs; part of its checksum.
struct ChunkPlace {
  int64_t tier = 0;
  int64_t start = 0; // times are kept relative to it
  int64_t series = 0;
};

inline constexpr size_t kMaxChunkSamples = 4'096; // in one chunk; further ones are not written

// Chunks may be put one after the other.
std::string encodeChunk(std::span<const UsageSample> samples, const ChunkPlace& place);
// All samples of all sound chunks in `bytes`; the number of bytes that made no sense is returned.
size_t decodeChunks(std::string_view bytes, const ChunkPlace& place, std::vector<UsageSample>& out);

// One round: what each series used in one slot.
std::string encodeFrame(const std::vector<std::pair<int64_t, UsageSample>>& samples, int64_t slot);
// Empty when it is damaged.
std::vector<std::pair<int64_t, UsageSample>> decodeFrame(std::string_view bytes, int64_t slot);

} // namespace univrs::agent
