// A group of things that belong together. What is written inside is laid out as a column; `tools` stand at the title.
import QtQuick
import QtQuick.Layouts
import Univrs

Rectangle {
    id: root
    property string title
    property string subtitle
    property int padding: Theme.space4
    property bool fill: false // what is inside takes the whole height
    default property alias content: body.data
    property alias tools: toolRow.data

    implicitWidth: layout.implicitWidth + 2 * padding
    implicitHeight: layout.implicitHeight + 2 * padding
    radius: Theme.cardRadius
    color: Theme.surface
    border.color: Theme.line
    Accessible.role: Accessible.Grouping
    Accessible.name: title

    ColumnLayout {
        id: layout
        x: root.padding
        y: root.padding
        width: parent.width - 2 * root.padding
        height: root.fill ? parent.height - 2 * root.padding : implicitHeight
        spacing: Theme.space3
        RowLayout {
            visible: root.title.length > 0
            spacing: Theme.space2
            Words {
                text: root.title
                font.weight: Font.DemiBold
                Accessible.role: Accessible.Heading
                Accessible.name: text
            }
            Words {
                Layout.fillWidth: true
                text: root.subtitle
                color: Theme.muted
            }
            Row {
                id: toolRow
                spacing: Theme.space1
            }
        }
        ColumnLayout {
            id: body
            Layout.fillWidth: true
            Layout.fillHeight: root.fill
            spacing: Theme.space3
        }
    }
}
