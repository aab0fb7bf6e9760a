#include "app/cli/text_width.h"
#include "app/cli/verb_set.h"

namespace univrs::cli {

namespace {

int version(Session& session) {
  Console& console = session.console();
  const auto info = session.ask<interfaces::NodeInfo>(
      [](interfaces::Engine& e, auto reply) { e.admin().nodeInfo(std::move(reply)); });
  if (!session.tables()) {
    QJsonObject out{{QStringLiteral("client"), QStringLiteral(UNIVRS_VERSION)}};
    out.insert(QStringLiteral("node"), info ? QJsonValue(QString::fromStdString(info->version)) : QJsonValue());
    printObject(console, session.format(), out);
    return kOk;
  }
  console.line("client  " UNIVRS_VERSION);
  if (info) {
    console.line("node    " + escapeControls(info->version) + "  " + escapeControls(info->name) + "  " +
                 escapeControls(info->engine.product));
  } else {
    console.note("node    " + info.error().text());
  }
  return kOk;
}

} // namespace

void addVersion(CLI::App& app, VerbSet& verbs) {
  verbs.add(app, "version", "versions of this program and of the node", Names::None, version);
}

} // namespace univrs::cli
