#include "app/remote/watch.h"

#include "app/remote/json_read.h"
#include "engine/interfaces/json.h"

#include <QRandomGenerator>

#include <algorithm>

namespace univrs::remote {

using interfaces::Delta;
using interfaces::Topic;

namespace {
bool hasSnapshot(Topic topic) {
  return topic == Topic::Workloads || topic == Topic::Instances || topic == Topic::Nodes || topic == Topic::Cluster ||
         topic == Topic::Peers;
}
} // namespace

Watch::Watch(Connection* connection, interfaces::WatchRequest request, interfaces::WatchHandlers handlers)
    : m_connection(connection), m_request(std::move(request)),
      m_handlers(std::make_shared<const interfaces::WatchHandlers>(std::move(handlers))),
      m_resume(m_request.fromRevision) {
  m_retry.setSingleShot(true);
  m_silence.setSingleShot(true);
  connect(&m_retry, &QTimer::timeout, this, [this] { connectNow(); });
  connect(&m_silence, &QTimer::timeout, this, [this] {
    lost(base::makeError(base::ErrorCode::Timeout, "The node fell silent", "no heartbeat came", "Connecting again"));
  });
  connect(connection, &QObject::destroyed, this, [this] { stop(); });
}

void Watch::start() {
  m_retry.start(0);
}

void Watch::stop() {
  m_stopped = true;
  m_retry.stop();
  m_silence.stop();
  if (m_channel != nullptr) {
    m_channel->stop();
    m_channel->deleteLater();
    m_channel = nullptr;
  }
}

void Watch::connectNow() {
  if (m_stopped || !m_connection) {
    return;
  }
  SocketChannel::Handlers handlers;
  handlers.onOpen = [this] {
    m_silence.start(std::max(1, m_connection ? m_connection->options().heartbeatTimeoutMs : 1));
  };
  handlers.onText = [this](const QJsonObject& message) { onMessage(message); };
  handlers.onClosed = [this](const base::Error& why) { lost(why); };
  m_channel = new SocketChannel(m_connection, std::move(handlers), this);
  m_channel->open(QStringLiteral("/ws/orchestrator"), {}, QStringLiteral("/info"));
}

void Watch::lost(const base::Error& why) {
  if (m_stopped || !m_connection) {
    return;
  }
  m_silence.stop();
  if (m_channel != nullptr) {
    m_channel->stop();
    m_channel->deleteLater();
    m_channel = nullptr;
  }
  if (!m_incomplete.empty()) {
    m_resume = 0; // some topics never came whole: begin anew
    m_incomplete.clear();
  }
  const auto& options = m_connection->options();
  m_backoffMs = m_backoffMs == 0 ? options.backoffFirstMs : std::min(m_backoffMs * 2, options.backoffMaxMs);
  m_backoffMs = std::max(1, m_backoffMs);
  m_retry.start(m_backoffMs / 2 + int(QRandomGenerator::global()->bounded(m_backoffMs / 2 + 1)));
  const std::string text = why.text();
  const bool tell = m_up || text != m_lastWhy;
  m_up = false;
  m_lastWhy = text;
  const auto handlers = m_handlers;
  if (tell && handlers->onConnection) {
    handlers->onConnection(false, text);
  }
}

void Watch::onMessage(const QJsonObject& message) {
  if (m_stopped || !m_connection) {
    return;
  }
  m_silence.start(std::max(1, m_connection->options().heartbeatTimeoutMs));
  const QString type = message.value(QLatin1String("type")).toString();
  if (type == QLatin1String("connected")) {
    onConnected(message);
  } else if (type == QLatin1String("deltas")) {
    onDeltas(message);
  } else if (type == QLatin1String("subscribed")) {
    m_backoffMs = 0;
    m_lastWhy.clear();
    if (!m_up) {
      m_up = true;
      const auto handlers = m_handlers;
      if (handlers->onConnection) {
        handlers->onConnection(true, {});
      }
    }
  } else if (type == QLatin1String("error")) {
    lost(errorFromJson(message));
  }
  // heartbeat: hearing it was enough. resync: a fresh snapshot follows by itself.
}

void Watch::onConnected(const QJsonObject& message) {
  const std::string node = message.value(QLatin1String("node_id")).toString().toStdString();
  const int64_t revision = message.value(QLatin1String("revision")).toInteger();
  const bool anotherNode = !m_nodeId.empty() && node != m_nodeId;
  if (anotherNode || revision < m_resume) {
    m_resume = 0; // another node, or one whose state was set back: its revisions mean something else
  }
  m_nodeId = node;
  const bool wantsSnapshot = std::any_of(m_request.topics.begin(), m_request.topics.end(), hasSnapshot);
  if (m_resume == 0 && wantsSnapshot) {
    for (const Topic topic : m_request.topics) {
      if (hasSnapshot(topic)) {
        m_incomplete.insert(topic);
      }
    }
  } else if (m_resume == 0) {
    subscribe();
    m_resume = revision; // what happens from here on is not missed after a break
    return;
  }
  subscribe();
}

void Watch::subscribe() {
  QJsonArray topics;
  for (const Topic topic : m_request.topics) {
    const std::string_view text = interfaces::name(topic);
    topics.append(QString::fromUtf8(text.data(), qsizetype(text.size())));
  }
  m_channel->sendText({{QStringLiteral("type"), QStringLiteral("subscribe")},
                       {QStringLiteral("topics"), topics},
                       {QStringLiteral("from_revision"), qint64(m_resume)}});
}

void Watch::note(const Delta& delta) {
  if (delta.kind == Delta::Kind::SnapshotBegin && m_incomplete.empty()) {
    // A new snapshot, asked for or not: until all of it is here, a break means beginning anew.
    for (const Topic topic : m_request.topics) {
      if (hasSnapshot(topic)) {
        m_incomplete.insert(topic);
      }
    }
  } else if (delta.kind == Delta::Kind::SnapshotEnd) {
    m_incomplete.erase(delta.topic);
  }
  m_resume = std::max(m_resume, delta.revision);
}

void Watch::onDeltas(const QJsonObject& message) {
  std::vector<Delta> deltas;
  const QJsonArray array = message.value(QLatin1String("deltas")).toArray();
  deltas.reserve(size_t(array.size()));
  for (const QJsonValue& item : array) {
    auto delta = interfaces::deltaFromJson(item.toObject());
    if (!delta) {
      lost(badAnswer("a delta: " + delta.error().text()));
      return;
    }
    note(delta.value());
    deltas.push_back(std::move(delta).value());
  }
  const auto handlers = m_handlers;
  if (!deltas.empty() && handlers->onDeltas) {
    handlers->onDeltas(deltas);
  }
}

} // namespace univrs::remote
