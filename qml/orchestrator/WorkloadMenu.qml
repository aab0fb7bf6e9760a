// What can be done with one workload, opened on its row; with several, when that row is one of the chosen.
import QtQuick
import Univrs

PopupMenu {
    id: root
    required property Session session
    readonly property WorkloadDetails workload: session.pointed
    readonly property RowSelection marked: session.marked
    readonly property bool several: marked.serial >= 0 && marked.count > 1 && marked.contains(workload.id)
    readonly property bool usable: session.connection.connected && !workload.deleting && workload.present
    readonly property bool usableHere: several ? session.connection.connected : usable
    objectName: "workloadMenu"
    accessibleName: several ? qsTr("What can be done with %n workloads", "", marked.count) : qsTr("What can be done with %1").arg(workload.name)

    function openFor(id: string, item: Item, at: point) {
        session.point(id);
        openOver(item, at);
    }
    function show(tab: string) {
        session.showTab(tab);
        session.select(workload.id);
    }

    MenuRow {
        objectName: "menuLogs"
        iconName: "logs"
        shown: !root.several
        text: qsTr("Logs")
        onTriggered: root.show("logs")
    }
    MenuRow {
        iconName: "chart"
        shown: !root.several
        text: qsTr("Charts")
        onTriggered: root.show("charts")
    }
    MenuRow {
        iconName: "terminal"
        shown: !root.several
        text: qsTr("Console")
        onTriggered: root.show("console")
    }
    MenuLine {
        shown: !root.several
    }
    MenuRow {
        objectName: "menuRestart"
        iconName: "restart"
        text: root.several ? qsTr("Restart %n workloads", "", root.marked.count) : qsTr("Restart")
        enabled: root.usableHere
        onTriggered: root.several ? root.session.actions.restartAll(root.marked.ids()) : root.session.actions.restart(root.workload.id)
    }
    MenuRow {
        iconName: "sliders"
        shown: !root.several
        text: qsTr("Scale…")
        enabled: root.usable
        onTriggered: Qt.callLater(root.session.edit, root.workload.id, "replicas") // qmllint disable
    }
    MenuRow {
        iconName: "layers"
        shown: !root.several
        text: qsTr("Update image…")
        enabled: root.usable
        onTriggered: Qt.callLater(root.session.edit, root.workload.id, "image") // qmllint disable
    }
    MenuRow {
        shown: root.workload.canRollBack && !root.several
        iconName: "undo"
        text: qsTr("Roll back")
        enabled: root.usable
        onTriggered: root.session.actions.rollBack(root.workload.id)
    }
    MenuLine {
        shown: !root.several
    }
    MenuRow {
        shown: !root.several
        iconName: "copy"
        text: qsTr("Copy as command")
        detail: root.workload.cliLines[0]
        onTriggered: root.session.copy(root.workload.cliLines[0])
    }
    MenuLine {}
    MenuRow {
        iconName: "trash"
        objectName: "menuRemove"
        text: root.several ? qsTr("Remove %n workloads", "", root.marked.count) : qsTr("Remove")
        danger: true
        enabled: root.usableHere
        onTriggered: root.several ? root.session.actions.removeAll(root.marked.ids()) : root.session.actions.remove(root.workload.id)
    }
}
