#include "app/remote/exec_session.h"

#include "app/remote/json_read.h"

#include <QJsonDocument>

#include <algorithm>

namespace univrs::remote {

namespace {

enum Channel : char { kStdin = 0, kStdout = 1, kStderr = 2, kControl = 3 };
constexpr size_t kFrameBytes = 64 * 1024; // of input in one message; servers take up to 1 MiB

void add(QUrlQuery& query, const char* key, const std::string& value) {
  query.addQueryItem(QLatin1String(key), QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(value))));
}

QByteArray controlFrame(const QJsonObject& message) {
  return QByteArray(1, kControl) + QJsonDocument(message).toJson(QJsonDocument::Compact);
}

} // namespace

ExecLink::ExecLink(Connection* connection, interfaces::ExecQuery query, interfaces::ExecSessionHandlers handlers)
    : m_connection(connection), m_query(std::move(query)),
      m_handlers(std::make_shared<const interfaces::ExecSessionHandlers>(std::move(handlers))) {
  connect(connection, &QObject::destroyed, this, [this] { stop(); });
}

void ExecLink::start() {
  QUrlQuery query;
  for (const std::string& word : m_query.command) {
    add(query, "command", word);
  }
  add(query, "tty", m_query.tty ? "1" : "0");
  add(query, "stdin", m_query.attachStdin ? "1" : "0");
  add(query, "columns", std::to_string(std::clamp(m_query.columns, 1, 1000)));
  add(query, "rows", std::to_string(std::clamp(m_query.rows, 1, 1000)));
  if (!m_query.container.empty()) {
    add(query, "container", m_query.container);
  }
  SocketChannel::Handlers handlers;
  handlers.onOpen = [this] {
    m_open = true;
    for (const QByteArray& frame : m_early) {
      m_channel->sendBinary(frame);
    }
    m_early.clear();
    m_earlyBytes = 0;
  };
  handlers.onBinary = [this](const QByteArray& frame) { onFrame(frame); };
  handlers.onText = [this](const QJsonObject& message) { onControl(message); };
  handlers.onClosed = [this](const base::Error& why) { exited(why); };
  m_channel = new SocketChannel(m_connection, std::move(handlers), this);
  m_channel->open(QLatin1String("/api/instances/") + segment(m_query.instance) + QLatin1String("/exec"), query,
                  QLatin1String("/instances/") + segment(m_query.instance));
}

void ExecLink::stop() {
  m_stopped = true;
  m_early.clear();
  if (m_channel != nullptr) {
    m_channel->stop();
    m_channel->deleteLater();
    m_channel = nullptr;
  }
}

void ExecLink::exited(base::Result<int> code) {
  if (m_stopped) {
    return;
  }
  stop();
  const auto handlers = m_handlers;
  if (handlers->onExit) {
    handlers->onExit(std::move(code));
  }
}

void ExecLink::sendOrKeep(QByteArray frame) {
  if (m_stopped || m_channel == nullptr) {
    return;
  }
  if (pendingBytes() > kMaxExecInputBytes) {
    // Later, not inside the caller's write().
    QTimer::singleShot(0, this, [this] {
      exited(base::makeError(base::ErrorCode::TooLarge, "The program's input was cut off",
                             "the container takes it too slowly and " + std::to_string(kMaxExecInputBytes >> 20) +
                                 " MiB wait to be sent"));
    });
    return;
  }
  if (m_open) {
    m_channel->sendBinary(frame);
  } else {
    m_earlyBytes += frame.size();
    m_early.push_back(std::move(frame));
  }
}

int64_t ExecLink::pendingBytes() const {
  return m_earlyBytes + (m_channel != nullptr ? m_channel->pendingBytes() : 0);
}

void ExecLink::write(const std::string& bytes) {
  if (m_inputClosed) {
    return;
  }
  for (size_t at = 0; at < bytes.size(); at += kFrameBytes) {
    const size_t n = std::min(kFrameBytes, bytes.size() - at);
    QByteArray frame(1, kStdin);
    frame.append(bytes.data() + at, qsizetype(n));
    sendOrKeep(std::move(frame));
  }
}

void ExecLink::closeInput() {
  if (!m_inputClosed) {
    m_inputClosed = true;
    sendOrKeep(QByteArray(1, kStdin)); // an empty payload is the end
  }
}

void ExecLink::resize(int columns, int rows) {
  sendOrKeep(controlFrame({{QStringLiteral("type"), QStringLiteral("resize")},
                           {QStringLiteral("columns"), std::clamp(columns, 1, 1000)},
                           {QStringLiteral("rows"), std::clamp(rows, 1, 1000)}}));
}

void ExecLink::onFrame(const QByteArray& frame) {
  if (m_stopped || frame.isEmpty()) {
    return;
  }
  const char channel = frame.at(0);
  if (channel == kStdout || channel == kStderr) {
    const auto handlers = m_handlers;
    if (handlers->onOutput && frame.size() > 1) {
      handlers->onOutput(std::string(frame.constData() + 1, size_t(frame.size() - 1)), channel == kStderr);
    }
  } else if (channel == kControl) {
    onControl(QJsonDocument::fromJson(frame.mid(1)).object());
  }
}

void ExecLink::onControl(const QJsonObject& message) {
  if (m_stopped) {
    return;
  }
  const QString type = message.value(QLatin1String("type")).toString();
  if (type == QLatin1String("started")) {
    const auto handlers = m_handlers;
    if (handlers->onStarted) {
      handlers->onStarted();
    }
  } else if (message.contains(QLatin1String("error"))) {
    exited(errorFromJson(message));
  } else if (type == QLatin1String("exit")) {
    exited(message.value(QLatin1String("exit_code")).toInt());
  }
}

RemoteExecSession::~RemoteExecSession() {
  if (m_link) {
    m_link->stop();
    m_link->deleteLater();
  }
}

void RemoteExecSession::write(std::string bytes) {
  if (m_link) {
    m_link->write(bytes);
  }
}

void RemoteExecSession::closeInput() {
  if (m_link) {
    m_link->closeInput();
  }
}

void RemoteExecSession::resize(int columns, int rows) {
  if (m_link) {
    m_link->resize(columns, rows);
  }
}

int64_t pendingInput(const interfaces::ExecSession& session) {
  const auto* ours = dynamic_cast<const RemoteExecSession*>(&session);
  return ours != nullptr ? ours->pendingBytes() : 0;
}

} // namespace univrs::remote
