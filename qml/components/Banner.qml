// A calm line about the state of the whole window.
import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    property string tone: "warn"
    property string what
    property string why
    default property alias actions: tools.data // buttons at the end
    implicitHeight: row.implicitHeight + 16
    color: Theme.toneGround(tone)
    Accessible.role: Accessible.AlertMessage
    Accessible.name: what
    Accessible.description: why

    RowLayout {
        id: row
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        spacing: Theme.space2
        VectorIcon {
            name: root.tone === "bad" ? "error" : root.tone === "warn" ? "warning" : "info"
            color: Theme.tone(root.tone)
        }
        Words {
            text: root.what
            font.weight: Font.Medium
        }
        Words {
            Layout.fillWidth: true
            text: root.why
            color: Theme.muted
        }
        Row {
            id: tools
            spacing: Theme.space2
        }
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
