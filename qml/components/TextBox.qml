import QtQuick
import QtQuick.Templates as T
import Univrs

T.TextField {
    id: control
    property string iconName
    property string hint // shown at the end while empty: a shortcut
    property bool wrong: false

    implicitHeight: Theme.control
    implicitWidth: 240
    leftPadding: iconName.length > 0 ? 32 : 11
    rightPadding: hint.length > 0 ? hintText.width + 22 : 11
    verticalAlignment: TextInput.AlignVCenter
    color: Theme.text
    selectionColor: Qt.alpha(Theme.accent, 0.35)
    selectedTextColor: Theme.text
    placeholderTextColor: Theme.muted
    opacity: enabled ? 1 : 0.5
    hoverEnabled: true
    font.family: Theme.family
    font.pixelSize: Theme.bodySize
    selectByMouse: true
    Accessible.name: placeholderText
    Accessible.description: echoMode === TextInput.Normal ? "" : placeholderText // Qt tells no name of a password field

    background: Rectangle {
        radius: Theme.radius
        color: Theme.sunken
        border.width: control.activeFocus ? 2 : 1
        border.color: control.activeFocus ? Theme.accent : control.wrong ? Theme.red : control.hovered ? Theme.faint : Theme.lineStrong
    }
    Words {
        anchors.fill: parent
        anchors.leftMargin: control.leftPadding
        anchors.rightMargin: control.rightPadding
        verticalAlignment: Text.AlignVCenter
        visible: control.length === 0 && control.preeditText.length === 0
        text: control.placeholderText
        color: control.placeholderTextColor
        Accessible.ignored: true
    }
    VectorIcon {
        visible: control.iconName.length > 0
        x: 10
        anchors.verticalCenter: parent.verticalCenter
        name: control.iconName
    }
    Rectangle {
        visible: control.hint.length > 0 && control.length === 0
        anchors.right: parent.right
        anchors.rightMargin: 7
        anchors.verticalCenter: parent.verticalCenter
        width: hintText.width + 12
        height: 20
        radius: 4
        color: "transparent"
        border.color: Theme.line
        Mono {
            id: hintText
            anchors.centerIn: parent
            text: control.hint
            font.pixelSize: 11
            color: Theme.muted
            Accessible.ignored: true
        }
    }
}
