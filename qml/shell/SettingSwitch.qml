import QtQuick
import QtQuick.Templates as T
import Univrs

T.Switch {
    id: control
    implicitWidth: 40
    implicitHeight: 28
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.CheckBox
    Accessible.name: text
    Accessible.onToggleAction: press()
    Accessible.onPressAction: press()
    function press() {
        toggle();
        toggled();
    }
    Keys.onReturnPressed: press()
    indicator: Rectangle {
        anchors.centerIn: parent
        width: 36
        height: 20
        radius: 10
        color: control.checked ? Theme.accent : Theme.raised
        border.color: control.checked ? Theme.accent : Theme.muted
        Rectangle {
            x: control.checked ? parent.width - width - 3 : 3
            anchors.verticalCenter: parent.verticalCenter
            width: 14
            height: 14
            radius: 7
            color: control.checked ? Theme.accentText : Theme.muted
        }
        FocusRing {
            radius: 13
            visible: control.visualFocus
        }
    }
}
