// How many, in a small pill.
import QtQuick
import Univrs

Rectangle {
    id: root
    property int value: 0
    property string tone: "idle"
    implicitWidth: Math.max(18, number.implicitWidth + 10)
    implicitHeight: 18
    radius: 9
    color: Theme.toneGround(tone)
    Mono {
        id: number
        anchors.centerIn: parent
        text: root.value > 9999 ? qsTr("%1 k").arg(Math.floor(root.value / 1000)) : root.value
        font.pixelSize: 11
        color: Theme.tone(root.tone)
        Accessible.ignored: true
    }
}
