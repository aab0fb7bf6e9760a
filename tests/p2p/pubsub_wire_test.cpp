// Gossipsub RPCs on the wire and StrictSign.
#include "engine/p2p/protobuf.h"
#include "engine/p2p/pubsub_wire.h"

#include <QTemporaryDir>

#include <gtest/gtest.h>

namespace univrs::p2p {
namespace {

using pubsub::Control;
using pubsub::MessageId;

// The key of the peer-ids spec; data "hello", seqno 1, topic "test". Made with js-libp2p.
const std::string kAuthor = "12D3KooWBtg3aaRMjxwedh83aGiUkwSxDwUZkzuJcfaqUmo7R3pq";
const std::string kAfterAuthor = "120568656c6c6f1a080000000000000001220474657374";
const std::string kSignature = "f05e62a21b5f1f89b4ab356feb34c493746a2af8ef2fa03b9fd4956fb40d3c27"
                               "9b1eae5153c6b28dce3b2f9bed546dc1cfd5a71513af0aa38ee38d31675ac30f";

base::Bytes bytes(const std::string& hex) {
  return base::fromHex(hex).value();
}

base::Bytes vectorMessage() {
  const auto id = PeerId::fromText(kAuthor);
  auto out = bytes("0a26");
  out.insert(out.end(), id->bytes().begin(), id->bytes().end());
  for (const auto& part : {bytes(kAfterAuthor), bytes("2a40" + kSignature)}) {
    out.insert(out.end(), part.begin(), part.end());
  }
  return out;
}

base::Bytes rpcOf(const base::Bytes& message) {
  return ProtoWriter().bytes(2, message).take();
}

pubsub::Message decodeOne(const base::Bytes& rpc) {
  const auto decoded = decodeRpc(rpc);
  EXPECT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->rpc.messages.size(), 1u);
  return *decoded->rpc.messages.at(0);
}

TEST(PubsubWireTest, ReadsAndWritesTheVectorAndItsSignatureHolds) {
  const auto rpc = rpcOf(vectorMessage());
  const auto m = decodeOne(rpc);
  EXPECT_EQ(peerIdOf(m.from)->text(), kAuthor);
  EXPECT_EQ(std::string(m.data.begin(), m.data.end()), "hello");
  EXPECT_EQ(m.seqno, 1u);
  EXPECT_EQ(m.topic, "test");
  EXPECT_TRUE(checkMessage(m));
  EXPECT_EQ(encodeRpc(m), rpc);
  EXPECT_EQ(pubsub::idFromAuthorAndNumber(m).str(), m.from.str() + std::string("\0\0\0\0\0\0\0\1", 8));
  EXPECT_EQ(base::hex(base::asBytes(pubsub::idFromData(m).str())), base::sha256Hex("hello"));
}

TEST(PubsubWireTest, AnyChangeBreaksTheSignature) {
  const auto good = decodeOne(rpcOf(vectorMessage()));
  const auto changed = [&](auto change) {
    auto m = good;
    change(m);
    return checkMessage(m);
  };
  EXPECT_FALSE(changed([](auto& m) { m.data.push_back('!'); }));
  EXPECT_FALSE(changed([](auto& m) { m.seqno = 2; }));
  EXPECT_FALSE(changed([](auto& m) { m.topic = "other"; }));
  EXPECT_FALSE(changed([](auto& m) { m.signature[5] ^= 1; }));
  EXPECT_FALSE(changed([](auto& m) { m.signature.clear(); }));
  EXPECT_FALSE(changed([](auto& m) { m.signature.resize(63); }));
  EXPECT_FALSE(changed([](auto& m) { m.from = pubsub::Peer(); }));
  EXPECT_FALSE(changed([](auto& m) { m.from = pubsub::Peer("nonsense"); }));
  EXPECT_FALSE(changed([](auto& m) { m.key = {1, 2, 3}; })) << "a key that is none";
}

TEST(PubsubWireTest, TheKeyMayBeThereButMustBeTheAuthors) {
  auto m = decodeOne(rpcOf(vectorMessage()));
  const auto author = peerIdOf(m.from); // the key is a view into it
  const auto own = author->inlinedKey();
  m.key.assign(own.begin(), own.end());
  EXPECT_TRUE(checkMessage(m));
  EXPECT_EQ(decodeOne(encodeRpc(m)).key, m.key);
  m.key.back() ^= 1;
  EXPECT_FALSE(checkMessage(m));
}

TEST(PubsubWireTest, OurOwnMessagesHold) {
  QTemporaryDir dir;
  const auto identity = Identity::loadOrCreate(dir.filePath("key").toStdString());
  ASSERT_TRUE(identity.ok());
  for (const auto& data : {base::Bytes{}, base::Bytes(1u << 20, 'x')}) {
    const auto m = signMessage(*identity, "topic", data, 0xfedcba9876543210u);
    EXPECT_TRUE(checkMessage(*m));
    EXPECT_EQ(peerIdOf(m->from)->text(), identity->peerId());
    const auto read = decodeOne(encodeRpc(*m));
    EXPECT_TRUE(checkMessage(read));
    EXPECT_EQ(read.data, data);
    EXPECT_EQ(read.seqno, 0xfedcba9876543210u);
  }
}

TEST(PubsubWireTest, AMessageWithoutDataMayLeaveTheFieldOut) {
  QTemporaryDir dir;
  const auto identity = Identity::loadOrCreate(dir.filePath("key").toStdString());
  ASSERT_TRUE(identity.ok());
  auto m = *signMessage(*identity, "topic", {}, 1);
  ProtoWriter part; // as an implementation signs that omits the field
  part.text(1, m.from.str()).bytes(3, bytes("0000000000000001")).text(4, m.topic);
  const std::string prefix = "libp2p-pubsub:";
  base::Bytes toSign(prefix.begin(), prefix.end());
  toSign.insert(toSign.end(), part.out().begin(), part.out().end());
  const auto signature = identity->sign(toSign);
  m.signature.assign(signature.begin(), signature.end());
  EXPECT_TRUE(checkMessage(m));
}

TEST(PubsubWireTest, WhatStrictSignAsksForMustBeThere) {
  const auto id = PeerId::fromText(kAuthor);
  const auto with = [&](auto change) {
    ProtoWriter w;
    change(w);
    return decodeOne(rpcOf(w.out()));
  };
  const auto signature = bytes(kSignature);
  const auto data = base::asBytes("hello");
  for (const auto& m : {
           with([&](auto& w) { w.bytes(2, data).bytes(3, bytes("0000000000000001")).text(4, "test"); }),
           with([&](auto& w) {
             w.bytes(1, id->bytes()).bytes(2, data).bytes(3, bytes("01")).text(4, "test").bytes(5, signature);
           }),
           with([&](auto& w) { w.bytes(1, id->bytes()).bytes(2, data).text(4, "test").bytes(5, signature); }),
       }) {
    EXPECT_EQ(m.topic, "test") << "so that its sender can be blamed";
    EXPECT_FALSE(checkMessage(m));
  }
}

TEST(PubsubWireTest, ControlGoesThereAndBack) {
  Control c;
  c.subscriptions = {{"a", true}, {"b", false}};
  c.graft = {"a", "b"};
  c.prune = {{"a", {{pubsub::Peer("x"), {1, 2}}, {pubsub::Peer("y"), {}}}, 60}, {"b", {}, 0}};
  c.ihave = {{"a", {MessageId("1"), MessageId("2")}}, {"b", {MessageId("3")}}};
  c.iwant = {MessageId("4"), MessageId("5")};
  c.idontwant = {MessageId("6")};
  const auto decoded = decodeRpc(encodeRpc(c));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->rpc.control, c);
  EXPECT_EQ(decoded->leftOut, 0u);
  EXPECT_TRUE(encodeRpc(Control{}).empty());
}

