import QtQuick
import QtQuick.Templates as T
import Univrs

T.Button {
    id: control
    property string iconName
    property string tip: text
    property bool framed: false
    property bool checkedLook: false // a switch that is on
    property int iconSize: 16

    implicitWidth: 28
    implicitHeight: 28
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.4
    Accessible.name: text
    Accessible.onPressAction: if (enabled)
        clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Item {
        VectorIcon {
            anchors.centerIn: parent
            name: control.iconName
            size: control.iconSize
            color: control.checkedLook ? Theme.accent : control.hovered ? Theme.text : Theme.muted
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.down || control.checkedLook ? Theme.selection : control.hovered ? Theme.raised : control.framed ? Theme.surface : "transparent"
        border.width: control.framed ? 1 : 0
        border.color: Theme.lineStrong
        FocusRing {
            visible: control.visualFocus
        }
    }
    Tip {
        visible: control.tip.length > 0 && control.hovered && !control.down
        text: control.tip
    }
}
