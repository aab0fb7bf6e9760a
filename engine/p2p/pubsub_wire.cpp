#include "engine/p2p/pubsub_wire.h"

#include "engine/p2p/protobuf.h"

#include <utility>

namespace univrs::p2p {

namespace {

using pubsub::Control;
using pubsub::Message;
using pubsub::MessageId;

constexpr std::string_view kSignPrefix = "libp2p-pubsub:";
constexpr size_t kMaxPeerBytes = 64; // of a peer id; the longest known one has 42

base::Bytes copyOf(std::span<const uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}
std::string stringOf(std::span<const uint8_t> bytes) {
  return {bytes.begin(), bytes.end()};
}

base::Error broken() {
  return base::makeError(base::ErrorCode::BadRequest, "a gossip message was refused", "it is not well-formed protobuf");
}

class Decoder {
public:
  base::Result<DecodedRpc> decode(std::span<const uint8_t> bytes) {
    ProtoReader reader(bytes);
    while (const auto f = reader.next()) {
      if (f->isBytes(1)) {
        subscription(f->data);
      } else if (f->isBytes(2)) {
        message(f->data);
      } else if (f->isBytes(3)) {
        control(f->data);
      }
    }
    if (!reader.ok() || !m_ok) {
      return broken();
    }
    return std::move(m_out);
  }

private:
  Control& out() { return m_out.rpc.control; }
  // Whether one more fits; else it is left out and counted.
  bool take(bool sensible, size_t& count, size_t limit) {
    if (!sensible || count >= limit) {
      ++m_out.leftOut;
      return false;
    }
    ++count;
    return true;
  }
  static bool isTopic(std::string_view text) { return !text.empty() && text.size() <= pubsub::kMaxTopicBytes; }
  void id(std::span<const uint8_t> data, std::vector<MessageId>& into) {
    if (take(!data.empty() && data.size() <= pubsub::kMaxMessageIdBytes, m_ids, kMaxRpcIds)) {
      into.emplace_back(stringOf(data));
    }
  }

  void subscription(std::span<const uint8_t> bytes) {
    ProtoReader reader(bytes);
    pubsub::Subscription s{{}, false};
    std::string_view topic;
    while (const auto f = reader.next()) {
      if (f->isVarint(1)) {
        s.subscribe = f->value != 0;
      } else if (f->isBytes(2)) {
        topic = f->text();
      }
    }
    m_ok = m_ok && reader.ok();
    if (take(isTopic(topic), m_subscriptions, kMaxRpcSubscriptions)) {
      s.topic = topic;
      out().subscriptions.push_back(std::move(s));
    }
  }

  void message(std::span<const uint8_t> bytes) {
    std::span<const uint8_t> from, data, seqno, signature, key;
    std::string_view topic;
    ProtoReader reader(bytes);
    while (const auto f = reader.next()) {
      if (f->isBytes(1)) {
        from = f->data;
      } else if (f->isBytes(2)) {
        data = f->data;
      } else if (f->isBytes(3)) {
        seqno = f->data;
      } else if (f->isBytes(4)) {
        topic = f->text();
      } else if (f->isBytes(5)) {
        signature = f->data;
      } else if (f->isBytes(6)) {
        key = f->data;
      }
    }
    m_ok = m_ok && reader.ok();
    if (!take(isTopic(topic), m_messages, kMaxRpcMessages)) {
      return;
    }
    auto m = std::make_shared<Message>();
    m->topic = topic;
    m->data = copyOf(data);
    if (seqno.size() == 8 && from.size() <= kMaxPeerBytes && signature.size() <= kMaxSignatureBytes &&
        key.size() <= kMaxMessageKeyBytes) {
      m->from = pubsub::Peer(stringOf(from));
      for (const uint8_t b : seqno) {
        m->seqno = m->seqno << 8 | b;
      }
      m->signature = copyOf(signature);
      m->key = copyOf(key);
    }
    m_out.rpc.messages.push_back(std::move(m));
  }

