#include "app/gui/appearance.h"

#include <QEvent>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QPalette>
#include <QSettings>

namespace univrs::gui {
namespace {
QString settingsKey() {
  return QStringLiteral("window/appearance");
}
} // namespace

Appearance::Appearance(QObject* parent) : QObject(parent) {
  const QString saved = QSettings().value(settingsKey()).toString();
  m_choice = saved == QLatin1String("dark") ? Dark : saved == QLatin1String("light") ? Light : System;
  QCoreApplication::instance()->installEventFilter(this);
}

bool Appearance::eventFilter(QObject* watched, QEvent* event) {
  if (watched == QCoreApplication::instance() && event->type() == QEvent::ApplicationPaletteChange) {
    Q_EMIT changed();
  }
  return QObject::eventFilter(watched, event);
}

void Appearance::setChoice(Choice choice) {
  if (choice != m_choice) {
    m_choice = choice;
    QSettings().setValue(settingsKey(), choice == Dark    ? QStringLiteral("dark")
                                        : choice == Light ? QStringLiteral("light")
                                                          : QStringLiteral("system"));
    Q_EMIT changed();
  }
}

bool Appearance::dark() const {
  // Qt 6.4 has no colour scheme of the desktop; a palette with a dark ground tells the same.
  return m_choice == Dark ||
         (m_choice == System && QGuiApplication::palette().color(QPalette::Window).lightness() < 128);
}

QString Appearance::choiceName() const {
  return m_choice == Dark ? tr("Dark") : m_choice == Light ? tr("Light") : tr("System");
}

QString Appearance::textFamily() const {
  const QString wanted = QStringLiteral("Inter");
  return QFontDatabase::hasFamily(wanted) ? wanted : QFontDatabase::systemFont(QFontDatabase::GeneralFont).family();
}

QString Appearance::monoFamily() const {
  const QString wanted = QStringLiteral("JetBrains Mono");
  return QFontDatabase::hasFamily(wanted) ? wanted : QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
}

void Appearance::next() {
  setChoice(m_choice == System ? Light : m_choice == Light ? Dark : System);
}

} // namespace univrs::gui
