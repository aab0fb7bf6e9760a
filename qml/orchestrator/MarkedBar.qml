// What can be done with all marked workloads at once.
import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    required property Session session
    readonly property int count: session.marked.count
    implicitHeight: row.implicitHeight + 12
    radius: Theme.radius
    color: Theme.selection
    Accessible.role: Accessible.ToolBar
    Accessible.name: words.text

    RowLayout {
        id: row
        anchors.fill: parent
        anchors.leftMargin: Theme.space3
        anchors.rightMargin: Theme.space2
        spacing: Theme.space2
        Words {
            id: words
            objectName: "markedText"
            Layout.fillWidth: true
            text: root.count === 1 ? qsTr("1 workload chosen") : qsTr("%n workloads chosen", "", root.count)
            font.weight: Font.Medium
        }
        ActionButton {
            objectName: "markedRestart"
            text: qsTr("Restart")
            onClicked: root.session.actions.restartAll(root.session.marked.ids())
        }
        TextBox {
            id: replicas
            objectName: "markedReplicas"
            implicitWidth: 84
            placeholderText: qsTr("Replicas")
            validator: IntValidator {
                bottom: 0
                top: 10000
            }
            onAccepted: scale.clicked()
        }
        ActionButton {
            id: scale
            text: qsTr("Scale")
            enabled: replicas.acceptableInput
            onClicked: {
                root.session.actions.scaleAll(root.session.marked.ids(), parseInt(replicas.text));
                replicas.clear();
            }
        }
        ActionButton {
            objectName: "markedRemove"
            text: qsTr("Remove")
            danger: true
            tip: qsTr("Stops and removes them; the next message can take it back")
            onClicked: root.session.actions.removeAll(root.session.marked.ids())
        }
        IconButton {
            iconName: "close"
            text: qsTr("Choose none (Esc)")
            onClicked: root.session.marked.clear()
        }
    }
}
