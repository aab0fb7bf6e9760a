// Bytes as they come from a socket, through the request parser, the guards, the router and the handlers, in process and
// without a socket. The engine answers at once with errors or empty values.
#include "engine/api/server_state.h"
#include "engine/base/log.h"
#include "engine/interfaces/one_object_engine.h"

#include <QJsonDocument>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <utility>

namespace {
using namespace univrs;
using base::Result;
using interfaces::ItemPage;
using interfaces::Reply;

// Tasks run when drained, as on a thread of their own, but deterministically.
class Queue final : public base::Executor {
public:
  void post(std::function<void()> task) override { m_tasks.push_back(std::move(task)); }
  void drain() {
    while (!m_tasks.empty()) {
      const auto task = std::move(m_tasks.front());
      m_tasks.pop_front();
      task();
    }
  }

private:
  std::deque<std::function<void()>> m_tasks;
};

class NoSubscription final : public base::Subscription {};
class NoSession final : public interfaces::ExecSession {
public:
  void write(std::string) override {}
  void closeInput() override {}
  void resize(int, int) override {}
};

class EmptyEngine final : public interfaces::OneObjectEngine {
public:
  explicit EmptyEngine(Queue& queue) : m_queue(queue) {}

private:
  template <class T>
  void value(Reply<T> reply, T v = {}) {
    m_queue.post([reply = std::move(reply), v = std::move(v)] { reply(v); });
  }
  void listWorkloads(interfaces::ListQuery, Reply<ItemPage<model::Workload>> r) override {
    value(std::move(r), {{model::Workload()}, 1, "x", 1});
  }
  void getWorkload(std::string, Reply<model::Workload> r) override { value(std::move(r)); }
  void listInstances(interfaces::ListQuery, Reply<ItemPage<model::Instance>> r) override {
    value(std::move(r), {{model::Instance()}, 1, "", 1});
  }
  void getInstance(std::string, Reply<model::Instance> r) override { value(std::move(r)); }
  void listNodes(interfaces::ListQuery, Reply<ItemPage<model::Node>> r) override { value(std::move(r)); }
  void getNode(std::string, Reply<model::Node> r) override { value(std::move(r)); }
  void clusterStatus(Reply<model::ClusterStatus> r) override { value(std::move(r)); }
  void listDecisions(interfaces::DecisionQuery, Reply<ItemPage<model::Decision>> r) override { value(std::move(r)); }
  void getDecision(std::string, Reply<model::Decision> r) override { value(std::move(r)); }
  void listEvents(interfaces::EventQuery, Reply<ItemPage<model::Event>> r) override { value(std::move(r)); }
  std::unique_ptr<base::Subscription> watch(interfaces::WatchRequest, interfaces::WatchHandlers) override {
    return std::make_unique<NoSubscription>();
  }
  std::unique_ptr<base::Subscription> readLogs(interfaces::LogQuery, interfaces::LogHandlers handlers) override {
    m_queue.post([handlers] {
      handlers.onLines({{"i", "c", "id", {}, false, "line\xff"}});
      handlers.onEnd({});
    });
    return std::make_unique<NoSubscription>();
  }
  void networkInfo(Reply<interfaces::NetworkInfo> r) override { value(std::move(r)); }
  void listPeers(Reply<std::vector<model::Peer>> r) override { value(std::move(r), {model::Peer()}); }
  void clusterInfo(Reply<interfaces::ClusterInfo> r) override { value(std::move(r)); }
  void listMembers(Reply<std::vector<interfaces::Member>> r) override { value(std::move(r), {interfaces::Member()}); }
  void listTokens(Reply<std::vector<interfaces::JoinTokenInfo>> r) override {
    value(std::move(r), {interfaces::JoinTokenInfo()});
  }
  void pingPeer(std::string, Reply<interfaces::PingResult> r) override { value(std::move(r)); }
  std::unique_ptr<interfaces::ExecSession> startExec(interfaces::ExecQuery, interfaces::ExecSessionHandlers) override {
    return std::make_unique<NoSession>();
  }
  void runCommand(interfaces::CommandRequest request, Reply<interfaces::CommandOutcome> r) override {
    interfaces::CommandOutcome outcome;
    outcome.command = request.name;
    outcome.dryRun = request.dryRun;
    outcome.objects.push_back(request.args);
    value(std::move(r), std::move(outcome));
  }
  void readUsage(interfaces::UsageQuery, Reply<std::vector<interfaces::UsageSeries>> r) override {
    value(std::move(r), {interfaces::UsageSeries()});
  }
  void listImages(Reply<std::vector<interfaces::StoredImage>> r) override { value(std::move(r)); }
  void loadImageArchive(std::string, Reply<std::vector<interfaces::StoredImage>> r) override { value(std::move(r)); }
  void nodeInfo(Reply<interfaces::NodeInfo> r) override { value(std::move(r)); }
  void health(Reply<interfaces::HealthReport> r) override { value(std::move(r)); }
  void audit(int, Reply<std::vector<interfaces::AuditEntry>> r) override { value(std::move(r)); }
  void backup(std::string path, Reply<std::string> r) override { value(std::move(r), std::move(path)); }
  Queue& m_queue;
};

// Takes what a stream sends and checks that it is sane.
class NullChannel final : public api::Channel {
public:
  void sendText(std::string text) override {
    if (!QJsonDocument::fromJson(QByteArray::fromStdString(text)).isObject()) {
      std::abort();
    }
  }
  void sendBinary(std::string bytes) override {
    if (bytes.empty()) {
      std::abort();
    }
  }
  [[nodiscard]] size_t queuedBytes() const override { return 0; }
  size_t dropQueued() override { return 0; }
  void close(uint16_t, std::string_view) override { closed = true; }
  void pauseReceiving(bool) override {}
  void startTicking(std::chrono::milliseconds) override {}
  bool closed = false;
};

struct World {
  World() {
    base::log::setLevel(base::log::Level::Error);
    door = std::make_shared<api::EngineDoor>(engine, queue,
                                             [this](api::EngineDoor::Task task) { queue.post(std::move(task)); });
    api::ServerConfig config;
    config.authNone = true;
    state = std::make_shared<api::ServerState>(config, door, nullptr, clock);
    state->guard = api::HostGuard("127.0.0.1", 80, false, {});
  }
  base::SystemClock clock;
  Queue queue;
  EmptyEngine engine{queue};
  std::shared_ptr<api::EngineDoor> door;
  std::shared_ptr<api::ServerState> state;
};

void runSocket(World& world, const api::Router::Match& match, const api::Request& request, std::string_view rest) {
  auto app = world.state->router.openSocket(match, {request, {}, {}, "fuzz", world.door, &world.clock});
  if (!app) {
    return;
  }
  NullChannel channel;
  (*app)->opened(channel);
  world.queue.drain();
  while (!rest.empty() && !channel.closed) { // messages: a length byte, then so many bytes
    const size_t length = std::min<size_t>(uint8_t(rest.front()), rest.size() - 1);
    const std::string message(rest.substr(1, length));
    (*app)->received(message, !message.empty() && message[0] < 4);
    world.queue.drain();
    rest.remove_prefix(1 + length);
  }
  (*app)->tick();
  (*app)->closed();
  world.queue.drain();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace http = boost::beast::http;
  static World world;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  for (int i = 0; i < 8 && !rest.empty(); ++i) {
    http::request_parser<http::string_body> parser;
    parser.header_limit(uint32_t(api::kMaxHeaderBytes));
    parser.body_limit(api::kMaxBodyBytes);
    parser.eager(true);
    boost::beast::error_code failed;
    while (!parser.is_done() && !rest.empty()) {
      const size_t used = parser.put(boost::asio::buffer(rest.data(), rest.size()), failed);
      rest.remove_prefix(used);
      if (failed || used == 0) {
        break;
      }
    }
    if (failed || !parser.is_header_done()) {
      return 0;
    }
    const auto& message = parser.get();
    api::Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    request.isUpgrade = boost::beast::websocket::is_upgrade(message);
    for (const auto& field : message) {
      request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    }
    request.body = message.body();
    api::Admission admission = api::admit(*world.state, request);
    if (admission.refusal) {
      continue;
    }
    if (request.isUpgrade && admission.match.route->socket != nullptr) {
      runSocket(world, admission.match, request, rest);
      return 0;
    }
    int answers = 0;
    world.state->router.handle(admission.match, std::make_shared<api::Call>(request, admission.verdict.actor,
                                                                            world.door, world.state->context,
                                                                            [&answers](api::Response) { ++answers; }));
    world.queue.drain();
    if (answers != 1) {
      std::abort(); // every request is answered, once
    }
  }
  return 0;
}
