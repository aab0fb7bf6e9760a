// Looks into an image archive (`docker save` or OCI layout; plain, gzip or zstd) before it is given to an engine: what
// it is, what it holds, whether it is whole. Reads it piece by piece; what it keeps is bounded whatever the file says.
#pragma once

#include "engine/base/cancel.h"
#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace univrs::docker {

inline constexpr size_t kMaxArchiveEntries = 20'000;
inline constexpr size_t kMaxArchiveName = 1'024;      // bytes of one entry's path
inline constexpr int64_t kMaxManifestBytes = 4 << 20; // manifest.json, index.json
inline constexpr int64_t kMaxUnpackedBytes = int64_t(1) << 40;
inline constexpr size_t kMaxArchiveImages = 1'000; // in one archive

struct ArchiveFacts {
  enum class Packing { None, Gzip, Zstd };
  Packing packing = Packing::None;
  bool docker = false;           // has a manifest.json, as `docker save` writes
  bool oci = false;              // is an OCI layout
  int64_t fileBytes = 0;         // as it lies on the disk
  std::vector<std::string> tags; // written out, "docker.io/library/nginx:1.27"
};

class ImageArchive {
public:
  // NotFound, Forbidden, or Validation when `path` is no ordinary file. Never waits (as opening a pipe would).
  static base::Result<std::unique_ptr<ImageArchive>> open(const std::string& path);
  ~ImageArchive();
  ImageArchive(const ImageArchive&) = delete;
  ImageArchive& operator=(const ImageArchive&) = delete;

  using Progress = std::function<void(int64_t fileBytesRead, int64_t fileBytes)>;
  // Goes through the whole archive. Validation: it is no image archive (`why` says what it is). Corrupt: it is cut
  // short or damaged. TooLarge: beyond the limits above. Cancelled.
  base::Result<ArchiveFacts> examine(const Progress& progress, const base::CancelToken& cancel);

  // The file from its beginning, byte by byte as it is or (`unpacked`) with its packing taken off, piece by piece.
  class Reader {
  public:
    virtual ~Reader() = default;
    virtual base::Result<size_t> read(char* to, size_t size) = 0; // 0 = the end
    [[nodiscard]] virtual int64_t fileBytesRead() const = 0;
  };
  // The archive must outlive it.
  std::unique_ptr<Reader> reader(bool unpacked, const base::CancelToken& cancel);

private:
  ImageArchive(int fd, std::string path, int64_t bytes) : m_fd(fd), m_path(std::move(path)), m_bytes(bytes) {}
  const int m_fd;
  const std::string m_path;
  const int64_t m_bytes;
};

} // namespace univrs::docker
