// Figures of TCP with Noise and yamux over loopback, both sides in this process, each on a thread of its own: time to
// a finished connection, bytes a second through one stream and through 100, memory per idle connection.
#include "engine/p2p/tcp_transport.h"

#include <QCoreApplication>
#include <QEventLoop>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <malloc.h>
#include <thread>
#include <vector>

using namespace univrs;
using namespace univrs::p2p;

namespace {
using Seconds = std::chrono::duration<double>;
std::chrono::steady_clock::time_point now() {
  return std::chrono::steady_clock::now();
}

struct OpenGate final : InboundGate {
  bool handshakeMayBegin(const Multiaddr&) override { return true; }
  void handshakeOver(const Multiaddr&) override {}
  [[nodiscard]] bool underLoad() const override { return false; }
};

Identity newIdentity() {
  std::string folder = (std::filesystem::temp_directory_path() / "univrs-bench-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) {
    std::abort();
  }
  auto identity = Identity::loadOrCreate(folder + "/key");
  std::filesystem::remove_all(folder);
  return std::move(identity).value();
}

struct Sink final : StreamHandler {
  explicit Sink(Stream& s) : stream(s) {}
  void onData() override { stream.consume(stream.received().size()); }
  void onEnd() override { stream.closeWrite(); }
  void onClosed(const base::Error&) override {}
  Stream& stream;
};

struct Source final : StreamHandler {
  Source(Stream& s, size_t bytes, size_t& open) : stream(s), left(bytes), running(open) {
    ++running;
    onWritable();
  }
  void onData() override {}
  void onEnd() override {}
  void onWritable() override {
    static const base::Bytes block(Stream::kMaxUnsent, 0x5a);
    while (left > 0) {
      const size_t took = stream.write(std::span(block).first(std::min(left, block.size())));
      if (took == 0) {
        return;
      }
      left -= took;
    }
    stream.closeWrite();
  }
  void onClosed(const base::Error& error) override {
    if (!error.what.empty()) {
      std::printf("stream failed: %s\n", error.text().c_str());
    }
    --running;
  }
  Stream& stream;
  size_t left;
  size_t& running;
};

struct Owner final : ConnectionHandler {
  explicit Owner(std::unique_ptr<Connection> c) : connection(std::move(c)) { connection->setHandler(this); }
  void onStream(Stream& stream) override { stream.attach(std::make_unique<Sink>(stream)); }
  void onDatagram(std::span<const uint8_t>) override {}
  void onClosed(const base::Error&) override { connection.reset(); }
  std::unique_ptr<Connection> connection;
};

struct Side {
  Identity identity = newIdentity();
  base::SystemClock clock;
  base::SystemRandom random;
  OpenGate gate;
  std::vector<std::unique_ptr<Owner>> connections;
  TcpTransport transport{identity, clock, random, gate};
  Side() {
    transport.setOnConnection(
        [this](std::unique_ptr<Connection> c) { connections.push_back(std::make_unique<Owner>(std::move(c))); });
  }
};

void until(const std::function<bool()>& done) {
  QEventLoop loop;
  while (!done()) {
    loop.processEvents(QEventLoop::WaitForMoreEvents);
  }
}

Owner* dial(Side& side, const Multiaddr& to) {
  Owner* out = nullptr;
  bool over = false;
  const auto dialling = side.transport.dial(to, {}, [&](base::Result<std::unique_ptr<Connection>> c) {
    over = true;
    if (c) {
      side.connections.push_back(std::make_unique<Owner>(std::move(c).value()));
      out = side.connections.back().get();
    } else {
      std::printf("%s\n", c.error().text().c_str());
    }
  });
  until([&] { return over; });
  return out;
}

void throughput(Owner& owner, size_t streams, size_t bytes) {
  size_t running = 0;
  const auto start = now();
  for (size_t i = 0; i < streams; ++i) {
    Stream* stream = owner.connection->openStream().value();
    stream->attach(std::make_unique<Source>(*stream, bytes / streams, running));
  }
  until([&] { return running == 0; });
  const double seconds = Seconds(now() - start).count();
  std::printf("%zu stream(s), %zu MB: %.2f s, %.0f MB/s\n", streams, bytes >> 20, seconds,
              double(bytes) / 1e6 / seconds);
}

double residentKb() {
  ::malloc_trim(0);
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line)) {
    if (line.starts_with("VmRSS:")) {
      return std::atof(line.c_str() + 6);
    }
  }
  return 0;
}
} // namespace

int main(int argc, char** argv) {
  const QCoreApplication app(argc, argv);
  std::promise<Multiaddr> listening;
  std::atomic<bool> stop = false;
  std::thread other([&] {
    QEventLoop loop;
    Side side;
    listening.set_value(side.transport.listen(*Multiaddr::fromText("/ip4/127.0.0.1/tcp/0")).value());
    while (!stop) {
      loop.processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 100);
    }
  });
  const Multiaddr to = listening.get_future().get();
  {
    Side side;
    Owner* owner = dial(side, to);
    for (int i = 0; i < 3; ++i) {
      throughput(*owner, 1, 512u << 20);
      throughput(*owner, 100, 512u << 20);
    }
    const double before = residentKb();
    const auto start = now();
    constexpr int kConnections = 500;
    for (int i = 0; i < kConnections; ++i) {
      dial(side, to);
    }
    const double each = Seconds(now() - start).count() * 1e3 / kConnections;
    const auto settled = now() + std::chrono::seconds(1);
    until([&] {
      QCoreApplication::processEvents(QEventLoop::AllEvents, 50);
      return now() > settled;
    });
    std::printf("connection set up in %.2f ms (both sides' work, one after another)\n", each);
    std::printf("memory per idle connection, one side: %.1f kB\n", (residentKb() - before) / kConnections / 2);
  }
  stop = true;
  other.join();
  return 0;
}
