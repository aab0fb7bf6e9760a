// Where something will be in a moment: after a second its outline, before that nothing.
import QtQuick
import Univrs

Item {
    id: root
    property int rows: 5
    property string text: qsTr("Loading")
    property int delay: 1000 // ms
    property bool shown: delay === 0

    implicitHeight: rows * Theme.rowHeight
    implicitWidth: 320
    Accessible.role: Accessible.StaticText
    Accessible.name: text
    onVisibleChanged: shown = delay === 0

    Timer {
        interval: root.delay
        running: root.visible && !root.shown && root.delay > 0
        onTriggered: root.shown = true
    }
    Column {
        anchors.fill: parent
        visible: root.shown
        clip: true
        Repeater {
            model: root.rows
            delegate: Item {
                id: line
                required property int index
                width: root.width // qmllint disable unqualified
                height: Theme.rowHeight
                opacity: 1 - 0.75 * index / Math.max(1, root.rows) // qmllint disable unqualified
                Repeater {
                    model: [0.04, 0.3, 0.5, 0.84]
                    delegate: Rectangle {
                        required property real modelData
                        required property int index
                        anchors.verticalCenter: parent ? parent.verticalCenter : undefined
                        x: Theme.space4 + (line.width - 2 * Theme.space4) * (index === 0 ? 0 : modelData) // qmllint disable unqualified
                        width: (line.width - 2 * Theme.space4) * [0.2, 0.12, 0.26, 0.16][index] * (1 - (line.index * 7 + index * 3) % 5 * 0.07) // qmllint disable unqualified
                        height: 10
                        radius: 5
                        color: Theme.skeleton
                    }
                }
            }
        }
    }
}
