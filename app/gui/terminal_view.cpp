#include "app/gui/terminal_view.h"

#include <QAccessible>
#include <QClipboard>
#include <QGuiApplication>
#include <QQuickWindow>

#include <algorithm>
#include <cmath>

namespace univrs::gui {

TerminalView::TerminalView(QQuickItem* parent) : QQuickPaintedItem(parent) {
  setFlag(ItemAcceptsInputMethod);
  setFlag(ItemIsFocusScope, false);
  setAcceptedMouseButtons(Qt::LeftButton | Qt::MiddleButton | Qt::RightButton);
  setAcceptHoverEvents(true);
  setActiveFocusOnTab(true);
  setCursor(Qt::IBeamCursor);
  setOpaquePainting(true);
  m_resize.setSingleShot(true);
  m_resize.setInterval(kResizeMs);
  connect(&m_resize, &QTimer::timeout, this, &TerminalView::applySize);
  m_spoken.setSingleShot(true);
  m_spoken.setInterval(kSpokenMs);
  connect(&m_spoken, &QTimer::timeout, this, &TerminalView::textChanged);
  refreshLook();
}

void TerminalView::setConsole(ConsoleSession* console) {
  if (console == m_console) {
    return;
  }
  if (m_console) {
    m_console->disconnect(this);
  }
  m_console = console;
  m_viewTop = -1;
  m_askedPaste.clear();
  m_preedit.clear();
  clearSelection();
  if (console != nullptr) {
    m_layout = console->screen().layout();
    connect(console, &ConsoleSession::screenChanged, this, &TerminalView::onScreen);
    connect(console, &ConsoleSession::stateChanged, this, [this] { update(); });
    refreshLook();
    applySize();
  }
  update();
  Q_EMIT consoleChanged();
  Q_EMIT scrolled();
  Q_EMIT textChanged();
}

void TerminalView::setFontFamily(const QString& family) {
  m_family = family;
  refreshLook();
}
void TerminalView::setFontSize(qreal size) {
  m_fontSize = size;
  refreshLook();
}
void TerminalView::setTextColor(const QColor& colour) {
  m_text = colour;
  refreshLook();
}
void TerminalView::setGroundColor(const QColor& colour) {
  m_ground = colour;
  refreshLook();
}
void TerminalView::setAccentColor(const QColor& colour) {
  m_accent = colour;
  refreshLook();
}
void TerminalView::setDark(bool dark) {
  m_dark = dark;
  refreshLook();
}

void TerminalView::refreshLook() {
  m_painter.setFont(m_family, m_fontSize, window() ? window()->effectiveDevicePixelRatio() : 1.0);
  m_painter.setColours(m_text, m_ground, m_accent, m_accent, m_dark);
  setFillColor(m_ground);
  if (m_console) {
    m_console->screen().setColours(m_text.rgb(), m_ground.rgb());
    m_resize.start();
  }
  update();
  Q_EMIT lookChanged();
}

void TerminalView::geometryChange(const QRectF& now, const QRectF& before) {
  QQuickPaintedItem::geometryChange(now, before);
  if (now.size() != before.size()) {
    m_resize.start();
    update();
  }
}

void TerminalView::itemChange(ItemChange change, const ItemChangeData& value) {
  if (change == ItemDevicePixelRatioHasChanged || (change == ItemSceneChange && value.window != nullptr)) {
    refreshLook();
  } else if (change == ItemVisibleHasChanged && value.boolValue) {
    applySize();
    update();
  }
  QQuickPaintedItem::itemChange(change, value);
}

void TerminalView::applySize() {
  const int newColumns = int(std::floor(width() / m_painter.cellWidth() + 0.001));
  const int newRows = int(std::floor(height() / m_painter.cellHeight() + 0.001));
  if (!m_console || !isVisible() || newColumns < 2 || newRows < 2) {
    return;
  }
  m_console->resize(newColumns, newRows);
  Q_EMIT sizeChanged();
}

// ---- painting

int64_t TerminalView::topLine() const {
  const TerminalScreen& s = m_console->screen();
  const int64_t end = s.firstLine() + s.historyLines();
  return m_viewTop < 0 ? end : std::clamp(m_viewTop, s.firstLine(), end);
}

void TerminalView::onScreen() {
  if (!m_console || !isVisible()) {
    return;
  }
  TerminalScreen& s = m_console->screen();
  if (s.layout() != m_layout) {
    m_layout = s.layout();
    m_viewTop = -1;
    clearSelection();
  }
  const std::vector<bool> dirty = s.takeDirty();
  if (m_viewTop >= 0 || (m_from != m_to && topLine() != m_shownTop)) {
    update(); // rows are not where they were
  } else {
    for (int r = 0; r < int(dirty.size()); ++r) {
      if (dirty[size_t(r)]) {
        updateRow(r);
      }
    }
    updateRow(m_cursorRow);
    updateRow(s.cursorRow());
  }
  m_cursorRow = s.cursorRow();
  if (topLine() != m_shownTop || m_viewTop >= 0) {
    m_shownTop = topLine();
    Q_EMIT scrolled();
  }
  if (QAccessible::isActive() && !m_spoken.isActive()) {
    m_spoken.start();
  }
  if (hasActiveFocus()) {
    updateInputMethod(Qt::ImCursorRectangle);
  }
}

void TerminalView::updateRow(int row) {
  const qreal h = m_painter.cellHeight();
  update(QRectF(0, row * h - 1, width(), h + 2).toAlignedRect());
}

void TerminalView::paint(QPainter* painter) {
  if (!m_console) {
    return;
  }
  const TerminalScreen& s = m_console->screen();
  const qreal h = m_painter.cellHeight();
  const QRectF clip = painter->hasClipping() ? painter->clipBoundingRect() : boundingRect();
  painter->fillRect(clip, m_ground); // also what is left over below the last row and after the last column
  const int first = std::clamp(int(std::floor(clip.top() / h)), 0, s.rows() - 1);
  const int last = std::clamp(int(std::ceil(clip.bottom() / h)), 0, s.rows() - 1);
  const int64_t top = topLine();
  const int64_t cursorLine = s.firstLine() + s.historyLines() + s.cursorRow();
  const bool cursor = s.cursorVisible() && m_console->running();
  for (int r = first; r <= last; ++r) {
    const int64_t number = top + r;
    TerminalPainter::Row row;
    row.y = r * h;
    row.focused = hasActiveFocus();
    if (m_from != m_to && number >= m_from.line && number <= m_to.line) {
      row.selectedFrom = number == m_from.line ? m_from.column : 0;
      row.selectedTo = number == m_to.line ? m_to.column : s.columns();
    }
    if (cursor && number == cursorLine) {
      row.cursor = s.cursorColumn();
    }
    m_painter.paintRow(*painter, s, s.lineByNumber(number), row);
    if (number == cursorLine && !m_preedit.isEmpty()) {
      m_painter.paintPreedit(*painter, m_preedit, s.cursorColumn(), row.y);
    }
  }
}

// ---- looking through what scrolled away

int TerminalView::linesAbove() const {
  return m_console ? int(topLine() - m_console->screen().firstLine()) : 0;
}

int TerminalView::linesBelow() const {
  if (!m_console) {
    return 0;
  }
  const TerminalScreen& s = m_console->screen();
  return int(s.firstLine() + s.historyLines() - topLine());
}

void TerminalView::scrollTo(int above) {
  if (!m_console) {
    return;
  }
  const TerminalScreen& s = m_console->screen();
  const int64_t before = topLine();
  const int line = std::clamp(above, 0, s.historyLines());
  m_viewTop = line == s.historyLines() ? -1 : s.firstLine() + line;
  m_shownTop = topLine();
  if (topLine() != before) {
    update();
    Q_EMIT scrolled();
  }
}

void TerminalView::scrollBy(int lines) {
  scrollTo(linesAbove() + lines);
}

void TerminalView::scrollToEnd() {
  if (m_console) {
    scrollTo(m_console->screen().historyLines());
  }
}

// ---- selection and clipboard

QPoint TerminalView::cellAt(const QPointF& point) const {
  const TerminalScreen& s = m_console->screen();
  return {std::clamp(int(std::floor(point.x() / m_painter.cellWidth())), 0, s.columns() - 1),
          std::clamp(int(std::floor(point.y() / m_painter.cellHeight())), 0, s.rows() - 1)};
}

// Between two characters: the nearer border.
TerminalPosition TerminalView::positionAt(const QPointF& point) const {
  const TerminalScreen& s = m_console->screen();
  const int column = std::clamp(int(std::floor(point.x() / m_painter.cellWidth() + 0.5)), 0, s.columns());
  return {topLine() + cellAt(point).y(), column};
}

void TerminalView::clearSelection() {
  const bool had = selected();
  m_from = m_to = {};
  m_anchor.reset();
  if (had) {
    update();
    Q_EMIT selectionChanged();
  }
}

void TerminalView::select(TerminalPosition anchor, TerminalPosition to, Unit unit) {
  if (!m_console) {
    return;
  }
  const TerminalScreen& s = m_console->screen();
  TerminalPosition from = std::min(anchor, to);
  TerminalPosition end = std::max(anchor, to);
  if (unit == Unit::Line) {
    while (from.line > s.firstLine() && s.lineByNumber(from.line - 1).wrapped) {
      --from.line;
    }
    while (s.lineByNumber(end.line).wrapped) {
      ++end.line;
    }
    from.column = 0;
    end.column = s.columns();
  } else if (unit == Unit::Word) {
    const auto isWord = [&](int64_t line, int column) {
      const TerminalCell cell = s.lineByNumber(line).at(column);
      if ((cell.style & TerminalCell::WideTail) != 0) {
        return true;
      }
      const QString text = s.cellText(cell);
      // Paths, addresses and names are one word each.
      return text[0].isLetterOrNumber() || text[0].isSurrogate() || QStringLiteral("_-./~:@%+=#?&,").contains(text[0]);
    };
    if (isWord(from.line, std::min(from.column, s.columns() - 1))) {
      while (from.column > 0 && isWord(from.line, from.column - 1)) {
        --from.column;
      }
      while (end.column < s.columns() && isWord(end.line, end.column)) {
        ++end.column;
      }
    } else {
      end.column = std::min(end.column + 1, s.columns());
    }
  } else {
    const auto whole = [&](TerminalPosition& p) { // no half characters
      if (p.column < s.columns() && (s.lineByNumber(p.line).at(p.column).style & TerminalCell::WideTail) != 0) {
        ++p.column;
      }
    };
    whole(from);
    whole(end);
  }
  m_from = from;
  m_to = end;
  update();
  Q_EMIT selectionChanged();
}

void TerminalView::selectAll() {
  if (m_console) {
    const TerminalScreen& s = m_console->screen();
    select({s.firstLine(), 0}, {s.firstLine() + s.historyLines() + s.rows() - 1, s.columns()}, Unit::Character);
  }
}

void TerminalView::copy() {
  if (m_console && selected()) {
    QString text = m_console->screen().text(m_from, m_to);
    while (text.endsWith(QStringLiteral("\n\n"))) {
      text.chop(1);
    }
    QGuiApplication::clipboard()->setText(text);
  }
}

void TerminalView::paste() {
  if (!m_console || !m_console->running()) {
    return;
  }
  m_askedPaste = QGuiApplication::clipboard()->text();
  QString plain = m_askedPaste;
  plain.replace(QStringLiteral("\r\n"), QStringLiteral("\n")).replace(QLatin1Char('\r'), QLatin1Char('\n'));
  const qsizetype ends = plain.count(QLatin1Char('\n'));
  const qsizetype lines = ends + (plain.endsWith(QLatin1Char('\n')) ? 0 : 1);
  if (ends > 0 && !m_console->screen().modes().bracketedPaste) {
    Q_EMIT pasteAsked(int(std::min<qsizetype>(lines, 1'000'000)));
  } else {
    pasteAnyway();
  }
}

void TerminalView::pasteAnyway() {
  if (m_console && !m_askedPaste.isEmpty()) {
    if (!m_console->paste(m_askedPaste)) {
      Q_EMIT pasteRefused(
          tr("Nothing was pasted: the text is longer than %1 KiB. Put it in a file and mount or copy that.")
              .arg(ConsoleSession::kMaxPasteBytes >> 10));
    }
    scrollToEnd();
  }
  m_askedPaste.clear();
}

void TerminalView::forgetPaste() {
  m_askedPaste.clear();
}

// ---- for screen readers

QString TerminalView::text() const {
  return m_console ? m_console->screen().visibleText() : QString();
}

int TerminalView::cursorPosition() const {
  if (!m_console) {
    return 0;
  }
  const TerminalScreen& s = m_console->screen();
  const int64_t top = s.firstLine() + s.historyLines();
  return int(s.text({top, 0}, {top + s.cursorRow(), s.cursorColumn()}).size());
}

} // namespace univrs::gui
