// Size and place of the window, kept between starts and brought back onto a screen that is there.
#pragma once

#include <QObject>
#include <QRect>
#include <QTimer>
#include <QVariantMap>

class QWindow;

namespace univrs::gui {

class WindowState : public QObject {
  Q_OBJECT
public:
  static constexpr int kSaveDelayMs = 500; // while it is being dragged nothing is written

  explicit WindowState(QObject* parent = nullptr);
  // What to make the window with: width, height, and x, y when they are known and on a screen.
  [[nodiscard]] QVariantMap initial(const QList<QRect>& screens) const;
  [[nodiscard]] bool maximized() const;
  // Keeps what becomes of `window`.
  void follow(QWindow* window);

private:
  void save();
  QWindow* m_window = nullptr;
  QTimer m_later;
};

} // namespace univrs::gui
