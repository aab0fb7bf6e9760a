// What can be done with one workload, opened on its row.
import QtQuick
import Univrs

PopupMenu {
    id: root
    required property Session session
    readonly property WorkloadDetails workload: session.pointed
    readonly property bool usable: session.connection.connected && !workload.deleting && workload.present
    objectName: "workloadMenu"
    accessibleName: qsTr("What can be done with %1").arg(workload.name)

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
        text: qsTr("Logs")
        onTriggered: root.show("logs")
    }
    MenuRow {
        iconName: "chart"
        text: qsTr("Charts")
        onTriggered: root.show("charts")
    }
    MenuRow {
        iconName: "terminal"
        text: qsTr("Console")
        onTriggered: root.show("console")
    }
    MenuLine {}
    MenuRow {
        objectName: "menuRestart"
        iconName: "restart"
        text: qsTr("Restart")
        enabled: root.usable
        onTriggered: root.session.actions.restart(root.workload.id)
    }
    MenuRow {
        iconName: "sliders"
        text: qsTr("Scale…")
        enabled: root.usable
        onTriggered: Qt.callLater(root.session.edit, root.workload.id, "replicas") // qmllint disable
    }
    MenuRow {
        iconName: "layers"
        text: qsTr("Update image…")
        enabled: root.usable
        onTriggered: Qt.callLater(root.session.edit, root.workload.id, "image") // qmllint disable
    }
    MenuRow {
        shown: root.workload.canRollBack
        iconName: "undo"
        text: qsTr("Roll back")
        enabled: root.usable
        onTriggered: root.session.actions.rollBack(root.workload.id)
    }
    MenuLine {}
    MenuRow {
        iconName: "copy"
        text: qsTr("Copy as command")
        detail: root.workload.cliLines[0]
        onTriggered: root.session.copy(root.workload.cliLines[0])
    }
    MenuLine {}
    MenuRow {
        iconName: "trash"
        text: qsTr("Remove")
        danger: true
        enabled: root.usable
        onTriggered: root.session.actions.remove(root.workload.id)
    }
}
