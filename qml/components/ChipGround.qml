// What stands behind a chip's words.
import QtQuick
import QtQuick.Templates as T
import Univrs

Rectangle {
    id: root
    required property T.AbstractButton control
    radius: height / 2
    color: control.checked ? Theme.selection : control.hovered ? Theme.raised : "transparent"
    FocusRing {
        radius: root.radius
        visible: root.control.visualFocus
    }
}
