// A gossip topic with how many messages of it pass a second; pressed, only those are shown.
import QtQuick
import QtQuick.Templates as T
import Univrs

T.Button {
    id: control
    property string rate
    property color series: Theme.muted
    property bool chosen: false

    implicitHeight: 28
    implicitWidth: Math.min(360, dot.width + name.implicitWidth + figure.implicitWidth + 40)
    focusPolicy: Qt.StrongFocus
    Accessible.role: Accessible.CheckBox
    Accessible.name: qsTr("Topic %1, %2").arg(text).arg(rate)
    Accessible.checkable: true
    Accessible.checked: chosen
    Accessible.onPressAction: clicked()
    Accessible.onToggleAction: clicked()
    Keys.onReturnPressed: clicked()
    Keys.onEnterPressed: clicked()

    Item {
        anchors.fill: parent
        Rectangle {
            id: dot
            anchors.verticalCenter: parent.verticalCenter
            x: 11
            width: 8
            height: 3
            radius: 1.5
            color: control.series
        }
        Mono {
            id: name
            x: dot.x + dot.width + 7
            width: Math.min(implicitWidth, control.width - figure.implicitWidth - 48)
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            text: control.text
            elide: Text.ElideMiddle
            color: control.chosen ? Theme.accent : Theme.text
            Accessible.ignored: true
        }
        Words {
            id: figure
            anchors.right: parent.right
            anchors.rightMargin: 11
            height: parent.height
            verticalAlignment: Text.AlignVCenter
            text: control.rate
            color: Theme.muted
            font.pixelSize: Theme.smallSize
            Accessible.ignored: true
        }
    }
    background: Rectangle {
        radius: height / 2
        color: control.chosen ? Theme.selection : control.hovered ? Theme.raised : "transparent"
        border.width: 1
        border.color: control.chosen ? "transparent" : Theme.line
        FocusRing {
            radius: height / 2
            visible: control.visualFocus
        }
    }
}
