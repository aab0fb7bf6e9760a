import QtQuick
import QtQuick.Layouts
import Univrs

Item {
    id: root
    required property string instanceId
    required property string stateWord
    required property string tone
    required property string message
    required property int restarts
    required property string age
    required property string since
    required property string place
    required property string detail
    required property string decisionId
    required property var containers
    required property string nextRestart
    property OperationsModel operations
    signal decisionRequested(string id)
    signal cancelRequested(string operationId)
    implicitHeight: column.implicitHeight + 18
    Accessible.role: Accessible.ListItem
    Accessible.name: instanceId + ", " + detail
    Accessible.description: message

    ColumnLayout {
        id: column
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 3
        RowLayout {
            spacing: Theme.space2
            Dot {
                tone: root.tone
            }
            Mono {
                text: root.instanceId
                elide: Text.ElideMiddle
                Layout.fillWidth: true
            }
            Words {
                text: root.restarts === 0 ? "" : root.restarts === 1 ? qsTr("1 restart") : qsTr("%n restarts", "", root.restarts)
                visible: text.length > 0
                color: Theme.amber
                font.pixelSize: Theme.smallSize
            }
            Words {
                text: root.stateWord
                color: root.tone === "idle" ? Theme.muted : Theme.tone(root.tone)
                font.pixelSize: Theme.smallSize
                font.weight: Font.Medium
            }
            Words {
                text: root.age
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                HoverHandler {
                    id: ageHover
                }
                Tip {
                    visible: ageHover.hovered
                    text: qsTr("since %1").arg(root.since)
                }
            }
        }
        Words {
            visible: root.message.length > 0
            Layout.fillWidth: true
            Layout.leftMargin: 15
            text: root.message
            color: root.tone === "bad" ? Theme.red : Theme.muted
            font.pixelSize: Theme.smallSize
            wrapMode: Text.Wrap
            maximumLineCount: 4
            elide: Text.ElideRight
        }
        Repeater {
            model: root.containers
            delegate: RowLayout {
                id: container
                required property var modelData
                Layout.leftMargin: 15
                spacing: 6
                Dot {
                    tone: container.modelData.tone
                    implicitWidth: 5
                    implicitHeight: 5
                }
                Mono {
                    text: container.modelData.name
                    font.pixelSize: 11
                    Layout.maximumWidth: 160
                }
                Words {
                    Layout.fillWidth: true
                    text: container.modelData.state + (container.modelData.detail.length > 0 ? " · " + container.modelData.detail : "")
                    color: container.modelData.tone === "bad" ? Theme.red : Theme.muted
                    font.pixelSize: Theme.smallSize
                }
            }
        }
        Repeater {
            model: root.operations
            delegate: RowLayout {
                id: operation
                required property string text
                required property real fraction
                required property string instanceId
                required property string operationId
                required property bool cancellable
                visible: instanceId === root.instanceId // qmllint disable unqualified
                Layout.leftMargin: 15
                Layout.fillWidth: true
                spacing: Theme.space2
                Words {
                    text: operation.text
                    color: Theme.blue
                    font.pixelSize: Theme.smallSize
                    Layout.fillWidth: true
                }
                ProgressLine {
                    Layout.preferredWidth: 80
                    value: operation.fraction
                    label: operation.text
                }
                IconButton {
                    visible: operation.cancellable
                    iconName: "close"
                    text: qsTr("Cancel: %1").arg(operation.text)
                    onClicked: root.cancelRequested(operation.operationId) // qmllint disable unqualified
                }
            }
        }
        RowLayout {
            Layout.leftMargin: 15
            spacing: Theme.space2
            Words {
                Layout.fillWidth: true
                text: root.nextRestart + (root.nextRestart.length > 0 && root.place.length > 0 ? "  ·  " : "") + root.place
                color: Theme.muted
                font.pixelSize: Theme.smallSize
            }
            ActionButton {
                visible: root.decisionId.length > 0
                implicitHeight: 24
                quiet: true
                text: qsTr("Why here")
                tip: qsTr("The decision that put it there, node by node")
                onClicked: root.decisionRequested(root.decisionId)
            }
        }
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
