#include "app/gui/vector_icon.h"

#include <QCache>
#include <QDir>
#include <QFile>
#include <QPainter>
#include <QQuickWindow>
#include <QSGImageNode>
#include <QSvgRenderer>

#include <algorithm>
#include <cmath>

namespace univrs::gui {
namespace {

constexpr int kCachedImages = 512;

QString folder() {
  return QStringLiteral(":/univrs/icons");
}

} // namespace

QImage iconImage(const QString& name, const QColor& color, int pixels) {
  static QCache<QString, QImage> cache(kCachedImages);
  const int side = std::clamp(pixels, 1, IconItem::kMaxSize * 4);
  const QString key = QStringLiteral("%1 %2 %3").arg(name).arg(color.rgba(), 8, 16).arg(side);
  if (const QImage* found = cache.object(key)) {
    return *found;
  }
  QFile file(folder() + QLatin1Char('/') + name + QStringLiteral(".svg"));
  if (name.isEmpty() || !file.open(QIODevice::ReadOnly)) {
    return {};
  }
  QSvgRenderer svg(file.readAll().replace("currentColor", color.name(QColor::HexRgb).toLatin1()));
  auto* image = new QImage(side, side, QImage::Format_ARGB32_Premultiplied);
  image->fill(Qt::transparent);
  QPainter painter(image);
  painter.setRenderHint(QPainter::Antialiasing);
  painter.setOpacity(color.alphaF());
  svg.render(&painter, QRectF(0, 0, side, side));
  painter.end();
  const QImage result = *image;
  cache.insert(key, image);
  return result;
}

QStringList iconNames() {
  QStringList names;
  for (const QString& file : QDir(folder()).entryList({QStringLiteral("*.svg")}, QDir::Files, QDir::Name)) {
    names.append(file.chopped(4));
  }
  return names;
}

IconItem::IconItem(QQuickItem* parent) : QQuickItem(parent) {
  setFlag(ItemHasContents);
  setImplicitSize(m_size, m_size);
}

void IconItem::setName(const QString& name) {
  if (name != m_name) {
    m_name = name;
    redraw();
  }
}

void IconItem::setColor(const QColor& color) {
  if (color != m_color) {
    m_color = color;
    redraw();
  }
}

void IconItem::setSize(int size) {
  const int clamped = std::clamp(size, 1, kMaxSize);
  if (clamped != m_size) {
    m_size = clamped;
    setImplicitSize(clamped, clamped);
    redraw();
  }
}

void IconItem::redraw() {
  polish();
  Q_EMIT changed();
}

void IconItem::itemChange(ItemChange change, const ItemChangeData& data) {
  if (change == ItemDevicePixelRatioHasChanged || (change == ItemSceneChange && data.window)) {
    polish();
  }
  QQuickItem::itemChange(change, data);
}

void IconItem::updatePolish() {
  const qreal ratio = window() ? window()->effectiveDevicePixelRatio() : 1.0;
  m_image = iconImage(m_name, m_color, int(std::ceil(m_size * ratio)));
  m_renewed = true;
  update();
}

QSGNode* IconItem::updatePaintNode(QSGNode* old, UpdatePaintNodeData* /*data*/) {
  auto* node = static_cast<QSGImageNode*>(old);
  if (m_image.isNull() || !window()) {
    delete node;
    return nullptr;
  }
  if (!node) {
    node = window()->createImageNode();
    node->setOwnsTexture(true);
    node->setFiltering(QSGTexture::Linear);
    m_renewed = true;
  }
  if (m_renewed) {
    node->setTexture(window()->createTextureFromImage(m_image, QQuickWindow::TextureHasAlphaChannel));
    node->setSourceRect(QRectF(0, 0, m_image.width(), m_image.height()));
    m_renewed = false;
  }
  // Whole pixels and the drawing's own size, whatever box it was given: that is what keeps it crisp.
  const qreal ratio = window()->effectiveDevicePixelRatio();
  const QSizeF size(m_image.width() / ratio, m_image.height() / ratio);
  const auto snap = [&](qreal v) { return std::round(v * ratio) / ratio; };
  node->setRect(QRectF(QPointF(snap((width() - size.width()) / 2), snap((height() - size.height()) / 2)), size));
  return node;
}

} // namespace univrs::gui
