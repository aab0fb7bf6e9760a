#include "plugins/runtime-docker/image_archive.h"

#include "engine/model/names.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <sys/stat.h>

#include <algorithm>
#include <archive.h>
#include <archive_entry.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <set>
#include <string_view>
#include <unistd.h>

namespace univrs::docker {

namespace {
using base::ErrorCode;
constexpr size_t kPiece = 256u << 10;

base::Error refusal(ErrorCode code, const std::string& path, std::string why, std::string hint) {
  return base::makeError(code, "The archive " + path + " was not loaded", std::move(why), std::move(hint));
}
base::Error noImage(const std::string& path, std::string why, std::string hint = {}) {
  return refusal(ErrorCode::Validation, path, std::move(why),
                 hint.empty() ? "Give a file made by `docker save`, `podman save` or `skopeo copy`." : std::move(hint));
}
base::Error damaged(const std::string& path, std::string why) {
  return refusal(ErrorCode::Corrupt, path, std::move(why), "Make or copy the file again.");
}
base::Error stopped(const std::string& path) {
  return base::makeError(ErrorCode::Cancelled, "Loading " + path + " was cancelled");
}

// What a file is by its first bytes, for people.
std::string kindOf(std::string_view head) {
  using namespace std::string_view_literals;
  static constexpr std::pair<std::string_view, std::string_view> kKnown[] = {
      {"PK\x03\x04"sv, "a zip archive"},
      {"\x7f"
       "ELF"sv,
       "a program"},
      {"7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
      {"%PDF"sv, "a PDF document"},
      {"\x89PNG"sv, "a picture"},
      {"SQLite format 3"sv, "a database"},
      {"!<arch>"sv, "a Debian package or library"}};
  for (const auto& [magic, name] : kKnown) {
    if (head.starts_with(magic)) {
      return std::string(name);
    }
  }
  const bool text = std::all_of(head.begin(), head.end(), [](char c) {
    const auto u = static_cast<unsigned char>(c);
    return u >= 32 || u == '\n' || u == '\r' || u == '\t';
  });
  return text ? "a text file" : "a file of an unknown kind";
}

// The file as libarchive reads it: by our own hand, so that a cancel is heard between two pieces and a jump beyond the
// end is noticed.
struct Source {
  int fd = -1;
  int64_t bytes = 0;
  const base::CancelToken* cancel = nullptr;
  const ImageArchive::Progress* progress = nullptr;
  int64_t at = 0;
  std::vector<char> piece = std::vector<char>(kPiece);

  static la_ssize_t read(archive* a, void* self, const void** to) {
    auto& s = *static_cast<Source*>(self);
    if (s.cancel->cancelled()) {
      archive_set_error(a, ECANCELED, "cancelled");
      return -1;
    }
    for (;;) {
      const ssize_t n = ::pread(s.fd, s.piece.data(), s.piece.size(), s.at);
      if (n < 0 && errno == EINTR) {
        continue;
      }
      if (n < 0) {
        archive_set_error(a, errno, "%s", std::strerror(errno)); // NOLINT(concurrency-mt-unsafe)
        return -1;
      }
      s.at += n;
      if (s.progress != nullptr && *s.progress) {
        (*s.progress)(s.at, s.bytes);
      }
      *to = s.piece.data();
      return n;
    }
  }
  static la_int64_t skip(archive*, void* self, la_int64_t request) {
    auto& s = *static_cast<Source*>(self);
    const int64_t step = std::clamp<int64_t>(request, 0, s.bytes - s.at);
    s.at += step;
    return step;
  }
};

struct ArchiveDeleter {
  void operator()(archive* a) const { archive_read_free(a); }
};
using ArchivePtr = std::unique_ptr<archive, ArchiveDeleter>;

base::Error failureOf(archive* a, const Source& source, const std::string& path) {
  if (source.cancel->cancelled()) {
    return stopped(path);
  }
  const char* said = archive_error_string(a);
  const std::string words = said == nullptr ? std::string("it cannot be read") : std::string(said);
  const bool cut = words.find("runcated") != std::string::npos || words.find("remature end") != std::string::npos;
  return damaged(path, (cut ? "it is cut short (" : "it is damaged (") + words + ")");
}

std::string text(const QJsonValue& v) {
  return v.toString().toStdString();
}

void addTag(std::vector<std::string>& tags, const std::string& name) {
  if (const auto reference = model::parseImageReference(name);
      reference && tags.size() < kMaxArchiveImages &&
      std::find(tags.begin(), tags.end(), reference->text()) == tags.end()) {
    tags.push_back(reference->text());
  }
}

// What was gathered from the entries, judged at the end.
struct Contents {
  std::set<std::string> names;
  std::optional<QByteArray> manifest; // manifest.json
  std::optional<QByteArray> index;    // index.json
  bool layoutMark = false;            // oci-layout
  int64_t bytes = 0;

  base::Result<void> judge(const std::string& path, ArchiveFacts& facts) const {
    if (manifest) {
      const QJsonArray images = QJsonDocument::fromJson(*manifest).array();
      if (images.isEmpty() || size_t(images.size()) > kMaxArchiveImages) {
        return damaged(path, images.isEmpty() ? "its manifest.json names no image" : "it holds too many images");
      }
      for (const QJsonValue& v : images) {
        const QJsonObject image = v.toObject();
        QJsonArray parts = image.value(QLatin1String("Layers")).toArray();
        parts.prepend(image.value(QLatin1String("Config")));
        for (const QJsonValue& part : parts) {
          if (names.count(text(part)) == 0) {
            return damaged(path, "it is not whole: \"" + text(part).substr(0, 200) + "\" is missing");
          }
        }
        for (const QJsonValue& tag : image.value(QLatin1String("RepoTags")).toArray()) {
          addTag(facts.tags, text(tag));
        }
      }
      facts.docker = true;
    }
    if (index && layoutMark) {
      const QJsonArray images = QJsonDocument::fromJson(*index).object().value(QLatin1String("manifests")).toArray();
      if (images.isEmpty() || size_t(images.size()) > kMaxArchiveImages) {
        return damaged(path, images.isEmpty() ? "its index.json names no image" : "it holds too many images");
      }
      for (const QJsonValue& v : images) {
        const QJsonObject image = v.toObject();
        std::string blob = text(image.value(QLatin1String("digest")));
        std::replace(blob.begin(), blob.end(), ':', '/');
        if (names.count("blobs/" + blob) == 0) {
          return damaged(path, "it is not whole: \"blobs/" + blob.substr(0, 200) + "\" is missing");
        }
        const QJsonObject notes = image.value(QLatin1String("annotations")).toObject();
        const std::string full = text(notes.value(QLatin1String("io.containerd.image.name")));
        addTag(facts.tags, full.empty() ? text(notes.value(QLatin1String("org.opencontainers.image.ref.name"))) : full);
      }
      facts.oci = true;
    }
    if (!facts.docker && !facts.oci) {
      return noImage(path, names.empty() ? std::string("it is an empty tar archive")
                                         : "it is a tar archive without an image: it has neither manifest.json nor an "
                                           "OCI index, but \"" +
                                               names.begin()->substr(0, 100) + "\"");
    }
    return {};
  }
};

base::Result<QByteArray> readSmall(archive* a, int64_t size, const std::string& name, const Source& source,
                                   const std::string& path) {
  if (size > kMaxManifestBytes) {
    return refusal(ErrorCode::TooLarge, path, "its " + name + " is larger than 4 MiB", {});
  }
  QByteArray out(qsizetype(std::max<int64_t>(0, size)), Qt::Uninitialized);
  qsizetype have = 0;
  while (have < out.size()) {
    const la_ssize_t n = archive_read_data(a, out.data() + have, size_t(out.size() - have));
    if (n < 0) {
      return failureOf(a, source, path);
    }
    if (n == 0) {
      return damaged(path, "its " + name + " is cut short");
    }
    have += qsizetype(n);
  }
  return out;
}
} // namespace

base::Result<std::unique_ptr<ImageArchive>> ImageArchive::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (fd < 0) {
    const int why = errno;
    if (why == ENOENT || why == ENOTDIR) {
      return refusal(ErrorCode::NotFound, path, "there is no such file on this node",
                     "The archive must lie on the node's own disk: copy it there first.");
    }
    return refusal(why == EACCES || why == EPERM ? ErrorCode::Forbidden : ErrorCode::Unavailable, path,
                   std::strerror(why), // NOLINT(concurrency-mt-unsafe)
                   "The user the node runs as must be able to read it.");
  }
  struct stat facts {};
  if (::fstat(fd, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    ::close(fd);
    return noImage(path, S_ISDIR(facts.st_mode) ? "it is a folder" : "it is no ordinary file",
                   S_ISDIR(facts.st_mode) ? "Pack an OCI layout into a tar archive: tar -C FOLDER -cf image.tar ."
                                          : std::string());
  }
  return std::unique_ptr<ImageArchive>(new ImageArchive(fd, path, int64_t(facts.st_size)));
}

ImageArchive::~ImageArchive() {
  ::close(m_fd);
}

base::Result<ArchiveFacts> ImageArchive::examine(const Progress& progress, const base::CancelToken& cancel) {
  using namespace std::string_view_literals;
  ArchiveFacts facts;
  facts.fileBytes = m_bytes;
  std::array<char, 512> buffer{};
  const ssize_t headSize = ::pread(m_fd, buffer.data(), buffer.size(), 0);
  const std::string_view head(buffer.data(), size_t(std::max<ssize_t>(0, headSize)));
  if (head.empty()) {
    return noImage(m_path, "it is empty");
  }
  if (head.starts_with("\x1f\x8b"sv)) {
    facts.packing = ArchiveFacts::Packing::Gzip;
  } else if (head.starts_with("\x28\xb5\x2f\xfd"sv)) {
    facts.packing = ArchiveFacts::Packing::Zstd;
  } else if (head.starts_with("\xfd"
                              "7zXZ"sv)) {
    return noImage(m_path, "it is packed with xz, which is not read here", "Unpack it first: xz -d " + m_path);
  } else if (head.starts_with("BZh"sv)) {
    return noImage(m_path, "it is packed with bzip2, which is not read here", "Unpack it first: bzip2 -d " + m_path);
  }

  Source source;
  source.fd = m_fd;
  source.bytes = m_bytes;
  source.cancel = &cancel;
  source.progress = facts.packing == ArchiveFacts::Packing::None ? nullptr : &progress;
  const ArchivePtr a(archive_read_new());
  archive_read_support_filter_gzip(a.get());
  archive_read_support_filter_zstd(a.get());
  archive_read_support_format_tar(a.get());
  archive_read_set_read_callback(a.get(), Source::read);
  archive_read_set_skip_callback(a.get(), Source::skip);
  archive_read_set_callback_data(a.get(), &source);
  archive_entry* entry = nullptr;
  int status = archive_read_open1(a.get());
  if (status == ARCHIVE_OK) {
    status = archive_read_next_header(a.get(), &entry);
  }
  if (status == ARCHIVE_FATAL && !cancel.cancelled()) {
    // Not even a first entry: no tar at all.
    if (facts.packing == ArchiveFacts::Packing::None) {
      return noImage(m_path, "it is " + kindOf(head));
    }
    const char* said = archive_error_string(a.get());
    const std::string words = said == nullptr ? "" : said;
    if (words.find("nrecognized") != std::string::npos) {
      return noImage(m_path, std::string("it is a ") +
                                 (facts.packing == ArchiveFacts::Packing::Gzip ? "gzip" : "zstd") +
                                 " file with no tar archive inside");
    }
  }
  Contents contents;
  for (size_t count = 0; status != ARCHIVE_EOF; ++count) {
    if (status == ARCHIVE_FATAL || status == ARCHIVE_RETRY || cancel.cancelled()) {
      return failureOf(a.get(), source, m_path);
    }
    const char* raw = archive_entry_pathname(entry);
    std::string name = raw == nullptr ? std::string() : std::string(raw);
    const int64_t size = archive_entry_size(entry);
    if (count >= kMaxArchiveEntries || name.size() > kMaxArchiveName || size > kMaxUnpackedBytes - contents.bytes) {
      return refusal(ErrorCode::TooLarge, m_path, "it holds more than an image archive may: 20,000 entries, 1 TiB", {});
    }
    contents.bytes += std::max<int64_t>(0, size);
    if (name.starts_with("./")) {
      name.erase(0, 2);
    }
    if (name == "manifest.json" || name == "index.json") {
      auto bytes = readSmall(a.get(), size, name, source, m_path);
      if (!bytes) {
        return bytes.error();
      }
      (name == "manifest.json" ? contents.manifest : contents.index) = std::move(*bytes);
    }
    contents.layoutMark = contents.layoutMark || name == "oci-layout";
    contents.names.insert(std::move(name));
    status = archive_read_next_header(a.get(), &entry);
  }
  if (auto judged = contents.judge(m_path, facts); !judged) {
    return judged.error();
  }
  return facts;
}

namespace {
class PlainReader final : public ImageArchive::Reader {
public:
  PlainReader(int fd, std::string path, base::CancelToken cancel)
      : m_fd(fd), m_path(std::move(path)), m_cancel(std::move(cancel)) {}
  base::Result<size_t> read(char* to, size_t size) override {
    for (;;) {
      if (m_cancel.cancelled()) {
        return stopped(m_path);
      }
      const ssize_t n = ::pread(m_fd, to, size, m_at);
      if (n >= 0) {
        m_at += n;
        return size_t(n);
      }
      if (errno != EINTR) {
        return damaged(m_path, std::strerror(errno)); // NOLINT(concurrency-mt-unsafe)
      }
    }
  }
  [[nodiscard]] int64_t fileBytesRead() const override { return m_at; }

private:
  const int m_fd;
  const std::string m_path;
  const base::CancelToken m_cancel;
  int64_t m_at = 0;
};

class UnpackingReader final : public ImageArchive::Reader {
public:
  UnpackingReader(int fd, int64_t bytes, std::string path, base::CancelToken cancel)
      : m_path(std::move(path)), m_cancel(std::move(cancel)), m_archive(archive_read_new()) {
    m_source.fd = fd;
    m_source.bytes = bytes;
    m_source.cancel = &m_cancel;
    archive_read_support_filter_gzip(m_archive.get());
    archive_read_support_filter_zstd(m_archive.get());
    archive_read_support_format_raw(m_archive.get());
    archive_read_set_read_callback(m_archive.get(), Source::read);
    archive_read_set_callback_data(m_archive.get(), &m_source);
    archive_entry* entry = nullptr;
    m_open = archive_read_open1(m_archive.get()) == ARCHIVE_OK &&
             archive_read_next_header(m_archive.get(), &entry) == ARCHIVE_OK;
  }
  base::Result<size_t> read(char* to, size_t size) override {
    if (m_cancel.cancelled()) {
      return stopped(m_path);
    }
    const la_ssize_t n = m_open ? archive_read_data(m_archive.get(), to, size) : ARCHIVE_FATAL;
    if (n < 0) {
      return failureOf(m_archive.get(), m_source, m_path);
    }
    return size_t(n);
  }
  [[nodiscard]] int64_t fileBytesRead() const override { return m_source.at; }

private:
  const std::string m_path;
  const base::CancelToken m_cancel;
  Source m_source;
  const ArchivePtr m_archive;
  bool m_open = false;
};
} // namespace

std::unique_ptr<ImageArchive::Reader> ImageArchive::reader(bool unpacked, const base::CancelToken& cancel) {
  if (unpacked) {
    return std::make_unique<UnpackingReader>(m_fd, m_bytes, m_path, cancel);
  }
  return std::make_unique<PlainReader>(m_fd, m_path, cancel);
}

} // namespace univrs::docker
