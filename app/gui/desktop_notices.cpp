#include "app/gui/desktop_notices.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>

namespace univrs::gui {
namespace {
const QString kService = QStringLiteral("org.freedesktop.Notifications");
const QString kPath = QStringLiteral("/org/freedesktop/Notifications");
constexpr int kCallMs = 5'000;
constexpr int kServersChoice = -1; // how long it stays
} // namespace

DesktopNotices::DesktopNotices(std::function<void(const QString&, const QString&)> fallback, QObject* parent)
    : QObject(parent), m_fallback(std::move(fallback)) {}

void DesktopNotices::show(const QString& title, const QString& body, const QString& key) {
  QDBusConnection bus = QDBusConnection::sessionBus();
  if (!bus.isConnected()) {
    m_fallback(title, body);
    return;
  }
  if (!m_listening) {
    m_listening = true;
    bus.connect(kService, kPath, kService, QStringLiteral("ActionInvoked"), this, SLOT(onAction(uint, QString)));
    bus.connect(kService, kPath, kService, QStringLiteral("NotificationClosed"), this, SLOT(onClosed(uint, uint)));
  }
  QDBusMessage call = QDBusMessage::createMethodCall(kService, kPath, kService, QStringLiteral("Notify"));
  // The body may be read as markup.
  call.setArguments({QStringLiteral("Univrs"), 0U, QStringLiteral("univrs"), title, body.toHtmlEscaped(),
                     QStringList{QStringLiteral("default"), tr("Show")},
                     QVariantMap{{QStringLiteral("desktop-entry"), QStringLiteral("univrs")}}, kServersChoice});
  auto* watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, kCallMs), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, title, body, key](QDBusPendingCallWatcher* w) {
    const QDBusPendingReply<uint> reply = *w;
    if (reply.isError()) {
      m_fallback(title, body);
    } else if (m_keys.size() < kMaxOpen) {
      m_keys.insert(reply.value(), key);
    }
    w->deleteLater();
  });
}

void DesktopNotices::onAction(uint id, const QString& action) {
  if (m_keys.contains(id) && action == QLatin1String("default")) {
    Q_EMIT opened(m_keys.take(id));
  }
}

void DesktopNotices::onClosed(uint id, uint reason) {
  Q_UNUSED(reason)
  m_keys.remove(id);
}

} // namespace univrs::gui
