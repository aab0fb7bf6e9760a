// On or off, with what that means beside it.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

RowLayout {
    id: root
    property string label
    property string help
    property alias checked: control.checked
    signal edited(bool checked)

    spacing: Theme.space3
    T.Switch {
        id: control
        Layout.alignment: Qt.AlignTop
        implicitWidth: 34
        implicitHeight: 20
        focusPolicy: Qt.StrongFocus
        opacity: enabled ? 1 : 0.45
        Accessible.role: Accessible.CheckBox
        Accessible.name: root.label
        Accessible.description: root.help
        Accessible.checkable: true
        Accessible.checked: checked
        Accessible.onPressAction: flip()
        Accessible.onToggleAction: flip()
        onToggled: root.edited(checked)
        Keys.onReturnPressed: flip()
        Keys.onEnterPressed: flip()
        function flip() {
            toggle();
            toggled();
        }
        indicator: Rectangle {
            width: 34
            height: 20
            radius: 10
            color: control.checked ? Theme.accent : Theme.track
            border.width: control.checked ? 0 : 1
            border.color: Theme.faint
            Rectangle {
                x: control.checked ? parent.width - width - 3 : 3
                y: 3
                width: 14
                height: 14
                radius: 7
                color: control.checked ? Theme.accentText : Theme.muted
                Behavior on x {
                    NumberAnimation {
                        duration: Theme.quick
                        easing.type: Easing.OutCubic
                    }
                }
            }
            FocusRing {
                radius: 13
                visible: control.visualFocus
            }
        }
    }
    ColumnLayout {
        spacing: 2
        Words {
            Layout.fillWidth: true
            text: root.label
            font.weight: Font.Medium
            Accessible.ignored: true
            TapHandler {
                onTapped: control.flip()
            }
        }
        Words {
            Layout.fillWidth: true
            visible: text.length > 0
            text: root.help
            color: Theme.muted
            font.pixelSize: Theme.smallSize
            wrapMode: Text.Wrap
            Accessible.ignored: true
        }
    }
}
