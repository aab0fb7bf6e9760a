// Labels or taints under a heading.
import QtQuick
import QtQuick.Layouts
import Univrs

ColumnLayout {
    id: root
    property string title
    property var tags: []
    spacing: 6
    Words {
        text: root.title
        font.weight: Font.DemiBold
        Accessible.role: Accessible.Heading
        Accessible.name: text
    }
    Flow {
        Layout.fillWidth: true
        spacing: 6
        Repeater {
            model: root.tags
            delegate: Rectangle {
                id: tag
                required property string modelData
                width: Math.min(words.implicitWidth + 14, root.width) // qmllint disable unqualified
                height: 24
                radius: 6
                color: Theme.raised
                Mono {
                    id: words
                    anchors.centerIn: parent
                    width: Math.min(implicitWidth, tag.width - 14)
                    text: tag.modelData
                    elide: Text.ElideMiddle
                    Accessible.role: Accessible.StaticText
                    Accessible.name: text
                }
            }
        }
    }
}
