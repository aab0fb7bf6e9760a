// How far something is; `value` below 0 = under way, amount not known.
import QtQuick
import Univrs

Rectangle {
    id: root
    property real value: -2
    property string label
    implicitHeight: 4
    radius: 2
    color: Theme.line
    Accessible.role: Accessible.ProgressBar
    Accessible.name: label

    Rectangle {
        height: parent.height
        radius: 2
        color: Theme.blue
        width: root.value >= 0 ? Math.max(root.height, root.width * root.value) : root.width * 0.3
        Behavior on width {
            NumberAnimation {
                duration: Theme.quick
                easing.type: Easing.OutCubic
            }
        }
    }
}
