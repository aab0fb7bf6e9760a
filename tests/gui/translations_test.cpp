// The interface in German: the compiled translation loads, the real window shows it, and nothing on screen stayed
// English.
#include "app/gui/chart_scale.h"
#include "app/gui/desk.h"
#include "app/gui/display_text.h"
#include "app/gui/translations.h"
#include "tests/gui/scripted_engine.h"

#include <QApplication>
#include <QFile>
#include <QQmlApplicationEngine>
#include <QQuickItem>
#include <QQuickWindow>
#include <QSet>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>
#include <QXmlStreamReader>
#include <QtQml/qqmlextensionplugin.h>

#include <gtest/gtest.h>

Q_IMPORT_QML_PLUGIN(UnivrsPlugin)

namespace univrs::gui::test {
namespace {

const QString kGerman = QStringLiteral("de");

class InGerman : public ::testing::Test {
protected:
  void SetUp() override {
    ASSERT_TRUE(loadTranslation(m_translator, kGerman, {}));
    ASSERT_TRUE(QCoreApplication::installTranslator(&m_translator));
    QLocale::setDefault(localeFor(kGerman, QLocale(QLocale::English, QLocale::UnitedStates)));
  }
  void TearDown() override {
    QCoreApplication::removeTranslator(&m_translator);
    QLocale::setDefault(QLocale::system());
  }
  QTranslator m_translator;
};

// Source texts that are another text in German, from the file that translators edit.
QSet<QString> englishOnly() {
  QSet<QString> sources;
  QSet<QString> german;
  QFile file(QStringLiteral(UNIVRS_GERMAN));
  if (!file.open(QIODevice::ReadOnly)) {
    return {};
  }
  QXmlStreamReader xml(&file);
  while (!xml.atEnd()) {
    if (xml.readNext() != QXmlStreamReader::StartElement) {
      continue;
    }
    if (xml.name() == QLatin1String("source")) {
      sources.insert(xml.readElementText());
    } else if (xml.name() == QLatin1String("translation") || xml.name() == QLatin1String("numerusform")) {
      german.insert(xml.readElementText(QXmlStreamReader::IncludeChildElements));
    }
  }
  return sources - german;
}

void collect(const QQuickItem* item, QStringList& texts) {
  if (!item->isVisible()) {
    return;
  }
  if (const QVariant text = item->property("text"); text.isValid()) {
    texts << text.toString();
  }
  for (const QQuickItem* child : item->childItems()) {
    collect(child, texts);
  }
}

TEST_F(InGerman, WordsFormsAndFigures) {
  EXPECT_TRUE(translationCodes().contains(kGerman));
  EXPECT_EQ(stateWord(workload("web")).word, QStringLiteral("Gesund"));
  EXPECT_EQ(stateWord(workload("web", model::Health::Degraded, 0, 2)).word, QStringLiteral("Beeinträchtigt"));
  EXPECT_EQ(QCoreApplication::translate("MarkedBar", "%n workloads chosen", nullptr, 3),
            QStringLiteral("3 Workloads ausgewählt"));
  EXPECT_EQ(QCoreApplication::translate("MarkedBar", "%n workloads chosen", nullptr, 1),
            QStringLiteral("1 Workload ausgewählt"));
  EXPECT_EQ(localFigure("1.5 GiB"), QStringLiteral("1,5 GiB"));
  EXPECT_EQ(valueText(2500, QStringLiteral("cpu")), QStringLiteral("2,5 Kerne"));
  EXPECT_TRUE(timeText(1'795'435'200'000.0, 7 * 86'400'000.0).contains(QLatin1String(". Nov, ")))
      << qPrintable(timeText(1'795'435'200'000.0, 7 * 86'400'000.0));
}

TEST(Translations, TheChosenLanguageSetsDatesAndNumbersOnlyWhereItDiffers) {
  const QLocale austria(QLocale::German, QLocale::Austria);
  EXPECT_EQ(localeFor(QStringLiteral("system"), austria), austria);
  EXPECT_EQ(localeFor(kGerman, austria), austria); // the person's own German
  EXPECT_EQ(localeFor(QStringLiteral("en"), austria).language(), QLocale::English);
  EXPECT_EQ(localeFor(QStringLiteral("no such language"), austria), austria);
}

TEST_F(InGerman, SettingsListTheLanguagesAndSayWhenAChoiceTakesEffect) {
  ScriptedEngine engine;
  Desk::Options options;
  options.engine = &engine;
  options.keyring = false;
  options.remembered = false;
  options.languages = translationCodes();
  Desk desk(std::move(options));
  for (const Settings::Definition& d : desk.settings()->definitions()) {
    if (d.key == QLatin1String("window/language")) {
      QStringList titles;
      for (const Settings::Choice& c : d.choices) {
        titles << c.title;
      }
      EXPECT_EQ(titles,
                (QStringList{QStringLiteral("Wie das System"), QStringLiteral("English"), QStringLiteral("Deutsch")}));
      EXPECT_EQ(d.description, QStringLiteral("Gilt ab dem nächsten Start"));
      return;
    }
  }
  ADD_FAILURE() << "no setting for the language";
}

TEST_F(InGerman, NothingInTheWindowStaysEnglish) {
  const QSet<QString> english = englishOnly();
  ASSERT_GT(english.size(), 300);
  ScriptedEngine engine;
  Desk::Options options;
  options.engine = &engine;
  options.keyring = false;
  options.remembered = false;
  options.languages = translationCodes();
  Desk desk(std::move(options));
  QQmlApplicationEngine qml;
  qml.addImportPath(QStringLiteral("qrc:/qt/qml"));
  qml.setInitialProperties({{QStringLiteral("desk"), QVariant::fromValue(&desk)}});
  qml.load(QUrl(QStringLiteral("qrc:/qt/qml/Univrs/Main.qml")));
  auto* window = qobject_cast<QQuickWindow*>(qml.rootObjects().value(0));
  ASSERT_NE(window, nullptr);
  ASSERT_TRUE(QTest::qWaitForWindowExposed(window));
  window->resize(1440, 900);
  engine.connect(true);
  engine.snapshot({workload("web"), workload("db", model::Health::Degraded, 0, 2),
                   workload("api", model::Health::Progressing, 1, 2)},
                  {instance("web", "aaaaaa", model::InstanceState::Running),
                   instance("db", "bbbbbb", model::InstanceState::Failed),
                   instance("api", "cccccc", model::InstanceState::Pulling)},
                  {clusterNode("one"), clusterNode("two", model::NodeStatus::Down)});
  engine.put(decision("d1", "web", "one"));
  engine.put(decision("d2", "db", ""));

  Session& session = *desk.current();
  const std::pair<const char*, const char*> places[] = {{"overview", "Letzte Ereignisse"},
                                                        {"workloads", "Beeinträchtigt"},
                                                        {"nodes", "Ausgefallen"},
                                                        {"scheduler", "Abgelehnt"}};
  const std::pair<const char*, const char*> chosen[] = {
      {"overview", ""}, {"workloads", "id-web"}, {"nodes", "id-one"}, {"scheduler", "d1"}};
  for (size_t i = 0; i < std::size(places); ++i) {
    session.go(QLatin1String(places[i].first), QLatin1String(chosen[i].second));
    QStringList texts;
    const bool there = QTest::qWaitFor(
        [&] {
          texts.clear();
          collect(window->contentItem(), texts);
          return texts.contains(QStringLiteral("Knoten")) && texts.contains(QString::fromUtf8(places[i].second));
        },
        20'000);
    EXPECT_TRUE(there) << places[i].first << ": " << qPrintable(texts.join(QStringLiteral(" | ")));
    for (const QString& text : texts) {
      EXPECT_FALSE(english.contains(text)) << places[i].first << ": " << qPrintable(text);
    }
  }
}

} // namespace
} // namespace univrs::gui::test

int main(int argc, char** argv) {
  const QTemporaryDir config;
  qputenv("XDG_CONFIG_HOME", config.path().toLocal8Bit());
  const QApplication app(argc, argv);
  QCoreApplication::setOrganizationName(QStringLiteral("univrs"));
  QCoreApplication::setApplicationName(QStringLiteral("univrs"));
  ::testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}
