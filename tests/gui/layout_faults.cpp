#include "tests/gui/layout_faults.h"

#include <QQuickItem>

#include <algorithm>

namespace univrs::gui::test {
namespace {

constexpr qreal kSlack = 1.5; // px: fonts round

struct Seen {
  QQuickItem* item = nullptr;
  const QQuickItem* layer = nullptr; // what lies on something else on purpose: a popup, the inspector, a message
  QRectF ink;                        // of the letters, as far as they are not cut off, in the window
  QString text;
};

bool isLayer(const QQuickItem& item) {
  const QString name = item.objectName();
  return name == QLatin1String("inspector") || name == QLatin1String("toast") || name == QLatin1String("banner") ||
         item.inherits("QQuickOverlay") || item.inherits("QQuickPopupItem");
}

QRectF inWindow(const QQuickItem& item) {
  return item.mapRectToScene(QRectF(0, 0, item.width(), item.height()));
}

// Where the letters are in the item: it may be wider than they are.
QRectF inkOf(const QQuickItem& text) {
  const qreal width = std::min(text.property("contentWidth").toReal(), text.width());
  const qreal height = std::min(text.property("contentHeight").toReal(), text.height());
  qreal x = 0;
  switch (text.property("effectiveHorizontalAlignment").toInt()) {
  case Qt::AlignRight:
    x = text.width() - width;
    break;
  case Qt::AlignHCenter:
    x = (text.width() - width) / 2;
    break;
  default:
    break;
  }
  qreal y = 0;
  switch (text.property("verticalAlignment").toInt()) {
  case Qt::AlignBottom:
    y = text.height() - height;
    break;
  case Qt::AlignVCenter:
    y = (text.height() - height) / 2;
    break;
  default:
    break;
  }
  return {x, y, width, height};
}

QString describe(const Seen& seen) {
  QString shown = seen.text.left(40);
  shown.replace(QLatin1Char('\n'), QLatin1Char(' '));
  return QStringLiteral("“%1” at %2,%3 %4x%5")
      .arg(shown)
      .arg(seen.ink.x(), 0, 'f', 0)
      .arg(seen.ink.y(), 0, 'f', 0)
      .arg(seen.ink.width(), 0, 'f', 0)
      .arg(seen.ink.height(), 0, 'f', 0);
}

class Look {
public:
  Look(QQuickWindow& window, QStringList wanted)
      : m_window(QRectF(QPointF(0, 0), QSizeF(window.size()))), m_wanted(std::move(wanted)) {}

  LayoutReport report(QQuickItem& root) {
    walk(root, m_window, nullptr);
    for (const QString& name : m_wanted) {
      m_report.faults << QStringLiteral("%1 is not shown").arg(name);
    }
    overlaps();
    m_report.texts = int(m_texts.size());
    return m_report;
  }

private:
  void walk(QQuickItem& item, QRectF clip, const QQuickItem* layer) {
    if (!item.isVisible() || item.opacity() < 0.05) {
      return;
    }
    if (isLayer(item)) {
      layer = &item;
    }
    const QRectF box = inWindow(item);
    if (m_wanted.removeOne(item.objectName()) && !m_window.adjusted(-kSlack, -kSlack, kSlack, kSlack).contains(box)) {
      m_report.faults << QStringLiteral("%1 is not whole in the window").arg(item.objectName());
    }
    if (item.clip()) {
      clip = clip.intersected(box);
    }
    if (item.inherits("QQuickText")) {
      look(item, clip, layer);
    }
    for (QQuickItem* child : item.childItems()) {
      walk(*child, clip, layer);
    }
  }
  void look(QQuickItem& item, const QRectF& clip, const QQuickItem* layer) {
    const QString text = item.property("text").toString();
    if (text.trimmed().isEmpty()) {
      return;
    }
    const QRectF whole = item.mapRectToScene(inkOf(item));
    const QRectF ink = whole.intersected(clip);
    if (ink.width() < 1 || ink.height() < 1) {
      return;
    }
    const Seen seen{&item, layer, ink, text};
    if (item.property("contentWidth").toReal() > item.width() + kSlack) {
      m_report.faults << QStringLiteral("spills out of its place (%1 of %2): %3")
                             .arg(item.property("contentWidth").toReal(), 0, 'f', 0)
                             .arg(item.width(), 0, 'f', 0)
                             .arg(describe(seen));
    }
    if (whole.right() > m_window.right() + kSlack && clip.right() >= m_window.right()) {
      m_report.faults << QStringLiteral("runs out of the window: %1").arg(describe(seen));
    }
    m_texts.push_back(seen);
  }
  void overlaps() {
    for (size_t i = 0; i < m_texts.size(); ++i) {
      for (size_t j = i + 1; j < m_texts.size(); ++j) {
        const QRectF both = m_texts[i].ink.intersected(m_texts[j].ink);
        if (m_texts[i].layer == m_texts[j].layer && both.width() > 2 * kSlack && both.height() > 2 * kSlack) {
          m_report.faults << QStringLiteral("%1 lies on %2").arg(describe(m_texts[i]), describe(m_texts[j]));
        }
      }
    }
  }
  const QRectF m_window;
  QStringList m_wanted;
  std::vector<Seen> m_texts;
  LayoutReport m_report;
};

} // namespace

LayoutReport lookAt(QQuickWindow& window, const QStringList& wanted) {
  return Look(window, wanted).report(*window.contentItem());
}

} // namespace univrs::gui::test