  void control(std::span<const uint8_t> bytes) {
    ProtoReader reader(bytes);
    while (const auto f = reader.next()) {
      if (f->isBytes(1)) {
        ihave(f->data);
      } else if (f->isBytes(2)) {
        ids(f->data, out().iwant);
      } else if (f->isBytes(3)) {
        graft(f->data);
      } else if (f->isBytes(4)) {
        prune(f->data);
      } else if (f->isBytes(5)) {
        ids(f->data, out().idontwant);
      }
    }
    m_ok = m_ok && reader.ok();
  }

  void ids(std::span<const uint8_t> bytes, std::vector<MessageId>& into) {
    ProtoReader reader(bytes);
    while (const auto f = reader.next()) {
      if (f->isBytes(1)) {
        id(f->data, into);
      }
    }
    m_ok = m_ok && reader.ok();
  }

  void ihave(std::span<const uint8_t> bytes) {
    ProtoReader reader(bytes);
    pubsub::IHave have;
    std::string_view topic;
    while (const auto f = reader.next()) {
      if (f->isBytes(1)) {
        topic = f->text();
      } else if (f->isBytes(2)) {
        id(f->data, have.ids);
      }
    }
    m_ok = m_ok && reader.ok();
    if (take(isTopic(topic), m_topics, kMaxRpcTopics)) {
      have.topic = topic;
      out().ihave.push_back(std::move(have));
    }
  }

  void graft(std::span<const uint8_t> bytes) {
    ProtoReader reader(bytes);
    std::string_view topic;
    while (const auto f = reader.next()) {
      if (f->isBytes(1)) {
        topic = f->text();
      }
    }
    m_ok = m_ok && reader.ok();
    if (take(isTopic(topic), m_topics, kMaxRpcTopics)) {
      out().graft.emplace_back(topic);
    }
  }

  void prune(std::span<const uint8_t> bytes) {
    ProtoReader reader(bytes);
    pubsub::Prune p;
    std::string_view topic;
    while (const auto f = reader.next()) {
      if (f->isBytes(1)) {
        topic = f->text();
      } else if (f->isBytes(2)) {
        exchanged(f->data, p.peers);
      } else if (f->isVarint(3)) {
        p.backoffSeconds = f->value;
      }
    }
    m_ok = m_ok && reader.ok();
    if (take(isTopic(topic), m_topics, kMaxRpcTopics)) {
      p.topic = topic;
      out().prune.push_back(std::move(p));
    }
  }

  void exchanged(std::span<const uint8_t> bytes, std::vector<pubsub::ExchangedPeer>& into) {
    ProtoReader reader(bytes);
    std::span<const uint8_t> peer, record;
    while (const auto f = reader.next()) {
      if (f->isBytes(1)) {
        peer = f->data;
      } else if (f->isBytes(2)) {
        record = f->data;
      }
    }
    m_ok = m_ok && reader.ok();
    const bool sensible = !peer.empty() && peer.size() <= kMaxPeerBytes && record.size() <= kMaxExchangedRecord;
    if (take(sensible, m_exchanged, kMaxRpcExchanged)) {
      into.push_back({pubsub::Peer(stringOf(peer)), copyOf(record)});
    }
  }

