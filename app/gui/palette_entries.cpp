#include "app/gui/palette_entries.h"

#include "app/gui/frame.h"

#include <QCoreApplication>

namespace univrs::gui {
namespace {

QString say(const char* text) {
  return QCoreApplication::translate("Palette", text);
}

QString text(const char* latin) {
  return QString::fromLatin1(latin);
}

// Words for a verb: English ones always work, those of the interface's language too.
QStringList words(const char* translated, const QStringList& english) {
  QStringList list = english;
  for (const QString& w : say(translated).toLower().split(QLatin1Char(','), Qt::SkipEmptyParts)) {
    if (!list.contains(w.trimmed())) {
      list << w.trimmed();
    }
  }
  return list;
}

} // namespace

std::vector<PaletteVerb> paletteVerbs() {
  return {
      {text("restart"),
       say(QT_TRANSLATE_NOOP("Palette", "Restart %1")),
       words(QT_TRANSLATE_NOOP("Palette", "restart"), {text("restart")}),
       text("restart"),
       {}},
      {text("scale_up"),
       say(QT_TRANSLATE_NOOP("Palette", "Scale %1 up by one")),
       words(QT_TRANSLATE_NOOP("Palette", "scale up"), {text("scale up"), text("scale")}),
       text("plus"),
       {}},
      {text("scale_down"),
       say(QT_TRANSLATE_NOOP("Palette", "Scale %1 down by one")),
       words(QT_TRANSLATE_NOOP("Palette", "scale down"), {text("scale down"), text("scale")}),
       text("minus"),
       {}},
      {text("scale"),
       say(QT_TRANSLATE_NOOP("Palette", "Scale %1 to %2")),
       words(QT_TRANSLATE_NOOP("Palette", "scale"), {text("scale")}),
       text("plus"),
       {}},
      {text("logs"),
       say(QT_TRANSLATE_NOOP("Palette", "Logs of %1")),
       words(QT_TRANSLATE_NOOP("Palette", "logs,log"), {text("logs"), text("log")}),
       text("logs"),
       {}},
      {text("charts"),
       say(QT_TRANSLATE_NOOP("Palette", "Charts of %1")),
       words(QT_TRANSLATE_NOOP("Palette", "charts,usage"), {text("charts"), text("chart"), text("usage")}),
       text("chart"),
       {}},
      {text("events"),
       say(QT_TRANSLATE_NOOP("Palette", "Events of %1")),
       words(QT_TRANSLATE_NOOP("Palette", "events,history"), {text("events"), text("history")}),
       text("events"),
       {}},
      {text("manifest"),
       say(QT_TRANSLATE_NOOP("Palette", "Manifest of %1")),
       words(QT_TRANSLATE_NOOP("Palette", "manifest,edit"), {text("manifest"), text("yaml"), text("edit")}),
       text("manifest"),
       {}},
      {text("console"),
       say(QT_TRANSLATE_NOOP("Palette", "Console in %1")),
       words(QT_TRANSLATE_NOOP("Palette", "console,shell"), {text("console"), text("shell"), text("exec")}),
       text("terminal"),
       {}},
      {text("remove"),
       say(QT_TRANSLATE_NOOP("Palette", "Remove %1")),
       words(QT_TRANSLATE_NOOP("Palette", "remove,delete"), {text("remove"), text("delete"), text("rm")}),
       text("trash"),
       {}},
  };
}

std::vector<PaletteEntry> paletteEntries(const Settings& settings,
                                         const std::vector<std::pair<QString, QString>>& clusters) {
  std::vector<PaletteEntry> list;
  const QString go = say(QT_TRANSLATE_NOOP("Palette", "Go to"));
  const QString action = say(QT_TRANSLATE_NOOP("Palette", "Action"));
  const QString cluster = say(QT_TRANSLATE_NOOP("Palette", "Cluster"));
  const QString setting = say(QT_TRANSLATE_NOOP("Palette", "Setting"));
  const auto add = [&](const QString& id, const QString& argument, const QString& title, const QString& detail,
                       const QString& group, const char* icon, const QString& shortcut, const QString& synonyms) {
    list.push_back({id, argument, title, detail, group, text(icon), shortcut, {}, synonyms});
  };
  int number = 0;
  for (const ViewDef& v : viewDefs()) {
    ++number;
    add(text("view"), text(v.id), viewTitle(v), {}, go, v.icon,
        number <= 9 ? QStringLiteral("Ctrl+%1").arg(number) : QString(), text("view go open"));
  }
  add(text("deploy"), {}, say(QT_TRANSLATE_NOOP("Palette", "Deploy…")), {}, action, "plus", text("Ctrl+N"),
      text("new create manifest run"));
  add(text("open_file"), {}, say(QT_TRANSLATE_NOOP("Palette", "Open a file…")), {}, action, "upload", text("Ctrl+O"),
      text("manifest compose kubernetes yaml deploy"));
  add(text("paste"), {}, say(QT_TRANSLATE_NOOP("Palette", "Deploy what is on the clipboard")), {}, action, "copy",
      text("Ctrl+V"), text("paste"));
  add(text("undo"), {}, say(QT_TRANSLATE_NOOP("Palette", "Undo the last change")), {}, action, "undo", text("Ctrl+Z"),
      text("take back revert"));
  add(text("notifications"), {}, say(QT_TRANSLATE_NOOP("Palette", "Notifications")), {}, action, "bell",
      text("Ctrl+Shift+N"), text("bell alerts problems"));
  add(text("rail"), {}, say(QT_TRANSLATE_NOOP("Palette", "Fold or unfold the rail")), {}, action, "chevron-right",
      text("Ctrl+B"), text("sidebar"));
  for (const auto& [key, name] : clusters) {
    add(text("cluster"), key, say(QT_TRANSLATE_NOOP("Palette", "Switch to %1")).arg(name), {}, cluster, "cluster", {},
        text("cluster node connection"));
  }
  add(text("add_cluster"), {}, say(QT_TRANSLATE_NOOP("Palette", "Connect to a node elsewhere…")), {}, cluster, "plus",
      {}, text("add cluster remote url"));
  add(text("settings"), {}, say(QT_TRANSLATE_NOOP("Palette", "Settings")), {}, setting, "settings", text("Ctrl+,"),
      text("preferences options"));
  for (const Settings::Definition& d : settings.definitions()) {
    if (d.key == QLatin1String("window/appearance")) {
      for (const Settings::Choice& c : d.choices) {
        add(text("set"), d.key + QLatin1Char('=') + c.value,
            say(QT_TRANSLATE_NOOP("Palette", "Appearance: %1")).arg(c.title), {}, setting,
            c.value == QLatin1String("dark")    ? "moon"
            : c.value == QLatin1String("light") ? "sun"
                                                : "system",
            {}, text("theme"));
      }
      continue;
    }
    add(text("setting"), d.title, d.title, d.description, setting, "settings", {}, d.words);
  }
  add(text("quit"), {}, say(QT_TRANSLATE_NOOP("Palette", "Quit Univrs")), {}, action, "close", text("Ctrl+Q"),
      text("exit"));
  return list;
}

} // namespace univrs::gui
