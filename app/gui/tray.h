// The icon in the desktop's tray: how everything is at a glance, and a short menu. Where there is no tray there is
// none.
#pragma once

#include <QMenu>
#include <QObject>
#include <QSystemTrayIcon>

namespace univrs::gui {

class Desk;

class Tray : public QObject {
  Q_OBJECT
public:
  // `show` brings the window to the front.
  Tray(Desk& desk, std::function<void()> show, QObject* parent = nullptr);
  [[nodiscard]] static bool available() { return QSystemTrayIcon::isSystemTrayAvailable(); }
  void message(const QString& title, const QString& body);

private:
  void refresh();
  Desk& m_desk;
  std::function<void()> m_show;
  QSystemTrayIcon m_icon;
  QMenu m_menu;
  QAction* m_health = nullptr;
  QAction* m_counts = nullptr;
  QAction* m_quit = nullptr;
  QString m_tone;
};

// The program's mark with a dot of the tone ("good", "busy", "warn", "bad", "idle"; empty = no dot).
QIcon markIcon(const QString& tone);

} // namespace univrs::gui
