// Colours the text of a TextEdit, a part at each turn of the event loop, so that a large document does not hold up the
// window; what is typed afterwards is coloured at once.
#pragma once

#include <QColor>
#include <QObject>
#include <QPointer>
#include <QQuickTextDocument>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

class QTextBlock;
class QTextDocument;

namespace univrs::gui {

enum class YamlPiece;

class CodeHighlighter : public QObject {
  Q_OBJECT
  QML_ELEMENT
  Q_PROPERTY(QQuickTextDocument* document READ document WRITE setDocument NOTIFY changed)
  Q_PROPERTY(QString language READ language WRITE setLanguage NOTIFY changed) // "yaml"; others are left plain
  Q_PROPERTY(QColor keyColor MEMBER m_keyColor NOTIFY colorsChanged)
  Q_PROPERTY(QColor textColor MEMBER m_textColor NOTIFY colorsChanged)
  Q_PROPERTY(QColor numberColor MEMBER m_numberColor NOTIFY colorsChanged)
  Q_PROPERTY(QColor commentColor MEMBER m_commentColor NOTIFY colorsChanged)
  Q_PROPERTY(QColor markColor MEMBER m_markColor NOTIFY colorsChanged)
  Q_PROPERTY(QColor referenceColor MEMBER m_referenceColor NOTIFY colorsChanged)
  Q_PROPERTY(bool done READ done NOTIFY doneChanged)
public:
  static constexpr int kLinesAtOnce = 400;
  static constexpr int kMaxLine = 4'000; // characters; a longer line stays plain

  explicit CodeHighlighter(QObject* parent = nullptr);
  [[nodiscard]] QQuickTextDocument* document() const { return m_document; }
  void setDocument(QQuickTextDocument* document);
  [[nodiscard]] QString language() const { return m_language; }
  void setLanguage(const QString& language);
  [[nodiscard]] bool done() const { return m_done; }

Q_SIGNALS:
  void changed();
  void colorsChanged();
  void doneChanged();

private:
  void restart(int fromLine);
  void proceed();
  // Colours at least up to `atLeast` (a position), on while the state of a line end changes, at most kLinesAtOnce
  // lines.
  void colour(QTextBlock block, int atLeast, bool always);
  [[nodiscard]] QColor color(YamlPiece piece) const;
  [[nodiscard]] QTextDocument* text() const { return m_document ? m_document->textDocument() : nullptr; }
  void setDone(bool done);
  QPointer<QQuickTextDocument> m_document;
  QString m_language = QStringLiteral("yaml");
  QColor m_keyColor;
  QColor m_textColor;
  QColor m_numberColor;
  QColor m_commentColor;
  QColor m_markColor;
  QColor m_referenceColor;
  QTimer m_timer;
  int m_next = 0; // the first line that is not coloured yet
  bool m_done = false;
};

} // namespace univrs::gui
