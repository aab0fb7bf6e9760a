// Parts of one amount as a bar. Each part is {value, tone, label}; with `series` it has that series' colour, with `amount`
// that is its length.
import QtQuick
import Univrs

Rectangle {
    id: root
    property var parts: []
    property real limit: 0 // 0 = the sum of the parts
    property string accessibleName
    readonly property real sum: parts.reduce((all, part) => all + (part.amount ?? part.value), 0)
    readonly property real whole: Math.max(limit, sum, 0.000001)

    implicitHeight: 6
    implicitWidth: 120
    radius: height / 2
    color: Theme.raised
    clip: true
    Accessible.role: Accessible.ProgressBar
    Accessible.name: accessibleName
    Accessible.ignored: accessibleName.length === 0

    Row {
        height: parent.height
        Repeater {
            model: root.parts
            delegate: Rectangle {
                required property var modelData
                required property int index
                readonly property real share: (modelData.amount ?? modelData.value) / root.whole // qmllint disable unqualified
                width: Math.max(share > 0 ? 2 : 0, root.width * share) // qmllint disable unqualified
                height: root.height // qmllint disable unqualified
                radius: root.radius // qmllint disable unqualified
                color: modelData.series !== undefined ? Theme.seriesColor(modelData.series) : Theme.tone(modelData.tone)
                // Straight where the next part begins.
                Rectangle {
                    visible: index < root.parts.length - 1 // qmllint disable unqualified
                    anchors.right: parent.right
                    width: Math.min(parent.width, parent.radius)
                    height: parent.height
                    color: parent.color
                }
                Rectangle {
                    visible: index > 0 // qmllint disable unqualified
                    width: Math.min(parent.width, parent.radius)
                    height: parent.height
                    color: parent.color
                }
            }
        }
    }
}
