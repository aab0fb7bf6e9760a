// Who may ask, without sockets: tokens, signatures, replays, Host and Origin.
#include "engine/api/auth.h"
#include "engine/api/host_guard.h"
#include "engine/base/log.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>

namespace univrs::api {
namespace {

const base::Now kNow{base::Timestamp{1'700'000'000'000}, base::Monotonic{5'000}};

std::string codeOf(const Authenticator::Verdict& verdict) {
  if (!verdict.refusal) {
    return "";
  }
  return QJsonDocument::fromJson(QByteArray::fromStdString(verdict.refusal->body))
      .object()
      .value(QStringLiteral("code"))
      .toString()
      .toStdString();
}

class Auth : public ::testing::Test {
protected:
  void SetUp() override {
    base::log::setLevel(base::log::Level::Error);
    std::string name = (std::filesystem::temp_directory_path() / "univrs-auth-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder = name;
    auto made = p2p::Identity::loadOrCreate(folder / "operator.key");
    ASSERT_TRUE(made);
    identity.emplace(std::move(made).value());
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  [[nodiscard]] Request signedRequest(const std::string& nonce = "nonce-0001", base::Timestamp time = kNow.wall) const {
    Request r;
    r.method = "POST";
    r.target = "/api/workloads?dry_run=true";
    r.body = "{\"name\":\"web\"}";
    r.peerAddress = "127.0.0.1";
    r.headers = {{"X-Auth-PublicKey", base::base64(identity->publicKey())},
                 {"x-auth-timestamp", time.iso()},
                 {"X-Auth-Nonce", nonce}};
    r.headers.emplace_back("X-Auth-Signature",
                           base::base64(identity->sign(base::asBytes(Authenticator::signedText(r)))));
    return r;
  }
  [[nodiscard]] Authenticator trusting() const { return Authenticator({"token", {identity->publicKey()}, false}); }

  std::filesystem::path folder;
  std::optional<p2p::Identity> identity;
};

TEST_F(Auth, Tokens) {
  Authenticator auth = trusting();
  Request r;
  r.headers = {{"authorization", "bearer token"}};
  EXPECT_EQ(auth.checkHead(r, kNow).actor, "token");
  for (const char* wrong : {"Bearer tokem", "Bearer ", "Bearer token2", "Basic token", "token", ""}) {
    r.headers = {{"Authorization", wrong}};
    EXPECT_EQ(codeOf(auth.checkHead(r, kNow)), "UNAUTHORIZED") << wrong;
  }
  r.headers = {{"Sec-WebSocket-Protocol", "chat, univrs.token.token"}};
  EXPECT_EQ(codeOf(auth.checkHead(r, kNow)), "UNAUTHORIZED") << "only for WebSockets";
  r.isUpgrade = true;
  EXPECT_EQ(auth.checkHead(r, kNow).actor, "token");
  EXPECT_EQ(Authenticator::tokenProtocol(r), "univrs.token.token");
  Authenticator noToken({"", {identity->publicKey()}, false});
  r.headers = {{"Authorization", "Bearer "}};
  EXPECT_FALSE(codeOf(noToken.checkHead(r, kNow)).empty()) << "an empty token never matches";
  EXPECT_EQ(Authenticator({"", {}, true}).checkHead(Request(), kNow).actor, "local");
}

TEST_F(Auth, SignedRequestsPassOnce) {
  Authenticator auth = trusting();
  const Request r = signedRequest();
  EXPECT_TRUE(auth.checkHead(r, kNow).needsBody);
  EXPECT_EQ(auth.checkSigned(r, kNow).actor, "key:" + identity->did());
  EXPECT_EQ(codeOf(auth.checkSigned(r, kNow)), "INVALID_SIGNATURE") << "a replay";
  EXPECT_EQ(auth.checkSigned(signedRequest("nonce-0002"), kNow).actor, "key:" + identity->did());
}

TEST_F(Auth, ReplaysAreRefusedForAsLongAsTheSignatureIsGood) {
  Authenticator auth = trusting();
  const base::Timestamp future = kNow.wall + base::Millis(Authenticator::kMaxSkewMs);
  const Request r = signedRequest("nonce-0003", future);
  EXPECT_FALSE(auth.checkSigned(r, kNow).actor.empty());
  for (const int64_t later : {1'000, 200'000, 359'000, 360'000}) {
    const base::Now then{kNow.wall + base::Millis(later), kNow.steady + base::Millis(later)};
    EXPECT_EQ(codeOf(auth.checkSigned(r, then)), "INVALID_SIGNATURE") << later;
  }
  const base::Now late{kNow.wall + base::Millis(360'001), kNow.steady + base::Millis(360'001)};
  EXPECT_EQ(codeOf(auth.checkSigned(r, late)), "TIMESTAMP_EXPIRED");
}

TEST_F(Auth, EveryPartIsCovered) {
  const auto refusedWhen = [&](const std::function<void(Request&)>& change) {
    Authenticator auth = trusting();
    Request r = signedRequest();
    change(r);
    return codeOf(auth.checkSigned(r, kNow));
  };
  EXPECT_EQ(refusedWhen([](Request& r) { r.method = "PUT"; }), "INVALID_SIGNATURE");
  EXPECT_EQ(refusedWhen([](Request& r) { r.target = "/api/workloads?dry_run=false"; }), "INVALID_SIGNATURE");
  EXPECT_EQ(refusedWhen([](Request& r) { r.target = "/api/nodes"; }), "INVALID_SIGNATURE");
  EXPECT_EQ(refusedWhen([](Request& r) { r.body += " "; }), "INVALID_SIGNATURE");
  EXPECT_EQ(refusedWhen([](Request& r) { r.headers[2].second = "another-nonce"; }), "INVALID_SIGNATURE");
  EXPECT_EQ(refusedWhen([](Request& r) { r.headers[1].second = (kNow.wall + base::Millis(1)).iso(); }),
            "INVALID_SIGNATURE");
  for (size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(refusedWhen([i](Request& r) { r.headers.erase(r.headers.begin() + int(i)); }), "MISSING_HEADER");
    EXPECT_EQ(refusedWhen([i](Request& r) { r.headers[i].second = "?"; }), "INVALID_HEADER");
    EXPECT_EQ(refusedWhen([i](Request& r) { r.headers.push_back(r.headers[i]); }), "INVALID_HEADER");
  }
}

TEST_F(Auth, TimesAndKeys) {
  const auto at = [&](int64_t offset) {
    Authenticator auth = trusting();
    return codeOf(auth.checkSigned(signedRequest("nonce-0004", kNow.wall + base::Millis(offset)), kNow));
  };
  EXPECT_EQ(at(-300'000), "");
  EXPECT_EQ(at(-300'001), "TIMESTAMP_EXPIRED");
  EXPECT_EQ(at(60'000), "");
  EXPECT_EQ(at(60'001), "TIMESTAMP_EXPIRED");
  Authenticator stranger({"token", {}, false});
  EXPECT_EQ(codeOf(stranger.checkHead(signedRequest(), kNow)), "UNTRUSTED_KEY");
}

TEST_F(Auth, FailuresAreLimitedButAGoodTokenStillPasses) {
  Authenticator auth = trusting();
  Request bad;
  bad.peerAddress = "127.0.0.1";
  bad.headers = {{"Authorization", "Bearer guess"}};
  for (int i = 0; i < Authenticator::kMaxFailures; ++i) {
    EXPECT_EQ(auth.checkHead(bad, kNow).refusal->status, 401);
  }
  EXPECT_EQ(auth.checkHead(bad, kNow).refusal->status, 429);
  Request good = bad;
  good.headers = {{"Authorization", "Bearer token"}};
  EXPECT_EQ(auth.checkHead(good, kNow).actor, "token");
  Request other = bad;
  other.peerAddress = "::1";
  EXPECT_EQ(auth.checkHead(other, kNow).refusal->status, 401);
  const base::Now later{kNow.wall, kNow.steady + base::Millis(Authenticator::kFailureWindowMs)};
  EXPECT_EQ(auth.checkHead(bad, later).refusal->status, 401);
  for (int i = 0; i < 10'000; ++i) { // bounded whatever the addresses
    other.peerAddress = std::to_string(i);
    auth.checkHead(other, kNow);
  }
}

TEST(Host, MustBeOursExactly) {
  const HostGuard guard("127.0.0.1", 8080, false, {"node.example", "proxy.example:443"});
  using Headers = std::vector<std::pair<std::string, std::string>>;
  const auto status = [&guard](Headers headers) {
    Request r;
    r.localAddress = "192.0.2.7";
    r.headers = std::move(headers);
    const auto refusal = guard.check(r);
    return refusal ? refusal->status : 200;
  };
  for (const char* good : {"localhost:8080", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "node.example:8080",
                           "proxy.example:443", "192.0.2.7:8080"}) {
    EXPECT_EQ(status({{"Host", good}}), 200) << good;
  }
  for (const char* bad : {"localhost", "localhost:80", "localhost.evil.example:8080", "evil.example:8080",
                          "127.0.0.1:8081", "", "localhost:8080.evil.example", "node.example:443", "192.0.2.8:8080"}) {
    EXPECT_EQ(status({{"Host", bad}}), 403) << bad;
  }
  EXPECT_EQ(status({}), 400);
  EXPECT_EQ(status({{"Host", "localhost:8080"}, {"Host", "localhost:8080"}}), 400);
  const auto origin = [&status](const char* value) { return status({{"Host", "localhost:8080"}, {"Origin", value}}); };
  EXPECT_EQ(origin("http://localhost:8080"), 200);
  EXPECT_EQ(origin("http://node.example:8080"), 200);
  for (const char* bad : {"http://localhost.evil.example:8080", "http://localhost", "https://localhost:8080", "null",
                          "", "http://evil.example", "http://localhost:8080/", "http://localhost:8080@evil.example"}) {
    EXPECT_EQ(origin(bad), 403) << bad;
  }
}

TEST(Query, IsStrict) {
  const auto query = Query::parse("a=1&b=x%20y+z&b=%C3%BC&c&d=");
  ASSERT_TRUE(query);
  EXPECT_EQ(query->value("a"), "1");
  EXPECT_EQ(query->values("b"), (std::vector<std::string>{"x y z", "ü"}));
  EXPECT_TRUE(query->has("c"));
  EXPECT_EQ(query->integer("a", 0, 5, 9).valueOr(-1), 1);
  EXPECT_EQ(query->integer("e", 0, 5, 9).valueOr(-1), 9);
  EXPECT_FALSE(query->integer("b", 0, 5, 9));
  EXPECT_FALSE(query->integer("a", 2, 5, 9));
  EXPECT_TRUE(query->boolean("c", false).valueOr(false));
  for (const char* bad : {"a=%", "a=%4", "a=%zz", "a=%00", "a=%ff", "=1", "%C3=1"}) {
    EXPECT_FALSE(Query::parse(bad)) << bad;
  }
  std::string many;
  for (size_t i = 0; i <= kMaxQueryPairs; ++i) {
    many += "a=1&";
  }
  EXPECT_FALSE(Query::parse(many));
}

} // namespace
} // namespace univrs::api
