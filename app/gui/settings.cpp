#include "app/gui/settings.h"

#include "app/gui/fuzzy_match.h"

#include <QLocale>
#include <QSettings>

#include <algorithm>

namespace univrs::gui {
namespace {

const QString& appearanceKey() {
  static const QString key = QStringLiteral("window/appearance");
  return key;
}

std::vector<Settings::Choice> languageChoices(const QStringList& languages) {
  std::vector<Settings::Choice> choices{{QStringLiteral("system"), Settings::tr("As the system")},
                                        {QStringLiteral("en"), QStringLiteral("English")}};
  for (const QString& code : languages) {
    if (code != QLatin1String("en")) {
      QString own = QLocale(code).nativeLanguageName();
      choices.push_back({code, own.isEmpty() ? code : own});
    }
  }
  return choices;
}

} // namespace

Settings::Settings(Appearance& appearance, const QStringList& languages, const std::vector<Choice>& startViews,
                   QObject* parent)
    : QAbstractListModel(parent), m_appearance(appearance) {
  std::vector<Choice> start{{QStringLiteral("last"), tr("Where I left")}};
  start.insert(start.end(), startViews.begin(), startViews.end());
  const QString look = tr("Look");
  const QString behaviour = tr("Behaviour");
  const QString told = tr("Notifications");
  m_definitions = {
      {appearanceKey(),
       look,
       tr("Appearance"),
       tr("Light, dark, or as the desktop has it"),
       QStringLiteral("system"),
       {{QStringLiteral("system"), tr("As the system")},
        {QStringLiteral("light"), tr("Light")},
        {QStringLiteral("dark"), tr("Dark")}},
       tr("theme colours")},
      {QStringLiteral("window/density"),
       look,
       tr("Rows"),
       tr("Compact rows show more at once"),
       QStringLiteral("comfortable"),
       {{QStringLiteral("comfortable"), tr("Comfortable")}, {QStringLiteral("compact"), tr("Compact")}},
       tr("density size")},
      {QStringLiteral("window/reduced_motion"),
       look,
       tr("Reduce motion"),
       tr("Nothing slides or fades"),
       false,
       {},
       tr("animation")},
      {QStringLiteral("window/language"), look, tr("Language"), tr("From the next start on"), QStringLiteral("system"),
       languageChoices(languages), tr("translation")},
      {QStringLiteral("window/start_view"), behaviour, tr("Begin with"), tr("What the window shows when it opens"),
       QStringLiteral("last"), start, tr("start view")},
      {QStringLiteral("window/close_to_tray"),
       behaviour,
       tr("Keep running in the tray"),
       tr("Closing the window leaves Univrs in the tray, where there is one"),
       true,
       {},
       tr("close quit background")},
      {QStringLiteral("notify/system"),
       told,
       tr("Desktop notifications"),
       tr("While the window is not in front; the bell has them in any case"),
       true,
       {},
       tr("popups")},
      {QStringLiteral("notify/crash_loop"),
       told,
       tr("Crash loops"),
       tr("A workload ends again and again"),
       true,
       {},
       {}},
      {QStringLiteral("notify/failed_update"),
       told,
       tr("Updates that do not get on"),
       tr("New instances do not become ready"),
       true,
       {},
       tr("rollout")},
      {QStringLiteral("notify/image"),
       told,
       tr("Images that cannot be fetched"),
       tr("Denied, not found, no connection"),
       true,
       {},
       tr("pull registry")},
      {QStringLiteral("notify/port"),
       told,
       tr("Ports that cannot be published"),
       tr("Usually another program has them"),
       true,
       {},
       {}},
      {QStringLiteral("notify/node"),
       told,
       tr("Nodes that are down"),
       tr("Or whose container engine does not answer"),
       true,
       {},
       {}},
  };
  connect(&appearance, &Appearance::changed, this, [this] {
    for (size_t i = 0; i < m_shown.size(); ++i) {
      if (m_definitions[m_shown[i]].key == appearanceKey()) {
        Q_EMIT dataChanged(index(int(i)), index(int(i)));
      }
    }
    Q_EMIT changed(appearanceKey());
  });
  for (size_t i = 0; i < m_definitions.size(); ++i) {
    m_shown.push_back(i);
  }
}

const Settings::Definition* Settings::find(const QString& key) const {
  const auto it = std::find_if(m_definitions.begin(), m_definitions.end(), [&](const auto& d) { return d.key == key; });
  return it == m_definitions.end() ? nullptr : &*it;
}

QVariant Settings::value(const QString& key) const {
  const Definition* d = find(key);
  if (d == nullptr) {
    return {};
  }
  if (key == appearanceKey()) {
    return m_appearance.choice() == Appearance::Dark    ? QStringLiteral("dark")
           : m_appearance.choice() == Appearance::Light ? QStringLiteral("light")
                                                        : QStringLiteral("system");
  }
  const QVariant stored = QSettings().value(key, d->fallback);
  if (d->choices.empty()) {
    return stored.toBool();
  }
  const QString text = stored.toString();
  const bool known =
      std::any_of(d->choices.begin(), d->choices.end(), [&](const Choice& c) { return c.value == text; });
  return known ? QVariant(text) : d->fallback; // a file edited by hand may hold anything
}

bool Settings::set(const QString& key, const QVariant& value) {
  const Definition* d = find(key);
  if (d == nullptr) {
    return false;
  }
  if (!d->choices.empty() && std::none_of(d->choices.begin(), d->choices.end(),
                                          [&](const Choice& c) { return c.value == value.toString(); })) {
    return false;
  }
  if (key == appearanceKey()) { // kept by Appearance, which tells of the change
    const QString wanted = value.toString();
    m_appearance.setChoice(wanted == QLatin1String("dark")    ? Appearance::Dark
                           : wanted == QLatin1String("light") ? Appearance::Light
                                                              : Appearance::System);
    return true;
  }
  if (value == this->value(key)) {
    return true;
  }
  QSettings().setValue(key, value);
  for (size_t i = 0; i < m_shown.size(); ++i) {
    if (m_definitions[m_shown[i]].key == key) {
      Q_EMIT dataChanged(index(int(i)), index(int(i)));
    }
  }
  Q_EMIT changed(key);
  return true;
}

bool Settings::choose(const QString& key, int choice) {
  const Definition* d = find(key);
  return d != nullptr && choice >= 0 && size_t(choice) < d->choices.size() &&
         set(key, d->choices[size_t(choice)].value);
}

void Settings::setFilter(const QString& filter) {
  if (filter == m_filter) {
    return;
  }
  m_filter = filter;
  const Searchable needle = searchable(filter.simplified());
  beginResetModel();
  m_shown.clear();
  int64_t work = 0;
  for (size_t i = 0; i < m_definitions.size(); ++i) {
    const Definition& d = m_definitions[i];
    const Searchable text = searchable(d.title + QLatin1Char(' ') + d.group + QLatin1Char(' ') + d.description +
                                       QLatin1Char(' ') + d.words);
    // Letters merely in order fit nearly every sentence; what is found must occur.
    if (needle.folded.isEmpty() || fuzzyScore(needle, text, work) > 40) {
      m_shown.push_back(i);
    }
  }
  endResetModel();
  Q_EMIT filterChanged();
}

int Settings::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant Settings::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const Definition& d = m_definitions[m_shown[size_t(index.row())]];
  switch (role) {
  case KeyRole:
    return d.key;
  case GroupRole:
    return d.group;
  case TitleRole:
    return d.title;
  case DescriptionRole:
    return d.description;
  case SwitchRole:
    return d.choices.empty();
  case ValueRole:
    return d.choices.empty() && value(d.key).toBool();
  case IndexRole: {
    const QString now = value(d.key).toString();
    const auto it = std::find_if(d.choices.begin(), d.choices.end(), [&](const Choice& c) { return c.value == now; });
    return it == d.choices.end() ? -1 : int(it - d.choices.begin());
  }
  case ChoicesRole: {
    QStringList titles;
    for (const Choice& c : d.choices) {
      titles << c.title;
    }
    return titles;
  }
  default:
    return {};
  }
}

QHash<int, QByteArray> Settings::roleNames() const {
  return {
      {KeyRole, "key"},         {GroupRole, "group"},   {TitleRole, "title"},       {DescriptionRole, "description"},
      {SwitchRole, "isSwitch"}, {ValueRole, "checked"}, {IndexRole, "chosenIndex"}, {ChoicesRole, "choices"}};
}

} // namespace univrs::gui
