// A router with peers that a test speaks for.
#pragma once

#include "engine/pubsub/router.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>

namespace univrs::pubsub {

inline Peer peer(const std::string& name) {
  return Peer(name);
}

class RouterTest : public testing::Test {
protected:
  RouterTest() { make({}, {}); }

  // Signatures are the text "good"; every peer whose name starts with "r" has a signed record.
  void make(RouterParams params, ScoreParams score) {
    ASSERT_TRUE(validate(params).ok());
    ASSERT_TRUE(validate(score).ok());
    random = std::make_unique<base::SeededRandom>(7);
    RouterEnvironment environment;
    environment.verify = [](const Message& m) { return m.signature == base::Bytes{'g', 'o', 'o', 'd'}; };
    environment.signedRecord = [](const Peer& p) { return p.str()[0] == 'r' ? base::Bytes{1, 2, 3} : base::Bytes{}; };
    router = std::make_unique<Router>(peer("me"), params, score, environment, *random);
  }

  Effects connect(const std::string& name, bool outbound = false, const std::string& ip = {}) {
    return router->on(PeerConnected{peer(name), outbound, ip, true, true}, now);
  }
  Effects hear(const std::string& from, Control control) {
    return router->on(RpcReceived{peer(from), {{}, std::move(control)}}, now);
  }
  Effects hear(const std::string& from, const MessagePtr& message) {
    return router->on(RpcReceived{peer(from), {{message}, {}}}, now);
  }
  Effects subscribe(const std::string& from, const Topic& topic = "t") {
    Control c;
    c.subscriptions.push_back({topic, true});
    return hear(from, c);
  }
  Effects graft(const std::string& from, const Topic& topic = "t") {
    Control c;
    c.graft.push_back(topic);
    return hear(from, c);
  }
  Effects pruneBy(const std::string& from, uint64_t seconds, std::vector<ExchangedPeer> peers = {}) {
    Control c;
    c.prune.push_back({"t", std::move(peers), seconds});
    return hear(from, c);
  }
  Effects ihave(const std::string& from, std::vector<MessageId> ids, const Topic& topic = "t") {
    Control c;
    c.ihave.push_back({topic, std::move(ids)});
    return hear(from, c);
  }
  Effects iwant(const std::string& from, std::vector<MessageId> ids) {
    Control c;
    c.iwant = std::move(ids);
    return hear(from, c);
  }
  Effects heartbeat() {
    now = now + Millis(1'000);
    return router->on(Heartbeat{}, now);
  }
  Effects join(const Topic& topic = "t") { return router->on(Join{topic}, now); }
  // `count` peers named PREFIX0, PREFIX1 … connect and subscribe.
  void peers(size_t count, const std::string& prefix = "p", bool outbound = false, const Topic& topic = "t") {
    for (size_t i = 0; i < count; ++i) {
      connect(prefix + std::to_string(i), outbound);
      subscribe(prefix + std::to_string(i), topic);
    }
  }
  // So that a peer has a score above 0: it brings `count` good messages.
  void earn(const std::string& from, int count) {
    for (int i = 0; i < count; ++i) {
      hear(from, message(from, ++m_earned + 1'000'000));
    }
  }
  static MessagePtr message(const std::string& author, uint64_t number, const Topic& topic = "t", size_t size = 5,
                            bool good = true) {
    auto m = std::make_shared<Message>();
    m->from = peer(author);
    m->seqno = number;
    m->topic = topic;
    m->data.assign(size, 'x');
    m->signature = good ? base::Bytes{'g', 'o', 'o', 'd'} : base::Bytes{'b', 'a', 'd'};
    return m;
  }
  static MessageId id(const std::string& author, uint64_t number) {
    return idFromAuthorAndNumber(*message(author, number));
  }

  template <class T>
  static std::vector<T> only(const Effects& effects) {
    std::vector<T> out;
    for (const Effect& e : effects) {
      if (const T* t = std::get_if<T>(&e)) {
        out.push_back(*t);
      }
    }
    return out;
  }
  // What is said to one peer, all control RPCs together.
  static Control told(const Effects& effects, const std::string& to) {
    Control all;
    for (const auto& s : only<SendControl>(effects)) {
      if (s.to == peer(to)) {
        const auto add = [](auto& into, const auto& from) { into.insert(into.end(), from.begin(), from.end()); };
        add(all.subscriptions, s.control.subscriptions);
        add(all.graft, s.control.graft);
        add(all.prune, s.control.prune);
        add(all.ihave, s.control.ihave);
        add(all.iwant, s.control.iwant);
        add(all.idontwant, s.control.idontwant);
      }
    }
    return all;
  }
  // To whom messages go.
  static std::set<std::string> recipients(const Effects& effects) {
    std::set<std::string> out;
    for (const auto& s : only<SendMessage>(effects)) {
      for (const Peer& p : s.to) {
        EXPECT_TRUE(out.insert(p.str()).second) << "twice to " << p.str();
      }
    }
    return out;
  }
  [[nodiscard]] std::set<std::string> mesh(const Topic& topic = "t") const {
    std::set<std::string> out;
    for (const Peer& p : router->mesh(topic)) {
      out.insert(p.str());
    }
    return out;
  }

  base::Monotonic now{1'000'000};
  std::unique_ptr<base::SeededRandom> random;
  std::unique_ptr<Router> router;

private:
  uint64_t m_earned = 0;
};

} // namespace univrs::pubsub
