// Where the workload runs: its ports, and each instance with its state, node and why it is there.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

ColumnLayout {
    id: root
    required property Session session
    readonly property WorkloadDetails workload: session.selected
    spacing: Theme.space3

    Flow {
        Layout.fillWidth: true
        visible: ports.count > 0
        spacing: 6
        Repeater {
            id: ports
            model: root.workload.ports
            delegate: Row {
                id: port
                required property var modelData
                spacing: 0
                ActionButton {
                    implicitHeight: 28
                    text: port.modelData.text
                    enabled: port.modelData.url.length > 0
                    tip: enabled ? qsTr("Open %1").arg(port.modelData.url) : ""
                    onClicked: Qt.openUrlExternally(port.modelData.url)
                }
                CopyButton {
                    visible: port.modelData.address.length > 0
                    text: qsTr("Copy %1").arg(port.modelData.address)
                    onCopyRequested: root.session.copy(port.modelData.address) // qmllint disable unqualified
                }
            }
        }
    }
    Words {
        Layout.fillWidth: true
        color: Theme.muted
        text: (root.workload.limits.length > 0 ? qsTr("%1 each").arg(root.workload.limits) + " · " : "") + qsTr("generation %1").arg(root.workload.generation)
    }
    ListView {
        id: instances
        objectName: "instanceList"
        Layout.fillWidth: true
        Layout.fillHeight: true
        clip: true
        model: root.session.instances
        boundsBehavior: Flickable.StopAtBounds
        activeFocusOnTab: true
        interactive: contentHeight > height
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Instances")
        T.ScrollBar.vertical: ScrollThumb {}
        delegate: InstanceRow {
            width: ListView.view ? ListView.view.width - 10 : 0
            operations: root.session.operations // qmllint disable unqualified
            onDecisionRequested: id => root.session.go("scheduler", id) // qmllint disable unqualified
            onCancelRequested: id => root.session.actions.cancelOperation(id) // qmllint disable unqualified
        }
        Words {
            anchors.top: parent.top
            anchors.topMargin: Theme.space2
            visible: instances.count === 0
            text: root.workload.replicas === 0 ? qsTr("None is wanted: scale up to start one") : qsTr("None yet")
            color: Theme.muted
        }
        FocusRing {
            visible: instances.activeFocus
        }
    }
}
