// Adding a node: what was typed, checked by asking the node who it is before it is kept.
#pragma once

#include "app/gui/display_text.h"
#include "app/gui/gui_module.h"
#include "app/gui/node_book.h"

#include <QObject>

namespace univrs::gui {

class NodeForm : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Desk")
  Q_PROPERTY(QString url MEMBER m_url NOTIFY changed)
  Q_PROPERTY(QString token MEMBER m_token NOTIFY changed)
  Q_PROPERTY(QString tokenFile MEMBER m_tokenFile NOTIFY changed)
  Q_PROPERTY(QString caFile MEMBER m_caFile NOTIFY changed)
  Q_PROPERTY(bool insecure MEMBER m_insecure NOTIFY changed)
  Q_PROPERTY(bool busy READ busy NOTIFY busyChanged)
  Q_PROPERTY(bool complete READ complete NOTIFY changed)
  Q_PROPERTY(QString caution READ caution NOTIFY changed)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY busyChanged)
public:
  NodeForm(EngineFactory makeEngine, TokenStore& tokens, QObject* parent = nullptr);
  ~NodeForm() override;

  Q_INVOKABLE void clear();
  // Asks the node; then it is kept, or `problem` says why not.
  Q_INVOKABLE void check();
  Q_INVOKABLE void cancel();

  [[nodiscard]] bool busy() const { return m_busy; }
  [[nodiscard]] bool complete() const { return !nodeUrl(m_url).isEmpty(); }
  // Something to know before going on: a token that would travel in the clear.
  [[nodiscard]] QString caution() const;
  [[nodiscard]] Problem problem() const { return m_problem; }
  // Whether `url` is already there; set by Desk.
  std::function<bool(const QString& url)> known;

Q_SIGNALS:
  void changed();
  void busyChanged();
  // It answered. `token` is to be kept when the node names no file.
  void accepted(const univrs::gui::KnownNode& node, const QString& token, const QString& nodeName);

private:
  void ask(const QString& token);
  void fail(const Problem& problem);
  EngineFactory m_makeEngine;
  TokenStore& m_tokens;
  QString m_url;
  QString m_token;
  QString m_tokenFile;
  QString m_caFile;
  bool m_insecure = false;
  bool m_busy = false;
  int m_round = 0; // answers to an older question are dropped
  Problem m_problem;
  std::unique_ptr<interfaces::Engine> m_engine;
};

} // namespace univrs::gui
