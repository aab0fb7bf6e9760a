// Shows a console and is its keyboard and mouse. Draws only the rows that changed, as often as frames come at most.
//
// Keys go to the program, Tab and Esc too, except: Ctrl+Shift+C copies, Ctrl+Shift+V and Shift+Insert paste,
// Ctrl+Shift+A selects all, Ctrl+Shift+arrows, Home and End select from the cursor on, Shift+PgUp, PgDn, Home and End
// look through what scrolled away, Ctrl+Shift+Tab leaves (leaveRequested), Ctrl+Shift+Enter asks for a larger view.
#pragma once

#include "app/gui/console_session.h"
#include "app/gui/terminal_keys.h"
#include "app/gui/terminal_painter.h"

#include <QColor>
#include <QPointer>
#include <QQuickPaintedItem>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <optional>

namespace univrs::gui {

class TerminalView : public QQuickPaintedItem {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(univrs::gui::ConsoleSession* console READ console WRITE setConsole NOTIFY consoleChanged)
  Q_PROPERTY(QString fontFamily MEMBER m_family WRITE setFontFamily NOTIFY lookChanged)
  Q_PROPERTY(qreal fontSize MEMBER m_fontSize WRITE setFontSize NOTIFY lookChanged)
  Q_PROPERTY(QColor textColor MEMBER m_text WRITE setTextColor NOTIFY lookChanged)
  Q_PROPERTY(QColor groundColor MEMBER m_ground WRITE setGroundColor NOTIFY lookChanged)
  Q_PROPERTY(QColor accentColor MEMBER m_accent WRITE setAccentColor NOTIFY lookChanged)
  Q_PROPERTY(bool dark MEMBER m_dark WRITE setDark NOTIFY lookChanged)
  Q_PROPERTY(bool selected READ selected NOTIFY selectionChanged)
  Q_PROPERTY(int linesAbove READ linesAbove NOTIFY scrolled) // of history
  Q_PROPERTY(int linesBelow READ linesBelow NOTIFY scrolled) // of the view: 0 = at the end
  Q_PROPERTY(int columns READ columns NOTIFY sizeChanged)
  Q_PROPERTY(int rows READ rows NOTIFY sizeChanged)
  Q_PROPERTY(QString text READ text NOTIFY textChanged) // what is on the screen, for screen readers
  Q_PROPERTY(int cursorPosition READ cursorPosition NOTIFY textChanged)
public:
  static constexpr int kResizeMs = 60; // a window being dragged sends one size in this time
  static constexpr int kSpokenMs = 300;
  static constexpr int kWheelLines = 3;

  explicit TerminalView(QQuickItem* parent = nullptr);

  [[nodiscard]] ConsoleSession* console() const { return m_console; }
  void setConsole(ConsoleSession* console);
  void setFontFamily(const QString& family);
  void setFontSize(qreal size);
  void setTextColor(const QColor& colour);
  void setGroundColor(const QColor& colour);
  void setAccentColor(const QColor& colour);
  void setDark(bool dark);
  [[nodiscard]] bool selected() const { return m_from != m_to; }
  [[nodiscard]] int linesAbove() const;
  [[nodiscard]] int linesBelow() const;
  [[nodiscard]] int columns() const { return m_console ? m_console->screen().columns() : 0; }
  [[nodiscard]] int rows() const { return m_console ? m_console->screen().rows() : 0; }
  [[nodiscard]] QString text() const;
  [[nodiscard]] int cursorPosition() const;

  Q_INVOKABLE void copy();
  // Several lines for a program that did not say it knows what was pasted are asked about first: pasteAsked.
  Q_INVOKABLE void paste();
  Q_INVOKABLE void pasteAnyway(); // what was asked about
  Q_INVOKABLE void forgetPaste();
  Q_INVOKABLE void selectAll();
  Q_INVOKABLE void scrollBy(int lines); // > 0: towards the end
  Q_INVOKABLE void scrollTo(int linesAbove);
  Q_INVOKABLE void scrollToEnd();

  void paint(QPainter* painter) override;
  [[nodiscard]] QVariant inputMethodQuery(Qt::InputMethodQuery query) const override;

Q_SIGNALS:
  void consoleChanged();
  void lookChanged();
  void selectionChanged();
  void scrolled();
  void sizeChanged();
  void textChanged();
  void pasteAsked(int lines);
  void pasteRefused(const QString& why);
  void leaveRequested();
  void largerRequested();

protected:
  bool event(QEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void hoverMoveEvent(QHoverEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void inputMethodEvent(QInputMethodEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void geometryChange(const QRectF& now, const QRectF& before) override;
  void itemChange(ItemChange change, const ItemChangeData& value) override;

private:
  enum class Unit : uint8_t { Character, Word, Line };
  void refreshLook();
  void applySize();
  void onScreen();
  void updateRow(int row);
  [[nodiscard]] int64_t topLine() const; // number of the line at the top of the view
  [[nodiscard]] TerminalPosition positionAt(const QPointF& point) const;
  [[nodiscard]] QPoint cellAt(const QPointF& point) const;
  void select(TerminalPosition anchor, TerminalPosition to, Unit unit);
  void clearSelection();
  [[nodiscard]] bool ownKey(const QKeyEvent& event) const;
  bool takeOwnKey(const QKeyEvent& event);
  void extendByKey(int key);
  bool report(TerminalMouse what, TerminalButton button, const QPointF& at, Qt::KeyboardModifiers modifiers);
  void sendFocus(bool in);

  QPointer<ConsoleSession> m_console;
  TerminalPainter m_painter;
  QString m_family{QStringLiteral("JetBrains Mono")};
  qreal m_fontSize = 12;
  QColor m_text{0xE6, 0xEF, 0xEA};
  QColor m_ground{0x0D, 0x13, 0x11};
  QColor m_accent{0x56, 0xD3, 0xA0};
  bool m_dark = true;
  int64_t m_viewTop = -1; // -1: at the end
  int64_t m_shownTop = 0;
  int m_cursorRow = 0;
  uint64_t m_layout = 0;
  std::optional<TerminalPosition> m_anchor; // where the pointer or the keys began
  TerminalPosition m_extent;
  TerminalPosition m_from; // half open
  TerminalPosition m_to;
  Unit m_unit = Unit::Character;
  ulong m_lastDouble = 0;
  QPointF m_lastPress;
  TerminalButton m_reported = TerminalButton::None; // held down, and the program knows
  QPoint m_lastCell{-1, -1};
  int m_wheel = 0;
  QString m_preedit;
  QString m_askedPaste;
  QTimer m_resize;
  QTimer m_spoken;
};

} // namespace univrs::gui
