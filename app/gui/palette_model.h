// The command palette: one list of everything that can be done or gone to, ranked by what was typed. It only finds;
// Desk does.
#pragma once

#include "app/gui/object_index.h"

#include <QAbstractListModel>
#include <QStringList>

#include <vector>

namespace univrs::gui {

// A thing to do: `action` is one of Desk::perform()'s, `argument` what it is done to.
struct PaletteEntry {
  QString action;
  QString argument;
  QString title;
  QString detail;
  QString group; // "Go to", "Workload", …
  QString icon;
  QString shortcut;
  Searchable text; // of title and synonyms; made by setFixed() when empty
  QString synonyms;
};

// A verb that is done to a workload: "restart web".
struct PaletteVerb {
  QString action;    // the argument is the workload's id; for "scale" ID:N
  QString title;     // "Restart %1"
  QStringList words; // what may be typed for it
  QString icon;
  QString shortcut;
};

class PaletteModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Desk")
  Q_PROPERTY(QString query READ query WRITE setQuery NOTIFY queryChanged)
  Q_PROPERTY(int count READ count NOTIFY resultsChanged)
public:
  static constexpr int kMaxResults = 60;
  static constexpr int kMaxRecent = 24;
  static constexpr int kVerbTargets = 12; // workloads offered for one verb

  enum Role { TitleRole = Qt::UserRole + 1, DetailRole, GroupRole, IconRole, ShortcutRole };

  explicit PaletteModel(QObject* parent = nullptr);

  // What is always there: views, actions, clusters, settings.
  void setFixed(std::vector<PaletteEntry> entries);
  void setVerbs(std::vector<PaletteVerb> verbs);
  // The engine whose objects are searched; null = none. Must live until it is replaced.
  void setIndex(const ObjectIndex* index);
  // The workload that verbs without a name mean; empty = none.
  void setSelected(const QString& workloadId);
  void setRecent(const QStringList& keys);
  [[nodiscard]] QStringList recent() const { return m_recent; }

  [[nodiscard]] QString query() const { return m_query; }
  void setQuery(const QString& query);
  // Searches again: called when it opens.
  Q_INVOKABLE void refresh();
  // Does what row `row` says, and remembers it.
  Q_INVOKABLE void run(int row);

  [[nodiscard]] int count() const { return int(m_results.size()); }
  [[nodiscard]] const PaletteEntry& at(int row) const { return m_results[size_t(row)].entry; }
  // Texts really searched for the last query: what a search costs, without a clock.
  [[nodiscard]] int64_t lastWork() const { return m_work; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void queryChanged();
  void resultsChanged();
  void triggered(const QString& action, const QString& argument);
  void recentChanged();

private:
  struct Result {
    PaletteEntry entry;
    int score = 0;
    int order = 0; // equal scores stay as they were found
  };
  struct Hit {
    const ObjectIndex::Object* object = nullptr;
    int score = 0;
  };
  void add(PaletteEntry entry, int score);
  void addObjects(const Searchable& needle);
  void addVerbs(const QStringList& words);
  void addVerb(const PaletteVerb& verb, QStringList rest, int base);
  void addManifest(const QString& text);
  [[nodiscard]] std::vector<Hit> best(ObjectIndex::Kind kind, const Searchable& needle, int limit);
  [[nodiscard]] int recency(const PaletteEntry& entry) const;
  std::vector<PaletteEntry> m_fixed;
  std::vector<PaletteVerb> m_verbs;
  const ObjectIndex* m_index = nullptr;
  QString m_selected;
  QString m_query;
  QStringList m_recent; // keys, newest first
  std::vector<Result> m_results;
  int64_t m_work = 0;
};

// "nginx:1.27", "ghcr.io/acme/web@sha256:…": something that can only be an image.
bool looksLikeImage(const QString& text);

} // namespace univrs::gui
