// Our peer of the interop tests: reads commands from standard input, a JSON object a line, and answers on standard
// output.
#include "tests/interop/univrs/peer.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QSocketNotifier>

#include <array>
#include <cstdio>
#include <unistd.h>

namespace {
constexpr qsizetype kMaxLine = 16 << 20;

void say(const QJsonObject& message) {
  const QByteArray line = QJsonDocument(message).toJson(QJsonDocument::Compact) + '\n';
  std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
  std::fflush(stdout);
}

// False: the peer is to end.
bool obey(univrs::tests::InteropPeer& peer, const QByteArray& line) {
  const auto parsed = QJsonDocument::fromJson(line);
  if (!parsed.isObject()) {
    std::fprintf(stderr, "not a command: %s\n", line.constData());
    return true;
  }
  const QJsonObject c = parsed.object();
  const QJsonValue n = c.value(QLatin1String("n"));
  const QString name = c.value(QLatin1String("cmd")).toString();
  if (name == QLatin1String("stop")) {
    say({{"re", n}, {"ok", true}});
    return false;
  }
  const bool known = peer.run(name, c, [n](univrs::base::Result<QJsonObject> r) {
    QJsonObject out = r ? *r : QJsonObject{{"error", univrs::tests::qt(r.error().text())}};
    out[QLatin1String("re")] = n;
    out[QLatin1String("ok")] = r.ok();
    say(out);
  });
  if (!known) {
    say({{"re", n}, {"ok", false}, {"error", "unknown command"}, {"unknown", true}});
  }
  return true;
}
} // namespace

int main(int argc, char** argv) {
  const QCoreApplication app(argc, argv);
  univrs::tests::InteropPeer peer(say);
  QByteArray waiting;
  QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
  QObject::connect(&input, &QSocketNotifier::activated, &input, [&] {
    std::array<char, 64 << 10> buffer{};
    const ssize_t got = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (got <= 0 || waiting.size() > kMaxLine) {
      input.setEnabled(false);
      return QCoreApplication::quit();
    }
    waiting.append(buffer.data(), got);
    for (qsizetype end = waiting.indexOf('\n'); end >= 0; end = waiting.indexOf('\n')) {
      const QByteArray line = waiting.left(end);
      waiting.remove(0, end + 1);
      if (!obey(peer, line)) {
        input.setEnabled(false);
        return QCoreApplication::quit();
      }
    }
  });
  return QCoreApplication::exec();
}