  DecodedRpc m_out;
  bool m_ok = true;
  size_t m_messages = 0, m_ids = 0, m_subscriptions = 0, m_topics = 0, m_exchanged = 0;
};

// Fields 1 to 4: what the signature is over. rust and js leave out `key` too, against the text of the spec.
ProtoWriter signedPart(const Message& m, bool withData) {
  base::Bytes seqno(8);
  for (size_t i = 0; i < 8; ++i) {
    seqno[i] = uint8_t(m.seqno >> (56 - 8 * i));
  }
  ProtoWriter w;
  w.text(1, m.from.str());
  if (withData) {
    w.bytes(2, m.data);
  }
  w.bytes(3, seqno).text(4, m.topic);
  return w;
}

base::Bytes toSign(const Message& m, bool withData) {
  base::Bytes out(kSignPrefix.begin(), kSignPrefix.end());
  const ProtoWriter w = signedPart(m, withData);
  out.insert(out.end(), w.out().begin(), w.out().end());
  return out;
}

ProtoWriter idsMessage(const std::vector<MessageId>& ids) {
  ProtoWriter w;
  for (const MessageId& id : ids) {
    w.text(1, id.str());
  }
  return w;
}

ProtoWriter pruneMessage(const pubsub::Prune& p) {
  ProtoWriter w;
  w.text(1, p.topic);
  for (const auto& e : p.peers) {
    ProtoWriter info;
    info.text(1, e.peer.str());
    if (!e.signedRecord.empty()) {
      info.bytes(2, e.signedRecord);
    }
    w.message(2, info);
  }
  if (p.backoffSeconds != 0) {
    w.varint(3, p.backoffSeconds);
  }
  return w;
}

} // namespace

base::Result<DecodedRpc> decodeRpc(std::span<const uint8_t> bytes) {
  return Decoder().decode(bytes);
}

base::Bytes encodeRpc(const Control& c) {
  ProtoWriter rpc;
  for (const auto& s : c.subscriptions) {
    rpc.message(1, ProtoWriter().varint(1, s.subscribe ? 1 : 0).text(2, s.topic));
  }
  ProtoWriter control;
  for (const auto& have : c.ihave) {
    ProtoWriter w;
    w.text(1, have.topic);
    for (const MessageId& id : have.ids) {
      w.text(2, id.str());
    }
    control.message(1, w);
  }
  if (!c.iwant.empty()) {
    control.message(2, idsMessage(c.iwant));
  }
  for (const auto& topic : c.graft) {
    control.message(3, ProtoWriter().text(1, topic));
  }
  for (const auto& p : c.prune) {
    control.message(4, pruneMessage(p));
  }
  if (!c.idontwant.empty()) {
    control.message(5, idsMessage(c.idontwant));
  }
  if (!control.out().empty()) {
    rpc.message(3, control);
  }
  return rpc.take();
}

base::Bytes encodeRpc(const Message& m) {
  ProtoWriter w = signedPart(m, true);
  w.bytes(5, m.signature);
  if (!m.key.empty()) {
    w.bytes(6, m.key);
  }
  return ProtoWriter().message(2, w).take();
}

pubsub::Peer pubsubPeer(const PeerId& id) {
  return pubsub::Peer(stringOf(id.bytes()));
}

base::Result<PeerId> peerIdOf(const pubsub::Peer& peer) {
  return PeerId::fromBytes(base::asBytes(peer.str()));
}

pubsub::MessagePtr signMessage(const Identity& identity, const pubsub::Topic& topic, base::Bytes data, uint64_t seqno) {
  auto m = std::make_shared<Message>();
  m->from = pubsubPeer(PeerKey::fromEd25519(identity.publicKey()).peerId());
  m->data = std::move(data);
  m->seqno = seqno;
  m->topic = topic;
  const Signature signature = identity.sign(toSign(*m, true));
  m->signature.assign(signature.begin(), signature.end());
  return m; // no key: an Ed25519 one is in the author's id
}

bool checkMessage(const Message& m) {
  if (m.from.empty() || m.signature.empty()) {
    return false;
  }
  const auto author = peerIdOf(m.from);
  if (!author) {
    return false;
  }
  const auto key = m.key.empty() ? PeerKey::fromPeerId(*author) : PeerKey::parse(m.key);
  if (!key || key->peerId() != *author) {
    return false;
  }
  // Without data some implementations write an empty field and some none; ours is decoded from either.
  return key->verify(toSign(m, true), m.signature) || (m.data.empty() && key->verify(toSign(m, false), m.signature));
}

} // namespace univrs::p2p
