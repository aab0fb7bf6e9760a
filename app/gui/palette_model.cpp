#include "app/gui/palette_model.h"

#include <QRegularExpression>

#include <algorithm>

namespace univrs::gui {
namespace {

constexpr int kRecencyBonus = 24;
constexpr int kVerbBonus = 30;    // a verb and its object say more than a name that happens to fit
constexpr int kInstanceMalus = 8; // of two equal names the workload is meant
constexpr int kPerKind = 20;

QString keyOf(const PaletteEntry& e) {
  return e.action + QLatin1Char('|') + e.argument;
}

} // namespace

bool looksLikeImage(const QString& text) {
  static const QRegularExpression kImage(QStringLiteral(
      "^[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:[0-9]+(?=/))?(/[a-z0-9][a-z0-9._-]*)*(:[A-Za-z0-9_][\\w.-]{0,127})?"
      "(@sha256:[0-9a-f]{64})?$"));
  return text.size() <= 512 && (text.contains(QLatin1Char(':')) || text.contains(QLatin1Char('/'))) &&
         kImage.match(text).hasMatch();
}

PaletteModel::PaletteModel(QObject* parent) : QAbstractListModel(parent) {}

void PaletteModel::setFixed(std::vector<PaletteEntry> entries) {
  m_fixed = std::move(entries);
  for (PaletteEntry& e : m_fixed) {
    e.text = searchable(e.title + QLatin1Char(' ') + e.synonyms);
  }
}

void PaletteModel::setVerbs(std::vector<PaletteVerb> verbs) {
  m_verbs = std::move(verbs);
}

void PaletteModel::setIndex(const ObjectIndex* index) {
  m_index = index;
}

void PaletteModel::setSelected(const QString& workloadId) {
  m_selected = workloadId;
}

void PaletteModel::setRecent(const QStringList& keys) {
  m_recent = keys.mid(0, kMaxRecent);
}

void PaletteModel::setQuery(const QString& query) {
  if (query != m_query) {
    m_query = query;
    refresh();
    Q_EMIT queryChanged();
  }
}

int PaletteModel::recency(const PaletteEntry& entry) const {
  const qsizetype at = m_recent.indexOf(keyOf(entry));
  return at < 0 ? 0 : std::max(1, kRecencyBonus - int(at));
}

void PaletteModel::add(PaletteEntry entry, int score) {
  const int total = score + recency(entry);
  m_results.push_back({std::move(entry), total, int(m_results.size())});
}

std::vector<PaletteModel::Hit> PaletteModel::best(ObjectIndex::Kind kind, const Searchable& needle, int limit) {
  std::vector<Hit> hits;
  if (m_index == nullptr) {
    return hits;
  }
  for (const auto& [id, object] : m_index->objects(kind)) {
    const int score = needle.folded.isEmpty() ? 1 : fuzzyScore(needle, object.text, m_work);
    if (score > 0) {
      hits.push_back({&object, score});
    }
  }
  const auto better = [](const Hit& a, const Hit& b) {
    return a.score != b.score ? a.score > b.score : a.object->name < b.object->name;
  };
  const size_t keep = std::min(hits.size(), size_t(limit));
  std::partial_sort(hits.begin(), hits.begin() + std::ptrdiff_t(keep), hits.end(), better);
  hits.resize(keep);
  return hits;
}

void PaletteModel::addObjects(const Searchable& needle) {
  for (const Hit& h : best(ObjectIndex::Workload, needle, kPerKind)) {
    add({QStringLiteral("workload"),
         h.object->id,
         h.object->name,
         h.object->detail,
         tr("Workload"),
         QStringLiteral("workloads"),
         {},
         {},
         {}},
        h.score);
  }
  for (const Hit& h : best(ObjectIndex::Node, needle, kPerKind)) {
    add({QStringLiteral("node"),
         h.object->id,
         h.object->name,
         h.object->detail,
         tr("Node"),
         QStringLiteral("nodes"),
         {},
         {},
         {}},
        h.score);
  }
  for (const Hit& h : best(ObjectIndex::Instance, needle, kPerKind)) {
    add({QStringLiteral("workload"),
         h.object->parent,
         h.object->name,
         tr("instance of %1").arg(h.object->detail),
         tr("Instance"),
         QStringLiteral("server"),
         {},
         {},
         {}},
        h.score - kInstanceMalus);
  }
}

void PaletteModel::addVerb(const PaletteVerb& verb, QStringList rest, int base) {
  const bool scale = verb.action == QLatin1String("scale");
  int replicas = -1;
  if (scale) {
    bool number = false;
    const int asked = rest.isEmpty() ? -1 : rest.last().toInt(&number);
    if (!number || asked < 0) {
      return; // scale needs a number; "scale up" and "scale down" are verbs of their own
    }
    replicas = asked;
    rest.removeLast();
    // English always works, and so does the interface's language.
    if (!rest.isEmpty() && (rest.last() == QLatin1String("to") || rest.last() == tr("to", "as in: scale web to 3"))) {
      rest.removeLast();
    }
  }
  const auto offer = [&](const ObjectIndex::Object& o, int score) {
    PaletteEntry e;
    e.action = verb.action;
    e.argument = scale ? QStringLiteral("%1:%2").arg(o.id).arg(replicas) : o.id;
    e.title = scale ? verb.title.arg(o.name).arg(replicas) : verb.title.arg(o.name);
    e.detail = o.detail;
    e.group = tr("Action");
    e.icon = verb.icon;
    e.shortcut = o.id == m_selected ? verb.shortcut : QString();
    add(std::move(e), score);
  };
  if (rest.isEmpty()) {
    const ObjectIndex::Object* chosen =
        m_index && !m_selected.isEmpty() ? m_index->find(ObjectIndex::Workload, m_selected) : nullptr;
    if (chosen) {
      offer(*chosen, base + kVerbBonus);
    }
  }
  for (const Hit& h : best(ObjectIndex::Workload, searchable(rest.join(QLatin1Char(' '))), kVerbTargets)) {
    if (!rest.isEmpty() || h.object->id != m_selected) {
      offer(*h.object, rest.isEmpty() ? base / 2 : (base + h.score) / 2 + kVerbBonus);
    }
  }
}

void PaletteModel::addVerbs(const QStringList& words) {
  for (const PaletteVerb& verb : m_verbs) {
    for (const QString& name : verb.words) {
      const QStringList parts = name.split(QLatin1Char(' '));
      if (parts.size() > words.size()) {
        continue;
      }
      bool fits = true;
      for (qsizetype i = 0; i < parts.size(); ++i) {
        // The last word of the verb may be unfinished while nothing follows it.
        const bool open = i + 1 == parts.size() && words.size() == parts.size() && words[i].size() >= 2;
        fits = fits && (words[i] == parts[i] || (open && parts[i].startsWith(words[i])));
      }
      if (fits) {
        addVerb(verb, words.mid(parts.size()), 100);
        break;
      }
    }
  }
}

void PaletteModel::addManifest(const QString& text) {
  const QString trimmed = text.trimmed();
  if (looksLikeImage(trimmed)) {
    add({QStringLiteral("deploy_text"),
         trimmed,
         tr("Deploy %1").arg(trimmed),
         tr("shows the plan first"),
         tr("Action"),
         QStringLiteral("plus"),
         {},
         {},
         {}},
        trimmed.contains(QLatin1Char(':')) ? 110 : 50);
  } else if (trimmed.contains(QLatin1String(": ")) || trimmed.contains(QLatin1Char('{'))) {
    add({QStringLiteral("deploy_text"),
         trimmed,
         tr("Deploy what you typed"),
         tr("shows the plan first"),
         tr("Action"),
         QStringLiteral("plus"),
         {},
         {},
         {}},
        110);
  }
}

void PaletteModel::refresh() {
  beginResetModel();
  m_results.clear();
  m_work = 0;
  const QString query = m_query.left(kMaxNeedle).simplified();
  const Searchable needle = searchable(query);
  if (query.isEmpty()) {
    for (const PaletteEntry& e : m_fixed) {
      add(e, 1);
    }
    const QString chosen = m_selected;
    if (m_index && !chosen.isEmpty()) {
      if (const auto* o = m_index->find(ObjectIndex::Workload, chosen)) {
        for (const PaletteVerb& verb : m_verbs) {
          if (verb.action != QLatin1String("scale")) {
            add({verb.action,
                 o->id,
                 verb.title.arg(o->name),
                 o->detail,
                 tr("Action"),
                 verb.icon,
                 verb.shortcut,
                 {},
                 {}},
                2);
          }
        }
      }
    }
  } else {
    for (const PaletteEntry& e : m_fixed) {
      if (const int score = fuzzyScore(needle, e.text, m_work); score > 0) {
        add(e, score);
      }
    }
    addVerbs(needle.folded.split(QLatin1Char(' '), Qt::SkipEmptyParts));
    addObjects(needle);
    addManifest(m_query);
  }
  std::sort(m_results.begin(), m_results.end(), [](const Result& a, const Result& b) {
    return a.score != b.score ? a.score > b.score : a.order < b.order;
  });
  if (m_results.size() > size_t(kMaxResults)) {
    m_results.resize(size_t(kMaxResults));
  }
  endResetModel();
  Q_EMIT resultsChanged();
}

void PaletteModel::run(int row) {
  if (row < 0 || row >= count()) {
    return;
  }
  const PaletteEntry entry = at(row); // what it does may search again
  const QString key = keyOf(entry);
  m_recent.removeAll(key);
  m_recent.prepend(key);
  m_recent = m_recent.mid(0, kMaxRecent);
  Q_EMIT recentChanged();
  Q_EMIT triggered(entry.action, entry.argument);
}

int PaletteModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : count();
}

QVariant PaletteModel::data(const QModelIndex& index, int role) const {
  if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
    return {};
  }
  const PaletteEntry& e = at(index.row());
  switch (role) {
  case TitleRole:
    return e.title;
  case DetailRole:
    return e.detail;
  case GroupRole:
    return e.group;
  case IconRole:
    return e.icon;
  case ShortcutRole:
    return e.shortcut;
  default:
    return {};
  }
}

QHash<int, QByteArray> PaletteModel::roleNames() const {
  return {{TitleRole, "title"},
          {DetailRole, "detail"},
          {GroupRole, "group"},
          {IconRole, "iconName"},
          {ShortcutRole, "shortcut"}};
}

} // namespace univrs::gui
