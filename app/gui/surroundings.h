// The desktop around the window: tray icon, notifications, what closing means.
#pragma once

#include "app/gui/desk.h"
#include "app/gui/desktop_notices.h"
#include "app/gui/tray.h"

#include <QObject>
#include <QQuickWindow>

#include <memory>

namespace univrs::gui {

class Surroundings : public QObject {
  Q_OBJECT
public:
  static constexpr int kTrayAgainMs = 10'000; // a desktop that is still starting has its tray a little later

  Surroundings(Desk& desk, QQuickWindow& window);

private:
  void makeTray();
  void show();
  void hide();
  Desk& m_desk;
  QQuickWindow& m_window;
  std::unique_ptr<Tray> m_tray;
  DesktopNotices m_notices;
};

} // namespace univrs::gui
