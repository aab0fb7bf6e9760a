// The selected node, as the inspector shows it.
#pragma once

#include "app/gui/node_instances_model.h"
#include "app/gui/recent_events.h"
#include "engine/model/node.h"

#include <QObject>
#include <QStringList>
#include <QVariantList>
#include <QtQml/qqmlregistration.h>

namespace univrs::gui {

class NodeDetails : public QObject {
  Q_OBJECT
  QML_ELEMENT
  QML_UNCREATABLE("made by Session")
  Q_PROPERTY(QString id READ id NOTIFY changed)
  Q_PROPERTY(bool present READ present NOTIFY changed)
  Q_PROPERTY(QString name READ name NOTIFY changed)
  Q_PROPERTY(QString stateWord READ stateWord NOTIFY changed)
  Q_PROPERTY(QString tone READ tone NOTIFY changed)
  Q_PROPERTY(QString reason READ reason NOTIFY changed)
  Q_PROPERTY(bool cordoned READ cordoned NOTIFY changed)
  // {name, value} in the order to show: address, platform, runtime, version, since when up.
  Q_PROPERTY(QVariantList facts READ facts NOTIFY changed)
  // {name, parts of a meter, limit, text}: CPU, memory, disk, … as far as the node has them.
  Q_PROPERTY(QVariantList resources READ resources NOTIFY changed)
  Q_PROPERTY(QStringList labels READ labels NOTIFY changed) // key=value
  Q_PROPERTY(QStringList taints READ taints NOTIFY changed) // key=value:effect
  Q_PROPERTY(QString cliLine READ cliLine NOTIFY changed)
  Q_PROPERTY(univrs::gui::NodeInstancesModel* instances READ instances CONSTANT)
  Q_PROPERTY(univrs::gui::RecentEvents* events READ events CONSTANT)
public:
  static constexpr int kEvents = 50;

  NodeDetails(interfaces::Events& engine, const base::Clock& clock, const InstanceIndex& instances,
              QObject* parent = nullptr);
  void show(const model::Node* node); // nullptr = nothing selected

  [[nodiscard]] bool present() const { return !m_node.id.empty(); }
  [[nodiscard]] QString id() const;
  [[nodiscard]] QString name() const;
  [[nodiscard]] QString stateWord() const;
  [[nodiscard]] QString tone() const;
  [[nodiscard]] QString reason() const;
  [[nodiscard]] bool cordoned() const { return m_node.cordoned; }
  [[nodiscard]] QVariantList facts() const;
  [[nodiscard]] QVariantList resources() const;
  [[nodiscard]] QStringList labels() const;
  [[nodiscard]] QStringList taints() const;
  [[nodiscard]] QString cliLine() const; // closes it for new instances, or opens it again
  [[nodiscard]] NodeInstancesModel* instances() { return &m_instances; }
  [[nodiscard]] RecentEvents* events() { return &m_events; }

Q_SIGNALS:
  void changed();

private:
  model::Node m_node;
  NodeInstancesModel m_instances;
  RecentEvents m_events;
};

} // namespace univrs::gui
