// The line that does the same in a terminal, to be copied.
import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    property string command
    signal copyRequested

    implicitHeight: 32
    implicitWidth: row.implicitWidth + 14
    radius: Theme.radius
    color: Theme.sunken
    border.color: Theme.line
    Accessible.role: Accessible.StaticText
    Accessible.name: command

    RowLayout {
        id: row
        anchors.fill: parent
        anchors.leftMargin: 10
        anchors.rightMargin: 2
        spacing: Theme.space2
        Mono {
            text: "$"
            color: Theme.muted
            Accessible.ignored: true
        }
        Mono {
            Layout.fillWidth: true
            text: root.command
            elide: Text.ElideMiddle
            Accessible.ignored: true
        }
        CopyButton {
            text: qsTr("Copy the command")
            onCopyRequested: root.copyRequested()
        }
    }
}
