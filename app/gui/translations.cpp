#include "app/gui/translations.h"

#include <QDir>
#include <QSettings>
#include <QTranslator>

namespace univrs::gui {
namespace {
const QString kFolder = QStringLiteral(":/i18n");
const QString kStem = QStringLiteral("univrs_");
} // namespace

QStringList translationCodes() {
  QStringList codes;
  for (const QString& file : QDir(kFolder).entryList({kStem + QStringLiteral("*.qm")}, QDir::Files, QDir::Name)) {
    codes << file.mid(kStem.size()).chopped(3);
  }
  return codes;
}

QString languageChoice() {
  return QSettings().value(QStringLiteral("window/language"), QStringLiteral("system")).toString();
}

bool loadTranslation(QTranslator& translator, const QString& choice, const QStringList& system) {
  const QStringList there = translationCodes();
  for (const QString& wanted : choice == QLatin1String("system") ? system : QStringList{choice}) {
    const QString code = QString(wanted).replace(QLatin1Char('-'), QLatin1Char('_')); // "de-AT"
    const QString language = code.section(QLatin1Char('_'), 0, 0);
    if (language == QLatin1String("en")) {
      return false;
    }
    for (const QString& name : {code, language}) {
      // A translation in which nothing is translated yet has no entries: English then.
      if (there.contains(name) && translator.load(kStem + name, kFolder) && !translator.isEmpty()) {
        return true;
      }
    }
  }
  return false;
}

QLocale localeFor(const QString& choice, const QLocale& system) {
  const QLocale chosen(choice);
  const bool known = choice != QLatin1String("system") && chosen.language() != QLocale::C;
  return known && chosen.language() != system.language() ? chosen : system;
}

} // namespace univrs::gui
