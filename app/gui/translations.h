// The interface's language: as chosen in the settings, else the system's, where there is a translation.
#pragma once

#include <QLocale>
#include <QStringList>

class QTranslator;

namespace univrs::gui {

// Codes of the translations in :/i18n ("de"); English needs none.
QStringList translationCodes();
// Loads the one for `choice` ("system", "en", a code) into `translator`; false when English is to be shown. `system` is
// the system's languages, best first.
bool loadTranslation(QTranslator& translator, const QString& choice, const QStringList& system);
// Dates and numbers as `choice` has them where it is another language than the system's; else as the system has them.
QLocale localeFor(const QString& choice, const QLocale& system);
// What is stored under window/language.
QString languageChoice();

} // namespace univrs::gui
