// Messages on their way: received, judged, delivered, forwarded; and our own.
#include "engine/pubsub/router.h"

#include <algorithm>
#include <utility>

namespace univrs::pubsub {

void Router::receive(const Peer& from, const MessagePtr& message, base::Monotonic now) {
  if (!isJoined(message->topic)) {
    return;
  }
  ++m_stats.received;
  const TopicOptions& topic = options(message->topic);
  const MessageId id = topic.messageId(*message);
  if (m_seen.has(id)) {
    again(from, id, message, now);
    return;
  }
  // Before it is marked as seen: a forgery must not keep out the message whose id it took.
  const bool tooLarge = message->data.size() > m_params.maxMessageBytes;
  if (tooLarge || !m_environment.verify(*message)) {
    ++m_stats.rejected;
    m_score.invalidMessage(from, message->topic);
    note({Note::Kind::Rejected, message->topic, from, id, message, tooLarge ? "it is too large" : "bad signature"});
    return;
  }
  m_promises.fulfilled(id);
  if (message->from == m_self) {
    // Our own from before a restart, told to us by those who still have it.
    ++m_stats.ignored;
    note({Note::Kind::Ignored, message->topic, from, id, message, "it is our own"});
    return;
  }
  if (!m_seen.hasRoom(message->data.size())) {
    ++m_stats.ignored;
    note({Note::Kind::Ignored, message->topic, from, id, message, "too many messages wait for validation"});
    return;
  }
  m_seen.addPending(id, from, message, now);
  tellIdontwant(from, id, *message);
  note({Note::Kind::Received, message->topic, from, id, message, {}});
  if (topic.validate) {
    m_effects.emplace_back(Validate{id, message, from});
  } else {
    judge(id, Verdict::Accept, now);
  }
}

void Router::again(const Peer& from, const MessageId& id, const MessagePtr& message, base::Monotonic now) {
  ++m_stats.duplicates;
  const SeenCache::Seen& seen = *m_seen.find(id);
  switch (seen.state) {
  case SeenCache::State::Pending:
    m_seen.addSender(id, from);
    break;
  case SeenCache::State::Accepted:
    m_score.duplicateDelivery(from, message->topic, now - seen.judgedAt);
    break;
  case SeenCache::State::Rejected:
    m_score.invalidMessage(from, message->topic);
    break;
  case SeenCache::State::Ignored:
    break;
  }
  note({Note::Kind::Duplicate, message->topic, from, id, message, {}});
}

Effects Router::on(const Validated& e, base::Monotonic now) {
  judge(e.id, e.verdict, now);
  return finish();
}

void Router::judge(const MessageId& id, Verdict verdict, base::Monotonic now) {
  const auto state = verdict == Verdict::Accept   ? SeenCache::State::Accepted
                     : verdict == Verdict::Reject ? SeenCache::State::Rejected
                                                  : SeenCache::State::Ignored;
  const auto seen = m_seen.judge(id, state, now);
  if (!seen) {
    return; // judged already, or the answer came too late
  }
  const Topic& topic = seen->message->topic;
  if (verdict == Verdict::Ignore) {
    ++m_stats.ignored;
    note({Note::Kind::Ignored, topic, seen->first, id, seen->message, "the validator passed it over"});
    return;
  }
  if (verdict == Verdict::Reject) {
    ++m_stats.rejected;
    m_score.invalidMessage(seen->first, topic);
    for (const Peer& peer : seen->peers) {
      m_score.invalidMessage(peer, topic);
    }
    note({Note::Kind::Rejected, topic, seen->first, id, seen->message, "the validator refused it"});
    return;
  }
  m_score.firstDelivery(seen->first, topic);
  for (const Peer& peer : seen->peers) {
    m_score.duplicateDelivery(peer, topic, Millis(0));
  }
  const auto mesh = m_mesh.find(topic);
  if (mesh == m_mesh.end()) {
    return; // we left meanwhile
  }
  ++m_stats.delivered;
  m_cache.put(id, seen->message);
  m_effects.emplace_back(Deliver{id, seen->message, seen->first});
  std::vector<Peer> to;
  const auto add = [&](const Peer& peer) {
    if (peer != seen->first && peer != seen->message->from && seen->peers.count(peer) == 0) {
      to.push_back(peer);
    }
  };
  std::for_each(mesh->second.begin(), mesh->second.end(), add);
  for (const Peer& peer : m_direct) {
    const PeerState* direct = find(peer);
    if (direct != nullptr && direct->topics.count(topic) != 0) {
      add(peer);
    }
  }
  send(id, seen->message, std::move(to), SendMessage::Why::Forward);
}

Effects Router::on(const Publish& e, base::Monotonic now) {
  const MessagePtr& message = e.message;
  if (message->topic.empty() || message->topic.size() > kMaxTopicBytes ||
      message->data.size() > m_params.maxMessageBytes) {
    return {};
  }
  const MessageId id = idOf(*message);
  if (m_seen.has(id)) {
    note({Note::Kind::Duplicate, message->topic, {}, id, message, {}});
    return finish();
  }
  ++m_stats.published;
  m_seen.addAccepted(id, now);
  m_cache.put(id, message);
  note({Note::Kind::Published, message->topic, {}, id, message, {}});
  send(id, message, ownRecipients(message->topic, now), SendMessage::Why::Own);
  return finish();
}

std::vector<Peer> Router::ownRecipients(const Topic& topic, base::Monotonic now) {
  const double threshold = m_score.params().thresholds.publish;
  const auto good = [&](const Peer& p) { return isDirect(p) || m_score.of(p) >= threshold; };
  const size_t wanted = options(topic).mesh.wanted;
  std::set<Peer> to;
  const auto mesh = m_mesh.find(topic);
  if (mesh != m_mesh.end()) {
    to = mesh->second;
  } else if (m_fanout.count(topic) != 0 || m_fanout.size() < kMaxFanoutTopics) {
    Fanout& fan = m_fanout[topic];
    fan.lastPublished = now;
    std::erase_if(fan.peers, [&](const Peer& p) { return !good(p); });
    to = fan.peers;
  }
  for (const Peer& peer : choose(topic, good)) {
    // Also without flooding: a mesh still being built must not swallow a message.
    if (m_params.floodPublish || isDirect(peer) || to.size() < wanted) {
      to.insert(peer);
    }
  }
  if (const auto fan = m_fanout.find(topic); fan != m_fanout.end()) {
    for (const Peer& peer : to) {
      if (fan->second.peers.size() >= wanted) {
        break;
      }
      if (!isDirect(peer)) {
        fan->second.peers.insert(peer);
      }
    }
  }
  return {to.begin(), to.end()};
}

void Router::send(const MessageId& id, const MessagePtr& message, std::vector<Peer> to, SendMessage::Why why) {
  std::erase_if(to, [&](const Peer& peer) {
    const PeerState* state = find(peer);
    const bool unwanted = state != nullptr && state->unwanted.count(id) != 0;
    m_stats.unwanted += unwanted ? 1 : 0;
    return state == nullptr || unwanted;
  });
  if (to.empty()) {
    return;
  }
  m_stats.forwarded += why == SendMessage::Why::Forward ? to.size() : 0;
  m_effects.emplace_back(SendMessage{id, message, std::move(to), why});
}

} // namespace univrs::pubsub
