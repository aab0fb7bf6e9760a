// What the parts of a MeterBar are, with their numbers: dot and word, so that colour is not alone.
import QtQuick
import Univrs

Flow {
    id: root
    property var parts: []
    spacing: Theme.space3
    Repeater {
        model: root.parts
        delegate: Row {
            id: part
            required property var modelData
            spacing: 6
            Rectangle {
                anchors.verticalCenter: parent.verticalCenter
                width: 8
                height: 8
                radius: 4
                color: part.modelData.series !== undefined ? Theme.seriesColor(part.modelData.series) : Theme.tone(part.modelData.tone)
            }
            Words {
                text: part.modelData.series !== undefined ? qsTr("%1 × %2").arg(part.modelData.word).arg(part.modelData.weight) : qsTr("%1 %2").arg(part.modelData.value).arg(part.modelData.label)
                color: Theme.muted
                font.pixelSize: Theme.smallSize
                Accessible.role: Accessible.StaticText
                Accessible.name: text
            }
        }
    }
}
