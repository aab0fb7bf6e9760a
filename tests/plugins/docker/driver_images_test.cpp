#include "tests/plugins/docker/driver_fixture.h"

#include <arpa/inet.h>
#include <sys/socket.h>

#include <atomic>
#include <thread>
#include <unistd.h>

namespace univrs::docker::test {

namespace {
std::string registryDigest(const std::string& tag) {
  const Ran ran = shell("skopeo inspect --tls-verify=false --format '{{.Digest}}' docker://" + environment().registry +
                        "/team/bb:" + tag);
  return ran.output.substr(0, ran.output.find('\n'));
}
} // namespace

TEST_F(DriverTest, PullByTagResolvesToTheDigest) {
  std::vector<agent::PullProgress> told;
  const auto pulled = driver->pull({image(environment().registry + "/team/bb:2"), model::PullPolicy::Always},
                                   [&](const agent::PullProgress& p) { told.push_back(p); }, {});
  ASSERT_TRUE(pulled.ok()) << pulled.error().text();
  EXPECT_EQ(pulled->digest, registryDigest("2"));
  EXPECT_TRUE(pulled->id.starts_with("sha256:"));
  EXPECT_EQ(pulled->os, "linux");
  EXPECT_FALSE(pulled->arch.empty());
  EXPECT_GT(pulled->sizeBytes, 100'000);
  ASSERT_FALSE(told.empty());
  EXPECT_EQ(told.front().phase, "resolving");
  EXPECT_EQ(told.back().phase, "done");
  for (const auto& p : told) {
    EXPECT_GE(p.current, 0);
    EXPECT_LE(p.current, p.total);
  }

  // What was pulled runs.
  auto r = request({"cat", "/www/index.html"});
  r.image = *pulled;
  const std::string id = run(r);
  EXPECT_EQ(waitForExit(id).exitCode, 0);
  EXPECT_EQ(logsOf(id).at(0).text, "two");
}

TEST_F(DriverTest, PullOfAnImageThatIsAlsoHereFromAnArchive) {
  // The same image was loaded as localhost/…: Podman then knows it by two digests, only one of which the registry has.
  const auto pulled = driver->pull({image(environment().registry + "/team/bb:1"), model::PullPolicy::Always}, {}, {});
  ASSERT_TRUE(pulled.ok()) << pulled.error().text();
  EXPECT_EQ(pulled->digest, registryDigest("1"));
  EXPECT_EQ(pulled->id, local.id);
}

TEST_F(DriverTest, PullByDigest) {
  const std::string digest = registryDigest("1");
  const auto pulled =
      driver->pull({image(environment().registry + "/team/bb@" + digest), model::PullPolicy::IfNotPresent}, {}, {});
  ASSERT_TRUE(pulled.ok()) << pulled.error().text();
  EXPECT_EQ(pulled->digest, digest);
  const auto never =
      driver->pull({image(environment().registry + "/team/bb@" + digest), model::PullPolicy::Never}, {}, {});
  EXPECT_TRUE(never.ok());
}

TEST_F(DriverTest, WrongDigestIsRefused) {
  const std::string wrong = "sha256:" + std::string(64, 'a');
  const auto pulled =
      driver->pull({image(environment().registry + "/team/bb@" + wrong), model::PullPolicy::IfNotPresent}, {}, {});
  ASSERT_FALSE(pulled.ok());
  EXPECT_EQ(pulled.error().code, base::ErrorCode::NotFound);
  EXPECT_NE(pulled.error().text().find("no image with this digest"), std::string::npos) << pulled.error().text();
}

TEST_F(DriverTest, MissingTagAndMissingRepository) {
  for (const char* name : {"/team/bb:nope", "/team/none:1"}) {
    const auto pulled = driver->pull({image(environment().registry + name), model::PullPolicy::IfNotPresent}, {}, {});
    ASSERT_FALSE(pulled.ok());
    EXPECT_EQ(pulled.error().code, base::ErrorCode::NotFound) << pulled.error().text();
    EXPECT_NE(pulled.error().why.find("has no team/"), std::string::npos) << pulled.error().text();
    EXPECT_FALSE(pulled.error().hint.empty());
  }
}

TEST_F(DriverTest, RegistryDown) {
  const auto pulled = driver->pull({image("127.0.0.1:5001/team/bb:1"), model::PullPolicy::IfNotPresent}, {}, {});
  ASSERT_FALSE(pulled.ok());
  EXPECT_EQ(pulled.error().code, base::ErrorCode::Unavailable) << pulled.error().text();
  EXPECT_NE(pulled.error().why.find("cannot be reached"), std::string::npos);
}

TEST_F(DriverTest, LocalImagesAreNeverPulled) {
  for (const auto policy : {model::PullPolicy::IfNotPresent, model::PullPolicy::Always, model::PullPolicy::Never}) {
    const auto here = driver->pull({image(environment().localImage), policy}, {}, {});
    ASSERT_TRUE(here.ok()) << here.error().text();
    EXPECT_TRUE(here->digest.empty());
    EXPECT_EQ(here->id, local.id);
  }
  const auto missing = driver->pull({image("localhost/no/such:1"), model::PullPolicy::Always}, {}, {});
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().code, base::ErrorCode::NotFound) << missing.error().text();
  EXPECT_NE(missing.error().why.find("never pulled"), std::string::npos);
  const auto never = driver->pull({image(environment().registry + "/team/absent:1"), model::PullPolicy::Never}, {}, {});
  ASSERT_FALSE(never.ok());
  EXPECT_EQ(never.error().code, base::ErrorCode::NotFound);
}

TEST_F(DriverTest, CancelOfAPull) {
  // A registry that accepts and then says nothing.
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int one = 1;
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(5001);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  ASSERT_EQ(::listen(listener, 8), 0);

  base::CancelSource source;
  std::atomic<bool> ended = false;
  base::Result<agent::ImageInfo> result = base::makeError(base::ErrorCode::Internal, "not run");
  std::thread puller([&] {
    result = driver->pull({image("127.0.0.1:5001/team/bb:1"), model::PullPolicy::Always}, {}, source.token());
    ended = true;
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  EXPECT_FALSE(ended);
  source.cancel();
  puller.join();
  ::close(listener);
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().code, base::ErrorCode::Cancelled) << result.error().text();
}

} // namespace univrs::docker::test
