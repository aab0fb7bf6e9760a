#include "app/gui/decision_list_model.h"

#include <QCoreApplication>
#include <QPointer>

#include <algorithm>

namespace univrs::gui {

using interfaces::Delta;

namespace {

struct DecisionWords {
  Q_DECLARE_TR_FUNCTIONS(Decision)
};

} // namespace

StateWord outcomeWord(const model::Decision& d) {
  return d.chosen ? StateWord{DecisionWords::tr("Placed"), QStringLiteral("good")}
                  : StateWord{DecisionWords::tr("Refused"), QStringLiteral("bad")};
}

QString triggerText(const std::string& trigger) {
  if (trigger == "deploy") {
    return DecisionWords::tr("deploy");
  }
  if (trigger == "scale") {
    return DecisionWords::tr("scale");
  }
  if (trigger == "update") {
    return DecisionWords::tr("update");
  }
  if (trigger == "replace") {
    return DecisionWords::tr("replacement");
  }
  if (trigger == "plan") {
    return DecisionWords::tr("plan");
  }
  return plainLine(trigger);
}

DecisionListModel::DecisionListModel(interfaces::Decisions& engine, const base::Clock& clock, QObject* parent)
    : QAbstractListModel(parent), m_engine(engine), m_clock(clock),
      m_rows(size_t(kMaxRows),
             {[this](int first, int last) { beginInsertRows({}, first, last); }, [this] { endInsertRows(); },
              [this](int first, int last) { beginRemoveRows({}, first, last); }, [this] { endRemoveRows(); },
              [this](int first, int last) { Q_EMIT dataChanged(index(first), index(last)); }}),
      m_coalescer([this] {
        std::vector<model::Decision> waiting;
        waiting.swap(m_waiting);
        m_rows.merge(std::move(waiting));
        count();
      }) {}

void DecisionListModel::refresh() {
  ask({});
}

void DecisionListModel::loadMore() {
  if (more() && !m_loading) {
    ask(m_next);
  }
}

void DecisionListModel::ask(const std::string& after) {
  const int asked = ++m_asked;
  m_loading = true;
  m_since.clear();
  m_problem = {};
  Q_EMIT loadingChanged();
  interfaces::DecisionQuery query;
  query.after = after;
  query.limit = kPage;
  m_engine.listDecisions(
      query, [self = QPointer(this), asked, after](base::Result<interfaces::ItemPage<model::Decision>> page) {
        if (self && asked == self->m_asked) {
          self->onPage(after, std::move(page));
        }
      });
}

void DecisionListModel::onPage(const std::string& after, base::Result<interfaces::ItemPage<model::Decision>> page) {
  m_loading = false;
  if (!page.ok()) {
    m_problem = Problem(page.error());
    Q_EMIT loadingChanged();
    return;
  }
  for (model::Decision& d : page->items) {
    d.nodes.clear(); // asked for one by one
  }
  if (after.empty()) {
    const bool meets = std::any_of(page->items.begin(), page->items.end(),
                                   [this](const model::Decision& d) { return m_rows.knows(d.id); });
    if (!meets) { // between these and those known some are missing: begin anew, with what came since it was asked
      m_rows.clear();
      m_rows.add(m_since);
    }
    if (!meets || m_next.empty()) {
      m_next = page->next;
    }
  } else {
    m_next = page->next;
  }
  m_since.clear();
  m_complete = true;
  m_rows.add(std::move(page->items));
  count();
  Q_EMIT loadingChanged();
}

void DecisionListModel::apply(const std::vector<Delta>& deltas) {
  const size_t before = m_waiting.size();
  for (const Delta& d : deltas) {
    if (d.topic != interfaces::Topic::Decisions) {
      continue;
    }
    if (d.kind == Delta::Kind::SnapshotBegin && m_complete) {
      refresh(); // the watch begins anew: something may have been missed
    } else if (const auto* decision = std::get_if<model::Decision>(&d.object); decision && d.kind == Delta::Kind::Put) {
      m_waiting.push_back(*decision);
      m_waiting.back().nodes.clear();
      if (m_loading && m_since.size() < size_t(kMaxRows)) {
        m_since.push_back(m_waiting.back());
      }
    }
  }
  if (m_waiting.size() > size_t(kMaxRows) * 2) { // the older ones would not be shown anyway
    m_waiting.erase(m_waiting.begin(), m_waiting.end() - kMaxRows);
    m_coalescer.request();
  } else if (m_waiting.size() > before) {
    m_coalescer.request();
  }
}

void DecisionListModel::count() {
  int refused = 0;
  for (int row = 0; row < total(); ++row) {
    refused += m_rows.at(row).chosen ? 0 : 1;
  }
  m_refused = refused;
  Q_EMIT countsChanged();
}

void DecisionListModel::refreshAges() {
  if (total() > 0) {
    Q_EMIT dataChanged(index(0), index(total() - 1), {AgeRole});
  }
}

const model::Decision* DecisionListModel::find(const QString& id) const {
  return m_rows.find(id.toStdString());
}

const model::Decision* DecisionListModel::standingRefusal(const std::string& workloadId) const {
  for (int row = 0; row < total(); ++row) {
    const model::Decision& d = m_rows.at(row);
    if (d.workloadId.str() == workloadId) {
      return d.chosen ? nullptr : &d;
    }
  }
  return nullptr;
}

int DecisionListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : total();
}

