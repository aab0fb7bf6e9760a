#include "app/gui/frame.h"

#include <QCoreApplication>
#include <QSettings>

#include <algorithm>

namespace univrs::gui {
namespace {

const ViewDef* find(const QString& id) {
  const auto& defs = viewDefs();
  const auto it = std::find_if(defs.begin(), defs.end(), [&](const ViewDef& v) { return id == QLatin1String(v.id); });
  return it == defs.end() ? nullptr : &*it;
}

QString text(const char* latin) {
  return QString::fromLatin1(latin);
}

} // namespace

const std::vector<ViewDef>& viewDefs() {
  static const std::vector<ViewDef> kViews{
      // clang-format off
      {"overview", QT_TRANSLATE_NOOP("View", "Overview"), "", "overview", "orchestrator/OverviewView.qml", "", ""},
      {"peers", QT_TRANSLATE_NOOP("View", "Peer Graph"), QT_TRANSLATE_NOOP("View", "Network"), "graph", "network/PeersView.qml", "network/PeerInspector.qml", "selectedPeerId", true},
      {"gossip", QT_TRANSLATE_NOOP("View", "Gossip Log"), QT_TRANSLATE_NOOP("View", "Network"), "gossip", "network/GossipView.qml", "network/GossipInspector.qml", "selectedMessageId", true},
      {"workloads", QT_TRANSLATE_NOOP("View", "Workloads"), QT_TRANSLATE_NOOP("View", "Orchestrator"), "workloads", "orchestrator/WorkloadsView.qml", "orchestrator/Inspector.qml", "selectedId"},
      {"nodes", QT_TRANSLATE_NOOP("View", "Nodes"), QT_TRANSLATE_NOOP("View", "Orchestrator"), "nodes", "orchestrator/NodesView.qml", "orchestrator/NodeInspector.qml", "selectedNodeId"},
      {"scheduler", QT_TRANSLATE_NOOP("View", "Scheduler"), QT_TRANSLATE_NOOP("View", "Orchestrator"), "scheduler", "orchestrator/SchedulerView.qml", "orchestrator/DecisionInspector.qml", "selectedDecisionId"},
      // clang-format on
  };
  return kViews;
}

QString viewTitle(const ViewDef& view) {
  return QCoreApplication::translate("View", view.title);
}

Frame::Frame(const Settings& settings, QObject* parent) : QObject(parent) {
  const QSettings stored;
  m_railFolded = stored.value(QStringLiteral("window/rail_folded")).toBool();
  const QString wanted = settings.value(QStringLiteral("window/start_view")).toString();
  const QString start =
      wanted == QLatin1String("last") ? stored.value(QStringLiteral("window/view")).toString() : wanted;
  m_view = has(start) ? start : text(viewDefs().front().id);
}

bool Frame::has(const QString& id) {
  return find(id) != nullptr;
}

QVariantList Frame::views() const {
  QVariantList list;
  int number = 0;
  for (const ViewDef& v : viewDefs()) {
    ++number;
    list.append(QVariantMap{
        {QStringLiteral("viewId"), text(v.id)},
        {QStringLiteral("title"), viewTitle(v)},
        {QStringLiteral("group"), *v.group != '\0' ? QCoreApplication::translate("View", v.group) : QString()},
        {QStringLiteral("icon"), text(v.icon)},
        {QStringLiteral("file"), text(v.file)},
        {QStringLiteral("inspector"), text(v.inspector)},
        {QStringLiteral("selection"), text(v.selection)},
        {QStringLiteral("shortcut"), number <= 9 ? QStringLiteral("Ctrl+%1").arg(number) : QString()}});
  }
  return list;
}

void Frame::setView(const QString& id) {
  if (id != m_view && has(id)) {
    m_view = id;
    QSettings().setValue(QStringLiteral("window/view"), id);
    Q_EMIT viewChanged();
  }
}

QString Frame::selection() const {
  const ViewDef* v = find(m_view);
  return v == nullptr ? QString() : text(v->selection);
}

bool Frame::always() const {
  const ViewDef* v = find(m_view);
  return v != nullptr && v->always;
}

void Frame::setRailFolded(bool folded) {
  if (folded != m_railFolded) {
    m_railFolded = folded;
    QSettings().setValue(QStringLiteral("window/rail_folded"), folded);
    Q_EMIT railChanged();
  }
}

} // namespace univrs::gui
