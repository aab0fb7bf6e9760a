// How many of one kind there are, and how they are.
import QtQuick
import QtQuick.Layouts
import Univrs

Card {
    id: root
    property int count: 0
    property var parts: []
    property string noneText
    RowLayout {
        Layout.fillWidth: true
        spacing: Theme.space3
        Words {
            text: root.count
            font.pixelSize: Theme.figureSize
            font.weight: Font.DemiBold
            Accessible.role: Accessible.StaticText
            Accessible.name: root.title + " " + text
        }
        MeterBar {
            quiet: true
            Layout.fillWidth: true
            thickness: 8
            visible: root.count > 0
            parts: root.parts
        }
        Words {
            Layout.fillWidth: true
            visible: root.count === 0
            text: root.noneText
            color: Theme.muted
        }
    }
    ShareLegend {
        Layout.fillWidth: true
        visible: root.count > 0
        parts: root.parts
    }
}
