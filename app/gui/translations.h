// The interface's language: as chosen in the settings, else the system's, where there is a translation.
#pragma once

#include <QStringList>

class QTranslator;

namespace univrs::gui {

// Codes of the translations in :/i18n ("de"); English needs none.
QStringList translationCodes();
// Loads the one for `choice` ("system", "en", a code) into `translator`; false when English is to be shown. `system` is
// the system's languages, best first.
bool loadTranslation(QTranslator& translator, const QString& choice, const QStringList& system);
// What is stored under window/language.
QString languageChoice();

} // namespace univrs::gui
