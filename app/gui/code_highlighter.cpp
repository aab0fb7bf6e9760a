#include "app/gui/code_highlighter.h"

#include "app/gui/yaml_spans.h"

#include <QTextBlock>
#include <QTextDocument>
#include <QTextLayout>

#include <algorithm>
#include <limits>

namespace univrs::gui {

// Formats are put into the lines' layouts directly and announced once for all of them: QSyntaxHighlighter announces
// every line, and a TextEdit measures the whole document anew at each.
CodeHighlighter::CodeHighlighter(QObject* parent) : QObject(parent) {
  m_timer.setSingleShot(true);
  m_timer.setInterval(0);
  connect(&m_timer, &QTimer::timeout, this, &CodeHighlighter::proceed);
  connect(this, &CodeHighlighter::colorsChanged, this, [this] { restart(0); });
}

void CodeHighlighter::setDocument(QQuickTextDocument* document) {
  if (document == m_document) {
    return;
  }
  if (QTextDocument* old = text()) {
    old->disconnect(this);
  }
  m_document = document;
  if (QTextDocument* now = text()) {
    connect(now, &QTextDocument::contentsChange, this, [this](int position, int /*removed*/, int added) {
      const QTextBlock block = text()->findBlock(position);
      if (!block.isValid()) {
        return;
      }
      if (!m_done) {
        restart(std::min(m_next, block.blockNumber()));
      } else if (added > kMaxLine) {
        restart(block.blockNumber());
      } else {
        colour(block, position + added, false);
      }
    });
  }
  restart(0);
  Q_EMIT changed();
}

void CodeHighlighter::setLanguage(const QString& language) {
  if (language != m_language) {
    m_language = language;
    restart(0);
    Q_EMIT changed();
  }
}

void CodeHighlighter::restart(int fromLine) {
  m_next = fromLine;
  setDone(false);
  m_timer.start();
}

void CodeHighlighter::proceed() {
  if (text()) {
    colour(text()->findBlockByNumber(m_next), std::numeric_limits<int>::max(), true);
  }
}

void CodeHighlighter::colour(QTextBlock block, int atLeast, bool always) {
  const int from = block.isValid() ? block.position() : 0;
  int to = from;
  bool cascade = true;
  for (int lines = 0; block.isValid() && cascade; ++lines, block = block.next()) {
    if (lines >= kLinesAtOnce) {
      restart(block.blockNumber());
      break;
    }
    int state = std::max(0, block.previous().isValid() ? block.previous().userState() : 0);
    QList<QTextLayout::FormatRange> formats;
    const QString line = block.text();
    if (m_language == QLatin1String("yaml") && line.size() <= kMaxLine) {
      for (const YamlSpan& span : yamlSpans(line, state)) {
        QTextLayout::FormatRange range;
        range.start = span.start;
        range.length = span.length;
        range.format.setForeground(color(span.piece));
        formats.append(range);
      }
    }
    cascade = always || block.position() + block.length() <= atLeast || block.userState() != state;
    block.setUserState(state);
    block.layout()->setFormats(formats);
    to = block.position() + block.length();
  }
  if (to > from) {
    text()->markContentsDirty(from, to - from);
  }
  if (!block.isValid()) {
    m_timer.stop();
    setDone(true);
  }
}

QColor CodeHighlighter::color(YamlPiece piece) const {
  switch (piece) {
  case YamlPiece::Key:
    return m_keyColor;
  case YamlPiece::Text:
    return m_textColor;
  case YamlPiece::Number:
  case YamlPiece::Word:
    return m_numberColor;
  case YamlPiece::Comment:
    return m_commentColor;
  case YamlPiece::Mark:
    return m_markColor;
  case YamlPiece::Reference:
    return m_referenceColor;
  }
  return m_textColor;
}

void CodeHighlighter::setDone(bool done) {
  if (done != m_done) {
    m_done = done;
    Q_EMIT doneChanged();
  }
}

} // namespace univrs::gui
