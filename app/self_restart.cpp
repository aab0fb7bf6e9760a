#include "app/self_restart.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QStandardPaths>

#include <filesystem>

namespace univrs {

namespace {

constexpr int kCheckMs = 3'000;

// The path as it was written, links not followed: an upgrade may turn the link to another file. When that leads
// elsewhere than to this program (started under another name), the file itself.
std::string ownPath(const char* name) {
  namespace fs = std::filesystem;
  const QString given = QString::fromLocal8Bit(name == nullptr ? "" : name);
  const QString path = given.contains(QLatin1Char('/')) ? QDir::cleanPath(QDir::current().absoluteFilePath(given))
                                                        : QStandardPaths::findExecutable(given);
  const std::string written = path.toLocal8Bit().toStdString();
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) {
    return written; // a system without /proc
  }
  return !written.empty() && fs::equivalent(written, self, error) ? written : self.string();
}

} // namespace

SelfRestart::SelfRestart(int argc, const char* const* argv)
    : m_words(argv, argv + argc), m_program(ownPath(argc > 0 ? argv[0] : nullptr)) {}

base::Result<void> SelfRestart::check() const {
  const auto refuse = [this](base::ErrorCode code, const std::string& why, const std::string& hint) {
    return base::makeError(code, "its program " + m_program + " cannot be started", why, hint);
  };
  if (!base::HandedSockets::supported()) {
    return refuse(base::ErrorCode::Unsupported, "this system cannot replace a running program",
                  "stop the node and start it again");
  }
  QProcess trial;
  trial.start(QFile::decodeName(m_program.c_str()), {QStringLiteral("--version")});
  if (!trial.waitForFinished(kCheckMs)) {
    const bool slow = trial.state() != QProcess::NotRunning;
    trial.kill();
    trial.waitForFinished(kCheckMs);
    return refuse(base::ErrorCode::Unavailable,
                  slow ? "asked for its version it did not answer within 3 s" : trial.errorString().toStdString(),
                  "the node goes on as it is; put a program that runs there and try again");
  }
  if (trial.exitStatus() != QProcess::NormalExit || trial.exitCode() != 0 ||
      !trial.readAllStandardOutput().startsWith("univrs ")) {
    const QByteArray said = trial.readAllStandardError().left(500).trimmed();
    return refuse(base::ErrorCode::Unavailable,
                  said.isEmpty() ? "it is not Univrs, or it does not run" : said.toStdString(),
                  "the node goes on as it is; put a program that runs there and try again");
  }
  return {};
}

base::Error SelfRestart::run(base::HandedSockets& sockets) const {
  return sockets.runInThisProcess(m_program, m_words);
}

} // namespace univrs
