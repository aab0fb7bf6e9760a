// The nodes elsewhere that the window opens again at each start. Tokens are not in here: see TokenStore.
#pragma once

#include "app/gui/token_store.h"

#include <QString>

#include <vector>

namespace univrs::gui {

struct KnownNode {
  QString url;       // as https://host:8080; its identity
  QString tokenFile; // read at each start; empty: the token is in `place`
  TokenStore::Place place = TokenStore::Place::None;
  QString caFile;
  bool insecure = false;
};

inline constexpr int kMaxKnownNodes = 31;

// "host:8080" -> "http://host:8080", no path's slash at the end; empty when it is no URL of a node.
QString nodeUrl(const QString& typed);
std::vector<KnownNode> readNodeBook();
void writeNodeBook(const std::vector<KnownNode>& nodes);

} // namespace univrs::gui
