#include "engine/pubsub/message.h"

namespace univrs::pubsub {

MessageId idFromAuthorAndNumber(const Message& message) {
  std::string id = message.from.str();
  for (int shift = 56; shift >= 0; shift -= 8) {
    id.push_back(char(uint8_t(message.seqno >> shift)));
  }
  return MessageId(std::move(id));
}

MessageId idFromData(const Message& message) {
  const auto digest = base::sha256(message.data);
  return MessageId(std::string(digest.begin(), digest.end()));
}

} // namespace univrs::pubsub
