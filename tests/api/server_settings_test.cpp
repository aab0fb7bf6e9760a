// What the server may be told: where to listen, whom to ask, TLS.
#include "tests/api/server_fixture.h"

#include <cstdlib>
#include <filesystem>
#include <unistd.h>

namespace univrs::api {
namespace {

class Configured : public ServerFixture {
protected:
  base::Result<BoundAddress> tryStart() {
    base::Result<BoundAddress> bound = base::makeError(base::ErrorCode::Internal, "not started");
    executor.run([&] {
      server = std::make_unique<HttpServer>(engine, executor, &metrics, clock, config);
      bound = server->start();
      server.reset();
    });
    return bound;
  }
};

TEST_F(Configured, UnsafeSettingsAreRefused) {
  config.host = "0.0.0.0";
  EXPECT_FALSE(tryStart());
  config.host = "example.org";
  EXPECT_FALSE(tryStart());
  config.host = "localhost";
  config.token.clear();
  EXPECT_FALSE(tryStart());
  config.authNone = true;
  EXPECT_TRUE(tryStart());
  config.tlsCertificateFile = "/nonexistent.pem";
  EXPECT_FALSE(tryStart());
  config.tlsKeyFile = "/nonexistent.key";
  EXPECT_FALSE(tryStart());
}

TEST_F(Configured, OpenServerAsksNoOne) {
  config.authNone = true;
  start();
  EXPECT_EQ(ask(port, "GET", "/api/workloads", "", {}, false).status, 200);
  EXPECT_EQ(ask(port, "GET", "/api/workloads", "", {{"Origin", "http://evil.example"}}, false).status, 403);
}

TEST_F(Configured, OpenMetrics) {
  config.metricsOpen = true;
  start();
  EXPECT_EQ(ask(port, "GET", "/metrics", "", {}, false).status, 200);
  EXPECT_EQ(ask(port, "GET", "/api/workloads", "", {}, false).status, 401);
}

TEST_F(Configured, Tls) {
  const auto folder = std::filesystem::temp_directory_path() / ("univrs-tls-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const std::string key = folder / "key.pem";
  const std::string certificate = folder / "cert.pem";
  const std::string make =
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost "
      "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout " +
      key + " -out " + certificate + " 2>/dev/null";
  if (std::system(make.c_str()) != 0 || std::system("curl --version >/dev/null 2>&1") != 0) {
    std::filesystem::remove_all(folder);
    GTEST_SKIP() << "openssl or curl is not installed";
  }
  config.host = "0.0.0.0"; // allowed with TLS
  config.tlsCertificateFile = certificate;
  config.tlsKeyFile = key;
  start();
  const std::string url = "https://localhost:" + std::to_string(port) + "/api/workloads/web";
  const std::string curl = "curl -sS -m 60 -f -o /dev/null -o /dev/null --cacert " + certificate +
                           " -H 'Authorization: Bearer " + kTestToken + "' ";
  EXPECT_EQ(std::system((curl + url + " " + url).c_str()), 0);
  EXPECT_NE(std::system((curl + "--tls-max 1.1 " + url + " 2>/dev/null").c_str()), 0);
  EXPECT_NE(ask(port, "GET", "/livez").status, 200) << "plain HTTP on a TLS port";
  stop();
  config.tlsKeyFile = certificate;
  EXPECT_FALSE(tryStart());
  std::filesystem::remove_all(folder);
}

} // namespace
} // namespace univrs::api
