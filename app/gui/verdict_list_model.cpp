#include "app/gui/verdict_list_model.h"

#include "app/gui/display_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <map>

namespace univrs::gui {

namespace {

struct Named {
  const char* name;
  const char* word;
};
constexpr Named kFilters[] = {{"status", QT_TRANSLATE_NOOP("Filter", "Not ready")},
                              {"cordon", QT_TRANSLATE_NOOP("Filter", "Cordoned")},
                              {"role", QT_TRANSLATE_NOOP("Filter", "Not a worker")},
                              {"pinned", QT_TRANSLATE_NOOP("Filter", "Pinned elsewhere")},
                              {"excluded", QT_TRANSLATE_NOOP("Filter", "Failed it just now")},
                              {"architecture", QT_TRANSLATE_NOOP("Filter", "Architecture")},
                              {"os", QT_TRANSLATE_NOOP("Filter", "Operating system")},
                              {"constraint", QT_TRANSLATE_NOOP("Filter", "Constraint")},
                              {"taint", QT_TRANSLATE_NOOP("Filter", "Taint")},
                              {"cpu", QT_TRANSLATE_NOOP("Filter", "CPU")},
                              {"memory", QT_TRANSLATE_NOOP("Filter", "Memory")},
                              {"disk", QT_TRANSLATE_NOOP("Filter", "Disk")},
                              {"gpus", QT_TRANSLATE_NOOP("Filter", "GPUs")},
                              {"extended", QT_TRANSLATE_NOOP("Filter", "Special resource")},
                              {"port", QT_TRANSLATE_NOOP("Filter", "Port in use")},
                              {"spread", QT_TRANSLATE_NOOP("Filter", "Spread limit")}};
constexpr Named kParts[] = {{"binpack", QT_TRANSLATE_NOOP("Score", "Fullness")},
                            {"spread", QT_TRANSLATE_NOOP("Score", "Emptiness")},
                            {"reputation", QT_TRANSLATE_NOOP("Score", "Reputation")},
                            {"credit", QT_TRANSLATE_NOOP("Score", "Credit")},
                            {"headroom", QT_TRANSLATE_NOOP("Score", "Headroom")},
                            {"balance", QT_TRANSLATE_NOOP("Score", "Balance")},
                            {"preference", QT_TRANSLATE_NOOP("Score", "Preference")},
                            {"untainted", QT_TRANSLATE_NOOP("Score", "No soft taint")}};
constexpr std::string_view kNoData = " (no data)";

std::string_view bare(std::string_view part) {
  return part.size() > kNoData.size() && part.substr(part.size() - kNoData.size()) == kNoData
             ? part.substr(0, part.size() - kNoData.size())
             : part;
}

QString number(double value) {
  return QString::number(value, 'f', 2);
}

} // namespace

QString filterWord(const std::string& filter) {
  for (const Named& f : kFilters) {
    if (filter == f.name) {
      return QCoreApplication::translate("Filter", f.word);
    }
  }
  return plainLine(filter);
}

QString partWord(const std::string& part) {
  const std::string_view name = bare(part);
  for (const Named& p : kParts) {
    if (name == p.name) {
      return QCoreApplication::translate("Score", p.word);
    }
  }
  return plainLine(name);
}

VerdictListModel::VerdictListModel(QObject* parent) : QAbstractListModel(parent) {}

void VerdictListModel::show(std::vector<model::NodeVerdict> verdicts, const std::string& chosenNode) {
  if (verdicts.size() > kMaxRows) {
    verdicts.resize(kMaxRows);
  }
  if (verdicts.empty() && m_verdicts.empty()) {
    return;
  }
  beginResetModel(); // another decision: nothing of the old rows stays
  m_verdicts = std::move(verdicts);
  m_chosen = chosenNode;
  m_fits = 0;
  m_series.clear();
  m_refusals.clear();
  m_parts.clear();
  std::map<std::string, int> refused;
  for (const model::NodeVerdict& v : m_verdicts) {
    if (!v.fits) {
      ++refused[v.filter];
      continue;
    }
    ++m_fits;
    for (const model::ScorePart& part : v.parts) {
      const QString name = fromUtf8(bare(part.name));
      if (!m_series.contains(name)) {
        const int series = int(m_series.size()) % kSeries;
        m_series.insert(name, series);
        m_parts << QVariantMap{{QStringLiteral("name"), name},
                               {QStringLiteral("word"), partWord(part.name)},
                               {QStringLiteral("weight"), number(part.weight)},
                               {QStringLiteral("series"), series}};
      }
    }
  }
  std::vector<std::pair<std::string, int>> byCount(refused.begin(), refused.end());
  std::stable_sort(byCount.begin(), byCount.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  for (const auto& [filter, count] : byCount) {
    m_refusals << QVariantMap{{QStringLiteral("filter"), fromUtf8(filter)},
                              {QStringLiteral("word"), filterWord(filter)},
                              {QStringLiteral("count"), count},
                              {QStringLiteral("share"), double(count) / double(m_verdicts.size())}};
  }
  endResetModel();
  Q_EMIT changed();
}

QString VerdictListModel::namedRefusals(int most) const {
  QStringList list;
  for (const model::NodeVerdict& v : m_verdicts) {
    if (!v.fits) {
      if (list.size() == most) {
        break;
      }
      list << tr("%1 (%2)").arg(plainLine(v.nodeName.empty() ? v.nodeId.str() : v.nodeName), plainLine(v.reason));
    }
  }
  return list.join(QStringLiteral(", "));
}

int VerdictListModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : total();
}

QVariantList VerdictListModel::partsOf(const model::NodeVerdict& v) const {
  QVariantList out;
  for (const model::ScorePart& part : v.parts) {
    out << QVariantMap{{QStringLiteral("name"), plainLine(part.name)},
                       {QStringLiteral("word"), partWord(part.name)},
                       {QStringLiteral("value"), part.value},
                       {QStringLiteral("weight"), part.weight},
                       {QStringLiteral("amount"), std::clamp(part.value * part.weight, 0.0, 1.0)},
                       {QStringLiteral("series"), m_series.value(fromUtf8(bare(part.name)))}};
  }
  return out;
}

QVariant VerdictListModel::data(const QModelIndex& at, int role) const {
  if (!checkIndex(at, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const model::NodeVerdict& v = m_verdicts[size_t(at.row())];
  const bool chosen = v.fits && !m_chosen.empty() && v.nodeId.str() == m_chosen;
  switch (role) {
  case IdRole:
    return fromUtf8(v.nodeId.str());
  case Qt::DisplayRole:
  case NameRole:
    return plainLine(v.nodeName.empty() ? v.nodeId.str() : v.nodeName);
  case FitsRole:
    return v.fits;
  case ChosenRole:
    return chosen;
  case OutcomeRole:
    return chosen ? tr("Chosen") : v.fits ? tr("Fits") : filterWord(v.filter);
  case ToneRole:
    return chosen ? QStringLiteral("good") : v.fits ? QStringLiteral("idle") : QStringLiteral("bad");
  case FilterRole:
    return v.fits ? QString() : fromUtf8(v.filter);
  case VerdictRole: {
    if (!v.fits) {
      return plainLine(v.reason);
    }
    QStringList list;
    for (const model::ScorePart& part : v.parts) {
      const bool noData = bare(part.name).size() != part.name.size();
      list << (noData ? tr("%1 %2 × %3 (no data)") : tr("%1 %2 × %3"))
                  .arg(partWord(part.name), number(part.value), number(part.weight));
    }
    return list.join(QStringLiteral(" + "));
  }
  case VerdictSortRole: // those that fit first, then by what refused them
    return v.fits ? QString() : fromUtf8(v.filter + " " + v.reason);
  case ScoreRole:
    return v.fits ? number(v.score) : QString();
  case ScoreSortRole:
    return v.fits ? v.score : -1.0;
  case PartsRole:
    return partsOf(v);
  default:
    return {};
  }
}

QHash<int, QByteArray> VerdictListModel::roleNames() const {
  return {{IdRole, "nodeId"},
          {NameRole, "name"},
          {FitsRole, "fits"},
          {ChosenRole, "isChosen"},
          {OutcomeRole, "outcome"},
          {ToneRole, "tone"},
          {FilterRole, "filter"},
          {VerdictRole, "verdict"},
          {VerdictSortRole, "verdict_sort"},
          {ScoreRole, "score"},
          {ScoreSortRole, "score_sort"},
          {PartsRole, "parts"}};
}

} // namespace univrs::gui
