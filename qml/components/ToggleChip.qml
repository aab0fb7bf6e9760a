// A chip that is on or off by itself.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.CheckBox {
    id: control
    implicitHeight: 28
    implicitWidth: contentItem.implicitWidth + 22
    focusPolicy: Qt.StrongFocus
    Accessible.name: text
    Accessible.checkable: true
    Accessible.checked: checked
    Accessible.onPressAction: clicked()
    Accessible.onToggleAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Words {
        text: control.text
        font.pixelSize: 12
        font.weight: control.checked ? Font.Medium : Font.Normal
        color: control.checked ? Theme.accent : Theme.muted
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
    }
    background: ChipGround {
        control: control
    }
}
