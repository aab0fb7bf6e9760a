#include "engine/model/resources.h"
#include "engine/model/workload_read.h"

#include <gtest/gtest.h>

namespace univrs::model {
namespace {

TEST(Quantities, cpu) {
  const struct {
    const char* text;
    int64_t value;
  } good[] = {{"0.5", 500}, {"500m", 500},     {"2", 2000},     {"1.5", 1500}, {"0", 0},
              {"0.001", 1}, {"1k", 1'000'000}, {"1e1", 10'000}, {".5", 500},   {"1500m", 1500}};
  for (const auto& g : good) {
    const auto n = parseCpuQuantity(g.text);
    ASSERT_TRUE(n) << g.text;
    EXPECT_EQ(*n, g.value) << g.text;
  }
  for (const auto* bad :
       {"", "-1", "0.0001", "0.5m", "1Mi", "x", "1 ", " 1", "1.2.3", "99999999999999999999", "1e30", "m", "."}) {
    EXPECT_FALSE(parseCpuQuantity(bad)) << bad;
  }
}

TEST(Quantities, bytes) {
  const struct {
    const char* text;
    int64_t value;
  } good[] = {{"256Mi", 256LL << 20},
              {"1G", 1'000'000'000},
              {"1e6", 1'000'000},
              {"128974848", 128'974'848},
              {"1.5Gi", 3LL << 29},
              {"0.5Ki", 512},
              {"1E", 1'000'000'000'000'000'000},
              {"4Ei", 4LL << 60},
              {"12E0", 12},
              {"1000m", 1},
              {"0", 0},
              {"123k", 123'000}};
  for (const auto& g : good) {
    const auto n = parseByteQuantity(g.text);
    ASSERT_TRUE(n) << g.text;
    EXPECT_EQ(*n, g.value) << g.text;
  }
  for (const auto* bad : {"", "-1", "1MB", "1mi", "0.5", "8Ei", "1m", "x", "1e3Mi", "1 Mi", "0x10", "1e999999999999"}) {
    EXPECT_FALSE(parseByteQuantity(bad)) << bad;
  }
}

TEST(Resources, arithmeticSaturates) {
  Resources a;
  a.memoryBytes = INT64_MAX - 1;
  a.extended["v/x"] = 2;
  Resources b;
  b.memoryBytes = 10;
  b.extended["v/x"] = 2;
  EXPECT_EQ((a + b).memoryBytes, INT64_MAX);
  EXPECT_EQ((b - a).memoryBytes, 10 - (INT64_MAX - 1));
  EXPECT_TRUE((a - b).extended.empty());
  EXPECT_TRUE((a - a).isZero());
}

TEST(Resources, covers) {
  Resources have;
  have.cpuMillicores = 1000;
  Resources ask;
  EXPECT_TRUE(have.covers(ask));
  ask.cpuMillicores = 1001;
  EXPECT_FALSE(have.covers(ask));
  ask.cpuMillicores = 1;
  ask.extended["v/x"] = 1;
  EXPECT_FALSE(have.covers(ask));
  have.extended["v/x"] = 1;
  EXPECT_TRUE(have.covers(ask));
}

Resources read(const QJsonObject& json, FaultList& faults) {
  const QJsonObject root{{QStringLiteral("r"), json}};
  FieldReader reader(root, {}, faults);
  return readResources(reader, "r");
}

TEST(Resources, spellingsAgreeOrAreFaults) {
  FaultList faults;
  EXPECT_EQ(read({{QStringLiteral("cpu_cores"), 0.5}}, faults).cpuMillicores, 500);
  EXPECT_EQ(read({{QStringLiteral("cpu"), QStringLiteral("250m")}}, faults).cpuMillicores, 250);
  EXPECT_EQ(read({{QStringLiteral("cpu"), 2}}, faults).cpuMillicores, 2000);
  EXPECT_EQ(read({{QStringLiteral("memory_mb"), 64}}, faults).memoryBytes, 64LL << 20);
  EXPECT_EQ(
      read({{QStringLiteral("memory_mb"), 64}, {QStringLiteral("memory_bytes"), (64 << 20) + 5}}, faults).memoryBytes,
      (64 << 20) + 5);
  EXPECT_FALSE(faults.hasErrors());
  for (const QJsonObject& bad :
       {QJsonObject{{QStringLiteral("cpu_cores"), -1}},
        QJsonObject{{QStringLiteral("cpu_cores"), 1}, {QStringLiteral("cpu_millicores"), 5}},
        QJsonObject{{QStringLiteral("memory_mb"), 64}, {QStringLiteral("memory"), QStringLiteral("65Mi")}},
        QJsonObject{{QStringLiteral("memory_mb"), 1e30}}, QJsonObject{{QStringLiteral("memory"), true}},
        QJsonObject{{QStringLiteral("memroy_mb"), 1}}, QJsonObject{{QStringLiteral("gpus"), 0.5}}}) {
    FaultList f;
    (void)read(bad, f);
    EXPECT_TRUE(f.hasErrors());
  }
}

TEST(Resources, forPeople) {
  EXPECT_EQ(formatCpu(250), "250m");
  EXPECT_EQ(formatCpu(1500), "1.5");
  EXPECT_EQ(formatCpu(2000), "2");
  EXPECT_EQ(formatBytes(64LL << 20), "64 MiB");
  EXPECT_EQ(formatBytes(3LL << 29), "1.5 GiB");
  EXPECT_EQ(formatBytes(100), "100 B");
  EXPECT_EQ(formatBytes(-(64LL << 20)), "-64 MiB");
}

} // namespace
} // namespace univrs::model
