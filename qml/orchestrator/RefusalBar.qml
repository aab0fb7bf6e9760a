// How many nodes one filter refused; pressed, the table shows only those.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

T.CheckBox {
    id: control
    property int count: 0
    property real share: 0 // of all nodes, 0…1
    implicitHeight: 28
    leftPadding: Theme.space2
    rightPadding: Theme.space2
    focusPolicy: Qt.StrongFocus
    Accessible.name: qsTr("%1: %2 nodes refused").arg(text).arg(count)
    Accessible.checkable: true
    Accessible.checked: checked
    Accessible.onPressAction: clicked()
    Accessible.onToggleAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    contentItem: RowLayout {
        spacing: Theme.space2
        Words {
            Layout.preferredWidth: 118
            text: control.text
            font.weight: control.checked ? Font.DemiBold : Font.Normal
        }
        MeterBar {
            quiet: true
            Layout.fillWidth: true
            thickness: 8
            limit: 1
            parts: [
                {
                    "value": control.share,
                    "tone": "bad",
                    "label": control.text
                }
            ]
        }
        Mono {
            Layout.minimumWidth: 48
            horizontalAlignment: Text.AlignRight
            text: Number(control.count).toLocaleString(Qt.locale(), "f", 0)
        }
    }
    background: Rectangle {
        radius: Theme.radius
        color: control.checked ? Theme.selection : control.hovered ? Theme.hover : "transparent"
        FocusRing {
            visible: control.visualFocus
        }
    }
}
