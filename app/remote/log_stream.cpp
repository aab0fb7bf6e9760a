#include "app/remote/log_stream.h"

#include "app/remote/json_read.h"
#include "engine/interfaces/json.h"

namespace univrs::remote {

namespace {

constexpr int kMaxTail = 100'000; // what one answer may hold

void add(QUrlQuery& query, const char* key, const std::string& value) {
  if (!value.empty()) {
    query.addQueryItem(QLatin1String(key), QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(value))));
  }
}

} // namespace

LogStream::LogStream(Connection* connection, interfaces::LogQuery query, interfaces::LogHandlers handlers)
    : m_connection(connection), m_query(std::move(query)),
      m_handlers(std::make_shared<const interfaces::LogHandlers>(std::move(handlers))) {
  connect(connection, &QObject::destroyed, this, [this] { stop(); });
}

void LogStream::start() {
  QTimer::singleShot(0, this, [this] {
    if (m_stopped || !m_connection) {
      return;
    }
    m_query.follow ? follow() : readOnce();
  });
}

void LogStream::stop() {
  m_stopped = true;
  if (m_channel != nullptr) {
    m_channel->stop();
    m_channel->deleteLater();
    m_channel = nullptr;
  }
}

void LogStream::end(base::Result<void> result) {
  if (m_stopped) {
    return;
  }
  stop();
  const auto handlers = m_handlers;
  if (handlers->onEnd) {
    handlers->onEnd(std::move(result));
  }
}

bool LogStream::deliver(const QJsonArray& array) {
  std::vector<interfaces::LogEntry> entries;
  entries.reserve(size_t(array.size()));
  for (const QJsonValue& item : array) {
    auto entry = interfaces::logEntryFromJson(item.toObject());
    if (!entry) {
      end(badAnswer("a log line: " + entry.error().text()));
      return false;
    }
    entries.push_back(std::move(entry).value());
  }
  if (entries.empty()) {
    return true;
  }
  const auto handlers = m_handlers;
  const QPointer<LogStream> self(this);
  if (handlers->onLines) {
    handlers->onLines(entries);
  }
  return self && !m_stopped;
}

void LogStream::readOnce() {
  QUrlQuery query;
  add(query, "container", m_query.container);
  add(query, "since", m_query.since.iso());
  add(query, "until", m_query.until.iso());
  if (m_query.tail >= 0) {
    add(query, "tail", std::to_string(std::min(m_query.tail, kMaxTail)));
  }
  QString path;
  if (m_query.instance.empty()) {
    path = QLatin1String("/workloads/") + segment(m_query.workload) + QLatin1String("/logs");
  } else if (m_query.workload.empty()) {
    path = QLatin1String("/instances/") + segment(m_query.instance) + QLatin1String("/logs");
  } else {
    path = QLatin1String("/workloads/") + segment(m_query.workload) + QLatin1String("/instances/") +
           segment(m_query.instance) + QLatin1String("/logs");
  }
  const QPointer<LogStream> self(this);
  m_connection->get(path, query, [self](const base::Result<QJsonObject>& answer) {
    if (!self || self->m_stopped) {
      return;
    }
    if (!answer) {
      self->end(answer.error());
    } else if (self->deliver(answer->value(QLatin1String("entries")).toArray()) && self) {
      self->end({});
    }
  });
}

void LogStream::follow() {
  QUrlQuery query;
  add(query, "workload", m_query.workload);
  add(query, "instance", m_query.instance);
  add(query, "container", m_query.container);
  add(query, "since", m_query.since.iso());
  add(query, "until", m_query.until.iso());
  add(query, "tail", std::to_string(m_query.tail < 0 ? kMaxTail : std::min(m_query.tail, kMaxTail)));
  add(query, "batch", "1");
  const QString probe = m_query.instance.empty() ? QLatin1String("/workloads/") + segment(m_query.workload)
                                                 : QLatin1String("/instances/") + segment(m_query.instance);
  SocketChannel::Handlers handlers;
  handlers.onText = [this](const QJsonObject& message) { onMessage(message); };
  handlers.onClosed = [this](const base::Error& why) { end(why); };
  m_channel = new SocketChannel(m_connection, std::move(handlers), this);
  m_channel->open(QStringLiteral("/api/logs/stream"), query, probe);
}

void LogStream::onMessage(const QJsonObject& message) {
  if (m_stopped) {
    return;
  }
  if (message.contains(QLatin1String("entries"))) {
    if (!deliver(message.value(QLatin1String("entries")).toArray())) {
      return;
    }
  }
  if (message.contains(QLatin1String("error"))) {
    end(errorFromJson(message));
  } else if (message.value(QLatin1String("ended")).toBool()) {
    end({});
  }
}

} // namespace univrs::remote
