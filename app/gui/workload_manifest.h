// The selected workload's spec as YAML: read, edited, checked as one types, and applied as a `replace`.
#pragma once

#include "app/gui/display_text.h"
#include "engine/interfaces/commands.h"

#include <QObject>
#include <QTimer>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

#include <functional>

namespace univrs::gui {

class Actions;

class WorkloadManifest : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(QString text READ text WRITE setText NOTIFY textChanged)
  Q_PROPERTY(bool dirty READ dirty NOTIFY textChanged)       // differs from what is stored
  Q_PROPERTY(bool editable READ editable NOTIFY textChanged) // false: too long to edit here, or being removed
  Q_PROPERTY(bool outdated READ outdated NOTIFY textChanged) // somebody changed it since editing began
  Q_PROPERTY(bool checking READ checking NOTIFY checked)
  Q_PROPERTY(bool canApply READ canApply NOTIFY checked)
  Q_PROPERTY(bool applying READ applying NOTIFY checked)
  Q_PROPERTY(QString blockedBy READ blockedBy NOTIFY checked)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY checked)
  Q_PROPERTY(QVariantList markers READ markers NOTIFY checked) // {line, tone, message}
  Q_PROPERTY(QVariantList changes READ changes NOTIFY checked) // {path, before, after}
  Q_PROPERTY(QVariantList steps READ steps NOTIFY checked)     // {action, object, detail}
  Q_PROPERTY(QString summary READ summary NOTIFY checked)
  Q_PROPERTY(QString cliLine READ cliLine NOTIFY textChanged)
public:
  static constexpr int kCheckDelayMs = 250;       // after the last key
  static constexpr qsizetype kMaxEdited = 65'536; // characters: reading it back takes the window's thread
  static constexpr int kMaxShownChanges = 200;

  WorkloadManifest(interfaces::Commands& commands, Actions& actions, QObject* parent = nullptr);

  // nullptr = nothing selected. An edit under way is kept while the same workload changes.
  void show(const model::Workload* workload);
  Q_INVOKABLE void reset(); // back to what is stored
  Q_INVOKABLE void apply(); // does nothing unless canApply

  [[nodiscard]] QString text() const { return m_text; }
  void setText(const QString& text);
  [[nodiscard]] bool dirty() const { return m_text != m_stored; }
  [[nodiscard]] bool editable() const;
  [[nodiscard]] bool outdated() const { return dirty() && m_baseRevision != m_workload.revision; }
  [[nodiscard]] bool checking() const { return m_delay.isActive() || m_asking; }
  [[nodiscard]] bool applying() const { return m_applying; }
  [[nodiscard]] bool canApply() const { return blockedBy().isEmpty(); }
  [[nodiscard]] QString blockedBy() const;
  [[nodiscard]] Problem problem() const { return m_problem; }
  [[nodiscard]] QVariantList markers() const { return m_markers; }
  [[nodiscard]] QVariantList changes() const;
  [[nodiscard]] QVariantList steps() const;
  [[nodiscard]] QString summary() const { return plainLine(m_plan.summary); }
  [[nodiscard]] QString cliLine() const;

Q_SIGNALS:
  void textChanged();
  void checked();

private:
  void check();
  void forget(); // what was checked
  void fail(const base::Error& error);
  interfaces::Commands& m_commands;
  Actions& m_actions;
  model::Workload m_workload;
  QString m_text;
  QString m_stored;
  int64_t m_baseRevision = 0; // the stored revision that the text began from
  uint64_t m_round = 0;       // an answer about an older text is dropped
  bool m_asking = false;
  bool m_applying = false;
  bool m_planned = false;
  QJsonObject m_spec; // of the text, when it was understood
  interfaces::CommandOutcome m_plan;
  Problem m_problem;
  QVariantList m_markers;
  QTimer m_delay;
};

} // namespace univrs::gui
