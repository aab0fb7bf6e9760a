#include "engine/p2p/protobuf.h"
#include "engine/p2p/varint.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

namespace univrs::p2p {
namespace {

base::Bytes bytesOf(std::string_view hex) {
  const auto bytes = base::fromHex(hex);
  EXPECT_TRUE(bytes) << hex;
  return bytes.value_or(base::Bytes());
}

TEST(VarintTest, SpecificationExamples) {
  const std::vector<std::pair<uint64_t, std::string>> cases{
      {0, "00"},     {1, "01"},     {127, "7f"},       {128, "8001"},
      {255, "ff01"}, {300, "ac02"}, {16384, "808001"}, {(uint64_t(1) << 63) - 1, "ffffffffffffffff7f"}};
  for (const auto& [value, hex] : cases) {
    base::Bytes out;
    appendVarint(out, value);
    EXPECT_EQ(base::hex(out), hex);
    EXPECT_EQ(varintSize(value), out.size());
    const auto read = readVarint(out);
    EXPECT_EQ(read.state, Varint::State::Done);
    EXPECT_EQ(read.value, value);
    EXPECT_EQ(read.size, out.size());
  }
}

TEST(VarintTest, LongerFormsAndLongerNumbersAreBad) {
  for (const char* hex :
       {"8000", "818000", "ff8000", "80808080808080808001", "ffffffffffffffffff01", "808080808080808000"}) {
    EXPECT_EQ(readVarint(bytesOf(hex)).state, Varint::State::Bad) << hex;
  }
  EXPECT_EQ(readVarint({}).state, Varint::State::NeedMore);
  EXPECT_EQ(readVarint(bytesOf("80")).state, Varint::State::NeedMore);
  EXPECT_EQ(readVarint(bytesOf("ffffffffffffffff")).state, Varint::State::NeedMore) << "8 bytes";
  EXPECT_EQ(readVarint(bytesOf("ffffffffffffffffff")).state, Varint::State::Bad) << "9 bytes that all go on";
}

RC_GTEST_PROP(VarintTest, RoundTripAndEveryPrefixNeedsMore, (uint64_t any, base::Bytes after)) {
  const uint64_t value = any >> (any % 64) & (std::numeric_limits<uint64_t>::max() >> 1);
  base::Bytes out;
  appendVarint(out, value);
  for (size_t i = 0; i < out.size(); ++i) {
    RC_ASSERT(readVarint(std::span(out).first(i)).state == Varint::State::NeedMore);
  }
  const size_t size = out.size();
  out.insert(out.end(), after.begin(), after.end());
  const auto read = readVarint(out);
  RC_ASSERT(read.state == Varint::State::Done);
  RC_ASSERT(read.value == value);
  RC_ASSERT(read.size == size);
}

TEST(ProtobufTest, ReadsEveryWireType) {
  // 1: varint 300; 2: fixed64 1; 3: bytes "hi"; 5: fixed32 2; 1000: varint 10 bytes long
  const auto message = bytesOf("08ac02"
                               "110100000000000000"
                               "1a026869"
                               "2d02000000"
                               "c03e"
                               "ffffffffffffffffff01");
  ProtoReader reader(message);
  auto f = reader.next();
  ASSERT_TRUE(f && f->isVarint(1));
  EXPECT_EQ(f->value, 300u);
  f = reader.next();
  ASSERT_TRUE(f);
  EXPECT_EQ(f->type, ProtoField::Type::Fixed64);
  EXPECT_EQ(f->value, 1u);
  f = reader.next();
  ASSERT_TRUE(f && f->isBytes(3));
  EXPECT_EQ(f->text(), "hi");
  f = reader.next();
  ASSERT_TRUE(f);
  EXPECT_EQ(f->type, ProtoField::Type::Fixed32);
  EXPECT_EQ(f->value, 2u);
  f = reader.next();
  ASSERT_TRUE(f && f->isVarint(1000));
  EXPECT_EQ(f->value, std::numeric_limits<uint64_t>::max());
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.ok());
}

TEST(ProtobufTest, FaultsEndTheReadingAfterWholeFields) {
  for (const char* hex : {"08", "0880", "0a", "0a05616263", "11010000", "2d0100", "0b", "0c", "0e", "0f", "00", "02ff",
                          "8080808010"
                          "00",                       // field 2^32 / 8 and beyond
                          "0affffffffffffffffff01",   // a length of 2^64-1
                          "08ffffffffffffffffffff01", // a varint of eleven bytes
                          "ffffffffffffffffffff01"
                          "00"}) {
    const auto message = bytesOf("1801" + std::string(hex));
    ProtoReader reader(message);
    const auto first = reader.next();
    ASSERT_TRUE(first && first->isVarint(3)) << hex;
    EXPECT_FALSE(reader.next()) << hex;
    EXPECT_FALSE(reader.ok()) << hex;
    EXPECT_FALSE(reader.next()) << hex;
  }
  ProtoReader nothing({});
  EXPECT_FALSE(nothing.next());
  EXPECT_TRUE(nothing.ok());
}

TEST(ProtobufTest, WritesInOrderWithShortestVarints) {
  const auto message = ProtoWriter().varint(1, 1).bytes(2, bytesOf("0102")).text(15, "x").take();
  EXPECT_EQ(base::hex(message), "0801"
                                "12020102"
                                "7a0178");
  EXPECT_EQ(base::hex(ProtoWriter().message(3, ProtoWriter().varint(1, 150)).out()), "1a03089601");
  EXPECT_EQ(base::hex(lengthPrefixed(message)), "09" + base::hex(message));
}

RC_GTEST_PROP(ProtobufTest, WhatIsWrittenIsRead, (std::vector<std::pair<uint64_t, base::Bytes>> fields)) {
  ProtoWriter writer;
  for (const auto& [value, data] : fields) {
    writer.varint(1 + uint32_t(value % 5000), value).bytes(2 + uint32_t(value % 70000), data);
  }
  ProtoReader reader(writer.out());
  for (const auto& [value, data] : fields) {
    const auto number = reader.next();
    RC_ASSERT(number && number->isVarint(1 + uint32_t(value % 5000)) && number->value == value);
    const auto bytes = reader.next();
    RC_ASSERT(bytes && bytes->isBytes(2 + uint32_t(value % 70000)));
    RC_ASSERT(base::Bytes(bytes->data.begin(), bytes->data.end()) == data);
  }
  RC_ASSERT(!reader.next() && reader.ok());
}

RC_GTEST_PROP(ProtobufTest, AnyInputEnds, (base::Bytes message)) {
  ProtoReader reader(message);
  size_t held = 0;
  while (const auto field = reader.next()) {
    held += field->data.size();
  }
  RC_ASSERT(held <= message.size());
}

} // namespace
} // namespace univrs::p2p
