// HTTP over a real unix socket, against a server of the test's own that answers byte by byte what it is told.
#include "plugins/runtime-docker/engine_client.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <atomic>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <unistd.h>

namespace univrs::docker {

namespace {
// Serves one connection after the other with `serve(fd)`.
class Server {
public:
  explicit Server(std::function<void(int)> serve) : m_serve(std::move(serve)) {
    char folder[] = "/tmp/univrs-http-XXXXXX";
    m_folder = ::mkdtemp(folder);
    path = m_folder + "/s";
    m_fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    std::memcpy(at.sun_path, path.data(), path.size());
    EXPECT_EQ(::bind(m_fd, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    ::listen(m_fd, 16);
    m_thread = std::thread([this] {
      for (;;) {
        const int c = ::accept(m_fd, nullptr, nullptr);
        if (c < 0) {
          return;
        }
        ++connections;
        m_serve(c);
        ::close(c);
      }
    });
  }
  ~Server() {
    ::shutdown(m_fd, SHUT_RDWR);
    m_thread.join();
    ::close(m_fd);
    std::filesystem::remove_all(m_folder);
  }
  std::string path;
  std::atomic<int> connections = 0;

private:
  std::function<void(int)> m_serve;
  std::string m_folder;
  int m_fd = -1;
  std::thread m_thread;
};

// Reads one request's head (no test sends a body); empty at the end.
std::string readHead(int fd) {
  std::string head;
  char c = 0;
  while (head.size() < 65536 && ::read(fd, &c, 1) == 1) {
    head += c;
    if (head.ends_with("\r\n\r\n")) {
      return head;
    }
  }
  return {};
}
void say(int fd, const std::string& text) {
  (void)::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
}

HttpRequest get(const std::string& target) {
  HttpRequest r;
  r.target = target;
  return r;
}
} // namespace

TEST(Http, KeptConnectionsAreUsedAgain) {
  Server server([](int fd) {
    while (!readHead(fd).empty()) {
      say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  });
  {
    EngineClient client(server.path);
    for (int i = 0; i < 5; ++i) {
      const auto r = client.call(get("/x"));
      ASSERT_TRUE(r.ok()) << r.error().text();
      EXPECT_EQ(r->body, "ok");
    }
  }
  EXPECT_EQ(server.connections, 1);
}

TEST(Http, AKeptConnectionThatDiedIsReplaced) {
  Server server([](int fd) {
    readHead(fd);
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"); // promises to stay, and goes
  });
  EngineClient client(server.path);
  for (int i = 0; i < 5; ++i) {
    const auto r = client.call(get("/x"));
    ASSERT_TRUE(r.ok()) << r.error().text();
  }
  EXPECT_EQ(server.connections, 5);
}

TEST(Http, BrokenRepliesAreErrors) {
  const std::pair<const char*, base::ErrorCode> cases[] = {
      {"", base::ErrorCode::Unavailable},
      {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort", base::ErrorCode::Unavailable},
      {"SSH-2.0-OpenSSH\r\n\r\n", base::ErrorCode::Corrupt},
      {"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n", base::ErrorCode::TooLarge},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", base::ErrorCode::Corrupt},
  };
  for (const auto& [text, code] : cases) {
    Server server([text = text](int fd) {
      readHead(fd);
      say(fd, text);
    });
    EngineClient client(server.path);
    const auto r = client.call(get("/x"));
    ASSERT_FALSE(r.ok()) << text;
    EXPECT_EQ(r.error().code, code) << text << ": " << r.error().text();
  }
  Server endless([](int fd) {
    readHead(fd);
    say(fd, "HTTP/1.1 200 OK\r\nX: " + std::string(200'000, 'x'));
  });
  EXPECT_EQ(EngineClient(endless.path).call(get("/x")).error().code, base::ErrorCode::TooLarge);
  EXPECT_EQ(EngineClient("/no/such/socket").call(get("/x")).error().code, base::ErrorCode::Unavailable);
  EXPECT_EQ(EngineClient(std::string(200, 'x')).call(get("/x")).error().code, base::ErrorCode::Unavailable);
}

TEST(Http, SilenceEndsInATimeout) {
  Server server([](int fd) {
    readHead(fd);
    readHead(fd); // until the client goes
  });
  EngineClient client(server.path);
  EXPECT_EQ(client.call(get("/x"), base::Millis(100)).error().code, base::ErrorCode::Timeout);
}

TEST(Http, CancelEndsACallAndAStream) {
  Server server([](int fd) {
    readHead(fd);
    say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    readHead(fd);
  });
  EngineClient client(server.path);
  for (const bool stream : {true, false}) {
    base::CancelSource source;
    std::thread canceller([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      source.cancel();
    });
    std::string got;
    const auto r = stream ? client.stream(
                                get("/x"),
                                [&](std::string_view b) {
                                  got += b;
                                  return true;
                                },
                                source.token())
                          : client.call(get("/x"), base::Millis(60'000), source.token());
    canceller.join();
    ASSERT_FALSE(r.ok());
    EXPECT_EQ(r.error().code, base::ErrorCode::Cancelled);
    EXPECT_EQ(got, stream ? "abc" : "");
  }
  base::CancelSource before;
  before.cancel();
  EXPECT_EQ(client.call(get("/x"), base::Millis(60'000), before.token()).error().code, base::ErrorCode::Cancelled);
}

TEST(Http, StreamsComeAsTheyAreSent) {
  Server server([](int fd) {
    readHead(fd);
    say(fd, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 200; ++i) {
      say(fd, "5\r\nhello\r\n");
    }
    say(fd, "0\r\n\r\n");
  });
  EngineClient client(server.path);
  size_t got = 0;
  const auto r = client.stream(get("/x"),
                               [&](std::string_view b) {
                                 got += b.size();
                                 return true;
                               },
                               {});
  ASSERT_TRUE(r.ok()) << r.error().text();
  EXPECT_EQ(got, 1000u);
}

TEST(Http, ErrorOfAStreamIsReadWhole) {
  Server server([](int fd) {
    readHead(fd);
    say(fd, "HTTP/1.1 404 Not Found\r\nContent-Length: 18\r\n\r\n{\"message\":\"nope\"}");
  });
  EngineClient client(server.path);
  const auto r = client.stream(get("/x"), [](std::string_view) { return true; }, {});
  ASSERT_TRUE(r.ok());
  EXPECT_EQ(r->status, 404);
  EXPECT_EQ(r->body, "{\"message\":\"nope\"}");
}

TEST(Http, UpgradeKeepsTheFirstBytes) {
  Server server([](int fd) {
    const std::string head = readHead(fd);
    EXPECT_NE(head.find("Upgrade: tcp"), std::string::npos);
    say(fd, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nfirst");
    readHead(fd);
  });
  HttpConnection c;
  ASSERT_TRUE(c.connect(server.path).ok());
  auto r = get("/x");
  r.upgrade = true;
  const auto reply = c.openRaw(r);
  ASSERT_TRUE(reply.ok());
  EXPECT_EQ(reply->status, 101);
  std::string got = c.takeBuffered();
  while (got.size() < 5) {
    char buffer[16];
    boost::system::error_code ec;
    const size_t n = c.stream().readBytes(buffer, sizeof buffer, ec);
    ASSERT_FALSE(ec);
    got.append(buffer, n);
  }
  EXPECT_EQ(got, "first");
}

namespace {
// Reads what comes until `enough` is in it or the other side ends.
std::string readUntil(int fd, const std::string& enough) {
  std::string got;
  char piece[4096];
  while (got.find(enough) == std::string::npos) {
    const ssize_t n = ::read(fd, piece, sizeof piece);
    if (n <= 0) {
      break;
    }
    got.append(piece, size_t(n));
  }
  return got;
}
HttpUpload countdown(int pieces, std::optional<int64_t> bytes) {
  HttpUpload body;
  body.bytes = bytes;
  body.read = [left = std::make_shared<int>(pieces)](char* to, size_t) -> base::Result<size_t> {
    if (*left == 0) {
      return size_t(0);
    }
    std::memset(to, 'a' + --*left % 26, 1'000);
    return size_t(1'000);
  };
  return body;
}
HttpRequest post() {
  HttpRequest r = get("/images/load");
  r.method = "POST";
  return r;
}
} // namespace

TEST(Upload, OfKnownAndUnknownLength) {
  std::string got;
  Server server([&](int fd) {
    got = readHead(fd);
    const bool chunked = got.find("chunked") != std::string::npos;
    got += readUntil(fd, chunked ? "0\r\n\r\n" : std::string(1'000, 'a'));
    say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine");
  });
  EngineClient client(server.path);
  for (const bool known : {true, false}) {
    std::string answer;
    const auto reply = client.upload(post(), countdown(3, known ? std::optional<int64_t>(3'000) : std::nullopt),
                                     [&](std::string_view bytes) {
                                       answer += bytes;
                                       return true;
                                     },
                                     {});
    ASSERT_TRUE(reply.ok()) << reply.error().text();
    EXPECT_EQ(reply->status, 200);
    EXPECT_EQ(answer, "fine");
    EXPECT_EQ(got.find("Content-Length: 3000") != std::string::npos, known) << got;
    EXPECT_EQ(got.find("3e8\r\ncc") != std::string::npos, !known) << got;
    EXPECT_NE(got.find(std::string(1'000, 'b')), std::string::npos);
  }
  // A file that changed its length while it was read is not sent as if it were whole.
  EXPECT_EQ(client.upload(post(), countdown(2, 3'000), [](auto) { return true; }, {}).error().code,
            base::ErrorCode::Conflict);
  EXPECT_EQ(client.upload(post(), countdown(4, 3'000), [](auto) { return true; }, {}).error().code,
            base::ErrorCode::Conflict);
}

TEST(Upload, ARefusalInTheMiddleIsHeard) {
  Server server([](int fd) {
    readHead(fd);
    say(fd, "HTTP/1.1 500 No\r\nContent-Length: 26\r\n\r\n{\"message\":\"disk is full\"}");
  });
  EngineClient client(server.path);
  const auto reply = client.upload(post(), countdown(1'000'000, std::nullopt), [](auto) { return true; }, {});
  ASSERT_TRUE(reply.ok()) << reply.error().text();
  EXPECT_EQ(reply->status, 500);
  EXPECT_NE(reply->body.indexOf("disk is full"), -1);
}

TEST(Upload, CancelCutsTheConnection) {
  std::atomic<bool> cut = false;
  Server server([&](int fd) {
    readHead(fd);
    readUntil(fd, "never");
    cut = true;
  });
  EngineClient client(server.path);
  base::CancelSource cancel;
  HttpUpload body = countdown(1 << 30, std::nullopt);
  int pieces = 0;
  body.read = [&, read = body.read](char* to, size_t size) {
    if (++pieces == 100) {
      cancel.cancel();
    }
    return read(to, size);
  };
  const auto reply = client.upload(
      post(), body, [](auto) { return true; }, cancel.token());
  ASSERT_FALSE(reply.ok());
  EXPECT_EQ(reply.error().code, base::ErrorCode::Cancelled);
  while (!cut) {
    std::this_thread::yield();
  }
}

} // namespace univrs::docker
