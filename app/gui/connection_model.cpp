#include "app/gui/connection_model.h"

#include "app/gui/display_text.h"

namespace univrs::gui {

ConnectionModel::ConnectionModel(QString endpoint, bool remote, QObject* parent)
    : QObject(parent), m_endpoint(std::move(endpoint)), m_remote(remote) {}

void ConnectionModel::setConnected(bool connected, const QString& why) {
  const State next = connected ? Connected : (m_state == Starting ? Starting : Lost);
  const QString reason = connected ? QString() : why;
  if (next == m_state && reason == m_why) {
    return;
  }
  if (next == Connected) {
    m_revision = 0;
  }
  m_state = next;
  m_why = reason;
  Q_EMIT changed();
}

void ConnectionModel::setNodeInfo(const interfaces::NodeInfo& info) {
  m_nodeName = plainLine(info.name);
  m_nodeId = plainLine(info.peerId);
  m_version = plainLine(info.version);
  m_runtime = plainLine(info.engine.product);
  Q_EMIT changed();
}

void ConnectionModel::setRevision(qint64 revision) {
  if (revision > m_revision) {
    m_revision = revision;
    Q_EMIT revisionChanged();
  }
}

QString ConnectionModel::word() const {
  switch (m_state) {
  case Starting:
    return m_remote ? tr("Connecting") : tr("Starting");
  case Connected:
    return tr("Connected");
  case Lost:
    return tr("Connection lost");
  }
  return {};
}

QString ConnectionModel::tone() const {
  switch (m_state) {
  case Starting:
    return QStringLiteral("busy");
  case Connected:
    return QStringLiteral("good");
  case Lost:
    return QStringLiteral("warn");
  }
  return {};
}

QString ConnectionModel::shortNodeId() const {
  return shortId(m_nodeId);
}

} // namespace univrs::gui
