// Everything of joining and membership that a stranger or a pasted text can make us read.
#include "engine/cluster/join_message.h"
#include "engine/cluster/join_token.h"
#include "engine/cluster/member_book.h"

#include <cstdint>
#include <cstdlib>

using namespace univrs;

// What was understood must read back the same.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  if (const auto token = cluster::JoinToken::fromText({reinterpret_cast<const char*>(data), size});
      token && *cluster::JoinToken::fromText(token->text()) != *token) {
    std::abort();
  }
  if (const auto request = cluster::parseJoinRequest(bytes);
      request && *cluster::parseJoinRequest(cluster::encodeJoinRequest(*request)) != *request) {
    std::abort();
  }
  if (const auto answer = cluster::parseJoinAnswer(bytes);
      answer && *cluster::parseJoinAnswer(cluster::encodeJoinAnswer(*answer)) != *answer) {
    std::abort();
  }
  if (const auto message = cluster::parseMemberMessage(bytes);
      message && *cluster::parseMemberMessage(cluster::encodeMemberMessage(*message)) != *message) {
    std::abort();
  }
  (void)cluster::parseChallenge(bytes);
  const p2p::PublicKey key{};
  (void)cluster::openCertificate(key, bytes);
  (void)cluster::openRevocations(key, bytes);
  return 0;
}
