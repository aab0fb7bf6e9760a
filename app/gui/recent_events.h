// What happened lately, newest first: of everything, or of one object. The history is asked for once, the rest comes
// live.
#pragma once

#include "app/gui/coalescer.h"
#include "app/gui/display_text.h"
#include "app/gui/newest_first.h"
#include "engine/base/clock.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <string>
#include <vector>

namespace univrs::gui {

class RecentEvents : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(bool loading READ loading NOTIFY loadingChanged)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY loadingChanged)
public:
  enum Role {
    IdRole = Qt::UserRole + 1,
    ToneRole,
    SeverityRole, // "info", "warning", "error" in words
    KindRole,     // "node_ready": what it is called in scripts
    ObjectRole,
    MessageRole,
    AgeRole,
    TimeRole,
    CountRole,
    ViewRole, // where its object is shown: "workloads", "nodes"; empty = nowhere
    TargetRole
  };

  // At most `most` rows, 1…1000. `engine` outlives this.
  RecentEvents(interfaces::Events& engine, const base::Clock& clock, int most, QObject* parent = nullptr);

  // Only those of this object; empty = nothing until then. Without a call: of everything.
  void setObject(const std::string& objectId);
  // Asks for the history: at the start, and when something may have been missed.
  void refresh();
  // Deltas of topic events, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  void refreshAges();

  [[nodiscard]] int count() const { return m_rows.count(); }
  [[nodiscard]] bool loading() const { return m_loading; }
  [[nodiscard]] Problem problem() const { return m_problem; }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();
  void loadingChanged();

private:
  [[nodiscard]] bool wanted(const model::Event& event) const;
  interfaces::Events& m_engine;
  const base::Clock& m_clock;
  const int m_most;
  NewestFirst<model::Event> m_rows;
  std::vector<model::Event> m_waiting;
  bool m_all = true;
  std::string m_object;
  bool m_loading = false;
  Problem m_problem;
  int m_asked = 0; // answers to older questions are not for us any more
  Coalescer m_coalescer;
};

} // namespace univrs::gui
