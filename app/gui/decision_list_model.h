// What the scheduler decided, newest first: history page by page, new ones live on top.
#pragma once

#include "app/gui/coalescer.h"
#include "app/gui/display_text.h"
#include "app/gui/newest_first.h"
#include "engine/base/clock.h"
#include "engine/interfaces/decisions.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QHash>
#include <QtQml/qqmlregistration.h>

#include <string>
#include <vector>

namespace univrs::gui {

// "Placed" or "Refused", with its tone.
StateWord outcomeWord(const model::Decision& decision);
// "deploy", "scale", … in words.
QString triggerText(const std::string& trigger);

class DecisionListModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int total READ total NOTIFY countsChanged)
  Q_PROPERTY(int refused READ refused NOTIFY countsChanged)
  Q_PROPERTY(bool complete READ complete NOTIFY countsChanged) // a first page was answered
  Q_PROPERTY(bool more READ more NOTIFY loadingChanged)        // there are older ones to ask for
  Q_PROPERTY(bool loading READ loading NOTIFY loadingChanged)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY loadingChanged)
public:
  static constexpr int kMaxRows = 5'000;
  static constexpr int kPage = 200;

  enum Role {
    IdRole = Qt::UserRole + 1,
    AgeRole,
    TimeRole,
    TimeSortRole,
    WorkloadRole,
    WorkloadIdRole,
    InstanceRole,
    NodeRole, // chosen; empty when refused
    StrategyRole,
    TriggerRole,
    OutcomeRole,
    OutcomeSortRole, // refused first
    ToneRole,
    FitRole, // "2 of 3 fit"
    FitSortRole,
    SummaryRole
  };

  DecisionListModel(interfaces::Decisions& engine, const base::Clock& clock, QObject* parent = nullptr);

  // Asks for the newest page: at the start, and when something may have been missed.
  Q_INVOKABLE void refresh();
  // Asks for the page after the oldest one; does nothing while asking or when there is none.
  Q_INVOKABLE void loadMore();
  // Deltas of topic decisions, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  void refreshAges();

  [[nodiscard]] const model::Decision* find(const QString& id) const;
  [[nodiscard]] const model::Decision& at(int row) const { return m_rows.at(row); }
  // The newest one that found no node for this workload; nothing when a later one placed something of it.
  [[nodiscard]] const model::Decision* standingRefusal(const std::string& workloadId) const;
  [[nodiscard]] int total() const { return m_rows.count(); }
  [[nodiscard]] int refused() const { return m_refused; }
  [[nodiscard]] bool complete() const { return m_complete; }
  [[nodiscard]] bool more() const { return !m_next.empty() && !m_rows.full(); }
  [[nodiscard]] bool loading() const { return m_loading; }
  [[nodiscard]] Problem problem() const { return m_problem; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
  [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
  void fetchMore(const QModelIndex& parent) override;

Q_SIGNALS:
  void countsChanged();
  void loadingChanged();

private:
  void ask(const std::string& after);
  void onPage(const std::string& after, base::Result<interfaces::ItemPage<model::Decision>> page);
  void count();
  interfaces::Decisions& m_engine;
  const base::Clock& m_clock;
  NewestFirst<model::Decision> m_rows;
  std::vector<model::Decision> m_waiting;
  std::vector<model::Decision> m_since; // came live while a page was awaited
  std::string m_next;                   // cursor after the oldest page
  bool m_complete = false;
  bool m_loading = false;
  Problem m_problem;
  int m_asked = 0; // answers to older questions are not for us any more
  int m_refused = 0;
  Coalescer m_coalescer;
};

} // namespace univrs::gui
