// Makes the rail narrow, and wide again.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.AbstractButton {
    id: control
    property bool folded: false

    text: folded ? qsTr("Unfold the rail") : qsTr("Fold")
    implicitHeight: Theme.control
    leftPadding: folded ? 0 : 10
    rightPadding: folded ? 0 : 10
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)

    contentItem: RailFace {
        control: control
        iconName: control.folded ? "chevron-right" : "chevron-left"
        keys: "Ctrl+B"
        folded: control.folded
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.hovered ? Theme.hover : "transparent"
        FocusRing {
            visible: control.visualFocus
        }
    }
}
