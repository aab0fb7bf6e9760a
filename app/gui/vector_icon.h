// An icon of our own by name, in any colour, crisp at every scale and in every renderer. The drawings are SVG files on
// a 16 px grid, 1.6 stroke, compiled in from resources/icons.
#pragma once

#include <QColor>
#include <QImage>
#include <QQuickItem>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

// The icon on a square of `pixels` device pixels; null when there is no such icon. Cached. The UI thread only.
QImage iconImage(const QString& name, const QColor& color, int pixels);
QStringList iconNames();

class IconItem : public QQuickItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(QString name READ name WRITE setName NOTIFY changed)
  Q_PROPERTY(QColor color READ color WRITE setColor NOTIFY changed)
  Q_PROPERTY(int size READ size WRITE setSize NOTIFY changed) // px, 16 unless told
public:
  static constexpr int kMaxSize = 256;

  explicit IconItem(QQuickItem* parent = nullptr);
  [[nodiscard]] QString name() const { return m_name; }
  void setName(const QString& name);
  [[nodiscard]] QColor color() const { return m_color; }
  void setColor(const QColor& color);
  [[nodiscard]] int size() const { return m_size; }
  void setSize(int size);

Q_SIGNALS:
  void changed();

protected:
  void itemChange(ItemChange change, const ItemChangeData& data) override;
  void updatePolish() override;
  QSGNode* updatePaintNode(QSGNode* old, UpdatePaintNodeData* data) override;

private:
  void redraw();
  QString m_name;
  QColor m_color = Qt::gray;
  int m_size = 16;
  QImage m_image; // made on the UI thread, uploaded on the renderer's
  bool m_renewed = false;
};

} // namespace univrs::gui
