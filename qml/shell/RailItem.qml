import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

T.AbstractButton {
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
    Accessible.role: Accessible.PageTab
    Accessible.name: number >= 0 ? qsTr("%1, %2").arg(text).arg(number) : text
    Accessible.selectable: true
    Accessible.selected: chosen
    Accessible.onPressAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    Keys.onDownPressed: nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
    Keys.onUpPressed: nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)

    contentItem: RowLayout {
        spacing: 10
        VectorIcon {
            Layout.alignment: control.folded ? Qt.AlignCenter : Qt.AlignVCenter
            name: control.iconName
            color: control.chosen ? Theme.accent : Theme.muted
        }
        Words {
            visible: !control.folded
            Layout.fillWidth: true
            text: control.text
            color: control.chosen || control.hovered ? Theme.text : Theme.muted
            font.weight: control.chosen ? Font.DemiBold : Font.Normal
        }
        Words {
            visible: !control.folded && control.number >= 0
            text: control.number
            color: Theme.muted
            font.pixelSize: Theme.smallSize
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.chosen ? Theme.selection : control.hovered ? Theme.hover : "transparent"
        FocusRing {
            visible: control.visualFocus
        }
    }
    Tip {
        x: control.width + 8
        y: Math.round((control.height - height) / 2)
        visible: control.hovered && (control.folded || control.keys.length > 0) && !control.down
        text: control.keys.length > 0 ? qsTr("%1 (%2)").arg(control.text).arg(control.keys) : control.text
    }
}
