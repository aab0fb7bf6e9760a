#include "engine/p2p/noise.h"
#include "engine/p2p/protobuf.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

namespace univrs::p2p {
namespace {

base::Bytes unhex(std::string_view hex) {
  const auto bytes = base::fromHex(hex);
  EXPECT_TRUE(bytes);
  return bytes.value_or(base::Bytes());
}

NoiseKey key(std::string_view hex) {
  NoiseBytes32 secret{};
  const auto bytes = unhex(hex);
  EXPECT_EQ(bytes.size(), secret.size());
  std::copy_n(bytes.begin(), secret.size(), secret.begin());
  return *NoiseKey::fromPrivate(secret);
}

struct VectorMessage {
  std::string_view payload;
  std::string_view ciphertext;
};
struct Vector {
  std::string_view source, prologue, initStatic, initEphemeral, respStatic, respEphemeral, hash;
  std::vector<VectorMessage> messages;
};

const std::vector<Vector>& vectors() {
  static const std::vector<Vector> all{
      {"cacophony",
       "4a6f686e2047616c74",
       "e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1",
       "893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a",
       "4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893",
       "bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b",
       "c8e5f64e846193be2a834104c2a009868d6c9f3bd3c186299888b488b2f1f58e",
       {{"4c756477696720766f6e204d69736573",
         "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c79444c756477696720766f6e204d69736573"},
        {"4d757272617920526f746862617264",
         "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f14480884381cbad1f276e038c48378ffce2b65285e08d6b68aaa36"
         "29a5a8639392490e5b9bd5269c2f1e4f488ed8831161f19b7815528f8982ffe09be9b5c412f8a0db50f8814c7194e83f23dbd8d162c93"
         "26ad"},
        {"462e20412e20486179656b",
         "c7195ffacac1307ff99046f219750fc47693e23c3cb08b89c2af808b444850a80ae475b9df0f169ae80a89be0865b57f58c9fea0d4ec8"
         "2a286427402f113e4b6ae769a1d95941d49b25030"},
        {"4361726c204d656e676572", "96763ed773f8e47bb3712f0e29b3060ffc956ffc146cee53d5e1df"},
        {"4a65616e2d426170746973746520536179", "3e40f15f6f3a46ae446b253bf8b1d9ffb6ed9b174d272328ff91a7e2e5c79c07f5"},
        {"457567656e2042f6686d20766f6e2042617765726b",
         "eb3f3515110702e047a6c9da4478b6ead94873c11c0f2d710ddb3f09fce024b3a58502ae3f"}}},
      {"snow",
       "5468657265206973206e6f20726967687420616e642077726f6e672e2054686572652773206f6e6c792066756e20616e6420626f72696e6"
       "72e",
       "7dec208517a3b81a2861d7a71266d5d6dc944c5a8816634a86fe63198a0148ee",
       "a32daf21e93c0131495ce1d903181fde81cc46937daaeb990bae7c992709421e",
       "4d0aed5098e3b4ef20357e9f686ce66204c792b358da2e475017d6c485304881",
       "4eece0f195d026db035ff987597c429d3ad3bcc2944df37d649528951b2a27c5",
       "",
       {{"d03c489139e645d0711a3c9e810d776b46a84912463fafa87b884eebf242dc34",
         "f9fa868ba97ab8a2686deccfaad5a484ee10a5bb85e3d1dce015a84797f92818d03c489139e645d0711a3c9e810d776b46a84912463fa"
         "fa87b884eebf242dc34"},
        {"d8190a92f7dc0c93dbea9118ba8055751fb7c6590c416ffbd419964132b99a85",
         "8c4e6fdb7d09d501a86f7eca5c234522751706ed409182c05cdf5f827d4dae47b81c6c5f43b025692c24391eefee725c17d8cb0fbe3e4"
         "abb8aedf42c4fd2592d4ea48ac08989d6ae8b4adae08b2c34087c808c7aa55a63c02b0fab9e930612336bd43eaea04d3c670a0a146691"
         "aa9cc9d357872320dc735dbc48580cffb553db"},
        {"77891b19dcb92ef7c055b672c4a5aa7fdf1c84146b8b303459022729473ce254",
         "933ca6b5ed60df3df66121f0ab49a09e49efa45c613a86a3cecbf4c535cef2f83f72b42837b18e3572f2fdc2b74c331e2368a545cef54"
         "bdca081678ab0e9dd5348122459e0c034c851984d88ce610963d43cde6cfe73a67fbd5a63e8bfca96d0"},
        {"d7efdf988072881941db045a42882433817555128fbf5663e56081712ec7d212",
         "54ef0ff0629e1aaa7685a2806ab111cba76b52331f2642276736f415868eacb69ab2577f3bda0cbf72f879685f6ed25f"},
        {"dd7bf01a588bafb52c6cfba952e5d8fe35cc2b3f92b4730ae2474615157345ce",
         "356be70f110306d5c699bb834bb9d58d909e325924dfbec972e406e6f294dc63e1daebefe8a62a334facc8048ab4ad66"}}},
      {"flynn, empty prologue as libp2p has it",
       "",
       "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
       "202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f",
       "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
       "4142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f60",
       "",
       {{"", "358072d6365880d1aeea329adf9121383851ed21a28e3b75e965d0d2cd166254"},
        {"",
         "64b101b1d0be5a8704bd078f9895001fc03e8e9f9522f188dd128d9846d484663414af878d3e46a2f58911a816d6e8346d4ea17a6f2a0"
         "bb4ef4ed56c133cff4560a34e36ea82109f26cf2e5a5caf992b608d55c747f615e5a3425a7a19eefb8f"},
        {"",
         "87f864c11ba449f46a0a4f4e2eacbb7b0457784f4fca1937f572c93603e9c4d97e5ea11b16f3968710b23a3be3202dc1b5e1ce3c96334"
         "7491e74f5c0768a9b42"},
        {"7375626d6172696e6579656c6c6f77", "2445aa438ebd649281c636cc7269ca82f1d9023d72520943aeabf909cdf521"},
        {"79656c6c6f777375626d6172696e65", "a52ef02ba60e12696d1d6b9ef4245c88fca757b6134ad6e76b56e310a6adf6"}}}};
  return all;
}

TEST(NoiseXX, PublishedVectors) {
  for (const auto& vector : vectors()) {
    SCOPED_TRACE(vector.source);
    const auto prologue = unhex(vector.prologue);
    NoiseXX initiator(NoiseXX::Role::Initiator, key(vector.initStatic), key(vector.initEphemeral), prologue);
    NoiseXX responder(NoiseXX::Role::Responder, key(vector.respStatic), key(vector.respEphemeral), prologue);
    for (size_t i = 0; i < 3; ++i) {
      NoiseXX& writer = i % 2 == 0 ? initiator : responder;
      NoiseXX& reader = i % 2 == 0 ? responder : initiator;
      const auto message = writer.write(unhex(vector.messages[i].payload));
      ASSERT_TRUE(message);
      EXPECT_EQ(base::hex(*message), vector.messages[i].ciphertext);
      const auto payload = reader.read(*message);
      ASSERT_TRUE(payload);
      EXPECT_EQ(base::hex(*payload), vector.messages[i].payload);
    }
    ASSERT_TRUE(initiator.done() && responder.done());
    EXPECT_EQ(initiator.hash(), responder.hash());
    if (!vector.hash.empty()) {
      EXPECT_EQ(base::hex(initiator.hash()), vector.hash);
    }
    EXPECT_EQ(initiator.remoteStatic(), key(vector.respStatic).publicKey());
    EXPECT_EQ(responder.remoteStatic(), key(vector.initStatic).publicKey());
    auto ours = initiator.split();
    auto theirs = responder.split();
    EXPECT_FALSE(initiator.done()); // no second split
    for (size_t i = 3; i < vector.messages.size(); ++i) {
      base::Bytes sealed;
      base::Bytes opened;
      ASSERT_TRUE((i % 2 == 0 ? ours : theirs).send.seal({}, unhex(vector.messages[i].payload), sealed));
      EXPECT_EQ(base::hex(sealed), vector.messages[i].ciphertext);
      ASSERT_TRUE((i % 2 == 0 ? theirs : ours).receive.open({}, sealed, opened));
      EXPECT_EQ(base::hex(opened), vector.messages[i].payload);
    }
  }
}

TEST(NoiseXX, OutOfTurnAndSmallOrderPointsAreRefused) {
  const auto& v = vectors()[2];
  NoiseXX responder(NoiseXX::Role::Responder, key(v.respStatic), key(v.respEphemeral));
  EXPECT_FALSE(responder.write({}));
  const base::Bytes zero(32, 0); // every agreement with it is all zero
  ASSERT_TRUE(responder.read(zero));
  EXPECT_FALSE(responder.write({}));
  EXPECT_FALSE(responder.done());
  NoiseXX initiator(NoiseXX::Role::Initiator, key(v.initStatic), key(v.initEphemeral));
  EXPECT_FALSE(initiator.read(zero));
  EXPECT_FALSE(initiator.write({}));
}

class Noise : public ::testing::Test {
protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "univrs-noise-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    for (const char* who : {"a", "b"}) {
      auto identity = Identity::loadOrCreate(folder / who);
      ASSERT_TRUE(identity);
      identities.push_back(std::move(identity).value());
    }
    a.emplace(identities[0], random);
    b.emplace(identities[1], random);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  NoiseHandshake initiator(std::vector<std::string> muxers = {}, std::optional<PeerId> expected = {}) {
    return {NoiseXX::Role::Initiator, *a, random, std::move(muxers), std::move(expected)};
  }
  NoiseHandshake responder(std::vector<std::string> muxers = {}) {
    return {NoiseXX::Role::Responder, *b, random, std::move(muxers), {}};
  }
  static PeerId idOf(const Identity& identity) { return PeerKey::fromEd25519(identity.publicKey()).peerId(); }

