// The output of a workload's instances, followed live: up to a million lines (LogStore bounds their bytes). Lines that
// come are shown together, some times a second; paused, the shown lines stand still and new ones wait. Search runs in
// short slices; with `onlyMatches` the rows are the lines found.
#pragma once

#include "app/gui/display_text.h"
#include "app/gui/log_search.h"
#include "app/gui/log_store.h"
#include "engine/interfaces/logs.h"

#include <QAbstractListModel>
#include <QStringList>
#include <QTimer>
#include <QUrl>
#include <QtQml/qqmlregistration.h>

#include <memory>

namespace univrs::gui {

class LogModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(int waiting READ waiting NOTIFY countChanged)
  Q_PROPERTY(QString held READ held NOTIFY countChanged) // "12,480 lines, 1.2 MiB"
  Q_PROPERTY(bool paused READ paused WRITE setPaused NOTIFY pausedChanged)
  Q_PROPERTY(QString instance READ instance WRITE setInstance NOTIFY sourceChanged)
  Q_PROPERTY(QString state READ state NOTIFY sourceChanged)
  Q_PROPERTY(QString cliLine READ cliLine NOTIFY sourceChanged)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY sourceChanged)
  Q_PROPERTY(bool canLoadOlder READ canLoadOlder NOTIFY olderChanged)
  Q_PROPERTY(bool loadingOlder READ loadingOlder NOTIFY olderChanged)
  Q_PROPERTY(QString olderNote READ olderNote NOTIFY olderChanged) // why there are none, or what went wrong
  // Search.
  Q_PROPERTY(QString search READ search WRITE setSearch NOTIFY searchChanged)
  Q_PROPERTY(bool matchCase READ matchCase WRITE setMatchCase NOTIFY searchChanged)
  Q_PROPERTY(bool regex READ regex WRITE setRegex NOTIFY searchChanged)
  Q_PROPERTY(bool onlyMatches READ onlyMatches WRITE setOnlyMatches NOTIFY searchChanged)
  Q_PROPERTY(QString searchProblem READ searchProblem NOTIFY searchChanged)
  Q_PROPERTY(int matchCount READ matchCount NOTIFY matchesChanged)
  Q_PROPERTY(int currentMatch READ currentMatch NOTIFY matchesChanged) // 1…matchCount; 0 = none
  Q_PROPERTY(bool searching READ searching NOTIFY matchesChanged)
  // What the eight ANSI colours and hits look like on screen; see markedUp().
  Q_PROPERTY(QStringList colors READ colors WRITE setColors NOTIFY colorsChanged)
