#include "app/gui/terminal_painter.h"

#include <QFontMetricsF>
#include <QGlyphRun>

#include <algorithm>
#include <cmath>

namespace univrs::gui {
namespace {

constexpr std::array<QRgb, 16> kDark{0xFF33413A, 0xFFF0726C, 0xFF56D3A0, 0xFFE7B04C, 0xFF74B4FB, 0xFFB394FF,
                                     0xFF4FD0D8, 0xFFC6D2CB, 0xFF7D9187, 0xFFFF938D, 0xFF7FE6BD, 0xFFF6C974,
                                     0xFF9ACCFF, 0xFFCBB5FF, 0xFF86E4EA, 0xFFF4FAF6};
constexpr std::array<QRgb, 16> kLight{0xFF14201A, 0xFFB92F28, 0xFF08744D, 0xFF8A5700, 0xFF1A5FB8, 0xFF6038C9,
                                      0xFF066C78, 0xFFC3CEC7, 0xFF52665C, 0xFFC93A32, 0xFF0A7F55, 0xFF946000,
                                      0xFF2568C2, 0xFF6F48D6, 0xFF077A87, 0xFFFFFFFF};
constexpr double kLeastContrast = 2.0; // below, text takes the colour of plain text: nothing is unreadable

double luminance(QRgb c) {
  const auto part = [](int v) {
    const double x = v / 255.0;
    return x <= 0.04045 ? x / 12.92 : std::pow((x + 0.055) / 1.055, 2.4);
  };
  return 0.2126 * part(qRed(c)) + 0.7152 * part(qGreen(c)) + 0.0722 * part(qBlue(c));
}

double contrast(QRgb a, QRgb b) {
  const double x = luminance(a);
  const double y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

QRgb blend(QRgb a, QRgb b, int ofB) { // ofB: 0…100
  const auto part = [&](int x, int y) { return (x * (100 - ofB) + y * ofB) / 100; };
  return qRgb(part(qRed(a), qRed(b)), part(qGreen(a), qGreen(b)), part(qBlue(a), qBlue(b)));
}

} // namespace

void TerminalPainter::setFont(const QString& family, qreal pixelSize, qreal scale) {
  for (size_t i = 0; i < m_fonts.size(); ++i) {
    QFont font(family);
    font.setStyleHint(QFont::Monospace);
    font.setPixelSize(std::clamp(qRound(pixelSize), 6, 64));
    font.setWeight((i & 1) != 0 ? QFont::Bold : QFont::Normal);
    font.setItalic((i & 2) != 0);
    font.setKerning(false);
    m_fonts[i] = font;
    m_faces[i] = {QRawFont::fromFont(font), {}};
  }
  const QFontMetricsF metrics(m_fonts[0]);
  const qreal s = std::clamp(scale, 0.5, 8.0);
  m_pixel = 1 / s;
  const auto whole = [&](qreal v) { return std::max(1.0, std::round(v * s)) / s; };
  m_cellWidth = whole(metrics.horizontalAdvance(QLatin1Char('M')));
  m_cellHeight = std::ceil(metrics.height() * s) / s;
  m_baseline = whole(metrics.ascent());
}

void TerminalPainter::setColours(const QColor& text, const QColor& ground, const QColor& accent,
                                 const QColor& selection, bool dark) {
  m_text = text.rgb();
  m_ground = ground.rgb();
  m_accent = accent;
  m_selection = blend(m_ground, selection.rgb(), 34);
  std::copy_n(dark ? kDark.begin() : kLight.begin(), 16, m_palette.begin());
  for (int i = 0; i < 216; ++i) {
    const auto level = [](int n) { return n == 0 ? 0 : 55 + 40 * n; };
    m_palette[size_t(i) + 16] = qRgb(level(i / 36), level(i / 6 % 6), level(i % 6));
  }
  for (int i = 0; i < 24; ++i) {
    m_palette[size_t(i) + 232] = qRgb(8 + 10 * i, 8 + 10 * i, 8 + 10 * i);
  }
}

QRgb TerminalPainter::colour(TerminalColour c, bool isText) const {
  if ((c & kDirectColour) != 0) {
    return 0xFF000000u | (c & 0xFFFFFFu);
  }
  if ((c & kIndexedColour) != 0) {
    return m_palette[c & 0xFFu];
  }
  return isText ? m_text : m_ground;
}

TerminalPainter::Look TerminalPainter::lookOf(const TerminalCell& cell, bool selected, bool reversed) const {
  Look look{colour(cell.text, true), colour(cell.ground, false), cell.style};
  look.style &= uint16_t(~(TerminalCell::Wide | TerminalCell::WideTail | TerminalCell::Blink));
  if (((cell.style & TerminalCell::Inverse) != 0) != reversed) {
    std::swap(look.text, look.ground);
  }
  if (contrast(look.text, look.ground) < kLeastContrast) {
    look.text = contrast(m_text, look.ground) > contrast(m_ground, look.ground) ? m_text : m_ground;
  }
  if ((cell.style & TerminalCell::Dim) != 0) {
    look.text = blend(look.text, look.ground, 40);
  }
  if (selected) {
    look.ground = m_selection;
    look.text = contrast(look.text, m_selection) < kLeastContrast ? m_text : look.text;
  }
  if ((cell.style & TerminalCell::Hidden) != 0) {
    look.text = look.ground;
  }
  return look;
}

quint32 TerminalPainter::glyph(Face& face, char32_t c) {
  const auto known = face.glyphs.constFind(c);
  if (known != face.glyphs.constEnd()) {
    return *known;
  }
  if (face.glyphs.size() >= kMaxGlyphs) {
    face.glyphs.clear();
  }
  const QList<quint32> found = face.raw.glyphIndexesForString(QString::fromUcs4(&c, 1));
  const quint32 index = found.isEmpty() ? 0 : found.front();
  face.glyphs.insert(c, index);
  return index;
}

// Lines and blocks fill their cells whole, which no font does at every size.
bool TerminalPainter::paintShape(QPainter& painter, char32_t c, const QRectF& cell, QRgb text) const {
  const QColor ink = QColor::fromRgb(text);
  if (c >= 0x2580 && c <= 0x2593) {
    const qreal eighth = cell.height() / 8;
    if (c == 0x2580) {
      painter.fillRect(QRectF(cell.left(), cell.top(), cell.width(), eighth * 4), ink);
    } else if (c <= 0x2588) {
      const qreal h = eighth * qreal(c - 0x2580);
      painter.fillRect(QRectF(cell.left(), cell.bottom() - h, cell.width(), h), ink);
    } else if (c <= 0x258F) {
      painter.fillRect(QRectF(cell.left(), cell.top(), cell.width() * qreal(0x2590 - c) / 8, cell.height()), ink);
    } else if (c == 0x2590) {
      painter.fillRect(QRectF(cell.center().x(), cell.top(), cell.width() / 2, cell.height()), ink);
    } else {
      QColor shade = ink;
      shade.setAlphaF(0.25f * float(c - 0x2590));
      painter.fillRect(cell, shade);
    }
    return true;
  }
  enum { Left = 1, Right = 2, Up = 4, Down = 8 };
  int arms = 0;
  switch (c) {
  case 0x2500:
    arms = Left | Right;
    break;
  case 0x2502:
    arms = Up | Down;
    break;
  case 0x250C:
    arms = Right | Down;
    break;
  case 0x2510:
    arms = Left | Down;
    break;
  case 0x2514:
    arms = Right | Up;
    break;
  case 0x2518:
    arms = Left | Up;
    break;
  case 0x251C:
    arms = Up | Down | Right;
    break;
  case 0x2524:
    arms = Up | Down | Left;
    break;
  case 0x252C:
    arms = Left | Right | Down;
    break;
  case 0x2534:
    arms = Left | Right | Up;
    break;
  case 0x253C:
    arms = Left | Right | Up | Down;
    break;
  default:
    return false;
  }
  const auto whole = [&](qreal v) { return std::floor(v / m_pixel) * m_pixel; };
  const qreal t = std::max(1.0, std::round(m_cellWidth / m_pixel / 9)) * m_pixel;
  const qreal x = cell.left() + whole((cell.width() - t) / 2);
  const qreal y = cell.top() + whole((cell.height() - t) / 2);
  if ((arms & (Left | Right)) != 0) {
    const qreal from = (arms & Left) != 0 ? cell.left() : x;
    const qreal to = (arms & Right) != 0 ? cell.right() : x + t;
    painter.fillRect(QRectF(from, y, to - from, t), ink);
  }
  if ((arms & (Up | Down)) != 0) {
    const qreal from = (arms & Up) != 0 ? cell.top() : y;
    const qreal to = (arms & Down) != 0 ? cell.bottom() : y + t;
    painter.fillRect(QRectF(x, from, t, to - from), ink);
  }
  return true;
}

void TerminalPainter::paintCells(QPainter& painter, const TerminalScreen& screen, const TerminalLine& line, int from,
                                 int to, const Look& look, qreal y) {
  const QColor ink = QColor::fromRgb(look.text);
  painter.setPen(ink);
  const size_t which =
      ((look.style & TerminalCell::Bold) != 0 ? 1u : 0u) | ((look.style & TerminalCell::Italic) != 0 ? 2u : 0u);
  Face& face = m_faces[which];
  QList<quint32> glyphs;
  QList<QPointF> places;
  for (int c = from; c < to; ++c) {
    const TerminalCell cell = line.at(c);
    if (cell.character == 0 || cell.character == U' ') {
      continue;
    }
    const qreal x = c * m_cellWidth;
    const qreal width = (cell.style & TerminalCell::Wide) != 0 ? 2 * m_cellWidth : m_cellWidth;
    if (paintShape(painter, cell.character, QRectF(x, y, width, m_cellHeight), look.text)) {
      continue;
    }
    const quint32 index = cell.marks == 0 ? glyph(face, cell.character) : 0;
    if (index != 0) {
      glyphs << index;
      places << QPointF(x, y + m_baseline);
      continue;
    }
    // Another font has it, and it may be broader than its cells.
    painter.save();
    painter.setClipRect(QRectF(x, y, width, m_cellHeight), Qt::IntersectClip);
    painter.setFont(m_fonts[which]);
    const QString text = screen.cellText(cell);
    const qreal natural = QFontMetricsF(m_fonts[which]).horizontalAdvance(text);
    painter.translate(x, y + m_baseline);
    if (natural > width * 1.02) {
      painter.scale(width / natural, 1);
    }
    painter.drawText(QPointF(0, 0), text);
    painter.restore();
  }
  if (!glyphs.isEmpty()) {
    QGlyphRun run;
    run.setRawFont(face.raw);
    run.setGlyphIndexes(glyphs);
    run.setPositions(places);
    painter.drawGlyphRun(QPointF(0, 0), run);
  }
  const qreal x = from * m_cellWidth;
  const qreal width = (to - from) * m_cellWidth;
  if ((look.style & TerminalCell::Underline) != 0) {
    painter.fillRect(QRectF(x, y + m_baseline + m_pixel, width, m_pixel), ink);
  }
  if ((look.style & TerminalCell::Strike) != 0) {
    painter.fillRect(QRectF(x, y + std::round(m_baseline * 0.68 / m_pixel) * m_pixel, width, m_pixel), ink);
  }
}

void TerminalPainter::paintRow(QPainter& painter, const TerminalScreen& screen, const TerminalLine& line,
                               const Row& row) {
  const int columns = screen.columns();
  const auto lookAt = [&](int c) {
    return lookOf(line.at(c), c >= row.selectedFrom && c < row.selectedTo, screen.reversed());
  };
  for (int c = 0; c < columns;) {
    const Look look = lookAt(c);
    const TerminalCell first = line.at(c);
    int end = c + 1;
    // Cells of the same kind look the same; what is after the last cell is one blank.
    while (end < columns && (end == row.selectedFrom || end == row.selectedTo
                                 ? lookAt(end) == look
                                 : (line.at(end).text == first.text && line.at(end).ground == first.ground &&
                                    ((line.at(end).style ^ first.style) &
                                     ~(TerminalCell::Wide | TerminalCell::WideTail | TerminalCell::Blink)) == 0))) {
      ++end;
    }
    if (look.ground != m_ground) {
      painter.fillRect(QRectF(c * m_cellWidth, row.y, (end - c) * m_cellWidth, m_cellHeight),
                       QColor::fromRgb(look.ground));
    }
    paintCells(painter, screen, line, c, end, look, row.y);
    c = end;
  }
  if (!row.cursor) {
    return;
  }
  int at = std::clamp(*row.cursor, 0, columns - 1);
  if ((line.at(at).style & TerminalCell::WideTail) != 0 && at > 0) {
    --at;
  }
  const TerminalCell under = line.at(at);
  const int width = (under.style & TerminalCell::Wide) != 0 ? 2 : 1;
  const QRectF cell(at * m_cellWidth, row.y, width * m_cellWidth, m_cellHeight);
  const qreal thick = 2 * m_pixel;
  if (!row.focused) {
    painter.fillRect(QRectF(cell.left(), cell.top(), cell.width(), m_pixel), m_accent);
    painter.fillRect(QRectF(cell.left(), cell.bottom() - m_pixel, cell.width(), m_pixel), m_accent);
    painter.fillRect(QRectF(cell.left(), cell.top(), m_pixel, cell.height()), m_accent);
    painter.fillRect(QRectF(cell.right() - m_pixel, cell.top(), m_pixel, cell.height()), m_accent);
  } else if (screen.cursorShape() == TerminalScreen::CursorShape::Bar) {
    painter.fillRect(QRectF(cell.left(), cell.top(), thick, cell.height()), m_accent);
  } else if (screen.cursorShape() == TerminalScreen::CursorShape::Underline) {
    painter.fillRect(QRectF(cell.left(), cell.bottom() - thick, cell.width(), thick), m_accent);
  } else {
    painter.fillRect(cell, m_accent);
    Look look = lookOf(under, false, false);
    look.text = m_ground;
    paintCells(painter, screen, line, at, at + width, look, row.y);
  }
}

void TerminalPainter::paintPreedit(QPainter& painter, const QString& text, int column, qreal y) {
  const qreal x = column * m_cellWidth;
  const qreal width = QFontMetricsF(m_fonts[0]).horizontalAdvance(text);
  painter.fillRect(QRectF(x, y, width, m_cellHeight), QColor::fromRgb(m_selection));
  painter.setPen(QColor::fromRgb(m_text));
  painter.setFont(m_fonts[0]);
  painter.drawText(QPointF(x, y + m_baseline), text);
  painter.fillRect(QRectF(x, y + m_baseline + m_pixel, width, m_pixel), QColor::fromRgb(m_text));
}

} // namespace univrs::gui
