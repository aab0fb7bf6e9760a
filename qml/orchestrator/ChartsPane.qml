// What the workload uses: CPU, memory, network, restarts, over one range and under one crosshair; all instances
// together, or each.
import QtQuick
import QtQuick.Layouts
import QtQuick.Templates as T
import Univrs

ColumnLayout {
    id: root
    required property Session session
    property bool each: false
    property real crosshair: NaN
    readonly property int most: 6 // lines that can still be told apart
    spacing: Theme.space2

    function seriesOf(kind: string, name: string, color: int): var {
        if (feed.serial < 0)
            return [];
        if (!each)
            return [
                {
                    name: name,
                    color: Theme.seriesColor(color),
                    points: feed.sum(kind)
                }
            ];
        return Array.from(feed.ids).slice(0, most).map((id, i) => ({
                    name: id.slice(-6),
                    color: Theme.seriesColor(i),
                    points: feed.points(id, kind)
                }));
    }
    UsageFeed {
        id: feed
        session: root.session
        active: root.visible
        of: root.each ? UsageFeed.Instance : UsageFeed.Workload
        ids: !root.visible ? [] : root.each ? (root.session.instances.count, root.session.instances.ids()) : [root.session.selectedId]
        rangeSeconds: range.seconds
    }
    RowLayout {
        spacing: Theme.space2
        RangePicker {
            id: range
            objectName: "chartsRange"
        }
        Item {
            Layout.fillWidth: true
        }
        ToggleChip {
            objectName: "chartsEach"
            text: qsTr("Each")
            Accessible.name: qsTr("A line for each instance")
            checked: root.each
            onClicked: root.each = !root.each
        }
    }
    Words {
        Layout.fillWidth: true
        visible: text.length > 0
        color: feed.problem.present ? Theme.amber : Theme.muted
        wrapMode: Text.Wrap
        text: feed.problem.present ? feed.problem.text : feed.empty ? qsTr("Nothing was measured in this time. The node keeps a measure every 10 s while an instance runs.") : root.each && feed.ids.length > root.most ? qsTr("The first %1 of %2 instances are shown").arg(root.most).arg(feed.ids.length) : ""
    }
    Flickable {
        id: flick
        objectName: "charts"
        Layout.fillWidth: true
        Layout.fillHeight: true
        visible: !feed.empty
        clip: true
        contentHeight: column.implicitHeight + 4
        boundsBehavior: Flickable.StopAtBounds
        Accessible.role: Accessible.Grouping
        Accessible.name: qsTr("Charts of %1").arg(root.session.selected.name)
        Keys.onUpPressed: contentY = Math.max(0, contentY - 60)
        Keys.onDownPressed: contentY = Math.max(0, Math.min(contentHeight - height, contentY + 60))
        T.ScrollBar.vertical: ScrollThumb {}
        function reveal(item: Item) {
            contentY = Math.max(0, Math.min(item.y, Math.max(contentY, item.y + item.height + 4 - height)));
        }
        ColumnLayout {
            id: column
            x: 2
            y: 2
            width: flick.width - 14
            spacing: Theme.space3
            component Part: TimeChart {
                id: part
                property string kind
                property string name: title
                property int color: 0
                readonly property real ceiling: feed.serial >= 0 && !root.each ? feed.limit("", kind) : 0 // qmllint disable unqualified
                Layout.fillWidth: true
                implicitHeight: 148
                from: feed.from // qmllint disable unqualified
                to: feed.to // qmllint disable unqualified
                maxGap: feed.maxGap // qmllint disable unqualified
                limit: ceiling > 0 ? ceiling : NaN
                limitName: qsTr("limit")
                series: root.seriesOf(kind, name, color) // qmllint disable unqualified
                crosshair: root.crosshair // qmllint disable unqualified
                emptyText: feed.loading ? qsTr("Loading") : qsTr("No values in this time") // qmllint disable unqualified
                onCrosshairMoved: ms => root.crosshair = ms // qmllint disable unqualified
                onFocusedChanged: if (focused)
                    flick.reveal(part) // qmllint disable unqualified
            }
            Part {
                kind: "cpu"
                title: qsTr("CPU")
                unit: "cpu"
            }
            Part {
                kind: "memory"
                title: qsTr("Memory")
                unit: "bytes"
                color: 1
            }
            Part {
                kind: "received"
                title: qsTr("Network received")
                unit: "bytesPerSecond"
            }
            Part {
                kind: "sent"
                title: qsTr("Network sent")
                unit: "bytesPerSecond"
                color: 1
            }
            Part {
                kind: "restarts"
                title: qsTr("Restarts")
                unit: "count"
                color: 2
            }
        }
    }
    Item {
        visible: feed.empty
        Layout.fillHeight: true
    }
}
