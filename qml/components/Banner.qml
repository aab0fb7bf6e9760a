// A calm line about the state of the whole window.
import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    property string tone: "warn"
    property string what
    property string why
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
        Dot {
            tone: root.tone
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
    }
    Hairline {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