TEST(PubsubWireTest, TheBytesOfControlAreThoseOfTheSpec) {
  Control c;
  c.subscriptions = {{"t", true}};
  c.graft = {"t"};
  c.prune = {{"t", {}, 60}};
  EXPECT_EQ(base::hex(encodeRpc(c)), "0a0508011201741a0c1a030a01742205"
                                     "0a0174183c");
}

TEST(PubsubWireTest, UnknownFieldsAreSkipped) {
  auto rpc = rpcOf(vectorMessage());
  ProtoWriter extra;
  extra.varint(77, 5).text(99, "what");
  rpc.insert(rpc.end(), extra.out().begin(), extra.out().end());
  EXPECT_TRUE(checkMessage(decodeOne(rpc)));
}

TEST(PubsubWireTest, BrokenProtobufIsRefusedAtEveryCut) {
  const auto whole = rpcOf(vectorMessage());
  for (size_t n = 1; n < whole.size(); ++n) {
    EXPECT_FALSE(decodeRpc(std::span(whole).first(n)).ok()) << n;
  }
  EXPECT_TRUE(decodeRpc({}).ok());
  EXPECT_FALSE(decodeRpc(bytes("1a020aff")).ok()) << "broken inside control";
}

TEST(PubsubWireTest, FloodsAreCutToTheLimits) {
  ProtoWriter w;
  for (int i = 0; i < 100'000; ++i) {
    w.message(2, ProtoWriter().text(4, "t"));
  }
  auto decoded = decodeRpc(w.out());
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->rpc.messages.size(), kMaxRpcMessages);
  EXPECT_EQ(decoded->leftOut, 100'000 - kMaxRpcMessages);

  Control c;
  for (size_t i = 0; i < 20'000; ++i) {
    c.iwant.emplace_back("i");
    c.graft.emplace_back("t");
    c.subscriptions.push_back({"t", true});
  }
  c.prune.resize(1);
  c.prune[0].topic = "t";
  for (size_t i = 0; i < 2'000; ++i) {
    c.prune[0].peers.push_back({pubsub::Peer("p"), {}});
  }
  decoded = decodeRpc(encodeRpc(c));
  ASSERT_TRUE(decoded.ok());
  const Control& cut = decoded->rpc.control;
  EXPECT_EQ(cut.iwant.size(), kMaxRpcIds);
  EXPECT_EQ(cut.graft.size(), kMaxRpcTopics);
  EXPECT_EQ(cut.subscriptions.size(), kMaxRpcSubscriptions);
  EXPECT_TRUE(cut.prune.empty()) << "the topics were used up";
  c.graft.clear();
  decoded = decodeRpc(encodeRpc(c));
  ASSERT_EQ(decoded->rpc.control.prune.size(), 1u);
  EXPECT_EQ(decoded->rpc.control.prune[0].peers.size(), kMaxRpcExchanged);
}

TEST(PubsubWireTest, WhatIsTooLongOrEmptyIsLeftOut) {
  Control c;
  c.graft = {std::string(pubsub::kMaxTopicBytes + 1, 't'), ""};
  c.iwant = {MessageId(std::string(pubsub::kMaxMessageIdBytes + 1, 'i')), MessageId()};
  c.prune = {{"t", {{pubsub::Peer("p"), base::Bytes(kMaxExchangedRecord + 1)}}, UINT64_MAX}};
  const auto decoded = decodeRpc(encodeRpc(c));
  ASSERT_TRUE(decoded.ok());
  EXPECT_EQ(decoded->leftOut, 5u);
  EXPECT_TRUE(decoded->rpc.control.graft.empty());
  EXPECT_TRUE(decoded->rpc.control.iwant.empty());
  ASSERT_EQ(decoded->rpc.control.prune.size(), 1u);
  EXPECT_TRUE(decoded->rpc.control.prune[0].peers.empty());
  EXPECT_EQ(decoded->rpc.control.prune[0].backoffSeconds, UINT64_MAX) << "clamped by the router";
}

} // namespace
} // namespace univrs::p2p
