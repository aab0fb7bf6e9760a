// What the window is connected to, and whether what it shows is current.
#pragma once

#include "engine/interfaces/admin.h"

#include <QObject>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class ConnectionModel : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(State state READ state NOTIFY changed)
  Q_PROPERTY(bool connected READ connected NOTIFY changed)
  Q_PROPERTY(bool stale READ stale NOTIFY changed)
  Q_PROPERTY(QString endpoint READ endpoint CONSTANT)
  Q_PROPERTY(bool remote READ remote CONSTANT)
  Q_PROPERTY(QString why READ why NOTIFY changed)
  Q_PROPERTY(QString word READ word NOTIFY changed)
  Q_PROPERTY(QString tone READ tone NOTIFY changed)
  Q_PROPERTY(QString nodeName READ nodeName NOTIFY changed)
  Q_PROPERTY(QString nodeId READ nodeId NOTIFY changed)
  Q_PROPERTY(QString shortNodeId READ shortNodeId NOTIFY changed)
  Q_PROPERTY(QString version READ version NOTIFY changed)
  Q_PROPERTY(QString runtime READ runtime NOTIFY changed)
  Q_PROPERTY(QString revisionText READ revisionText NOTIFY revisionChanged)
public:
  enum State {
    Starting,  // never connected yet
    Connected, // what is shown is current
    Lost       // was connected; what is shown may be old
  };
  Q_ENUM(State)

  ConnectionModel(QString endpoint, bool remote, QObject* parent = nullptr);

  void setConnected(bool connected, const QString& why);
  void setNodeInfo(const interfaces::NodeInfo& info);
  // Never goes back while connected; a restored node may begin lower, so a reconnect accepts any.
  void setRevision(qint64 revision);

  [[nodiscard]] State state() const { return m_state; }
  [[nodiscard]] bool connected() const { return m_state == Connected; }
  [[nodiscard]] bool stale() const { return m_state == Lost; }
  [[nodiscard]] QString endpoint() const { return m_endpoint; }
  [[nodiscard]] bool remote() const { return m_remote; }
  [[nodiscard]] QString why() const { return m_why; }
  [[nodiscard]] QString word() const;
  [[nodiscard]] QString tone() const;
  [[nodiscard]] QString nodeName() const { return m_nodeName; }
  [[nodiscard]] QString nodeId() const { return m_nodeId; }
  [[nodiscard]] QString shortNodeId() const;
  [[nodiscard]] QString version() const { return m_version; }
  [[nodiscard]] QString runtime() const { return m_runtime; }
  [[nodiscard]] qint64 revision() const { return m_revision; }
  [[nodiscard]] QString revisionText() const { return m_revision > 0 ? QString::number(m_revision) : QString(); }

Q_SIGNALS:
  void changed();
  void revisionChanged();

private:
  State m_state = Starting;
  const QString m_endpoint;
  const bool m_remote;
  QString m_why;
  QString m_nodeName;
  QString m_nodeId;
  QString m_version;
  QString m_runtime;
  qint64 m_revision = 0;
};

} // namespace univrs::gui