public:
  static constexpr int kTail = 500;                // lines of the past shown at first, of each container
  static constexpr int kOlder = 5'000;             // lines asked for at once when older ones are wanted
  static constexpr int kFlushMs = 50;              // new lines are shown at most this often
  static constexpr int kSliceMs = 6;               // of search at a time
  static constexpr qsizetype kMaxCopied = 8 << 20; // characters for the clipboard; more can be saved

  enum Role {
    TextRole = Qt::UserRole + 1,
    MarkupRole, // StyledText; empty: text is all
    TimeRole,
    InstanceRole,
    ColorRole, // 0…5: tells instances apart
    ErrorRole, // written to standard error
    LevelRole, // "error", "warn", "info", "debug", ""
    MatchRole, // the search found it
    CurrentRole
  };

  explicit LogModel(interfaces::Logs& logs, QObject* parent = nullptr);
  ~LogModel() override;

  // Follows the workload from its last lines on; empty id = nothing.
  void open(const QString& workloadId, const QString& name = {});
  // Follows again after the stream ended: after a reconnect.
  Q_INVOKABLE void reopen();

  [[nodiscard]] int count() const { return m_shown; }
  [[nodiscard]] int waiting() const;
  [[nodiscard]] QString held() const;
  [[nodiscard]] bool paused() const { return m_paused; }
  void setPaused(bool paused);
  [[nodiscard]] QString instance() const { return m_instance; } // empty = all
  void setInstance(const QString& id);
  [[nodiscard]] QString state() const; // "following", "paused", "ended", …
  [[nodiscard]] QString cliLine() const;
  [[nodiscard]] Problem problem() const { return m_problem; }
  [[nodiscard]] bool canLoadOlder() const;
  [[nodiscard]] bool loadingOlder() const { return m_older != nullptr; }
  [[nodiscard]] QString olderNote() const { return m_olderNote; }
  Q_INVOKABLE void loadOlder();

  [[nodiscard]] QString search() const { return m_search.pattern(); }
  void setSearch(const QString& text);
  [[nodiscard]] bool matchCase() const { return m_matchCase; }
  void setMatchCase(bool on);
  [[nodiscard]] bool regex() const { return m_regex; }
  void setRegex(bool on);
  [[nodiscard]] bool onlyMatches() const { return m_onlyMatches; }
  void setOnlyMatches(bool on);
  [[nodiscard]] QString searchProblem() const { return m_search.problem(); }
  [[nodiscard]] int matchCount() const { return int(m_search.matches().size()); }
  [[nodiscard]] int currentMatch() const;
  [[nodiscard]] bool searching() const { return !m_search.done(m_store); }
  // To the next match after (before) `row`, around at the end; the row it is on, -1 = none.
  Q_INVOKABLE int toMatch(int row, bool forward);

  [[nodiscard]] QStringList colors() const { return m_colors; }
  void setColors(const QStringList& colors);
  // Rows first…last as text with times; at most kMaxCopied characters. All rows: 0, -1.
  Q_INVOKABLE [[nodiscard]] QString copied(int first, int last) const;
  // The whole line, JSON indented.
  Q_INVOKABLE [[nodiscard]] QString pretty(int row) const;
  // Writes every line held, with times and instances, on a thread of its own; says how it went by saved() and
  // saveFailed().
  Q_INVOKABLE void saveTo(const QUrl& file);
  // All lines shown, as text with times.
  [[nodiscard]] QString text() const { return copied(0, -1); }
  // Puts what waits for the next picture into the list now.
  void flush();
  [[nodiscard]] const LogStore& store() const { return m_store; }

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();
  void pausedChanged();
  void sourceChanged();
  void olderChanged();
  void searchChanged();
  void matchesChanged();
  void colorsChanged();
  // `rows` older lines were put in front: what was row 0 is row `rows` now.
  void prepended(int rows);
  void saved(const QString& path, qint64 lines);
  void saveFailed(const univrs::gui::Problem& problem);

private:
  void add(const std::vector<interfaces::LogEntry>& entries);
  void takeOlder(const base::Result<void>& end);
  void newSearch(const QString& pattern);
  void searchOn();
  void dropExcess();
  void showRows();   // announces lines (or matches) that are there and not shown yet
  void remakeRows(); // other lines than before are rows
  [[nodiscard]] bool filtered() const { return m_onlyMatches && m_search.active(); }
  [[nodiscard]] int64_t numberAt(int row) const;
  [[nodiscard]] int64_t available() const; // rows there could be now
  [[nodiscard]] QString instanceName(const LogLine& line) const;
  interfaces::Logs& m_logs;
  std::unique_ptr<base::Subscription> m_follow;
  std::unique_ptr<base::Subscription> m_older;
  std::vector<LogStore::Older> m_olderLines;
  QString m_olderNote;
  bool m_noOlder = false;
  uint64_t m_round = 0; // answers of an earlier follow are not ours any more
  QString m_workload;
  QString m_name;
  QString m_instance;
  LogStore m_store;
  LogSearch m_search;
  bool m_matchCase = false;
  bool m_regex = false;
  bool m_onlyMatches = false;
  int64_t m_current = -1; // number of the line of the current match
  int m_shown = 0;
  bool m_paused = false;
  bool m_ended = false;
  Problem m_problem;
  QStringList m_colors;
  QTimer m_flush;
  QTimer m_slice;
};

} // namespace univrs::gui
