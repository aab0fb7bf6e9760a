#include "app/cli/table.h"
#include "app/cli/verb_set.h"

#include <QJsonDocument>

namespace univrs::cli {

namespace {

std::string shown(const QJsonValue& value) {
  switch (value.type()) {
  case QJsonValue::String:
    return value.toString().toStdString();
  case QJsonValue::Bool:
    return value.toBool() ? "true" : "false";
  case QJsonValue::Double:
    return std::to_string(value.toInteger());
  case QJsonValue::Object: {
    std::string out;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
      out += (out.empty() ? "" : ", ") + it.key().toStdString() + "=" + shown(it.value());
    }
    return out;
  }
  case QJsonValue::Array:
    return QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact).toStdString();
  default:
    return {};
  }
}

int config(Session& session, bool local) {
  Console& console = session.console();
  QJsonObject values = session.options().settings.toJson();
  if (!local) {
    const auto info = session.ask<interfaces::NodeInfo>(
        [](interfaces::Engine& e, auto reply) { e.admin().nodeInfo(std::move(reply)); });
    if (info) {
      values = info->config;
    } else if (info.error().code == base::ErrorCode::Unavailable) {
      console.note("No node answers: these are the settings a node started here would have.");
    } else {
      return console.fail(info.error());
    }
  }
  if (!session.tables()) {
    printObject(console, session.format(), values);
    return kOk;
  }
  Table table({{"SETTING"}, {"VALUE", false, true}, {"SOURCE", false, true}});
  for (auto it = values.begin(); it != values.end(); ++it) {
    const QJsonObject entry = it.value().toObject();
    const std::string source = entry.value(QLatin1String("source")).toString().toStdString();
    table.add({{it.key().toStdString()},
               {shown(entry.value(QLatin1String("value")))},
               {source, source == "default" ? Tone::Faint : Tone::Plain}});
  }
  console.out(table.text(console.width(), console.colour()));
  return kOk;
}

} // namespace

void addConfig(CLI::App& app, VerbSet& verbs) {
  const auto local = std::make_shared<bool>(false);
  verbs
      .add(app, "config", "settings in effect, and where each comes from", Names::None,
           [local](Session& session) { return config(session, *local); })
      ->add_flag("--local", *local, "those of this command line instead of the running node's");
}

} // namespace univrs::cli
