// The keyboard and the mouse of TerminalView.
#include "app/gui/terminal_view.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QStyleHints>

#include <algorithm>
#include <cmath>

namespace univrs::gui {
namespace {

constexpr Qt::KeyboardModifiers kControlShift = Qt::ControlModifier | Qt::ShiftModifier;

Qt::KeyboardModifiers modifiersOf(const QKeyEvent& event) {
  return event.modifiers() & (Qt::ShiftModifier | Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier);
}

TerminalButton buttonOf(Qt::MouseButton button) {
  return button == Qt::LeftButton     ? TerminalButton::Left
         : button == Qt::MiddleButton ? TerminalButton::Middle
         : button == Qt::RightButton  ? TerminalButton::Right
                                      : TerminalButton::None;
}

} // namespace

// ---- keys

bool TerminalView::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride && m_console && m_console->running()) {
    event->accept(); // Ctrl+K, Ctrl+N, Esc and the like are the program's while it has the keyboard
    return true;
  }
  return QQuickPaintedItem::event(event);
}

bool TerminalView::ownKey(const QKeyEvent& event) const {
  const Qt::KeyboardModifiers m = modifiersOf(event);
  const int key = event.key();
  if (m == kControlShift) {
    for (const int own : {Qt::Key_C, Qt::Key_V, Qt::Key_A, Qt::Key_Tab, Qt::Key_Backtab, Qt::Key_Return, Qt::Key_Enter,
                          Qt::Key_Left, Qt::Key_Right, Qt::Key_Up, Qt::Key_Down, Qt::Key_Home, Qt::Key_End}) {
      if (key == own) {
        return true;
      }
    }
  }
  if (m == Qt::ShiftModifier && key == Qt::Key_Insert) {
    return true;
  }
  const bool looking = m_console && !m_console->screen().alternate();
  return m == Qt::ShiftModifier && looking &&
         (key == Qt::Key_PageUp || key == Qt::Key_PageDown || key == Qt::Key_Home || key == Qt::Key_End);
}

bool TerminalView::takeOwnKey(const QKeyEvent& event) {
  if (!ownKey(event)) {
    return false;
  }
  const bool withControl = modifiersOf(event) == kControlShift;
  switch (event.key()) {
  case Qt::Key_C:
    copy();
    break;
  case Qt::Key_V:
  case Qt::Key_Insert:
    paste();
    break;
  case Qt::Key_A:
    selectAll();
    break;
  case Qt::Key_Tab:
  case Qt::Key_Backtab:
    Q_EMIT leaveRequested();
    break;
  case Qt::Key_Return:
  case Qt::Key_Enter:
    Q_EMIT largerRequested();
    break;
  case Qt::Key_PageUp:
    scrollBy(-std::max(1, rows() - 1));
    break;
  case Qt::Key_PageDown:
    scrollBy(std::max(1, rows() - 1));
    break;
  case Qt::Key_Home:
    withControl ? extendByKey(event.key()) : scrollTo(0);
    break;
  case Qt::Key_End:
    withControl ? extendByKey(event.key()) : scrollToEnd();
    break;
  default:
    extendByKey(event.key());
    break;
  }
  return true;
}

void TerminalView::extendByKey(int key) {
  if (!m_console) {
    return;
  }
  const TerminalScreen& s = m_console->screen();
  const int64_t end = s.firstLine() + s.historyLines();
  if (!selected() || !m_anchor) {
    m_anchor = TerminalPosition{end + s.cursorRow(), s.cursorColumn()};
    m_extent = *m_anchor;
  }
  TerminalPosition& p = m_extent;
  const int64_t last = end + s.rows() - 1;
  switch (key) {
  case Qt::Key_Left:
    if (p.column > 0) {
      --p.column;
    } else if (p.line > s.firstLine()) {
      --p.line;
      p.column = s.columns();
    }
    break;
  case Qt::Key_Right:
    if (p.column < s.columns()) {
      ++p.column;
    } else if (p.line < last) {
      ++p.line;
      p.column = 0;
    }
    break;
  case Qt::Key_Up:
    p.line = std::max(s.firstLine(), p.line - 1);
    break;
  case Qt::Key_Down:
    p.line = std::min(last, p.line + 1);
    break;
  case Qt::Key_Home:
    p.column = 0;
    break;
  default:
    p.column = s.columns();
    break;
  }
  if (p.line < topLine()) {
    scrollTo(int(p.line - s.firstLine()));
  } else if (p.line >= topLine() + s.rows()) {
    scrollTo(int(p.line - s.rows() + 1 - s.firstLine()));
  }
  select(*m_anchor, p, Unit::Character);
}

