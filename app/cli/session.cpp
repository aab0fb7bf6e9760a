#include "app/cli/session.h"

#include "app/cli/interrupt.h"
#include "app/remote/remote_engine.h"

#include <QFile>

#include <algorithm>
#include <limits>

namespace univrs::cli {

namespace {

constexpr qint64 kMaxLine = 8192; // of api.address and token files

base::Result<std::string> firstLine(const std::string& path, const std::string& what, const std::string& hint) {
  QFile file(QString::fromStdString(path));
  if (!file.open(QIODevice::ReadOnly)) {
    const bool missing = !file.exists();
    return base::makeError(missing ? base::ErrorCode::Unavailable : base::ErrorCode::Forbidden, what,
                           path + ": " + (missing ? "there is no such file" : file.errorString().toStdString()), hint);
  }
  const std::string line = QString::fromUtf8(file.readLine(kMaxLine)).trimmed().toStdString();
  if (line.empty()) {
    return base::makeError(base::ErrorCode::BadRequest, what, path + " is empty", hint);
  }
  return line;
}

} // namespace

base::Result<NodeAddress> findNode(const Settings& settings) {
  NodeAddress node;
  node.caFile = settings.text("ca_file");
  node.insecure = settings.on("insecure");
  const std::string folder = settings.text("data");
  node.url = settings.text("to");
  const bool elsewhere = !node.url.empty();
  if (!elsewhere) {
    auto address = firstLine(folder + "/api.address", "No Univrs node runs in " + folder,
                             "Start one: univrs up --headless. Or name another with --data DIR or --to URL");
    if (!address) {
      return address.error();
    }
    node.url = std::move(address).value();
  }
  std::string tokenFile = settings.text("token_file");
  if (tokenFile.empty() && elsewhere) {
    return node; // an open API, or one that will say what it wants
  }
  const bool own = tokenFile.empty();
  if (own) {
    tokenFile = folder + "/api.token";
    if (!QFile::exists(QString::fromStdString(tokenFile))) {
      return node; // a node with --api-auth none writes none
    }
  }
  auto token = firstLine(tokenFile, "The node's token was not read",
                         own ? "Only the user who started the node may call it: run this as that user" : "");
  if (!token) {
    return token.error();
  }
  node.token = std::move(token).value();
  return node;
}

Session::Session(GlobalOptions options, Console& console) : m_options(std::move(options)), m_console(console) {
  m_requestTimeout = m_options.timeout;
  m_signals = std::make_unique<SignalWatch>(
      [this] {
        m_interrupted = true;
        if (m_current) {
          m_current->quit();
        }
      },
      [this] {
        if (m_onResize) {
          m_onResize();
        }
      });
}

Session::~Session() = default;

base::Result<interfaces::Engine*> Session::engine() {
  if (!m_engine) {
    auto node = findNode(m_options.settings);
    if (!node) {
      return node.error();
    }
    remote::RemoteOptions options;
    options.url = node->url;
    options.token = node->token;
    options.caFile = node->caFile;
    options.insecure = node->insecure;
    if (m_requestTimeout) {
      options.timeoutMs = int(std::clamp<int64_t>(m_requestTimeout->count(), 1, std::numeric_limits<int>::max()));
      options.connectTimeoutMs = std::min(options.connectTimeoutMs, options.timeoutMs);
    }
    m_engine = remote::makeRemoteEngine(std::move(options));
  }
  return m_engine.get();
}

base::Result<interfaces::CommandOutcome> Session::command(const std::string& name, QJsonObject args, bool dryRun) {
  return ask<interfaces::CommandOutcome>([&](interfaces::Engine& engine, auto reply) {
    engine.commands().runCommand({name, std::move(args), dryRun, {}, "cli"}, std::move(reply));
  });
}

Session::End Session::run(QEventLoop& loop, std::optional<base::Millis> limit) {
  if (m_interrupted) {
    return End::Interrupted;
  }
  bool late = false;
  QTimer alarm;
  if (limit) {
    alarm.setSingleShot(true);
    QObject::connect(&alarm, &QTimer::timeout, &loop, [&] {
      late = true;
      loop.quit();
    });
    alarm.start(std::chrono::milliseconds(std::clamp<int64_t>(limit->count(), 0, std::numeric_limits<int>::max())));
  }
  const QPointer<QEventLoop> before = m_current;
  m_current = &loop;
  loop.exec();
  m_current = before;
  return m_interrupted ? End::Interrupted : late ? End::TimedOut : End::Done;
}

} // namespace univrs::cli
