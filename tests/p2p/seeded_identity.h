// Identities of a given seed, for tests: the key file is written and read back as a node would.
#pragma once

#include "engine/p2p/identity.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace univrs::p2p {

// The key of the libp2p spec's vectors (specs/p2p.md 4.1).
inline constexpr std::string_view kSpecSeed = "7e0830617c4a7de83925dfb2694556b12936c477a0e1feb2e148ec9da60fee7d";
inline constexpr std::string_view kSpecPublic = "1ed1e8fae2c4a144b8be8fd4b47bf3d3b34b871c3cacf6010f0e42d474fce27e";
inline constexpr std::string_view kSpecPeerId = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";

inline Identity identityOfSeed(std::string_view seedHex) {
  auto der = base::fromHex("302e020100300506032b657004220420" + std::string(seedHex)).value_or(base::Bytes());
  std::string folder = (std::filesystem::temp_directory_path() / "univrs-seeded-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    throw std::runtime_error("no temporary folder");
  }
  const std::string path = folder + "/node.key";
  std::ofstream(path) << "-----BEGIN PRIVATE KEY-----\n" << base::base64(der) << "\n-----END PRIVATE KEY-----\n";
  ::chmod(path.c_str(), 0600);
  auto identity = Identity::loadOrCreate(path);
  std::filesystem::remove_all(folder);
  if (!identity) {
    throw std::runtime_error(identity.error().text());
  }
  return std::move(identity).value();
}

// A different identity for each number.
inline Identity identityOf(uint8_t number) {
  return identityOfSeed(base::hex(base::sha256(base::Bytes{'t', 'e', 's', 't', number})));
}

} // namespace univrs::p2p
