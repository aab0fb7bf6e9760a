#include "engine/p2p/identity.h"

#include "engine/p2p/peer_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace univrs::p2p {

namespace {
using base::ErrorCode;
using base::makeError;

constexpr size_t kMaxKeyFileBytes = 16'384;
constexpr std::array<uint8_t, 2> kDidPrefix{0xed, 0x01}; // multicodec ed25519-pub as uvarint

struct FreeKey {
  void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* p) const { EVP_MD_CTX_free(p); }
};
struct FreeBio {
  void operator()(BIO* p) const { BIO_free(p); }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;
using ContextPtr = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using BioPtr = std::unique_ptr<BIO, FreeBio>;

class File {
public:
  explicit File(int fd) : m_fd(fd) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (m_fd >= 0) {
      ::close(m_fd);
    }
  }
  [[nodiscard]] int fd() const { return m_fd; }
  [[nodiscard]] bool isOpen() const { return m_fd >= 0; }

private:
  int m_fd;
};

base::Error fileError(const std::string& path, const std::string& what, int error) {
  return makeError(error == ENOSPC ? ErrorCode::NoSpace : ErrorCode::Unavailable, what,
                   path + ": " + std::strerror(error));
}

// Wipes what held a private key.
struct Wiped {
  std::vector<char> bytes;
  ~Wiped() { OPENSSL_cleanse(bytes.data(), bytes.size()); }
};

base::Result<KeyPtr> parseKey(const std::string& path, const std::vector<char>& pem) {
  const auto damaged = [&path](const char* why) {
    return makeError(
        ErrorCode::Corrupt, "the node's key could not be read", path + ": " + why,
        "restore the file from a backup; it is never made anew over an old one, since the node's id is in it");
  };
  const BioPtr bio(BIO_new_mem_buf(pem.data(), int(pem.size())));
  if (!bio) {
    return makeError(ErrorCode::Internal, "the node's key could not be read", "out of memory");
  }
  // No passphrase callback may ever prompt on a terminal.
  const auto noPassword = [](char*, int, int, void*) { return -1; };
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, noPassword, nullptr));
  if (!key) {
    return damaged("not a PKCS#8 private key");
  }
  if (EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_ED25519) {
    return damaged("not an Ed25519 key");
  }
  return base::Result<KeyPtr>(std::move(key));
}

base::Result<KeyPtr> readKey(const std::string& path, const File& file) {
  struct stat info {};
  if (::fstat(file.fd(), &info) != 0) {
    return fileError(path, "the node's key could not be read", errno);
  }
  if (!S_ISREG(info.st_mode)) {
    return makeError(ErrorCode::Corrupt, "the node's key could not be read", path + ": not a regular file");
  }
  if ((info.st_mode & 077) != 0 || info.st_uid != ::geteuid()) {
    return makeError(
        ErrorCode::Forbidden, "the node's key is not safe to use",
        path + ((info.st_mode & 077) != 0 ? ": other users may read or write it" : ": it belongs to another user"),
        "chmod 600 it (and chown it to the user who runs univrs)");
  }
  if (info.st_size <= 0 || size_t(info.st_size) > kMaxKeyFileBytes) {
    return makeError(ErrorCode::Corrupt, "the node's key could not be read", path + ": its size is not that of a key",
                     "restore the file from a backup");
  }
  Wiped pem;
  pem.bytes.resize(size_t(info.st_size));
  size_t have = 0;
  while (have < pem.bytes.size()) {
    const ssize_t n = ::read(file.fd(), pem.bytes.data() + have, pem.bytes.size() - have);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return fileError(path, "the node's key could not be read", errno);
    }
    if (n == 0) {
      break;
    }
    have += size_t(n);
  }
  pem.bytes.resize(have);
  return parseKey(path, pem.bytes);
}

base::Result<void> writeAll(const File& file, const char* data, size_t size, const std::string& path) {
  while (size > 0) {
    const ssize_t n = ::write(file.fd(), data, size);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return fileError(path, "the node's key could not be written", errno);
    }
    data += n;
    size -= size_t(n);
  }
  return {};
}

