// The ground of what floats above the window: menus, lists, toasts.
import QtQuick
import Univrs

Rectangle {
    radius: 9
    color: Theme.floating
    border.color: Theme.lineStrong
    // A shadow of three plain rectangles: blurred ones need a GPU.
    Repeater {
        model: 3
        delegate: Rectangle {
            required property int index
            z: -1
            x: -1 - index
            y: 1 - index + 2
            width: (parent ? parent.width : 0) + 2 + 2 * index
            height: (parent ? parent.height : 0) + 2 * index
            radius: 10 + index
            color: Theme.shadow
        }
    }
}
