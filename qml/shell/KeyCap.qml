// A shortcut beside what it does.
import QtQuick
import Univrs

Rectangle {
    id: root
    property string keys
    visible: keys.length > 0
    implicitWidth: words.implicitWidth + 10
    implicitHeight: 18
    radius: 4
    color: "transparent"
    border.color: Theme.line
    Mono {
        id: words
        anchors.centerIn: parent
        text: Theme.keys(root.keys).replace(/\+/g, " ")
        font.pixelSize: 11
        color: Theme.muted
        Accessible.ignored: true
    }
}
