// One resource: how much of it is taken.
import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    property string name
    property var parts: []
    property real limit: 0
    property string words
    spacing: 5
    Accessible.role: Accessible.StaticText
    Accessible.name: name
    Accessible.description: words

    RowLayout {
        spacing: Theme.space2
        Words {
            text: root.name
            font.weight: Font.Medium
            Accessible.ignored: true
        }
        Words {
            Layout.fillWidth: true
            text: root.words
            wrapMode: Text.WordWrap
            color: Theme.muted
            horizontalAlignment: Text.AlignRight
            Accessible.ignored: true
        }
    }
    MeterBar {
        quiet: true
        Layout.fillWidth: true
        thickness: 8
        parts: root.parts
        limit: root.limit
    }
}