  std::filesystem::path folder;
  base::SeededRandom random{7};
  std::vector<Identity> identities;
  std::optional<NoiseKeys> a, b;
};

TEST_F(Noise, BothSidesKnowEachOther) {
  auto i = initiator({"/other", "/yamux/1.0.0", "/mplex/6.7.0"}, idOf(identities[1]));
  auto r = responder({"/mplex/6.7.0", "/yamux/1.0.0"});
  EXPECT_TRUE(r.start().send.empty());
  auto second = r.feed(i.start().send);
  EXPECT_FALSE(second.done || second.failed);
  auto third = i.feed(second.send);
  ASSERT_TRUE(third.done) << i.error().text();
  // Byte by byte, with something of the transport behind it.
  bool done = false;
  for (const uint8_t byte : third.send) {
    const auto step = r.feed(std::array{byte});
    EXPECT_EQ(step.consumed, 1U);
    EXPECT_FALSE(step.failed);
    done = step.done;
  }
  ASSERT_TRUE(done);
  EXPECT_EQ(r.feed(std::array<uint8_t, 2>{1, 2}).consumed, 0U);
  EXPECT_EQ(i.remote(), idOf(identities[1]));
  EXPECT_EQ(r.remote(), idOf(identities[0]));
  EXPECT_EQ(i.muxer(), "/yamux/1.0.0"); // the initiator's preference
  EXPECT_EQ(r.muxer(), "/yamux/1.0.0");

  auto ti = i.takeTransport();
  auto tr = r.takeTransport();
  base::Bytes large(200'000);
  random.fill(large);
  base::Bytes wire;
  base::Bytes plain;
  ASSERT_TRUE(ti.seal(large, wire));
  EXPECT_EQ(wire.size(), large.size() + 4 * 18);
  for (size_t at = 0; at < wire.size();) {
    const size_t take = std::min<size_t>(1 + random.below(40'000), wire.size() - at);
    ASSERT_TRUE(tr.open(std::span(wire).subspan(at, take), plain));
    at += take;
  }
  EXPECT_EQ(plain, large);
  wire.clear();
  plain.clear();
  ASSERT_TRUE(tr.seal(base::asBytes("back"), wire));
  ASSERT_TRUE(ti.open(wire, plain));
  EXPECT_EQ(plain, base::Bytes({'b', 'a', 'c', 'k'}));
  EXPECT_FALSE(ti.open(wire, plain)); // a replay
  EXPECT_FALSE(ti.open({}, plain));   // and it stays broken
}

TEST_F(Noise, WithoutACommonMuxerTheHandshakeHoldsAndNamesNone) {
  for (const auto& theirs : {std::vector<std::string>{}, std::vector<std::string>{"/mplex/6.7.0"}}) {
    auto i = initiator({"/yamux/1.0.0"});
    auto r = responder(theirs);
    auto third = i.feed(r.feed(i.start().send).send);
    ASSERT_TRUE(third.done);
    ASSERT_TRUE(r.feed(third.send).done);
    EXPECT_EQ(i.muxer(), "");
    EXPECT_EQ(r.muxer(), "");
  }
}

TEST_F(Noise, EveryFlippedBitIsNoticed) {
  auto i = initiator();
  const auto first = i.start().send;
  auto r = responder();
  const auto second = r.feed(first).send;
  for (size_t at = 2; at < second.size(); at += 7) {
    base::SeededRandom same(99);
    NoiseHandshake victim(NoiseXX::Role::Initiator, *a, same, {}, {});
    base::SeededRandom other(98);
    NoiseHandshake peer(NoiseXX::Role::Responder, *b, other, {}, {});
    auto bytes = peer.feed(victim.start().send).send;
    bytes[at % bytes.size()] ^= 0x10;
    const auto step = victim.feed(bytes);
    EXPECT_FALSE(step.done) << at;
    EXPECT_TRUE(step.failed || step.consumed == bytes.size());
  }
  const auto third = i.feed(second).send;
  for (size_t at = 2; at < third.size(); at += 7) {
    auto fresh = initiator();
    auto victim = responder();
    auto bytes = fresh.feed(victim.feed(fresh.start().send).send).send;
    bytes[at] ^= 1;
    const auto step = victim.feed(bytes);
    EXPECT_TRUE(step.failed) << at;
    EXPECT_EQ(victim.error().code, base::ErrorCode::Unauthorized);
    EXPECT_TRUE(victim.feed(bytes).consumed == 0); // over
  }
}

TEST_F(Noise, AnotherPeerThanExpectedIsNamed) {
  auto i = initiator({}, idOf(identities[0]));
  auto r = responder();
  const auto step = i.feed(r.feed(i.start().send).send);
  EXPECT_TRUE(step.failed);
  EXPECT_TRUE(step.send.empty());
  EXPECT_EQ(i.error().code, base::ErrorCode::Forbidden);
  EXPECT_NE(i.error().why.find(idOf(identities[0]).text()), std::string::npos);
  EXPECT_NE(i.error().why.find(idOf(identities[1]).text()), std::string::npos);
}

// A responder that speaks the pattern well and says something of our choice in its payload.
base::Error answerWith(NoiseHandshake& victim, NoiseXX& liar, const base::Bytes& payload) {
  const auto first = victim.start().send;
  EXPECT_TRUE(liar.read(std::span(first).subspan(2)));
  const auto second = liar.write(payload);
  EXPECT_TRUE(second);
  base::Bytes framed{uint8_t(second->size() >> 8), uint8_t(second->size())};
  framed.insert(framed.end(), second->begin(), second->end());
  const auto step = victim.feed(framed);
  EXPECT_TRUE(step.failed);
  EXPECT_FALSE(step.done);
  return victim.error();
}

TEST_F(Noise, PayloadsThatProveNothingAreRefused) {
  const auto& v = vectors()[0];
  const auto refused = [&](const base::Bytes& payload) {
    auto victim = initiator();
    NoiseXX liar(NoiseXX::Role::Responder, key(v.respStatic), key(v.respEphemeral));
    return answerWith(victim, liar, payload);
  };
  // b's true key and signature, which is over b's static key and not over the liar's.
  ProtoWriter replayed;
  replayed.bytes(1, b->identityKey()).bytes(2, b->signature());
  EXPECT_EQ(refused(replayed.out()).why, "its identity key did not sign the key it shook hands with");
  ProtoWriter unsigned_;
  unsigned_.bytes(1, b->identityKey());
  EXPECT_EQ(refused(unsigned_.out()).code, base::ErrorCode::Unauthorized);
  ProtoWriter keyless;
  keyless.bytes(2, b->signature());
  EXPECT_EQ(refused(keyless.out()).code, base::ErrorCode::Unauthorized);
  EXPECT_EQ(refused({}).code, base::ErrorCode::Unauthorized);
  EXPECT_EQ(refused({0x0a, 0x7f, 0x01}).code, base::ErrorCode::BadRequest);
  ProtoWriter damaged;
  damaged.bytes(1, b->identityKey()).bytes(2, b->signature()).bytes(4, std::array<uint8_t, 2>{0x12, 0x55});
  EXPECT_EQ(refused(damaged.out()).code, base::ErrorCode::BadRequest);
}

TEST_F(Noise, OversizedAndEmptyMessagesAreRefused) {
  auto r = responder();
  const auto step = r.feed(std::array<uint8_t, 2>{0xff, 0xff});
  EXPECT_TRUE(step.failed);
  EXPECT_EQ(r.error().code, base::ErrorCode::TooLarge);
  auto empty = responder();
  EXPECT_TRUE(empty.feed(std::array<uint8_t, 2>{0, 0}).failed);
}

TEST_F(Noise, FramesThatAreTooShortOrTamperedBreakTheTransport) {
  auto i = initiator();
  auto r = responder();
  auto third = i.feed(r.feed(i.start().send).send);
  ASSERT_TRUE(r.feed(third.send).done);
  auto ti = i.takeTransport();
  auto tr = r.takeTransport();
  base::Bytes wire;
  base::Bytes plain;
  ASSERT_TRUE(ti.seal(base::asBytes("one"), wire));
  const size_t whole = wire.size();
  ASSERT_TRUE(ti.seal(base::asBytes("two"), wire));
  wire.back() ^= 1;
  EXPECT_FALSE(tr.open(wire, plain));
  EXPECT_EQ(plain, base::Bytes({'o', 'n', 'e'})); // what came before it counts
  EXPECT_GT(wire.size(), whole);
  plain.clear();
  EXPECT_FALSE(ti.open(std::array<uint8_t, 4>{0, 2, 1, 1}, plain));
}

} // namespace
} // namespace univrs::p2p
