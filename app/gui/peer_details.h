// The selected peer, or this node itself, as the inspector shows it, and pinging it.
#pragma once

#include "app/gui/peer_list_model.h"
#include "engine/interfaces/network.h"

#include <QObject>
#include <QStringList>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class PeerDetails : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(QString id READ id NOTIFY changed)
  Q_PROPERTY(bool present READ present NOTIFY changed)
  Q_PROPERTY(bool own READ own NOTIFY changed) // this node
  Q_PROPERTY(QString name READ name NOTIFY changed)
  Q_PROPERTY(QString stateWord READ stateWord NOTIFY changed)
  Q_PROPERTY(QString tone READ tone NOTIFY changed)
  Q_PROPERTY(QVariantList facts READ facts NOTIFY changed)             // {name, value}
  Q_PROPERTY(QVariantList connections READ connections NOTIFY changed) // {tone, subject, words, age, time}
  Q_PROPERTY(QVariantList neighbours READ neighbours NOTIFY changed)   // {id, name, words, tone}
  Q_PROPERTY(QStringList addresses READ addresses NOTIFY changed)
  Q_PROPERTY(QStringList protocols READ protocols NOTIFY changed)
  Q_PROPERTY(QStringList topics READ topics NOTIFY changed)
  Q_PROPERTY(QString pingLine READ pingLine NOTIFY changed)
  Q_PROPERTY(bool pinging READ pinging NOTIFY pingChanged)
  Q_PROPERTY(QString pingText READ pingText NOTIFY pingChanged) // how the last ping went; empty = none
  Q_PROPERTY(bool pingFailed READ pingFailed NOTIFY pingChanged)
public:
  static constexpr int kMaxShown = 200; // neighbours, addresses, protocols

  PeerDetails(interfaces::Network& network, const PeerListModel& peers, const base::Clock& clock,
              QObject* parent = nullptr);
  void setOwn(const interfaces::NetworkInfo& info, const QString& name);
  void show(const QString& id); // empty = nothing
  void refresh();               // figures changed

  Q_INVOKABLE void ping();

  [[nodiscard]] bool present() const;
  [[nodiscard]] bool own() const { return !m_id.isEmpty() && m_id == m_peers.ownId(); }
  [[nodiscard]] QString id() const { return m_id; }
  [[nodiscard]] QString name() const;
  [[nodiscard]] QString stateWord() const;
  [[nodiscard]] QString tone() const;
  [[nodiscard]] QVariantList facts() const;
  [[nodiscard]] QVariantList connections() const;
  [[nodiscard]] QVariantList neighbours() const;
  [[nodiscard]] QStringList addresses() const;
  [[nodiscard]] QStringList protocols() const;
  [[nodiscard]] QStringList topics() const;
  [[nodiscard]] QString pingLine() const;
  [[nodiscard]] bool pinging() const { return m_pinging; }
  [[nodiscard]] QString pingText() const { return m_pingText; }
  [[nodiscard]] bool pingFailed() const { return m_pingFailed; }

Q_SIGNALS:
  void changed();
  void pingChanged();

private:
  [[nodiscard]] const PeerRow* row() const { return m_peers.find(m_id); }
  interfaces::Network& m_network;
  const PeerListModel& m_peers;
  const base::Clock& m_clock;
  interfaces::NetworkInfo m_own;
  QString m_ownName;
  QString m_id;
  bool m_pinging = false;
  bool m_pingFailed = false;
  QString m_pingText;
  uint64_t m_round = 0;
};

} // namespace univrs::gui
