import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    required property Gallery gallery
    Card {
        Layout.fillWidth: true
        title: qsTr("Icons")
        subtitle: qsTr("16 px grid, 1.6 stroke")
        GridLayout {
            columns: 9
            columnSpacing: Theme.space2
            rowSpacing: Theme.space4
            Repeater {
                model: root.gallery.icons
                delegate: Column {
                    id: entry
                    required property string modelData
                    Layout.preferredWidth: 104
                    spacing: Theme.space2
                    Row {
                        anchors.horizontalCenter: parent.horizontalCenter
                        spacing: Theme.space3
                        VectorIcon {
                            name: entry.modelData
                            color: Theme.text
                        }
                        VectorIcon {
                            name: entry.modelData
                            color: Theme.accent
                            size: 24
                        }
                    }
                    Words {
                        width: parent.width
                        horizontalAlignment: Text.AlignHCenter
                        text: entry.modelData
                        color: Theme.muted
                        font.pixelSize: Theme.smallSize
                    }
                }
            }
        }
    }
}
