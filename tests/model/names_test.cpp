#include "engine/model/names.h"

#include <gtest/gtest.h>

namespace univrs::model {
namespace {

TEST(Names, dnsLabels) {
  for (const auto& good : {std::string("a"), std::string("web-1"), std::string("0"), std::string(63, 'x')}) {
    EXPECT_TRUE(isDnsLabel(good)) << good;
  }
  for (const auto& bad : {std::string(), std::string("-a"), std::string("a-"), std::string("A"), std::string("a_b"),
                          std::string("a.b"), std::string(64, 'x'), std::string("ü"), std::string("a\0b", 3)}) {
    EXPECT_FALSE(isDnsLabel(bad)) << bad;
  }
}

TEST(Names, labelKeysAndValues) {
  for (const auto* good : {"app", "example.org/app", "kubernetes.io/arch", "a_b.C-d", "x/1"}) {
    EXPECT_TRUE(isLabelKey(good)) << good;
  }
  for (const auto* bad : {"", "/app", "a/", "A.org/app", "a/b/c", "-a", "a b", "a.-b/c"}) {
    EXPECT_FALSE(isLabelKey(bad)) << bad;
  }
  EXPECT_TRUE(isLabelValue(""));
  EXPECT_TRUE(isLabelValue("v1.2_3"));
  EXPECT_FALSE(isLabelValue("a b"));
  EXPECT_FALSE(isLabelValue(std::string(64, 'x')));
}

TEST(Names, madeIntoALabel) {
  EXPECT_EQ(toDnsLabel("My App_1"), "my-app-1");
  EXPECT_EQ(toDnsLabel("--a--"), "a");
  EXPECT_EQ(toDnsLabel("___"), "workload");
  EXPECT_EQ(toDnsLabel(""), "workload");
  EXPECT_TRUE(isDnsLabel(toDnsLabel(std::string(62, 'a') + "-b")));
}

TEST(ImageReference, understood) {
  const std::string digest = "sha256:" + std::string(64, 'a');
  const struct {
    std::string text;
    std::string full;
  } cases[] = {{"nginx", "docker.io/library/nginx:latest"},
               {"nginx:1.25", "docker.io/library/nginx:1.25"},
               {"user/app", "docker.io/user/app:latest"},
               {"ghcr.io/a/b/c:v1", "ghcr.io/a/b/c:v1"},
               {"localhost/bb:1", "localhost/bb:1"},
               {"localhost:5000/bb", "localhost:5000/bb:latest"},
               {"127.0.0.1:5000/t/bb@" + digest, "127.0.0.1:5000/t/bb@" + digest},
               {"bb:1@" + digest, "docker.io/library/bb:1@" + digest},
               {"[::1]:5000/a", "[::1]:5000/a:latest"},
               {"index.docker.io/library/nginx", "docker.io/library/nginx:latest"},
               {"a__b/c--d.e", "docker.io/a__b/c--d.e:latest"}};
  for (const auto& c : cases) {
    const auto ref = parseImageReference(c.text);
    ASSERT_TRUE(ref) << c.text;
    EXPECT_EQ(ref->text(), c.full);
    EXPECT_EQ(parseImageReference(ref->text())->text(), c.full); // stable
  }
}

TEST(ImageReference, refused) {
  for (const auto& bad :
       {std::string(), std::string("Nginx"), std::string("a b"), std::string("nginx:"), std::string("nginx:-1"),
        std::string(":1"), std::string("a@sha256:12"), std::string("a@md5:aa"), std::string("http://a/b"),
        std::string("a//b"), std::string("/a"), std::string("a/"), std::string("a..b"), std::string("a___b"),
        std::string("host:99999/a"), std::string("[::1/a"), std::string(600, 'a'), std::string("a\0b", 3),
        std::string("nginx:") + std::string(129, 't')}) {
    const auto ref = parseImageReference(bad);
    ASSERT_FALSE(ref) << bad;
    EXPECT_FALSE(ref.error().why.empty());
  }
}

} // namespace
} // namespace univrs::model
