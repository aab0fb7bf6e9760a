// A line of a floating list that does something.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.AbstractButton {
    id: control
    property bool chosen: false
    implicitHeight: 36
    leftPadding: Theme.space3
    rightPadding: Theme.space3
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
    background: Rectangle {
        radius: Theme.radius
        color: control.down || control.chosen ? Theme.selection : control.hovered ? Theme.hover : "transparent"
        Rectangle {
            visible: control.visualFocus
            anchors.fill: parent
            radius: Theme.radius
            color: "transparent"
            border.width: 2
            border.color: Theme.accent
        }
    }
}
