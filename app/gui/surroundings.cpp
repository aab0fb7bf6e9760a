#include "app/gui/surroundings.h"

#include <QGuiApplication>
#include <QSettings>
#include <QTimer>

namespace univrs::gui {

Surroundings::Surroundings(Desk& desk, QQuickWindow& window)
    : m_desk(desk), m_window(window), m_notices([this](const QString& title, const QString& body) {
        if (m_tray) {
          m_tray->message(title, body);
        }
      }) {
  connect(desk.notifications(), &Notifications::popup, &m_notices, &DesktopNotices::show);
  connect(&m_notices, &DesktopNotices::opened, this, [this](const QString& key) {
    show();
    m_desk.notifications()->openKey(key);
  });
  const auto attended = [this] { m_desk.setAttended(m_window.isActive()); };
  connect(&window, &QWindow::activeChanged, this, attended);
  attended();
  connect(
      desk.leaving(), &Leaving::ended, this, [] { QCoreApplication::quit(); }, Qt::QueuedConnection);
  connect(desk.leaving(), &Leaving::hideRequested, this, &Surroundings::hide);
  connect(desk.leaving(), &Leaving::showRequested, this, &Surroundings::show);
  makeTray();
  if (!m_tray) {
    QTimer::singleShot(kTrayAgainMs, this, &Surroundings::makeTray);
  }
}

void Surroundings::makeTray() {
  if (Tray::available()) {
    m_tray = std::make_unique<Tray>(m_desk, [this] { show(); });
    m_desk.leaving()->setTray(true);
    QGuiApplication::setQuitOnLastWindowClosed(false);
  }
}

void Surroundings::show() {
  m_window.show();
  m_window.raise();
  m_window.requestActivate();
}

void Surroundings::hide() {
  m_window.hide();
  const QString told = QStringLiteral("told/tray");
  if (!QSettings().value(told).toBool()) {
    QSettings().setValue(told, true);
    m_notices.show(tr("Univrs goes on in the tray"), tr("Click its icon for the window; Quit is in its menu."), {});
  }
}

} // namespace univrs::gui
