// A cell of a table: how much is taken, as a bar and in numbers.
import QtQuick
import Univrs

TableCell {
    id: root
    property var parts: []
    property real limit: 0
    property string words
    Column {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: 4
        Words {
            width: parent.width
            text: root.words
            font.pixelSize: Theme.smallSize
            color: Theme.muted
            Accessible.ignored: true
        }
        MeterBar {
            quiet: true
            width: parent.width
            thickness: 4
            parts: root.parts
            limit: root.limit
        }
    }
}
