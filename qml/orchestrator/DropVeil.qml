// While something is dragged over the window.
import QtQuick
import Univrs

Rectangle {
    color: Theme.veil
    Rectangle {
        anchors.fill: parent
        anchors.margins: 12
        radius: Theme.cardRadius
        color: Theme.selection
        border.width: 2
        border.color: Theme.accent
    }
    Rectangle {
        anchors.centerIn: parent
        width: words.implicitWidth + 40
        height: 48
        radius: Theme.cardRadius
        color: Theme.surface
        border.color: Theme.line
        Words {
            id: words
            anchors.centerIn: parent
            text: qsTr("Drop to see the plan")
            font.weight: Font.DemiBold
        }
    }
}
