// Icon, words and number of a line of the rail.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

RowLayout {
    id: root
    required property T.AbstractButton control
    required property string iconName
    property string keys
    property int number: -1 // beside it; negative = none
    property bool chosen: false
    property bool folded: false
    spacing: 10
    VectorIcon {
        Layout.alignment: root.folded ? Qt.AlignCenter : Qt.AlignVCenter
        name: root.iconName
        color: root.chosen ? Theme.accent : Theme.muted
        Tip {
            parent: root.control
            x: root.control.width + 8
            y: Math.round((root.control.height - height) / 2)
            visible: root.control.hovered && (root.folded || root.keys.length > 0) && !root.control.down
            text: root.keys.length > 0 ? qsTr("%1 (%2)").arg(root.control.text).arg(root.keys) : root.control.text
        }
    }
    Words {
        visible: !root.folded
        Layout.fillWidth: true
        text: root.control.text
        color: root.chosen || root.control.hovered ? Theme.text : Theme.muted
        font.weight: root.chosen ? Font.DemiBold : Font.Normal
    }
    Words {
        visible: !root.folded && root.number >= 0
        text: root.number
        color: Theme.muted
        font.pixelSize: Theme.smallSize
        Accessible.ignored: true
    }
}