bool DecisionListModel::canFetchMore(const QModelIndex& parent) const {
  return !parent.isValid() && more() && !m_loading;
}

void DecisionListModel::fetchMore(const QModelIndex& parent) {
  if (!parent.isValid()) {
    loadMore();
  }
}

QVariant DecisionListModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const model::Decision& d = m_rows.at(at.row());
  switch (role) {
  case IdRole:
    return fromUtf8(d.id);
  case AgeRole:
    return ageText(d.time, m_clock.now().wall);
  case TimeRole:
    return fromUtf8(d.time.iso());
  case TimeSortRole:
    return qint64(d.time.ms);
  case Qt::DisplayRole:
  case WorkloadRole:
    return plainLine(d.workloadName.empty() ? d.workloadId.str() : d.workloadName);
  case WorkloadIdRole:
    return fromUtf8(d.workloadId.str());
  case InstanceRole:
    return plainLine(d.instanceId.str());
  case NodeRole:
    return !d.chosen ? QString() : plainLine(d.chosenName.empty() ? d.chosen->str() : d.chosenName);
  case StrategyRole:
    return plainLine(d.strategy);
  case TriggerRole:
    return triggerText(d.trigger);
  case OutcomeRole:
    return outcomeWord(d).word;
  case OutcomeSortRole:
    return d.chosen ? 1 : 0;
  case ToneRole:
    return outcomeWord(d).tone;
  case FitRole:
    return tr("%1 of %2").arg(d.nodesFit).arg(d.nodesTotal);
  case FitSortRole:
    return d.nodesFit;
  case SummaryRole:
    return plainLine(d.summary);
  default:
    return {};
  }
}

QHash<int, QByteArray> DecisionListModel::roleNames() const {
  return {{IdRole, "decisionId"},     {AgeRole, "age"},           {TimeRole, "time"},
          {TimeSortRole, "age_sort"}, {WorkloadRole, "workload"}, {WorkloadIdRole, "workloadId"},
          {InstanceRole, "instance"}, {NodeRole, "node"},         {StrategyRole, "strategy"},
          {TriggerRole, "trigger"},   {OutcomeRole, "outcome"},   {OutcomeSortRole, "outcome_sort"},
          {ToneRole, "tone"},         {FitRole, "fit"},           {FitSortRole, "fit_sort"},
          {SummaryRole, "summary"}};
}

} // namespace univrs::gui
