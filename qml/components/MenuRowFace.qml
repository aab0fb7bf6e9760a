import QtQuick
import Univrs

Item {
    id: root
    required property var entry // a MenuRow
    implicitWidth: 26 + Math.max(words.implicitWidth, reason.implicitWidth) + (hint.visible ? hint.implicitWidth + 24 : 0)

    VectorIcon {
        anchors.verticalCenter: parent.verticalCenter
        name: root.entry.checkable ? root.entry.checked ? "check" : "" : root.entry.iconName
        color: root.entry.danger ? Theme.red : root.entry.checkable ? Theme.accent : root.entry.highlighted ? Theme.text : Theme.muted
    }
    Column {
        x: 26
        width: parent.width - x - (hint.visible ? hint.implicitWidth + 16 : 0)
        anchors.verticalCenter: parent.verticalCenter
        Words {
            id: words
            width: parent.width
            text: root.entry.text
            color: root.entry.danger ? Theme.red : Theme.text
            Accessible.ignored: true
        }
        Words {
            id: reason
            width: parent.width
            visible: text.length > 0
            text: root.entry.detail
            color: Theme.muted
            font.pixelSize: Theme.smallSize
            Accessible.ignored: true
        }
    }
    Mono {
        id: hint
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        visible: text.length > 0
        text: Theme.keys(root.entry.shortcutText)
        font.pixelSize: 11
        color: Theme.muted
        Accessible.ignored: true
    }
}
