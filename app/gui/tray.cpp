#include "app/gui/tray.h"

#include "app/gui/desk.h"

#include <QPainter>
#include <QPainterPath>
#include <QPixmap>

namespace univrs::gui {
namespace {

// As Theme's, in the shade that shows on dark and light panels.
QColor toneColour(const QString& tone) {
  if (tone == QLatin1String("good")) {
    return QColor(0x2f, 0xb3, 0x80);
  }
  if (tone == QLatin1String("busy")) {
    return QColor(0x4a, 0x90, 0xe2);
  }
  if (tone == QLatin1String("warn")) {
    return QColor(0xd8, 0x96, 0x1f);
  }
  if (tone == QLatin1String("bad")) {
    return QColor(0xd9, 0x4f, 0x48);
  }
  return QColor(0x8e, 0xa2, 0x98);
}

} // namespace

QIcon markIcon(const QString& tone) {
  QIcon icon;
  for (const int size : {16, 22, 32, 48, 64, 128}) {
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter p(&pixmap);
    p.setRenderHint(QPainter::Antialiasing);
    p.scale(size / 16.0, size / 16.0);
    p.setPen(Qt::NoPen);
    p.setBrush(QColor(0x13, 0x1b, 0x18));
    p.drawRoundedRect(QRectF(0, 0, 16, 16), 4, 4);
    p.setPen(QPen(QColor(0x56, 0xd3, 0xa0), 1.5, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    p.setBrush(Qt::NoBrush);
    QPainterPath mark;
    mark.moveTo(8, 13.6);
    mark.lineTo(8, 2.6);
    mark.moveTo(8, 10);
    mark.cubicTo(4.8, 10, 3.5, 8, 3.5, 4.8);
    mark.moveTo(8, 10);
    mark.cubicTo(11.2, 10, 12.5, 8, 12.5, 4.8);
    p.drawPath(mark);
    if (!tone.isEmpty()) {
      p.setPen(QPen(QColor(0x13, 0x1b, 0x18), 1));
      p.setBrush(toneColour(tone));
      p.drawEllipse(QRectF(10, 10, 5.4, 5.4));
    }
    icon.addPixmap(pixmap);
  }
  return icon;
}

Tray::Tray(Desk& desk, std::function<void()> show, QObject* parent)
    : QObject(parent), m_desk(desk), m_show(std::move(show)) {
  m_health = m_menu.addAction(QString());
  m_health->setEnabled(false);
  m_counts = m_menu.addAction(QString());
  m_counts->setEnabled(false);
  m_menu.addSeparator();
  m_menu.addAction(tr("Show window"), this, [this] { m_show(); });
  m_menu.addAction(tr("Deploy a file…"), this, [this] {
    m_show();
    m_desk.perform(QStringLiteral("open_file"), {});
  });
  m_menu.addAction(tr("Paste and deploy"), this, [this] {
    m_show();
    m_desk.perform(QStringLiteral("paste"), {});
  });
  m_menu.addSeparator();
  m_quit = m_menu.addAction(tr("Quit"), this, [this] { m_desk.leaving()->quit(); });
  connect(&m_menu, &QMenu::aboutToShow, this, [this] { m_quit->setText(m_desk.leaving()->consequence()); });
  connect(&m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
    if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick) {
      m_show();
    }
  });
  connect(&m_icon, &QSystemTrayIcon::messageClicked, this, [this] { m_show(); });
  connect(&m_desk, &Desk::healthChanged, this, &Tray::refresh);
  m_icon.setContextMenu(&m_menu);
  refresh();
  m_icon.show();
}

void Tray::refresh() {
  const QString tone = m_desk.tone();
  if (tone != m_tone || m_icon.icon().isNull()) {
    m_tone = tone;
    m_icon.setIcon(markIcon(tone));
  }
  m_health->setText(m_desk.word());
  m_counts->setText(m_desk.summary());
  m_counts->setVisible(!m_desk.summary().isEmpty());
  m_icon.setToolTip(tr("Univrs: %1").arg(m_desk.word()));
}

void Tray::message(const QString& title, const QString& body) {
  m_icon.showMessage(title, body, markIcon(m_tone));
}

} // namespace univrs::gui
