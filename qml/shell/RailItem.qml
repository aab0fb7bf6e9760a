// One view in the rail. A tab by its template: that is where its role comes from.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.TabButton {
    id: control
    property string iconName
    property string keys
    property int number: -1 // beside it; negative = none
    property bool chosen: false
    property bool folded: false

    implicitHeight: Theme.control
    leftPadding: folded ? 0 : 10
    rightPadding: folded ? 0 : 10
    focusPolicy: Qt.StrongFocus
    checkable: false // what is shown decides, not the click
    Accessible.name: number >= 0 ? qsTr("%1, %2").arg(text).arg(number) : text
    Accessible.selectable: true
    Accessible.selected: chosen
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)

    contentItem: RailFace {
        control: control
        iconName: control.iconName
        keys: control.keys
        number: control.number
        chosen: control.chosen
        folded: control.folded
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.chosen ? Theme.selection : control.hovered ? Theme.hover : "transparent"
        FocusRing {
            visible: control.visualFocus
        }
    }
}
