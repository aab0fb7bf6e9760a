#include "app/gui/code_highlighter.h"

#include "app/gui/yaml_spans.h"

#include <QSyntaxHighlighter>
#include <QTextDocument>

namespace univrs::gui {

class CodeHighlighter::Painter : public QSyntaxHighlighter {
public:
  Painter(QTextDocument* document, CodeHighlighter& owner) : QSyntaxHighlighter(document), m_owner(owner) {}
  int reached = 0; // lines before this one are coloured; those after it are not yet due

protected:
  void highlightBlock(const QString& text) override {
    if (currentBlock().blockNumber() >= reached) {
      return;
    }
    int state = std::max(0, previousBlockState());
    if (m_owner.m_language == QLatin1String("yaml") && text.size() <= kMaxLine) {
      for (const YamlSpan& span : yamlSpans(text, state)) {
        QTextCharFormat format;
        format.setForeground(color(span.piece));
        setFormat(span.start, span.length, format);
      }
    }
    setCurrentBlockState(state);
  }

private:
  [[nodiscard]] QColor color(YamlPiece piece) const {
    switch (piece) {
    case YamlPiece::Key:
      return m_owner.m_keyColor;
    case YamlPiece::Text:
      return m_owner.m_textColor;
    case YamlPiece::Number:
    case YamlPiece::Word:
      return m_owner.m_numberColor;
    case YamlPiece::Comment:
      return m_owner.m_commentColor;
    case YamlPiece::Mark:
      return m_owner.m_markColor;
    case YamlPiece::Reference:
      return m_owner.m_referenceColor;
    }
    return m_owner.m_textColor;
  }
  CodeHighlighter& m_owner;
};

CodeHighlighter::CodeHighlighter(QObject* parent) : QObject(parent) {
  m_timer.setSingleShot(true);
  m_timer.setInterval(0);
  connect(&m_timer, &QTimer::timeout, this, &CodeHighlighter::proceed);
  connect(this, &CodeHighlighter::colorsChanged, this, &CodeHighlighter::restart);
}

CodeHighlighter::~CodeHighlighter() {
  delete m_painter;
}

void CodeHighlighter::setDocument(QQuickTextDocument* document) {
  if (document == m_document) {
    return;
  }
  if (m_document && m_document->textDocument()) {
    m_document->textDocument()->disconnect(this);
  }
  delete m_painter;
  m_document = document;
  if (document && document->textDocument()) {
    QTextDocument* text = document->textDocument();
    m_painter = new Painter(text, *this);
    // A whole new text comes as one change that leaves more lines than were coloured.
    connect(text, &QTextDocument::contentsChange, this, [this](int, int, int added) {
      if (added > kMaxLine) {
        restart();
      }
    });
    connect(text, &QTextDocument::blockCountChanged, this, [this] {
      if (m_done) {
        m_painter->reached = m_document->textDocument()->blockCount();
      } else {
        m_timer.start();
      }
    });
  }
  restart();
  Q_EMIT changed();
}

void CodeHighlighter::setLanguage(const QString& language) {
  if (language != m_language) {
    m_language = language;
    restart();
    Q_EMIT changed();
  }
}

void CodeHighlighter::restart() {
  if (m_painter) {
    m_painter->reached = 0;
    setDone(false);
    m_timer.start();
  }
}

void CodeHighlighter::proceed() {
  if (!m_painter || !m_document || !m_document->textDocument()) {
    return;
  }
  QTextBlock block = m_document->textDocument()->findBlockByNumber(m_painter->reached);
  m_painter->reached += kLinesAtOnce;
  for (int i = 0; i < kLinesAtOnce && block.isValid(); ++i, block = block.next()) {
    m_painter->rehighlightBlock(block);
  }
  if (block.isValid()) {
    m_timer.start();
    return;
  }
  m_painter->reached = m_document->textDocument()->blockCount();
  setDone(true);
}

void CodeHighlighter::setDone(bool done) {
  if (done != m_done) {
    m_done = done;
    Q_EMIT doneChanged();
  }
}

} // namespace univrs::gui
