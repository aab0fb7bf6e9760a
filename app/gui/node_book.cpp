#include "app/gui/node_book.h"

#include <QSettings>
#include <QUrl>

#include <algorithm>

namespace univrs::gui {

QString nodeUrl(const QString& typed) {
  QString text = typed.trimmed();
  if (text.isEmpty() || text.size() > 2048) {
    return {};
  }
  if (!text.contains(QLatin1String("://"))) {
    text.prepend(QLatin1String("http://"));
  }
  while (text.endsWith(QLatin1Char('/'))) {
    text.chop(1);
  }
  const QUrl url(text, QUrl::StrictMode);
  const bool scheme = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
  return url.isValid() && scheme && !url.host().isEmpty() && url.userInfo().isEmpty() ? url.toString() : QString();
}

std::vector<KnownNode> readNodeBook() {
  std::vector<KnownNode> nodes;
  QSettings settings;
  const int count = std::min(settings.beginReadArray(QStringLiteral("nodes")), kMaxKnownNodes);
  for (int i = 0; i < count; ++i) {
    settings.setArrayIndex(i);
    KnownNode node;
    node.url = nodeUrl(settings.value(QStringLiteral("url")).toString());
    node.tokenFile = settings.value(QStringLiteral("token_file")).toString();
    const QString place = settings.value(QStringLiteral("token_in")).toString();
    node.place = place == QLatin1String("keyring") ? TokenStore::Place::Keyring
                 : place == QLatin1String("file")  ? TokenStore::Place::File
                                                   : TokenStore::Place::None;
    node.caFile = settings.value(QStringLiteral("ca_file")).toString();
    node.insecure = settings.value(QStringLiteral("insecure")).toBool();
    if (!node.url.isEmpty()) {
      nodes.push_back(std::move(node));
    }
  }
  settings.endArray();
  return nodes;
}

void writeNodeBook(const std::vector<KnownNode>& nodes) {
  QSettings settings;
  settings.remove(QStringLiteral("nodes"));
  settings.beginWriteArray(QStringLiteral("nodes"), int(nodes.size()));
  for (int i = 0; i < int(nodes.size()); ++i) {
    const KnownNode& node = nodes[size_t(i)];
    settings.setArrayIndex(i);
    settings.setValue(QStringLiteral("url"), node.url);
    settings.setValue(QStringLiteral("token_file"), node.tokenFile);
    settings.setValue(QStringLiteral("token_in"), node.place == TokenStore::Place::Keyring ? QStringLiteral("keyring")
                                                  : node.place == TokenStore::Place::File  ? QStringLiteral("file")
                                                                                           : QStringLiteral("none"));
    settings.setValue(QStringLiteral("ca_file"), node.caFile);
    settings.setValue(QStringLiteral("insecure"), node.insecure);
  }
  settings.endArray();
}

} // namespace univrs::gui
