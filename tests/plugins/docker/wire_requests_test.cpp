#include "engine/base/encoding.h"
#include "plugins/runtime-docker/cgroup.h"
#include "plugins/runtime-docker/create_body.h"
#include "plugins/runtime-docker/http.h"
#include "plugins/runtime-docker/registry_auth.h"
#include "plugins/runtime-docker/registry_errors.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <gtest/gtest.h>

namespace univrs::docker {

namespace {
EngineFacts engine(bool podman) {
  EngineFacts f;
  f.podman = podman;
  f.cpus = 2;
  f.cpuLimits = f.memoryLimits = f.swapLimits = f.pidsLimits = true;
  return f;
}

agent::ContainerRequest request() {
  agent::ContainerRequest r;
  r.name = "univrs-x";
  r.image.id = "sha256:1";
  r.container.name = "main";
  r.container.args = {"serve"};
  r.container.limits.cpuMillicores = 8000;
  r.container.limits.memoryBytes = 64 << 20;
  r.container.requests.cpuMillicores = 250;
  r.ports = {{80, model::Protocol::Tcp}};
  r.hostName = "web";
  r.stopGraceMs = 1500;
  return r;
}

QJsonObject hostOf(const QJsonObject& body) {
  return body.value(QLatin1String("HostConfig")).toObject();
}
} // namespace

TEST(CreateBody, LimitsPortsAndSafety) {
  for (const bool podman : {false, true}) {
    const auto body = createBody(request(), engine(podman), {20'000, 96'000});
    ASSERT_TRUE(body.ok());
    const QJsonObject host = hostOf(*body);
    EXPECT_EQ(host.value(QLatin1String("NanoCpus")).toInteger(), 2'000'000'000) << "not more than there are";
    EXPECT_EQ(host.value(QLatin1String("Memory")).toInteger(), 64 << 20);
    EXPECT_EQ(host.value(QLatin1String("MemorySwap")).toInteger(), 64 << 20);
    EXPECT_EQ(host.value(QLatin1String("PidsLimit")).toInteger(), kDefaultPidsLimit);
    EXPECT_EQ(host.value(QLatin1String("CpuShares")).toInteger(), 256);
    EXPECT_EQ(
        host.value(QLatin1String("RestartPolicy")).toObject().value(QLatin1String("Name")).toString().toStdString(),
        "no");
    EXPECT_EQ(host.value(QLatin1String("SecurityOpt")).toArray().at(0).toString().toStdString(), "no-new-privileges");
    EXPECT_EQ(body->value(QLatin1String("StopTimeout")).toInteger(), 2);
    EXPECT_FALSE(body->contains(QLatin1String("Entrypoint")));
    const auto binding =
        host.value(QLatin1String("PortBindings")).toObject().value(QLatin1String("80/tcp")).toArray().at(0);
    EXPECT_EQ(binding.toObject().value(QLatin1String("HostIp")).toString().toStdString(), "127.0.0.1");
    const QJsonArray ulimits = host.value(QLatin1String("Ulimits")).toArray();
    ASSERT_EQ(ulimits.size(), podman ? 2 : 0) << "both or none";
    if (podman) {
      EXPECT_EQ(ulimits.at(0).toObject().value(QLatin1String("Hard")).toInteger(), 20'000);
      EXPECT_EQ(ulimits.at(1).toObject().value(QLatin1String("Hard")).toInteger(), 32'768);
    }
  }
}

TEST(CreateBody, JoinedNetworkHasNeitherPortsNorHostName) {
  auto r = request();
  r.joinNetworkOf = "abc";
  const auto body = createBody(r, engine(false), {});
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(hostOf(*body).value(QLatin1String("NetworkMode")).toString().toStdString(), "container:abc");
  EXPECT_FALSE(hostOf(*body).contains(QLatin1String("PortBindings")));
  EXPECT_FALSE(body->contains(QLatin1String("Hostname")));
}

TEST(CreateBody, LimitsThatCannotBeEnforcedAreNotIgnored) {
  auto weak = engine(true);
  weak.memoryLimits = false;
  const auto body = createBody(request(), weak, {});
  ASSERT_FALSE(body.ok());
  EXPECT_EQ(body.error().code, base::ErrorCode::Unsupported);
  EXPECT_NE(body.error().why.find("memory"), std::string::npos);
}

TEST(PullErrors, AreReadable) {
  const auto byTag = *model::parseImageReference("reg.example/team/bb:9");
  const auto byDigest = *model::parseImageReference("reg.example/team/bb@sha256:" + std::string(64, 'a'));
  using base::ErrorCode;
  EXPECT_EQ(pullError(byTag, "manifest for reg.example/team/bb:9 not found: manifest unknown").code,
            ErrorCode::NotFound);
  EXPECT_NE(pullError(byDigest, "reading manifest: manifest unknown").why.find("no image with this digest"),
            std::string::npos);
  EXPECT_EQ(pullError(byTag, "unauthorized: authentication required").code, ErrorCode::Forbidden);
  EXPECT_EQ(pullError(byTag, "dial tcp 127.0.0.1:5001: connect: connection refused").code, ErrorCode::Unavailable);
  EXPECT_EQ(pullError(byTag, "toomanyrequests: You have reached your pull rate limit").code, ErrorCode::RateLimited);
  EXPECT_EQ(pullError(byTag, "write /var: no space left on device").code, ErrorCode::NoSpace);
  EXPECT_EQ(pullError(byTag, "dial tcp: lookup reg.example: no such host").code, ErrorCode::Unavailable);
  EXPECT_EQ(pullError(byTag, "something new").why, "something new");
}

TEST(RegistryAuth, OutOfDockersConfig) {
  const QByteArray config = R"({"auths":{"reg.example":{"auth":"dXNlcjpwYTpzcw=="},"bad.example":{"auth":"%%%"}}})";
  const auto header = registryAuthFrom(config, "reg.example");
  const auto login =
      QJsonDocument::fromJson(QByteArray::fromBase64(QByteArray::fromStdString(header), QByteArray::Base64UrlEncoding))
          .object();
  EXPECT_EQ(login.value(QLatin1String("username")).toString().toStdString(), "user");
  EXPECT_EQ(login.value(QLatin1String("password")).toString().toStdString(), "pa:ss");
  EXPECT_TRUE(registryAuthFrom(config, "bad.example").empty());
  EXPECT_TRUE(registryAuthFrom(config, "other.example").empty());
  EXPECT_TRUE(registryAuthFrom("[]", "reg.example").empty());
}

TEST(Cgroup, OomCounter) {
  EXPECT_EQ(oomKillsIn("oom_kill_disable 0\nunder_oom 0\noom_kill 3\n"), 3);
  EXPECT_EQ(oomKillsIn("low 0\nhigh 0\nmax 5\noom 1\noom_kill 1\noom_group_kill 0\n"), 1);
  EXPECT_FALSE(oomKillsIn("oom_kill_disable 0\n").has_value());
  EXPECT_FALSE(oomKillsIn("oom_kill x\n").has_value());
}

TEST(UrlEncode, EverythingButUnreserved) {
  EXPECT_EQ(urlEncode("a/b:c d%é"), "a%2Fb%3Ac%20d%25%C3%A9");
}

} // namespace univrs::docker
