// One of several filters.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.Button {
    id: control
    implicitHeight: 28
    implicitWidth: contentItem.implicitWidth + 22
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.RadioButton
    Accessible.name: text
    Accessible.checkable: true
    Accessible.checked: checked
    Accessible.onPressAction: clicked()
    Accessible.onToggleAction: clicked()

    contentItem: Words {
        text: control.text
        font.pixelSize: 12
        font.weight: control.checked ? Font.Medium : Font.Normal
        color: control.checked ? Theme.accent : Theme.muted
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
    background: Rectangle {
        radius: height / 2
        color: control.checked ? Theme.selection : control.hovered ? Theme.raised : "transparent"
        FocusRing {
            radius: height / 2
            visible: control.visualFocus
        }
    }
}