std::string folderOf(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

// Writes the key beside `path`, syncs it and links it into place: the link fails when the name exists, so that of two
// processes starting at once one wins and no key is ever overwritten.
base::Result<void> storeKey(const std::string& path, EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1) {
    return makeError(ErrorCode::Internal, "the node's key could not be encoded");
  }
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  std::string temporary = path + ".XXXXXX";
  const File file(::mkstemp(temporary.data())); // mode 0600
  if (!file.isOpen()) {
    return fileError(path, "the node's key could not be written", errno);
  }
  auto written = writeAll(file, data, size_t(size), path);
  if (written && ::fsync(file.fd()) != 0) {
    written = fileError(path, "the node's key could not be written", errno);
  }
  if (written && ::link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    written = fileError(path, "the node's key could not be written", errno);
  }
  ::unlink(temporary.c_str());
  if (written) {
    const File folder(::open(folderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.isOpen()) {
      ::fsync(folder.fd());
    }
  }
  return written;
}
} // namespace

std::string peerIdOf(const PublicKey& key) {
  return PeerKey::fromEd25519(key).peerId().text();
}

std::string didOf(const PublicKey& key) {
  base::Bytes bytes(kDidPrefix.begin(), kDidPrefix.end());
  bytes.insert(bytes.end(), key.begin(), key.end());
  return "did:key:z" + base::base58(bytes);
}

std::optional<PublicKey> publicKeyOfPeerId(std::string_view peerId) {
  const auto bytes = base::fromBase58(peerId); // base58 only: of one node, one text
  const auto id = bytes ? PeerId::fromBytes(*bytes) : PeerId();
  const auto key = id ? PeerKey::fromPeerId(*id) : base::Result<PeerKey>(PeerKey());
  return id && key ? key->ed25519() : std::nullopt;
}

bool verify(const PublicKey& key, std::span<const uint8_t> message, const Signature& signature) {
  const KeyPtr pkey(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const ContextPtr context(EVP_MD_CTX_new());
  if (!pkey || !context || EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, pkey.get()) != 1) {
    return false;
  }
  return EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(), message.size()) == 1;
}

struct Identity::Impl {
  KeyPtr key;
  PublicKey publicKey{};
};

Identity::Identity(std::unique_ptr<Impl> impl) : m_impl(std::move(impl)) {}
Identity::Identity(Identity&&) noexcept = default;
Identity& Identity::operator=(Identity&&) noexcept = default;
Identity::~Identity() = default;

base::Result<Identity> Identity::loadOrCreate(const std::string& path) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (file.isOpen()) {
      auto key = readKey(path, file);
      if (!key) {
        return std::move(key).error();
      }
      auto impl = std::make_unique<Impl>();
      impl->key = std::move(key).value();
      size_t size = impl->publicKey.size();
      if (EVP_PKEY_get_raw_public_key(impl->key.get(), impl->publicKey.data(), &size) != 1 || size != 32) {
        return makeError(ErrorCode::Corrupt, "the node's key could not be read", path + ": it has no public half");
      }
      return Identity(std::move(impl));
    }
    if (errno != ENOENT) {
      return errno == ELOOP ? makeError(ErrorCode::Forbidden, "the node's key is not safe to use",
                                        path + ": it is a symbolic link")
                            : fileError(path, "the node's key could not be opened", errno);
    }
    const KeyPtr made(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
    if (!made) {
      return makeError(ErrorCode::Internal, "the node's key could not be made", "OpenSSL refused");
    }
    if (auto stored = storeKey(path, made.get()); !stored) {
      return stored.error();
    }
  }
  return makeError(ErrorCode::Conflict, "the node's key could not be made",
                   path + ": the file vanished while it was being made");
}

const PublicKey& Identity::publicKey() const {
  return m_impl->publicKey;
}

Signature Identity::sign(std::span<const uint8_t> message) const {
  Signature out{};
  size_t size = out.size();
  const ContextPtr context(EVP_MD_CTX_new());
  // Ed25519 over memory has no way to fail but lack of memory; an all-zero signature verifies nowhere.
  if (!context || EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, m_impl->key.get()) != 1 ||
      EVP_DigestSign(context.get(), out.data(), &size, message.data(), message.size()) != 1) {
    out.fill(0);
  }
  return out;
}

} // namespace univrs::p2p
