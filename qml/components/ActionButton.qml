import QtQuick
import QtQuick.Templates as T
import Univrs

T.Button {
    id: control
    property bool primary: false
    property bool quiet: false
    property bool danger: false
    property string iconName
    property string shortcutText
    property string tip

    implicitHeight: Theme.control
    implicitWidth: Math.max(implicitHeight, contentItem.implicitWidth + leftPadding + rightPadding)
    leftPadding: quiet ? 8 : 12
    rightPadding: leftPadding
    focusPolicy: Qt.StrongFocus
    opacity: enabled ? 1 : 0.45
    Accessible.name: text
    Accessible.description: tip
    Accessible.onPressAction: if (enabled)
        clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: Item {
        implicitWidth: (children[0] as Row).implicitWidth
        Row {
            anchors.centerIn: parent
            spacing: 7
            VectorIcon {
                anchors.verticalCenter: parent.verticalCenter
                visible: control.iconName.length > 0
                name: control.iconName
                color: control.primary ? Theme.accentText : control.danger ? Theme.red : Theme.muted
            }
            Words {
                anchors.verticalCenter: parent.verticalCenter
                text: control.text
                font.weight: Font.Medium
                color: control.primary ? Theme.accentText : control.danger ? Theme.red : Theme.text
                Accessible.ignored: true
            }
            Mono {
                anchors.verticalCenter: parent.verticalCenter
                visible: control.shortcutText.length > 0
                text: Theme.keys(control.shortcutText)
                font.pixelSize: 11
                color: control.primary ? Theme.accentText : Theme.muted
                opacity: 0.8
                Accessible.ignored: true
            }
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.primary ? (control.down ? Qt.darker(Theme.accent, 1.15) : control.hovered ? Qt.lighter(Theme.accent, 1.08) : Theme.accent) : control.down ? Theme.selection : control.hovered ? Theme.raised : control.quiet ? "transparent" : Theme.surface
        border.width: control.primary || control.quiet ? 0 : 1
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
