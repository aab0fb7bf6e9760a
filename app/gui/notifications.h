// What needs a person, of every engine the window is connected to: crash loops, updates that do not get on, images that
// cannot be fetched, ports that cannot be published, nodes that are down. One entry a matter: it comes again only when
// it had been solved. Fed with the watch's deltas; says by signal what to show on the desktop, never too often.
#pragma once

#include "engine/base/clock.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QHash>
#include <QtQml/qqmlregistration.h>

#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

namespace univrs::gui {

class Notifications : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Desk")
  Q_PROPERTY(int count READ count NOTIFY countsChanged)
  Q_PROPERTY(int unread READ unread NOTIFY countsChanged)
public:
  static constexpr size_t kMaxEntries = 200; // the oldest goes
  static constexpr size_t kMaxPopups = 5;    // within kPopupWindowMs; then one that says there are more
  static constexpr int64_t kPopupWindowMs = 60'000;
  static constexpr qsizetype kMaxNames = 100'000; // of workloads

  enum Role {
    TitleRole = Qt::UserRole + 1,
    CauseRole,
    NextStepRole,
    AgeRole,
    TimeRole,
    UnreadRole,
    SolvedRole,
    ToneRole,
    ClusterRole,
    DetailsRole // all of it as text, to copy
  };

  // `wanted(kind)` says whether a kind ("crash_loop", "failed_update", "image", "port", "node") is switched on.
  Notifications(const base::Clock& clock, std::function<bool(const QString&)> wanted, QObject* parent = nullptr);

  // Deltas of one engine, in order. `session` is its key, `cluster` its name for people.
  void apply(const QString& session, const QString& cluster, const std::vector<interfaces::Delta>& deltas);
  void forget(const QString& session);
  // The window is in front: the desktop need not tell.
  void setAttended(bool attended) { m_attended = attended; }

  Q_INVOKABLE void markRead();
  Q_INVOKABLE void clear();
  Q_INVOKABLE void open(int row); // goes to what it is about
  Q_INVOKABLE [[nodiscard]] QString details(int row) const;
  void openKey(const QString& key);
  void refreshAges();

  [[nodiscard]] int count() const { return int(m_entries.size()); }
  [[nodiscard]] int unread() const;
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countsChanged();
  void popup(const QString& title, const QString& body, const QString& key);
  void goRequested(const QString& session, const QString& view, const QString& id);

private:
  struct Entry {
    QString key; // session, kind and object
    QString session;
    QString cluster;
    QString kind;
    QString title;
    QString cause;
    QString nextStep;
    QString view;
    QString objectId;
    base::Timestamp time;
    bool severe = false;
    bool unread = true;
    bool solved = false;
  };
  struct Source { // what is known of one engine
    bool inSnapshot = false;
    QHash<QString, QString> names; // of workloads
  };
  void onInstance(const Source& source, const Entry& from, const model::Instance& instance);
  void onWorkload(Source& source, const Entry& from, const model::Workload& workload);
  void onNode(const Source& source, const Entry& from, const model::Node& node);
  void onEvent(const Source& source, const Entry& from, const model::Event& event);
  void raise(const Source& source, Entry entry, const std::string& object);
  void solve(const QString& session, const QString& kind, const QString& object);
  void tell(const Entry& entry);
  [[nodiscard]] int rowOf(const QString& key) const;
  const base::Clock& m_clock;
  std::function<bool(const QString&)> m_wanted;
  std::vector<Entry> m_entries; // newest first
  std::unordered_map<std::string, Source> m_sources;
  std::deque<int64_t> m_popups; // when, by the steady clock
  bool m_attended = false;
};

} // namespace univrs::gui
