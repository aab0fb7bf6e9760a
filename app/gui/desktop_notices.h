// Notifications on the desktop: by org.freedesktop.Notifications, or, where nobody answers there, by whatever the tray
// icon can do.
#pragma once

#include <QHash>
#include <QObject>
#include <QString>

#include <functional>

namespace univrs::gui {

class DesktopNotices : public QObject {
  Q_OBJECT
public:
  static constexpr qsizetype kMaxOpen = 64; // whose clicks are still known

  // `fallback(title, body)` shows one without D-Bus; it may do nothing.
  explicit DesktopNotices(std::function<void(const QString&, const QString&)> fallback, QObject* parent = nullptr);
  // `key` comes back by opened() when the person clicks it.
  void show(const QString& title, const QString& body, const QString& key);

Q_SIGNALS:
  void opened(const QString& key);

private Q_SLOTS:
  void onAction(uint id, const QString& action);
  void onClosed(uint id, uint reason);

private:
  std::function<void(const QString&, const QString&)> m_fallback;
  QHash<uint, QString> m_keys;
  bool m_listening = false;
};

} // namespace univrs::gui
