// The output of a workload's instances, followed live: the last 20,000 lines. Paused, the shown lines stand still and
// new ones wait.
#pragma once

#include "app/gui/display_text.h"
#include "engine/interfaces/logs.h"

#include <QAbstractListModel>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <deque>
#include <memory>

namespace univrs::gui {

class LogModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int count READ count NOTIFY countChanged)
  Q_PROPERTY(int waiting READ waiting NOTIFY countChanged)
  Q_PROPERTY(bool paused READ paused WRITE setPaused NOTIFY pausedChanged)
  Q_PROPERTY(QString instance READ instance WRITE setInstance NOTIFY sourceChanged)
  Q_PROPERTY(QString state READ state NOTIFY sourceChanged)
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY sourceChanged)
public:
  static constexpr size_t kMaxLines = 20'000;
  static constexpr size_t kMaxCharacters = 8u << 20; // of all lines together
  static constexpr int kTail = 500;                  // lines of the past shown at first

  enum Role { TextRole = Qt::UserRole + 1, TimeRole, InstanceRole, ErrorRole };

  explicit LogModel(interfaces::Logs& logs, QObject* parent = nullptr);
  ~LogModel() override;

  // Follows the workload from its last lines on; empty id = nothing.
  void open(const QString& workloadId);
  // Follows again after the stream ended: after a reconnect.
  Q_INVOKABLE void reopen();

  [[nodiscard]] int count() const { return int(m_lines.size()); }
  [[nodiscard]] int waiting() const { return int(m_waiting.size()); }
  [[nodiscard]] bool paused() const { return m_paused; }
  void setPaused(bool paused);
  [[nodiscard]] QString instance() const { return m_instance; } // empty = all
  void setInstance(const QString& id);
  [[nodiscard]] QString state() const; // "following", "paused", "ended", …
  [[nodiscard]] Problem problem() const { return m_problem; }
  // All lines shown, as text with times.
  [[nodiscard]] QString text() const;
  // Puts what waits for the next picture into the list now.
  void flush();

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();
  void pausedChanged();
  void sourceChanged();

private:
  struct Line {
    QString text;
    base::Timestamp time;
    QString instance;
    bool isError = false;
  };
  void add(const std::vector<interfaces::LogEntry>& entries);
  void dropOldest(std::deque<Line>& lines, size_t& characters, size_t atLeast);
  interfaces::Logs& m_logs;
  std::unique_ptr<base::Subscription> m_follow;
  uint64_t m_round = 0; // answers of an earlier follow are not ours any more
  QString m_workload;
  QString m_instance;
  std::deque<Line> m_lines;
  std::deque<Line> m_waiting;
  size_t m_characters = 0;
  size_t m_waitingCharacters = 0;
  bool m_paused = false;
  bool m_ended = false;
  Problem m_problem;
  QTimer m_flush;
};

} // namespace univrs::gui
