// Every peer this node knows of, a row each: those it is connected to, those that say whom they are connected to, and
// those only others named. Feeds the table and the graph. Deltas change only the rows they concern and are put together
// when they come faster than ten times a second.
#pragma once

#include "app/gui/coalescer.h"
#include "app/gui/display_text.h"
#include "engine/base/clock.h"
#include "engine/interfaces/events.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSet>
#include <QtQml/qqmlregistration.h>

#include <optional>
#include <vector>

namespace univrs::gui {

enum class PeerStanding { Direct, Relayed, Elsewhere }; // how this node is connected to it; Elsewhere = only others are

struct PeerRow {
  QString id;
  QString name; // what people call it; the short id when nobody told
  model::Peer peer;
  PeerStanding standing = PeerStanding::Elsewhere;
  bool told = false;         // the watch told of it; else others named it
  int degree = 0;            // distinct peers it is connected to, as far as known, this node included
  double receivedRate = 0;   // bytes a second from it
  double sentRate = 0;       // to it
  int64_t receivedBytes = 0; // over its open connections
  int64_t sentBytes = 0;
  int64_t rttMicros = -1; // best of its connections
  int64_t figuresAt = 0;  // steady ms at which the sums were last known
  QString transports;     // "QUIC", "QUIC, TCP"
};

// "QUIC", "TCP" or the peer's own word for it.
QString transportName(const std::string& transport);
// "41 ms", "0.4 ms"; "–" while not known.
QString latencyText(int64_t micros);
// "1.2 MiB/s", "–" for none.
QString rateText(double bytesPerSecond);

class PeerListModel : public QAbstractListModel {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(int total READ total NOTIFY countsChanged)
  Q_PROPERTY(int connected READ connected NOTIFY countsChanged) // directly or through a relay
  Q_PROPERTY(int relayed READ relayed NOTIFY countsChanged)     // of these
  Q_PROPERTY(int links READ links NOTIFY countsChanged)         // connections anybody told of
  Q_PROPERTY(QStringList transports READ transports NOTIFY countsChanged)
  Q_PROPERTY(bool complete READ complete NOTIFY countsChanged)
public:
  static constexpr size_t kMaxRows = 20'000;      // a peer's excess is dropped
  static constexpr size_t kMaxNeighbours = 2'000; // of one peer
  static constexpr int kMaxTransports = 8;        // distinct ones offered as a filter
  static constexpr int kMaxRanges = 16;           // of changed rows told one by one
  static constexpr int64_t kRateFadesMs = 6'000;  // no news in this time: nothing flows

  enum Role {
    IdRole = Qt::UserRole + 1,
    NameRole,
    StateRole,
    StateSortRole,
    ToneRole,
    PathRole,
    TransportRole,
    LatencyRole,
    LatencySortRole,
    ReceivedRole,
    ReceivedSortRole,
    SentRole,
    SentSortRole,
    RateRole,
    RateSortRole,
    ConnectionsRole,
    NeighboursRole,
    AgentRole,
    AddressRole,
    SeenRole,
    SeenSortRole
  };

  explicit PeerListModel(const base::Clock& clock, QObject* parent = nullptr);

  // Deltas of topic peers, in order; others are skipped.
  void apply(const std::vector<interfaces::Delta>& deltas);
  // The id of the node the watch is of: neighbours name it too, it is no row.
  void setOwnId(const QString& id);
  void setOwnName(const QString& name);
  void refreshAges();

  // Its name; with the end of its id where another has the same.
  [[nodiscard]] QString labelOf(const PeerRow& row) const;
  [[nodiscard]] const QString& ownId() const { return m_ownId; }
  [[nodiscard]] const std::vector<PeerRow>& rows() const { return m_rows; }
  [[nodiscard]] const PeerRow* find(const QString& id) const;
  [[nodiscard]] const PeerRow& at(int row) const { return m_rows[size_t(row)]; }
  [[nodiscard]] int rowOf(const QString& id) const { return m_rowOf.value(id, -1); }
  [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
  [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
  [[nodiscard]] QHash<int, QByteArray> roleNames() const override;
  [[nodiscard]] int total() const { return int(m_rows.size()); }
  [[nodiscard]] int connected() const { return m_connected; }
  [[nodiscard]] int relayed() const { return m_relayed; }
  [[nodiscard]] int links() const { return m_links; }
  [[nodiscard]] QStringList transports() const { return m_transports; }
  [[nodiscard]] bool complete() const { return m_complete; }

Q_SIGNALS:
  void countsChanged();
  // Rows came or went, or who is connected to whom.
  void topologyChanged();
  // Figures of these changed.
  void applied(const QSet<QString>& ids);

private:
  void show();
  bool take(PeerRow& row, model::Peer peer) const; // true when who is connected to whom changed
  void nameMentioned();
  void findNamesakes();
  void removeRows(std::vector<int> rows);
  void append(std::vector<PeerRow> rows);
  void tellChanged(std::vector<int> rows);
  void count();
  const base::Clock& m_clock;
  QString m_ownId;
  QString m_ownName;
  QSet<QString> m_shared; // names of more than one
  std::vector<PeerRow> m_rows;
  QHash<QString, int> m_rowOf;
  QHash<QString, std::optional<model::Peer>> m_waiting; // newest word on each; nothing = gone
  bool m_inSnapshot = false;
  bool m_complete = false;
  QSet<QString> m_seen; // in the snapshot under way
  bool m_topologyStale = false;
  int m_connected = 0;
  int m_relayed = 0;
  int m_links = 0;
  QStringList m_transports;
  Coalescer m_coalescer;
};

QString standingWord(PeerStanding standing);
QString standingTone(PeerStanding standing);

} // namespace univrs::gui
