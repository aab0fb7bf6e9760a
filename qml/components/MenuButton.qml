// A button that opens a menu of what is written inside it.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.Button {
    id: control
    default property alias entries: menu.contentData
    readonly property alias menu: menu
    property string iconName
    property string tip
    property bool iconOnly: false
    property bool quiet: false

    implicitHeight: Theme.control
    implicitWidth: iconOnly ? Theme.control : contentItem.implicitWidth + leftPadding + rightPadding
    leftPadding: iconOnly ? 0 : 12
    rightPadding: iconOnly ? 0 : 9
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.45
    Accessible.role: Accessible.ButtonMenu
    Accessible.name: text
    Accessible.description: tip
    Accessible.onPressAction: if (enabled)
        clicked()
    onClicked: menu.openAt(control)
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()
    Keys.onDownPressed: clicked()

    PopupMenu {
        id: menu
        accessibleName: control.text
    }
    contentItem: Item {
        implicitWidth: (children[0] as Row).implicitWidth
        Row {
            anchors.centerIn: parent
            spacing: 6
            VectorIcon {
                anchors.verticalCenter: parent.verticalCenter
                visible: control.iconName.length > 0
                name: control.iconName
                color: control.hovered || control.down ? Theme.text : Theme.muted
            }
            Words {
                anchors.verticalCenter: parent.verticalCenter
                visible: !control.iconOnly
                text: control.text
                font.weight: Font.Medium
                Accessible.ignored: true
            }
            VectorIcon {
                anchors.verticalCenter: parent.verticalCenter
                visible: !control.iconOnly
                size: 14
                name: "chevron-down"
                color: Theme.muted
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.down || menu.visible ? Theme.selection : control.hovered ? Theme.raised : control.quiet ? "transparent" : Theme.surface
        border.width: control.quiet ? 0 : 1
        border.color: Theme.lineStrong
        FocusRing {
            visible: control.visualFocus
        }
    }
    Tip {
        visible: (control.iconOnly || control.tip.length > 0) && control.hovered && !menu.visible && !control.down
        text: control.tip.length > 0 ? control.tip : control.text
    }
}
