// The selected workload: how it is, why, its instances, what can be done, what it writes.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

FocusScope {
    id: root
    required property Session session
    readonly property WorkloadDetails workload: session.selected
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Details of %1").arg(workload.name)

    Rectangle {
        anchors.fill: parent
        color: Theme.surface
        Hairline {
            height: parent.height
        }
    }
    ColumnLayout {
        anchors.fill: parent
        anchors.margins: Theme.space5
        anchors.bottomMargin: Theme.space4
        spacing: Theme.space3
        enabled: root.session.connection.connected
        opacity: root.session.connection.stale ? 0.6 : 1

        ColumnLayout {
            spacing: 6
            RowLayout {
                spacing: Theme.space3
                Words {
                    objectName: "inspectorName"
                    text: root.workload.name
                    font.pixelSize: 17
                    font.weight: Font.Bold
                    Layout.fillWidth: true
                    Layout.maximumWidth: implicitWidth + 1
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                StatusChip {
                    tone: root.workload.tone
                    word: root.workload.stateWord
                }
                Item {
                    Layout.fillWidth: true
                    Layout.preferredWidth: 0
                }
                IconButton {
                    iconName: "close"
                    text: qsTr("Close")
                    tip: qsTr("Close (Esc)")
                    onClicked: root.session.select("")
                }
            }
            Words {
                objectName: "inspectorReason"
                Layout.fillWidth: true
                visible: text.length > 0
                text: root.workload.reason
                color: root.workload.tone === "bad" ? Theme.red : root.workload.tone === "warn" ? Theme.amber : Theme.muted
                wrapMode: Text.Wrap
                maximumLineCount: 4
                elide: Text.ElideRight
            }
            Mono {
                Layout.fillWidth: true
                text: root.workload.images
                color: Theme.muted
                elide: Text.ElideMiddle
            }
        }
        RowLayout {
            spacing: Theme.space2
            Rectangle {
                implicitWidth: stepper.implicitWidth + 4
                implicitHeight: Theme.control
                radius: Theme.radius
                color: "transparent"
                border.color: Theme.line
                RowLayout {
                    id: stepper
                    anchors.centerIn: parent
                    spacing: 0
                    IconButton {
                        objectName: "scaleDown"
                        iconName: "minus"
                        text: qsTr("One replica fewer")
                        enabled: root.workload.replicas > 0 && !root.workload.deleting
                        onClicked: root.session.actions.scaleBy(root.workload.id, -1)
                    }
                    Mono {
                        Layout.minimumWidth: 44
                        horizontalAlignment: Text.AlignHCenter
                        text: root.workload.ready + "/" + root.workload.replicas
                        Accessible.role: Accessible.StaticText
                        Accessible.name: qsTr("%1 of %2 replicas ready").arg(root.workload.ready).arg(root.workload.replicas)
                    }
                    IconButton {
                        objectName: "scaleUp"
                        iconName: "plus"
                        text: qsTr("One replica more")
                        enabled: !root.workload.deleting
                        onClicked: root.session.actions.scaleBy(root.workload.id, 1)
                    }
                }
            }
            ActionButton {
                objectName: "restartButton"
                text: qsTr("Restart")
                enabled: !root.workload.deleting
                onClicked: root.session.actions.restart(root.workload.id)
            }
            ActionButton {
                objectName: "removeButton"
                text: qsTr("Remove")
                danger: true
                enabled: !root.workload.deleting
                tip: qsTr("Stops and removes it; the next message can take it back")
                onClicked: root.session.actions.remove(root.workload.id)
            }
        }
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
        ColumnLayout {
            spacing: 0
            Layout.fillWidth: true
            RowLayout {
                Layout.bottomMargin: 2
                Words {
                    text: qsTr("Instances")
                    font.weight: Font.DemiBold
                    Accessible.role: Accessible.Heading
                    Accessible.name: text
                }
                Words {
                    Layout.fillWidth: true
                    color: Theme.muted
                    text: (root.workload.limits.length > 0 ? qsTr("%1 each").arg(root.workload.limits) + " · " : "") + qsTr("generation %1").arg(root.workload.generation)
                }
            }
            ListView {
                id: instances
                objectName: "instanceList"
                Layout.fillWidth: true
                Layout.preferredHeight: Math.min(contentHeight, root.height * (root.height < 480 ? 0.2 : 0.36))
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
                }
                FocusRing {
                    visible: instances.activeFocus
                }
            }
            Words {
                visible: instances.count === 0
                Layout.topMargin: 6
                text: root.workload.replicas === 0 ? qsTr("None is wanted: scale up to start one") : qsTr("None yet")
                color: Theme.muted
            }
        }
        LogPane {
            Layout.fillWidth: true
            Layout.fillHeight: true
            session: root.session
        }
    }
}
