#include "engine/p2p/pubsub_wire.h"
#include "tests/interop/univrs/peer.h"

#include <QJsonArray>

namespace univrs::tests {

namespace {
constexpr int kMaxPayload = 16 << 20; // of what `publish` makes itself
}

base::Result<void> InteropPeer::startGossip(const QJsonObject& settings) {
  const auto number = [&](const char* name, int otherwise) {
    return size_t(settings.value(QLatin1String(name)).toInt(otherwise));
  };
  pubsub::MeshSizes& sizes = m_topicOptions.mesh;
  sizes.wanted = number("d", 6);
  sizes.low = number("d_low", 4);
  sizes.high = number("d_high", 12);
  sizes.lazy = number("d_lazy", 6);
  sizes.best = std::min(sizes.best, sizes.wanted);
  sizes.outbound = std::min({sizes.outbound, sizes.low > 0 ? sizes.low - 1 : 0, sizes.wanted / 2});
  if (textOf(settings, "message_id") == "sha256") {
    m_topicOptions.messageId = pubsub::idFromData;
  }
  p2p::PubsubOptions options;
  options.router.floodPublish = settings.value(QLatin1String("flood_publish")).toBool(true);
  options.router.maxMessageBytes = number("max_message", 2 << 20);
  options.router.prunePeers = settings.value(QLatin1String("px")).toBool() ? options.router.prunePeers : 0;
  if (auto r = pubsub::validate(sizes); !r) {
    return r;
  }
  if (auto r = pubsub::validate(options.router); !r) {
    return r;
  }
  m_pubsub = std::make_unique<p2p::PubsubService>(*m_host, options);
  return {};
}

base::Result<void> InteropPeer::useTopic(const std::string& topic) {
  return m_topics.insert(topic).second ? m_pubsub->setTopic(topic, m_topicOptions) : base::Result<void>();
}

void InteropPeer::subscribe(const QJsonObject& c, const Answer& answer) {
  const std::string topic = textOf(c, "topic");
  if (m_subscriptions.count(topic) != 0) {
    return answer(QJsonObject{});
  }
  if (auto r = useTopic(topic); !r) {
    return answer(r.error());
  }
  const auto made = m_pubsub->subscribe(topic, [this](const pubsub::MessagePtr& message, const p2p::PeerId& via) {
    const auto from = p2p::peerIdOf(message->from);
    if (!from || *from == m_host->id()) {
      return;
    }
    m_say({{"event", "message"},
           {"topic", qt(message->topic)},
           {"from", qt(from->text())},
           {"size", qint64(message->data.size())},
           {"sha256", qt(base::hex(base::sha256(message->data)))},
           {"via", qt(via.text())}});
  });
  if (!made) {
    return answer(made.error());
  }
  m_subscriptions[topic] = *made;
  answer(QJsonObject{});
}

void InteropPeer::unsubscribe(const QJsonObject& c, const Answer& answer) {
  if (auto node = m_subscriptions.extract(textOf(c, "topic"))) {
    m_pubsub->unsubscribe(node.mapped());
  }
  answer(QJsonObject{});
}

void InteropPeer::publish(const QJsonObject& c, const Answer& answer) {
  base::Bytes data;
  if (c.contains(QLatin1String("data"))) {
    auto given = bytesOf(c, "data");
    if (!given) {
      return answer(given.error());
    }
    data = std::move(*given);
  } else {
    const int size = c.value(QLatin1String("size")).toInt(-1);
    if (size < 0 || size > kMaxPayload) {
      return answer(base::makeError(base::ErrorCode::Validation, "no message of this size is made"));
    }
    data.resize(size_t(size));
    const auto seed = size_t(c.value(QLatin1String("seed")).toInt());
    for (size_t i = 0; i < data.size(); ++i) {
      data[i] = uint8_t((seed + i * 31) % 256);
    }
  }
  const std::string topic = textOf(c, "topic");
  if (auto r = useTopic(topic); !r) {
    return answer(r.error());
  }
  if (const auto sent = m_pubsub->publish(topic, std::move(data)); !sent) {
    return answer(sent.error());
  }
  answer(QJsonObject{});
}

void InteropPeer::subscribers(const QJsonObject& c, const Answer& answer) {
  answer(QJsonObject{{"peers", idsOf(m_pubsub->subscribers(textOf(c, "topic")))}});
}

void InteropPeer::mesh(const QJsonObject& c, const Answer& answer) {
  answer(QJsonObject{{"peers", idsOf(m_pubsub->mesh(textOf(c, "topic")))}});
}

} // namespace univrs::tests
