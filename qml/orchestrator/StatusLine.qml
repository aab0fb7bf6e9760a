import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    required property Session session
    readonly property ConnectionModel connection: session.connection
    implicitHeight: Theme.statusLine
    color: Theme.surface
    Accessible.role: Accessible.StatusBar
    Accessible.name: qsTr("Status")

    component Fact: Words {
        color: Theme.muted
        font.pixelSize: Theme.smallSize
        Accessible.role: Accessible.StaticText
        Accessible.name: text
    }
    Hairline {
        width: parent.width
    }
    RowLayout {
        anchors.fill: parent
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        spacing: Theme.space4
        RowLayout {
            spacing: 6
            Dot {
                tone: root.connection.tone
            }
            Fact {
                text: root.connection.endpoint
                Layout.maximumWidth: 320
            }
        }
        Mono {
            visible: text.length > 0
            text: root.connection.shortNodeId
            font.pixelSize: 11
            color: Theme.muted
            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("Node %1").arg(root.connection.nodeId)
        }
        Fact {
            visible: text.length > 0
            text: root.connection.runtime
            Layout.maximumWidth: 200
        }
        Fact {
            visible: root.session.operations.count > 0
            text: root.session.operations.count === 1 ? qsTr("1 pull under way") : qsTr("%n pulls under way", "", root.session.operations.count)
            color: Theme.blue
        }
        Item {
            Layout.fillWidth: true
        }
        Fact {
            visible: root.connection.revisionText.length > 0
            text: qsTr("revision %1").arg(root.connection.revisionText)
        }
        Fact {
            visible: root.connection.version.length > 0
            text: qsTr("Univrs %1").arg(root.connection.version)
        }
    }
}
