// A state: dot and word on a ground of its colour.
import QtQuick
import Univrs

Rectangle {
    id: root
    property string tone
    property string word
    implicitWidth: row.implicitWidth + 18
    implicitHeight: 22
    radius: 11
    color: Theme.toneGround(tone)
    Accessible.role: Accessible.StaticText
    Accessible.name: word

    Row {
        id: row
        anchors.centerIn: parent
        spacing: 6
        Dot {
            tone: root.tone
            anchors.verticalCenter: parent.verticalCenter
        }
        Words {
            text: root.word
            color: root.tone === "idle" ? Theme.muted : Theme.tone(root.tone)
            font.pixelSize: Theme.smallSize
            font.weight: Font.Medium
            Accessible.ignored: true
        }
    }
}
