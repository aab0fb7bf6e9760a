// What happened to the selected workload, newest first: its history, and then what the watch tells.
#pragma once

#include "app/gui/display_text.h"
#include "engine/base/clock.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QtQml/qqmlregistration.h>

#include <deque>
#include <set>
#include <string>

namespace univrs::gui {

class EventListModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(bool loading READ loading NOTIFY stateChanged)
  Q_PROPERTY(bool more READ more NOTIFY stateChanged)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY stateChanged)
public:
  static constexpr int kPage = 100;
  static constexpr size_t kMaxEvents = 2'000; // more history is not asked for; live ones push the oldest out

  enum Role {
    IdRole = Qt::UserRole + 1,
    TimeRole,
    AgeRole,
    ToneRole,
    SeverityRole,
    TypeRole,
    MessageRole,
    TimesRole,
    ObjectRole
  };

  EventListModel(interfaces::Events& events, const base::Clock& clock, QObject* parent = nullptr);

  // History of this workload; empty = nothing.
  void open(const QString& workloadId);
  void reload();
  // Deltas of topic events, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  void refreshAges();
  Q_INVOKABLE void loadMore();
  // All rows as text, for the clipboard.
  Q_INVOKABLE [[nodiscard]] QString text() const;

  [[nodiscard]] int count() const { return int(m_events.size()); }
  [[nodiscard]] bool loading() const { return m_loading; }
  [[nodiscard]] bool more() const { return !m_next.empty() && m_events.size() < kMaxEvents; }
  [[nodiscard]] Problem problem() const { return m_problem; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();
  void stateChanged();

private:
  void ask(const std::string& after);
  void takePage(base::Result<interfaces::ItemPage<model::Event>> page);
  interfaces::Events& m_source;
  const base::Clock& m_clock;
  std::string m_workload;
  std::deque<model::Event> m_events; // newest first
  std::set<std::string> m_ids;
  std::string m_next;
  uint64_t m_round = 0;
  bool m_loading = false;
  Problem m_problem;
};

} // namespace univrs::gui
