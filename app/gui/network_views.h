// The view models of the Peer Graph and the Gossip Log, and this node's place among its peers. Gossip is asked for from
// the first time one of the two is looked at: until then no message costs anything.
#pragma once

#include "app/gui/gossip_log.h"
#include "app/gui/peer_details.h"
#include "app/gui/peer_filter.h"
#include "app/gui/peer_graph.h"
#include "app/gui/peer_list_model.h"
#include "engine/interfaces/engine.h"

#include <QObject>
#include <QTimer>
#include <QtQml/qqmlregistration.h>

#include <memory>

namespace univrs::gui {

class NetworkViews : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(univrs::gui::PeerListModel* peers READ peers CONSTANT)
  Q_PROPERTY(univrs::gui::PeerFilter* rows READ rows CONSTANT)
  Q_PROPERTY(univrs::gui::PeerGraph* graph READ graph CONSTANT)
  Q_PROPERTY(univrs::gui::PeerDetails* details READ details CONSTANT)
  Q_PROPERTY(univrs::gui::GossipLog* gossip READ gossip CONSTANT)
  Q_PROPERTY(QString ownId READ ownId NOTIFY ownChanged)
  // What another node is started with to join this one; empty while it has no address.
  Q_PROPERTY(QString connectLine READ connectLine NOTIFY ownChanged)
  Q_PROPERTY(bool onlyLocal READ onlyLocal NOTIFY ownChanged)             // its addresses are of this computer alone
  Q_PROPERTY(univrs::gui::Problem problem READ problem NOTIFY ownChanged) // why nothing is known of the network
public:
  static constexpr int kOwnRefreshMs = 5'000; // while shown

  NetworkViews(interfaces::Engine& engine, const base::Clock& clock, QObject* parent = nullptr);
  ~NetworkViews() override;

  void apply(const std::vector<interfaces::Delta>& deltas);
  // Connected (again) or not; `name` is what people call this node.
  void setConnected(bool connected);
  void setOwnName(const QString& name);
  void refreshAges();
  // A view of these is looked at. Counted: each that is, and no longer is.
  Q_INVOKABLE void setShown(bool shown);
  void selectPeer(const QString& id); // empty = nothing

  [[nodiscard]] PeerListModel* peers() { return &m_peers; }
  [[nodiscard]] PeerFilter* rows() { return &m_rows; }
  [[nodiscard]] PeerGraph* graph() { return &m_graph; }
  [[nodiscard]] PeerDetails* details() { return &m_details; }
  [[nodiscard]] GossipLog* gossip() { return &m_gossip; }
  [[nodiscard]] QString ownId() const;
  [[nodiscard]] QString connectLine() const;
  [[nodiscard]] bool onlyLocal() const;
  [[nodiscard]] Problem problem() const { return m_problem; }
  [[nodiscard]] bool listening() const { return bool(m_watch); } // to gossip

Q_SIGNALS:
  void ownChanged();
  void peerSelectionChanged();

private:
  void askOwn();
  void listen();
  [[nodiscard]] QString nameOf(const QString& id) const;
  [[nodiscard]] QString bestAddress() const;
  interfaces::Engine& m_engine;
  PeerListModel m_peers;
  PeerFilter m_rows;
  PeerGraph m_graph;
  PeerDetails m_details;
  GossipLog m_gossip;
  interfaces::NetworkInfo m_own;
  QString m_ownName;
  Problem m_problem;
  bool m_connected = false;
  bool m_asking = false;
  int m_shown = 0;
  QTimer m_refresh;
  QTimer m_rates;
  std::unique_ptr<base::Subscription> m_watch;
};

} // namespace univrs::gui
