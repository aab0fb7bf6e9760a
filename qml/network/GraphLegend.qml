// What shapes and lines of the peer graph mean.
import QtQuick
import Univrs

Rectangle {
    id: root
    property bool relayed: true // anything is: else nobody needs to know how it looks
    implicitWidth: row.implicitWidth + 20
    implicitHeight: 26
    radius: Theme.radius
    color: Qt.alpha(Theme.background, 0.85)
    Accessible.role: Accessible.StaticText
    Accessible.name: qsTr("Filled: connected to this node. Diamond and dashes: through a relay. Hollow: connected to others only. Wider lines carry more.")

    component Word: Words {
        height: 26
        verticalAlignment: Text.AlignVCenter
        color: Theme.muted
        font.pixelSize: Theme.smallSize
        Accessible.ignored: true
    }

    Row {
        id: row
        x: 10
        spacing: 6
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 9
            height: 9
            radius: 4.5
            color: Theme.accent
        }
        Word {
            rightPadding: 8
            text: qsTr("Connected")
        }
        Rectangle {
            visible: root.relayed
            anchors.verticalCenter: parent.verticalCenter
            width: 8
            height: 8
            rotation: 45
            color: Theme.amber
            antialiasing: true
        }
        Word {
            visible: root.relayed
            rightPadding: 8
            text: qsTr("Relayed")
        }
        Rectangle {
            anchors.verticalCenter: parent.verticalCenter
            width: 9
            height: 9
            radius: 4.5
            color: "transparent"
            border.width: 1.5
            border.color: Theme.muted
        }
        Word {
            rightPadding: 8
            text: qsTr("Not connected here")
        }
        Item {
            anchors.verticalCenter: parent.verticalCenter
            width: 20
            height: 6
            Rectangle {
                y: 0
                width: 20
                height: 1
                color: Theme.muted
            }
            Rectangle {
                y: 3
                width: 20
                height: 3
                color: Theme.muted
            }
        }
        Word {
            text: qsTr("Traffic")
        }
    }
}