void TerminalView::keyPressEvent(QKeyEvent* event) {
  if (!m_console || takeOwnKey(*event)) {
    event->setAccepted(bool(m_console));
    return;
  }
  if (!m_console->running()) {
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
      m_console->runAgain();
    } else {
      event->ignore(); // Tab and Esc are the window's again
    }
    return;
  }
  const std::string bytes = terminalKey(event->key(), event->modifiers(), event->text(), m_console->screen().modes());
  if (!bytes.empty()) {
    clearSelection();
    scrollToEnd();
    m_console->send(bytes);
  }
  event->accept();
}

void TerminalView::inputMethodEvent(QInputMethodEvent* event) {
  if (m_console && m_console->running() && !event->commitString().isEmpty()) {
    scrollToEnd();
    m_console->send(event->commitString().toStdString());
  }
  if (m_preedit != event->preeditString()) {
    m_preedit = event->preeditString();
    update();
  }
  event->accept();
}

QVariant TerminalView::inputMethodQuery(Qt::InputMethodQuery query) const {
  switch (query) {
  case Qt::ImEnabled:
    return m_console && m_console->running();
  case Qt::ImCursorRectangle: {
    const int row = m_console ? m_console->screen().cursorRow() : 0;
    const int column = m_console ? m_console->screen().cursorColumn() : 0;
    return QRectF(column * m_painter.cellWidth(), row * m_painter.cellHeight(), m_painter.cellWidth(),
                  m_painter.cellHeight());
  }
  case Qt::ImFont:
    return m_painter.font();
  case Qt::ImHints:
    return int(Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase | Qt::ImhMultiLine);
  default:
    return QQuickPaintedItem::inputMethodQuery(query);
  }
}

void TerminalView::sendFocus(bool in) {
  if (m_console && m_console->screen().modes().focusReports) {
    m_console->send(in ? "\x1b[I" : "\x1b[O");
  }
  update();
}

void TerminalView::focusInEvent(QFocusEvent* event) {
  QQuickPaintedItem::focusInEvent(event);
  sendFocus(true);
}

void TerminalView::focusOutEvent(QFocusEvent* event) {
  QQuickPaintedItem::focusOutEvent(event);
  m_preedit.clear();
  sendFocus(false);
}

// ---- mouse

bool TerminalView::report(TerminalMouse what, TerminalButton button, const QPointF& at,
                          Qt::KeyboardModifiers modifiers) {
  // Shift selects as always, whatever the program wants of the mouse.
  if (!m_console || !m_console->running() || modifiers.testFlag(Qt::ShiftModifier) ||
      m_console->screen().modes().mouse == TerminalModes::NoMouse) {
    return false;
  }
  const QPoint cell = cellAt(at);
  if (what == TerminalMouse::Move && cell == m_lastCell) {
    return true;
  }
  m_lastCell = cell;
  m_console->send(terminalMouse(what, button, cell.x(), cell.y(), modifiers, m_console->screen().modes()));
  return true;
}

