// How a whole is used: `parts` is a list of {value, tone, label}; the bar is `limit` long, or as long as their sum. A part
// with `series` has that series' colour, with `amount` that is its length.
import QtQuick
import Univrs

Item {
    id: root
    property var parts: []
    property real limit: 0
    property string accessibleName
    property int thickness: 8
    property bool quiet: false // what it shows is said beside it: no tip, nothing to read out
    readonly property real sum: parts.reduce((total, part) => total + Math.max(0, part.amount ?? part.value), 0)
    readonly property real whole: Math.max(limit, sum, 1e-9)

    implicitHeight: thickness
    implicitWidth: 120
    Accessible.role: Accessible.Indicator
    Accessible.ignored: quiet
    Accessible.name: accessibleName
    Accessible.description: parts.map(part => part.label).join(", ")

    Rectangle {
        anchors.fill: parent
        radius: height / 2
        color: Theme.track
    }
    Row {
        id: row
        anchors.fill: parent
        spacing: 1
        Repeater {
            model: root.parts
            delegate: Rectangle {
                required property var modelData
                required property int index
                readonly property bool last: index === root.parts.length - 1 // qmllint disable unqualified
                readonly property real amount: modelData.amount ?? modelData.value
                width: Math.max(amount > 0 ? 2 : 0, Math.round(root.width * amount / root.whole) - (last ? 0 : 1)) // qmllint disable unqualified
                height: root.height // qmllint disable unqualified
                radius: index === 0 || last ? height / 2 : 0
                color: modelData.series !== undefined ? Theme.seriesColor(modelData.series) : Theme.tone(modelData.tone)
                // Only the outer ends are round.
                Rectangle {
                    visible: parent.width > parent.height && parent.index === 0 && !parent.last // qmllint disable
                    anchors.right: parent.right
                    width: parent.height / 2
                    height: parent.height
                    color: parent.color // qmllint disable
                }
                Rectangle {
                    visible: parent.width > parent.height && parent.last && parent.index > 0 // qmllint disable
                    width: parent.height / 2
                    height: parent.height
                    color: parent.color // qmllint disable
                }
            }
        }
    }
    // Where what is asked for goes past what there is.
    Rectangle {
        visible: root.limit > 0 && root.sum > root.limit
        x: Math.round(root.width * root.limit / root.whole) - 1
        y: -3
        width: 2
        height: root.height + 6
        radius: 1
        color: Theme.red
    }
    HoverHandler {
        id: hover
    }
    Tip {
        visible: !root.quiet && hover.hovered && text.length > 0
        text: root.parts.map(part => part.label).join("\n")
    }
}
