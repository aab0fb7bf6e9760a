// Gossip messages as they pass this node, newest at the end, bounded, with how many pass by topic. A thousand a second
// are taken in as they come and shown ten times a second.
#pragma once

#include "app/gui/coalescer.h"
#include "app/gui/display_text.h"
#include "engine/base/clock.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QHash>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>

namespace univrs::gui {

// Bytes as a person reads them: JSON indented, text as it is; empty when it is neither.
QString decodedText(const std::string& data);
// "00000010  7b 22 61 22 …  |{"a"…|", 16 bytes a line.
QString hexText(const std::string& data);

class GossipLog : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int count READ count NOTIFY countChanged) // shown
  Q_PROPERTY(int kept READ kept NOTIFY countChanged)
  Q_PROPERTY(double seen READ seen NOTIFY countChanged) // whole; since the log was opened or cleared
  Q_PROPERTY(bool paused READ paused WRITE setPaused NOTIFY pausedChanged)
  Q_PROPERTY(int waiting READ waiting NOTIFY waitingChanged) // arrived while paused
  Q_PROPERTY(QString text READ text WRITE setText NOTIFY filterChanged)
  Q_PROPERTY(QString topic READ topic WRITE setTopic NOTIFY filterChanged) // empty = all
  Q_PROPERTY(QString peer READ peer WRITE setPeer NOTIFY filterChanged)    // author or neighbour; empty = all
  Q_PROPERTY(bool refusedOnly READ refusedOnly WRITE setRefusedOnly NOTIFY filterChanged)
  Q_PROPERTY(QVariantList topics READ topics NOTIFY ratesChanged) // {topic, rate, rateText, total, series}
  Q_PROPERTY(QString rateText READ rateText NOTIFY ratesChanged)
  // What is selected; it stays while newer ones push it out of the log.
  Q_PROPERTY(QString selectedId READ selectedId NOTIFY selectionChanged)
  Q_PROPERTY(QVariantMap selected READ selected NOTIFY selectionChanged)
public:
  static constexpr size_t kMaxMessages = 5'000;           // the oldest go
  static constexpr int64_t kMaxBytes = int64_t(16) << 20; // of their data together
  static constexpr size_t kMaxTopics = 32;                // told apart; the others count as one
  static constexpr int kRateSeconds = 5;                  // over which a rate is taken
  static constexpr qsizetype kMaxSearch = 256;            // characters

  enum Role {
    IdRole = Qt::UserRole + 1,
    TimeRole,
    TopicRole,
    SeriesRole, // which colour its topic has
    AuthorRole,
    ViaRole,
    BytesRole,
    VerdictRole,
    ToneRole,
    PreviewRole,
    ReasonRole
  };
  // What people call a peer.
  using NameOf = std::function<QString(const QString& id)>;

  GossipLog(const base::Clock& clock, NameOf nameOf, QObject* parent = nullptr);

  // Deltas of topic gossip, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  void refreshRates(); // once a second
  Q_INVOKABLE void clear();
  Q_INVOKABLE void select(const QString& messageId); // empty = nothing
  Q_INVOKABLE [[nodiscard]] QString idAt(int row) const;
  Q_INVOKABLE [[nodiscard]] int rowOf(const QString& messageId) const; // -1 = not shown

  [[nodiscard]] int count() const { return int(m_shown.size()); }
  [[nodiscard]] int kept() const { return int(m_all.size()); }
  [[nodiscard]] int64_t keptBytes() const { return m_bytes; }
  [[nodiscard]] double seen() const { return double(m_seen); }
  [[nodiscard]] bool paused() const { return m_paused; }
  void setPaused(bool paused);
  [[nodiscard]] int waiting() const { return m_waiting; }
  [[nodiscard]] QString text() const { return m_text; }
  void setText(const QString& text);
  [[nodiscard]] QString topic() const { return m_topic; }
  void setTopic(const QString& topic);
  [[nodiscard]] QString peer() const { return m_peer; }
  void setPeer(const QString& peer);
  [[nodiscard]] bool refusedOnly() const { return m_refusedOnly; }
  void setRefusedOnly(bool refusedOnly);
  [[nodiscard]] QVariantList topics() const;
  [[nodiscard]] QString rateText() const;
  [[nodiscard]] QString selectedId() const { return m_selected ? m_selectedKey : QString(); }
  [[nodiscard]] QVariantMap selected() const;

  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;

Q_SIGNALS:
  void countChanged();
  void pausedChanged();
  void waitingChanged();
  void filterChanged();
  void ratesChanged();
  void selectionChanged();
  void passed(const univrs::model::GossipMessage& message); // direct connections only

private:
  struct Entry {
    uint64_t serial = 0; // one message may pass more than once
    QString topic;
    QString author;
    QString via;
    model::GossipMessage message;
  };
  struct Topic {
    int64_t total = 0;
    int series = 0;
    std::array<int, kRateSeconds> counts{}; // of the last seconds, a ring
  };
  [[nodiscard]] bool wanted(const Entry& entry) const;
  [[nodiscard]] const Entry& shownAt(int row) const;
  [[nodiscard]] Topic& topicOf(const QString& name);
  [[nodiscard]] double rateOf(const Topic& topic) const;
  void show();
  void trim();
  void refilter();
  const base::Clock& m_clock;
  NameOf m_nameOf;
  std::deque<Entry> m_all;      // oldest first; serials go up by one
  std::deque<uint64_t> m_shown; // serials
  uint64_t m_nextSerial = 1;
  uint64_t m_shownUpTo = 0; // serials up to here were filtered
  int64_t m_bytes = 0;
  qint64 m_seen = 0;
  bool m_paused = false;
  int m_waiting = 0;
  QString m_text;
  QString m_topic;
  QString m_peer;
  bool m_refusedOnly = false;
  std::map<QString, Topic> m_topics;
  size_t m_toldTopics = 0;
  int m_second = 0; // of the ring
  std::optional<Entry> m_selected;
  QString m_selectedKey;
  Coalescer m_coalescer;
};

} // namespace univrs::gui