void TerminalView::mousePressEvent(QMouseEvent* event) {
  forceActiveFocus(Qt::MouseFocusReason);
  if (!m_console) {
    return;
  }
  const TerminalButton button = buttonOf(event->button());
  if (report(TerminalMouse::Press, button, event->position(), event->modifiers())) {
    m_reported = button;
    return;
  }
  if (event->button() == Qt::MiddleButton) {
    const QClipboard* clipboard = QGuiApplication::clipboard();
    if (clipboard->supportsSelection() && m_console->running()) {
      const QString text = clipboard->text(QClipboard::Selection);
      if (!text.contains(QLatin1Char('\n')) || m_console->screen().modes().bracketedPaste) {
        (void)m_console->paste(text);
      }
    }
    return;
  }
  if (event->button() != Qt::LeftButton) {
    return;
  }
  const ulong now = event->timestamp();
  const bool third = m_lastDouble != 0 &&
                     now - m_lastDouble < ulong(QGuiApplication::styleHints()->mouseDoubleClickInterval()) &&
                     (event->position() - m_lastPress).manhattanLength() < 8;
  m_lastDouble = 0;
  const TerminalPosition at = positionAt(event->position());
  if (event->modifiers().testFlag(Qt::ShiftModifier) && m_anchor) {
    m_extent = at;
    select(*m_anchor, at, m_unit);
    return;
  }
  clearSelection();
  m_anchor = at;
  m_unit = third ? Unit::Line : Unit::Character;
  if (third) {
    select(at, at, Unit::Line);
  }
}

void TerminalView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (!m_console) {
    return;
  }
  if (report(TerminalMouse::Press, buttonOf(event->button()), event->position(), event->modifiers())) {
    m_reported = buttonOf(event->button());
    return;
  }
  if (event->button() == Qt::LeftButton) {
    const QPoint cell = cellAt(event->position());
    m_lastDouble = std::max<ulong>(1, event->timestamp());
    m_lastPress = event->position();
    m_unit = Unit::Word;
    m_anchor = TerminalPosition{topLine() + cell.y(), cell.x()};
    select(*m_anchor, *m_anchor, Unit::Word);
  }
}

void TerminalView::mouseMoveEvent(QMouseEvent* event) {
  if (!m_console) {
    return;
  }
  if (m_reported != TerminalButton::None) {
    (void)report(TerminalMouse::Move, m_reported, event->position(), event->modifiers());
    return;
  }
  if (!m_anchor || (event->buttons() & Qt::LeftButton) == 0) {
    return;
  }
  if (event->position().y() < 0) {
    scrollBy(-1);
  } else if (event->position().y() > height()) {
    scrollBy(1);
  }
  m_extent = positionAt(event->position());
  select(*m_anchor, m_extent, m_unit);
}

void TerminalView::mouseReleaseEvent(QMouseEvent* event) {
  if (!m_console) {
    return;
  }
  if (m_reported != TerminalButton::None) {
    (void)report(TerminalMouse::Release, m_reported, event->position(), event->modifiers());
    m_reported = TerminalButton::None;
    return;
  }
  QClipboard* clipboard = QGuiApplication::clipboard();
  if (event->button() == Qt::LeftButton && selected() && clipboard->supportsSelection()) {
    clipboard->setText(m_console->screen().text(m_from, m_to), QClipboard::Selection);
  }
}

void TerminalView::hoverMoveEvent(QHoverEvent* event) {
  if (m_console && m_console->screen().modes().mouse == TerminalModes::AllMoves) {
    (void)report(TerminalMouse::Move, TerminalButton::None, event->position(), event->modifiers());
  }
}

void TerminalView::wheelEvent(QWheelEvent* event) {
  if (!m_console) {
    event->ignore();
    return;
  }
  m_wheel += event->angleDelta().y() * kWheelLines;
  const int lines = m_wheel / 120;
  m_wheel -= lines * 120;
  event->accept();
  const TerminalScreen& s = m_console->screen();
  const int steps = std::min(std::abs(lines), 100);
  const bool mouse = s.modes().mouse != TerminalModes::NoMouse && !event->modifiers().testFlag(Qt::ShiftModifier);
  if (m_console->running() && mouse) {
    for (int i = 0; i < (steps + kWheelLines - 1) / kWheelLines; ++i) {
      (void)report(TerminalMouse::Press, lines > 0 ? TerminalButton::WheelUp : TerminalButton::WheelDown,
                   event->position(), event->modifiers());
    }
  } else if (m_console->running() && s.alternate() && s.modes().alternateScroll) {
    for (int i = 0; i < steps; ++i) {
      m_console->send(terminalKey(lines > 0 ? Qt::Key_Up : Qt::Key_Down, Qt::NoModifier, {}, s.modes()));
    }
  } else {
    scrollBy(-lines);
  }
}

} // namespace univrs::gui
