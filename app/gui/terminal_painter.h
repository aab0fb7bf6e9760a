// Paints rows of a terminal screen: each character in its cell, at whole device pixels.
#pragma once

#include "app/gui/terminal_screen.h"

#include <QColor>
#include <QFont>
#include <QHash>
#include <QPainter>
#include <QRawFont>

#include <array>
#include <optional>

namespace univrs::gui {

class TerminalPainter {
public:
  static constexpr int kMaxGlyphs = 8'192; // remembered of one font

  // Sizes in logical pixels; scale = device pixels in one.
  void setFont(const QString& family, qreal pixelSize, qreal scale);
  void setColours(const QColor& text, const QColor& ground, const QColor& accent, const QColor& selection, bool dark);
  [[nodiscard]] qreal cellWidth() const { return m_cellWidth; }
  [[nodiscard]] qreal cellHeight() const { return m_cellHeight; }
  [[nodiscard]] const QFont& font() const { return m_fonts[0]; }

  struct Row {
    qreal y = 0;
    int selectedFrom = 0; // columns, half open
    int selectedTo = 0;
    std::optional<int> cursor; // its column
    bool focused = false;
  };
  void paintRow(QPainter& painter, const TerminalScreen& screen, const TerminalLine& line, const Row& row);
  // Text being composed, over the cells from `column` on.
  void paintPreedit(QPainter& painter, const QString& text, int column, qreal y);

private:
  struct Look {
    QRgb text = 0;
    QRgb ground = 0;
    uint16_t style = 0;
    bool operator==(const Look&) const = default;
  };
  struct Face {
    QRawFont raw;
    QHash<char32_t, quint32> glyphs;
  };
  [[nodiscard]] Look lookOf(const TerminalCell& cell, bool selected, bool reversed) const;
  [[nodiscard]] QRgb colour(TerminalColour colour, bool isText) const;
  quint32 glyph(Face& face, char32_t c);
  bool paintShape(QPainter& painter, char32_t c, const QRectF& cell, QRgb text) const;
  void paintCells(QPainter& painter, const TerminalScreen& screen, const TerminalLine& line, int from, int to,
                  const Look& look, qreal y);
  std::array<QFont, 4> m_fonts; // bit 0 bold, bit 1 italic
  std::array<Face, 4> m_faces;
  qreal m_cellWidth = 8;
  qreal m_cellHeight = 16;
  qreal m_baseline = 12;
  qreal m_pixel = 1; // one device pixel
  std::array<QRgb, 256> m_palette{};
  QRgb m_text = 0xFFE6EFEA;
  QRgb m_ground = 0xFF0D1311;
  QColor m_accent;
  QRgb m_selection = 0;
};

} // namespace univrs::gui
