import QtQuick
import QtQuick.Templates as T
import Univrs

T.ScrollBar {
    id: control
    implicitWidth: orientation === Qt.Vertical ? 10 : 40
    implicitHeight: orientation === Qt.Vertical ? 40 : 10
    padding: 2
    minimumSize: 0.06
    visible: size < 1.0
    Accessible.ignored: true
    contentItem: Rectangle {
        implicitWidth: 6
        implicitHeight: 6
        radius: 3
        color: control.pressed ? Theme.muted : Qt.alpha(Theme.muted, control.hovered ? 0.7 : 0.4)
    }
}
