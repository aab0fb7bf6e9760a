#include "engine/p2p/identity.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

namespace univrs::p2p {
namespace {

template <size_t N>
std::array<uint8_t, N> fixed(std::string_view hex) {
  const auto bytes = base::fromHex(hex);
  std::array<uint8_t, N> out{};
  EXPECT_TRUE(bytes && bytes->size() == N);
  if (bytes && bytes->size() == N) {
    std::copy(bytes->begin(), bytes->end(), out.begin());
  }
  return out;
}

class IdentityFile : public ::testing::Test {
protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "univrs-identity-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  [[nodiscard]] std::string path() const { return folder / "node.key"; }
  [[nodiscard]] std::string contents() const {
    std::ifstream file(path());
    return {std::istreambuf_iterator<char>(file), {}};
  }
  std::filesystem::path folder;
};

// RFC 8032 section 7.1, tests 1, 2 and 3.
TEST(Ed25519, Rfc8032Vectors) {
  struct Vector {
    const char* key;
    const char* message;
    const char* signature;
  };
  for (const Vector& v : {
           Vector{"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
                  "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25b"
                  "f5f0595bbe"
                  "24655141438e7a100b"},
           Vector{"3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
                  "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b"
                  "2eaeb4302a"
                  "eeb00d291612bb0c00"},
           Vector{"fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
                  "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c"
                  "15e9716ed2"
                  "8dc027beceea1ec40a"},
       }) {
    const auto key = fixed<32>(v.key);
    auto message = *base::fromHex(v.message);
    auto signature = fixed<64>(v.signature);
    EXPECT_TRUE(verify(key, message, signature));
    message.push_back(1);
    EXPECT_FALSE(verify(key, message, signature));
    message.pop_back();
    signature[10] ^= 1;
    EXPECT_FALSE(verify(key, message, signature));
  }
}

// The key of libp2p's peer-ids specification.
TEST(PeerId, SpecificationVector) {
  const auto key = fixed<32>("1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e");
  const std::string id = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
  EXPECT_EQ(peerIdOf(key), id);
  EXPECT_EQ(publicKeyOfPeerId(id), key);
  EXPECT_FALSE(publicKeyOfPeerId("").has_value());
  EXPECT_FALSE(publicKeyOfPeerId("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N").has_value());
  EXPECT_FALSE(publicKeyOfPeerId(id.substr(1)).has_value());
  EXPECT_FALSE(publicKeyOfPeerId(std::string(1'000, '1')).has_value());
}

// The did:key specification's Ed25519 example.
TEST(Did, SpecificationVector) {
  const std::string did = "did:key:z6MkiTBz1ymuepAQ4HEHYSF1H8quG5GLVVQR3djdX3mDooWp";
  const auto raw = base::fromBase58(did.substr(9));
  ASSERT_TRUE(raw && raw->size() == 34);
  PublicKey key{};
  std::copy(raw->begin() + 2, raw->end(), key.begin());
  EXPECT_EQ(didOf(key), did);
}

TEST_F(IdentityFile, IsMadeOnceAndStaysTheSame) {
  const auto made = Identity::loadOrCreate(path());
  ASSERT_TRUE(made) << made.error().text();
  struct stat info {};
  ASSERT_EQ(::stat(path().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600u);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1) << "no temporary file is left";
  EXPECT_EQ(contents().rfind("-----BEGIN PRIVATE KEY-----", 0), 0u);
  const auto again = Identity::loadOrCreate(path());
  ASSERT_TRUE(again);
  EXPECT_EQ(made->peerId(), again->peerId());
  EXPECT_EQ(made->peerId().rfind("12D3KooW", 0), 0u);
  const auto signature = made->sign(base::asBytes("hello"));
  EXPECT_TRUE(verify(again->publicKey(), base::asBytes("hello"), signature));
  EXPECT_FALSE(verify(again->publicKey(), base::asBytes("hullo"), signature));
}

TEST_F(IdentityFile, ManyStartingAtOnceAgree) {
  std::vector<std::string> ids(8);
  std::vector<std::thread> threads;
  for (auto& id : ids) {
    threads.emplace_back([&id, this] {
      const auto identity = Identity::loadOrCreate(path());
      id = identity ? identity->peerId() : identity.error().text();
    });
  }
  for (auto& thread : threads) {
    thread.join();
  }
  for (const auto& id : ids) {
    EXPECT_EQ(id, ids.front());
  }
}

TEST_F(IdentityFile, DamageIsAnErrorAndIsNeverReplaced) {
  for (const std::string& text : {std::string(), std::string("nonsense"),
                                  std::string("-----BEGIN PRIVATE KEY-----\nAAAA\n"), std::string(100'000, 'x')}) {
    std::ofstream(path()) << text;
    std::filesystem::permissions(path(), std::filesystem::perms(0600));
    const auto loaded = Identity::loadOrCreate(path());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, base::ErrorCode::Corrupt);
    EXPECT_EQ(contents(), text);
  }
}

TEST_F(IdentityFile, OpenToOthersIsRefused) {
  ASSERT_TRUE(Identity::loadOrCreate(path()));
  for (const unsigned mode : {0640u, 0604u, 0660u}) {
    std::filesystem::permissions(path(), std::filesystem::perms(mode));
    const auto loaded = Identity::loadOrCreate(path());
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().code, base::ErrorCode::Forbidden);
  }
}

TEST_F(IdentityFile, LinksFoldersAndMissingFoldersAreErrors) {
  std::filesystem::create_directory(path());
  EXPECT_FALSE(Identity::loadOrCreate(path()));
  EXPECT_FALSE(Identity::loadOrCreate(folder / "absent" / "node.key"));
  ASSERT_TRUE(Identity::loadOrCreate(folder / "real.key"));
  std::filesystem::create_symlink(folder / "real.key", folder / "link.key");
  EXPECT_FALSE(Identity::loadOrCreate(folder / "link.key"));
}

TEST_F(IdentityFile, OtherKindsOfKeysAreRefused) {
  const std::string command =
      "openssl genpkey -algorithm X25519 -out " + path() + " 2>/dev/null && chmod 600 " + path();
  if (std::system(command.c_str()) != 0) {
    GTEST_SKIP() << "openssl is not installed";
  }
  const auto loaded = Identity::loadOrCreate(path());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, base::ErrorCode::Corrupt);
}

} // namespace
} // namespace univrs::p2p
