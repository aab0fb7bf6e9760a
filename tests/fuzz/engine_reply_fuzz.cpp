// Everything a container engine may answer: JSON replies, pull and event lines, log frames. The first byte chooses.
#include "plugins/runtime-docker/frames.h"
#include "plugins/runtime-docker/json_lines.h"
#include "plugins/runtime-docker/log_lines.h"
#include "plugins/runtime-docker/registry_auth.h"
#include "plugins/runtime-docker/registry_errors.h"
#include "plugins/runtime-docker/replies.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace univrs;
using namespace univrs::docker;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2 || size > (1u << 20)) {
    return 0;
  }
  const int kind = data[0] % 8;
  const size_t step = size_t(data[1]) + 1; // how the stream is cut
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const QByteArray body(bytes.data(), qsizetype(bytes.size()));
  const auto inPieces = [&](const auto& push) {
    for (size_t at = 0; at < bytes.size(); at += step) {
      if (!push(bytes.substr(at, step))) {
        return;
      }
    }
  };
  const auto checkLine = [](const agent::LogLine& line) {
    if (line.text.size() > LogLines::kMaxLineBytes) {
      std::abort();
    }
    return true;
  };
  switch (kind) {
  case 0: {
    const auto c = readContainer(body);
    if (c && (c->status.id.empty() || c->memoryLimit < 0)) {
      std::abort();
    }
    break;
  }
  case 1: {
    PullTracker tracker;
    JsonLines lines;
    const auto take = [&](std::string_view text) {
      const auto line = tracker.read(text);
      if (line && (line->progress.current < 0 || line->progress.current > (int64_t(1) << 50))) {
        std::abort();
      }
      return true;
    };
    inPieces([&](std::string_view piece) { return lines.push(piece, take).ok(); });
    lines.finish(take);
    break;
  }
  case 2: {
    FrameReader frames;
    LogLines lines;
    inPieces([&](std::string_view piece) {
      return frames
          .push(
              piece,
              [&](const FrameReader::Piece& p) { return lines.push(p.isStderr, p.first, p.last, p.bytes, checkLine); })
          .ok();
    });
    lines.finish(checkLine);
    break;
  }
  case 3: {
    LogLines lines([] { return base::Timestamp{1'795'449'874'000}; });
    inPieces([&](std::string_view piece) { return lines.pushRaw(piece, checkLine); });
    lines.finish(checkLine);
    break;
  }
  case 4: {
    JsonLines lines;
    const auto take = [](std::string_view text) {
      (void)readEvent(text);
      return true;
    };
    inPieces([&](std::string_view piece) { return lines.push(piece, take).ok(); });
    lines.finish(take);
    break;
  }
  case 5: {
    EngineFacts facts;
    (void)readVersion(body, facts);
    (void)readInfo(body, facts);
    (void)chooseApiVersion(facts);
    break;
  }
  case 6: {
    const auto stats = readStats(body);
    if (stats && (stats->usage.memoryBytes < 0 || stats->usage.cpuNanoseconds < 0)) {
      std::abort();
    }
    (void)readExec(body);
    (void)readCreated(body);
    (void)readContainerList(body);
    break;
  }
  default: {
    const auto image = readImage(body);
    if (image) {
      (void)digestsOf(*image, {"127.0.0.1:5000", "team/bb", "1", ""});
    }
    (void)registryAuthFrom(body, "reg.example");
    (void)pullError({"reg.example", "a/b", "1", ""}, readErrorMessage(bytes));
    break;
  }
  }
  return 0;
}
