#include "app/gui/window_state.h"

#include <QSettings>
#include <QWindow>

#include <algorithm>

namespace univrs::gui {
namespace {
const QString kGeometry = QStringLiteral("window/geometry");
const QString kMaximized = QStringLiteral("window/maximized");
constexpr int kLeastWidth = 800;
constexpr int kLeastHeight = 500;
constexpr int kUsualWidth = 1280; // as Main.qml says
constexpr int kUsualHeight = 800;
constexpr int kLeastVisible = 64; // of its upper edge, so that it can be grabbed
} // namespace

WindowState::WindowState(QObject* parent) : QObject(parent) {
  m_later.setSingleShot(true);
  m_later.setInterval(kSaveDelayMs);
  connect(&m_later, &QTimer::timeout, this, &WindowState::save);
}

QVariantMap WindowState::initial(const QList<QRect>& screens) const {
  QRect wanted = QSettings().value(kGeometry).toRect();
  if (!wanted.isValid()) {
    const QRect first = screens.value(0);
    if (first.isValid() && (first.width() < kUsualWidth || first.height() < kUsualHeight)) {
      return {{QStringLiteral("width"), std::clamp(first.width(), kLeastWidth, kUsualWidth)},
              {QStringLiteral("height"), std::clamp(first.height(), kLeastHeight, kUsualHeight)}};
    }
    return {};
  }
  for (const QRect& screen : screens) {
    const QRect handle(wanted.topLeft(), QSize(wanted.width(), 8));
    const QRect seen = screen.intersected(handle);
    if (seen.width() >= kLeastVisible && seen.height() > 0) {
      wanted.setWidth(std::clamp(wanted.width(), kLeastWidth, std::max(kLeastWidth, screen.width())));
      wanted.setHeight(std::clamp(wanted.height(), kLeastHeight, std::max(kLeastHeight, screen.height())));
      return {{QStringLiteral("x"), wanted.x()},
              {QStringLiteral("y"), wanted.y()},
              {QStringLiteral("width"), wanted.width()},
              {QStringLiteral("height"), wanted.height()}};
    }
  }
  const QRect first = screens.value(0, QRect(0, 0, kLeastWidth, kLeastHeight));
  return {
      {QStringLiteral("width"), std::clamp(wanted.width(), kLeastWidth, std::max(kLeastWidth, first.width()))},
      {QStringLiteral("height"), std::clamp(wanted.height(), kLeastHeight, std::max(kLeastHeight, first.height()))}};
}

bool WindowState::maximized() const {
  return QSettings().value(kMaximized).toBool();
}

void WindowState::follow(QWindow* window) {
  m_window = window;
  const auto later = [this] { m_later.start(); };
  connect(window, &QWindow::xChanged, this, later);
  connect(window, &QWindow::yChanged, this, later);
  connect(window, &QWindow::widthChanged, this, later);
  connect(window, &QWindow::heightChanged, this, later);
  connect(window, &QWindow::windowStateChanged, this, later);
  connect(window, &QObject::destroyed, this, [this] {
    m_later.stop();
    m_window = nullptr;
  });
}

void WindowState::save() {
  if (m_window == nullptr || !m_window->isVisible()) {
    return;
  }
  const bool whole = (m_window->windowStates() & (Qt::WindowMaximized | Qt::WindowFullScreen)) != 0;
  QSettings settings;
  settings.setValue(kMaximized, whole);
  if (!whole) {
    settings.setValue(kGeometry, m_window->geometry());
  }
}

} // namespace univrs::gui
